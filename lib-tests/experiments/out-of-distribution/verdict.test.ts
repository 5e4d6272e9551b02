import assert from "node:assert/strict";
import {
  RELIABILITY_BINS,
  type ReliabilityBin,
} from "../../../src/experiments/out-of-distribution/calibration.js";
import { isCertain } from "../../../src/experiments/out-of-distribution/confidence.js";
import {
  DEFENCES,
  type DefencesResult,
  summariseDefences,
} from "../../../src/experiments/out-of-distribution/defences.js";
import { outOfDistribution } from "../../../src/experiments/out-of-distribution/index.js";
import { RADII, type VoidResult } from "../../../src/experiments/out-of-distribution/out-of-distribution.js";
import { eachOutside } from "../../../src/experiments/out-of-distribution/outside.js";
import type { FindingsOf } from "../../../src/experiments/study.js";
import type { Outcome, Verdict } from "../../../src/experiments/verdict.js";
import { assertOneSentence } from "../one-sentence.js";

describe("out of distribution: verdict", () => {
  const binsOf = (confidence: number, accuracy: number): ReliabilityBin[] => [
    { count: 100, wrong: 100 * (1 - accuracy), doubt: 100 * (1 - confidence) },
    ...new Array(RELIABILITY_BINS - 1).fill({ count: 0, wrong: 0, doubt: 0 }),
  ];
  const good: VoidResult = {
    seed: 1,
    testAccuracy: 0.98,
    pointLogit: 30,
    nearestClass: 1,
    nearestDistance: 3,
    isBeyondKinks: true,
    certain: RADII.map(() => 1),
    certainTowardsPoint: RADII.map(() => true),
    isExact: true,
    far: { bounded: 0, doubtful: 0 },
    regions: { all: 56, learnt: 20 },
    inside: binsOf(0.98, 0.98),
    shifted: binsOf(0.9, 0.8),
    auroc: { annulus: 0.99, cluster: 0.99 },
    certainInside: 0.9,
    certainAnnulus: 0.9,
  };
  const defending = (index: number): DefencesResult => ({
    temperature: 2,
    churn: { point: 0.5, inside: 0.01 },
    defences: DEFENCES.map((_, i) => ({
      auroc: eachOutside(() => (i === index ? 1 : 0.5)),
      certain: eachOutside(() => (i === index ? 0 : 1)),
      accuracy: 0.98,
      calibrationError: 0.01,
    })),
  });
  const many = <T>(result: T, n = 20): T[] => new Array(n).fill(result);
  const verdictOf = (
    seeds: VoidResult[],
    defences: DefencesResult[],
    more: Partial<FindingsOf<typeof outOfDistribution.studies>> = {},
  ): Verdict =>
    outOfDistribution.verdict(
      { seeds, defences: summariseDefences(defences), ...more },
      outOfDistribution.defaults,
    );
  const verdict = (change: Partial<VoidResult>, defences = many(defending(8))): Verdict =>
    verdictOf(many({ ...good, ...change }), defences);
  const outcome = (row: number, change: Partial<VoidResult>): Outcome => verdict(change).rows[row].outcome;

  it("holds line by line when every seed shows it", () => {
    assert.deepEqual(
      verdict({}).rows.map((row) => row.outcome),
      [...many("holds", 8), "does not hold", "holds"],
    );
    assert.equal(verdict({}).stamp, "holds");
  });

  it("falls line by line with what was measured", () => {
    assert.equal(outcome(0, { pointLogit: 1 }), "does not hold");
    assert.equal(outcome(0, { pointLogit: Number.NaN }), "does not hold");
    assert.equal(outcome(1, { pointLogit: -30 }), "does not hold");
    assert.equal(outcome(2, { far: { bounded: 0.01, doubtful: 0 } }), "does not hold");
    assert.equal(outcome(3, { certain: RADII.map(() => 0.3) }), "does not hold");
    assert.equal(outcome(4, { inside: binsOf(0.999, 0.98) }), "does not hold");
    assert.equal(outcome(5, { auroc: { annulus: 0.1, cluster: 0.99 } }), "does not hold");
    assert.equal(outcome(5, { auroc: { annulus: 0.99, cluster: 0.1 } }), "does not hold");
    assert.equal(verdict({}, many(defending(-1))).rows[6].outcome, "does not hold");
  });

  it("says how many regions there are, where they were counted", () => {
    const few = { all: 50, learnt: 30 };
    const none = { all: Number.NaN, learnt: Number.NaN };
    const measured = (regions: VoidResult["regions"][]): string =>
      verdictOf(
        regions.map((own) => ({ ...good, regions: own })),
        many(defending(8)),
      ).rows[2].measured;
    assert.match(
      measured([good.regions, few, none, good.regions]),
      / Medians: the plane is cut into 56 regions, and 20 of them hold training points\.$/,
    );
    assert.doesNotMatch(measured([none, none]), /regions/);
  });

  it("asks of training on noise both to tell the annulus and to tell it better than no defence", () => {
    const noiseLine = (without: number, withNoise: number): Outcome => {
      const { defences, ...rest } = structuredClone(defending(-1));
      defences[0].auroc.annulus = without;
      defences[DEFENCES.indexOf("training on noise")].auroc.annulus = withNoise;
      return verdict({}, many({ ...rest, defences })).rows[8].outcome;
    };
    assert.equal(noiseLine(0.8, 0.95), "holds");
    assert.equal(noiseLine(0.97, 0.95), "does not hold");
    assert.equal(noiseLine(0.95, 0.95), "does not hold");
    assert.equal(noiseLine(0.5, 0.85), "does not hold");
  });

  it("asks for a defence that leaves the network as it is", () => {
    const outcomes = (name: (typeof DEFENCES)[number]): Outcome[] => {
      const { rows } = verdict({}, many(defending(DEFENCES.indexOf(name))));
      return ["defence", "wrapper"].flatMap((line) => rows.find(({ id }) => id === line)?.outcome ?? []);
    };
    assert.deepEqual(outcomes("distance to the data"), ["holds", "holds"]);
    assert.deepEqual(outcomes("temperature"), ["holds", "holds"]);
    assert.deepEqual(outcomes("tanh"), ["holds", "does not hold"]);
    assert.deepEqual(outcomes("none"), ["does not hold", "does not hold"]);
  });

  it("is stamped by the certainty at the point alone", () => {
    const fallen = verdict({
      pointLogit: -30,
      far: { bounded: 0.1, doubtful: 0 },
      auroc: { annulus: 0, cluster: 0 },
    });
    assert.deepEqual([fallen.stamp, fallen.rows.filter(({ isPrimary }) => isPrimary).length], ["holds", 1]);
    assert.equal(verdict({ pointLogit: 1 }).stamp, "does not hold");
  });

  it("takes a coin for a coin, and says that it does not know", () => {
    const half = [...many(good, 40), ...many({ ...good, pointLogit: -30 }, 40)];
    const { rows, summary } = verdictOf(half, many(defending(8)));
    assert.equal(rows[0].outcome, "holds");
    assert.equal(rows[1].outcome, "does not hold");
    assert.match(
      summary,
      /often of a class that does not lie nearest; far out they are certain in nearly every direction\.$/,
    );
  });

  it("is undecided below 20 seeds, however much alike they are", () => {
    const few = verdictOf(many(good, 19), many(defending(8), 19));
    assert.ok(few.rows.every((row) => row.outcome === "undecided"));
    assert.equal(few.rows[0].note, "19 of the 20 needed");
    assert.match(few.summary, /do not decide whether/);
  });

  it("gives no interval of four seeds or fewer, and prints none", () => {
    const { rows, defence } = verdictOf(many(good, 4), many(defending(8), 2));
    for (const text of [...rows.map(({ measured }) => measured), defence])
      assert.doesNotMatch(text ?? "", /NaN|interval/);
  });

  it("keeps intervals of shares and AUROCs within 0 and 1", () => {
    const mixed = Array.from({ length: 20 }, (_, i) => ({
      ...good,
      nearestDistance: i === 0 ? 0.2 : 0.5,
      far: i === 0 ? { bounded: 0.2, doubtful: 0.1 } : { bounded: 0, doubtful: 0 },
      certain: RADII.map(() => (i === 0 ? 0.2 : 1)),
      auroc: { annulus: i === 0 ? 0.3 : 1, cluster: i === 0 ? 0.9 : 0 },
    }));
    const text = verdictOf(mixed, many(defending(8)))
      .rows.map(({ measured }) => measured)
      .join(" ");
    const ends = [...text.matchAll(/\[(-?[\d.]+), (-?[\d.]+)\](%?)/g)];
    assert.ok(ends.length > 5);
    for (const [, low, high, unit] of ends) {
      assert.ok(Number(low) >= 0 && Number(high) <= (unit === "%" ? 100 : 1), `${low} ${high}`);
    }
  });

  it("takes a defence that only some seeds show for open, and one picked from eight for what it is", () => {
    const failing = { ...defending(8), defences: defending(-1).defences };
    const mixed = [...many(defending(8), 40), failing];
    const [row] = verdictOf(many(good), mixed).rows.slice(6);
    assert.equal(row.outcome, "undecided");
    assert.match(row.measured, /8 defences tried, these do all of this on average: distance to the data\./);
  });

  it("asks the defences close by as well, and training on noise where there was none", () => {
    const noise = DEFENCES.indexOf("training on noise");
    const rows = verdictOf(many(good), many(defending(noise))).rows.slice(7, 9);
    assert.deepEqual(
      rows.map(({ outcome }) => outcome),
      ["holds", "holds"],
    );
    assert.match(
      rows[0].measured,
      /^On average: training on noise \(1\.000 in all 20\)\. Without a defence: 0\.500/,
    );
    const elsewhere = verdictOf(many(good), many(defending(-1))).rows.slice(7, 9);
    assert.deepEqual(
      elsewhere.map(({ outcome }) => outcome),
      ["does not hold", "does not hold"],
    );
    assert.match(elsewhere[0].measured, /^On average: none\./);
  });

  it("does not count having no defence as one", () => {
    const [row] = verdictOf(many(good), many(defending(0))).rows.slice(6);
    assert.equal(row.outcome, "does not hold");
    assert.match(row.measured, /on average: none\./);
  });

  it("counts a defence's own seeds", () => {
    const [row] = verdict({}, many(defending(2), 5)).rows.slice(6);
    assert.match(row.measured, /on average: tanh\./);
    assert.deepEqual([row.n, row.outcome], [5, "undecided"]);
  });

  it("says what defends and what it costs, and what became of it at scale", () => {
    assert.match(
      verdict({}).defence ?? "",
      /: distance to the data \(AUROC against the annulus: 1\.000 .* accuracy lost: 0\.0 points/,
    );
    assert.match(verdict({}, many(defending(-1))).defence ?? "", /^None/);
    assert.equal(verdict({}).scale, undefined);
    const deep = { testAccuracy: 0.98, pointLogit: 30, certain: 1, auroc: 0.5 };
    const { scale } = verdictOf(many(good), many(defending(8)), {
      scale: [
        { name: "10", results: many(deep) },
        { name: "64 × 64", results: many({ ...deep, certain: 0.5 }, 2) },
      ],
    });
    assert.match(scale ?? "", /radius 8.*: 10: 100\.0% in all 20; 64 × 64: 50\.0, 50\.0%/);
  });

  it("has a sentence for whatever came out", () => {
    const [doubtful, everywhere, somewhere] = [
      verdict({ pointLogit: 1 }),
      verdict({}),
      verdict({ certain: RADII.map(() => 0.3) }),
    ].map(({ summary }) => summary);
    for (const summary of [doubtful, everywhere, somewhere]) assertOneSentence(summary);
    assert.match(doubtful, /only 0 of \d+ networks are certain/);
    assert.match(everywhere, /of the class that lies nearest; .* certain in nearly every direction\.$/);
    assert.match(somewhere, /not certain in every direction\.$/);
    const lost = verdict({ pointLogit: Number.NaN, far: { bounded: Number.NaN, doubtful: Number.NaN } });
    assert.match(lost.rows[0].measured, /Median of 1 − confidence: not a number/);
    const near = verdict({ pointLogit: Number.NaN, nearestClass: 0 }).rows[1];
    assert.match(near.measured, /^In 0 of 20 seeds/);
    assert.ok(isCertain(good.pointLogit));
  });

  it("names the point, and claims the void for that of the essay alone", () => {
    assert.equal(verdict({}).claim, outOfDistribution.claim);
    assert.match(outOfDistribution.claim, /^At \(4, 4\), far out in the void, /);
    const elsewhere = outOfDistribution.verdict(
      { seeds: many(good) },
      { ...outOfDistribution.defaults, point: [0, 1] },
    );
    assert.match(elsewhere.claim, /^At \(0, 1\) the network does not say/);
    assert.match(elsewhere.rows[0].claim, /^At \(0, 1\) the network is nearly 100% sure/);
  });

  it("leaves out what was not studied", () => {
    const first = outOfDistribution.verdict({ seeds: many(good) }, outOfDistribution.defaults);
    assert.deepEqual(
      [first.stamp, first.rows.length, first.defence, first.scale],
      ["holds", 6, undefined, undefined],
    );
    assert.doesNotMatch(first.rows[1].measured, /Pairs/);
    assert.match(verdict({}).rows[1].measured, /Pairs of networks that disagree .*: .* \(20 seeds\)/);
  });
});

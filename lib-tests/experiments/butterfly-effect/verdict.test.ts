import assert from "node:assert/strict";
import type { Cause, SeedPartings } from "../../../src/experiments/butterfly-effect/causes.js";
import { type MapCell, mapCell } from "../../../src/experiments/butterfly-effect/chaos-map.js";
import type { Horizons } from "../../../src/experiments/butterfly-effect/horizon.js";
import { butterflyEffect } from "../../../src/experiments/butterfly-effect/index.js";
import type { LateNudge } from "../../../src/experiments/butterfly-effect/late-nudges.js";
import {
  coverageTable,
  divergenceTable,
  horizonText,
  nudgeText,
  partedSeedsText,
  partingText,
  twinTable,
} from "../../../src/experiments/butterfly-effect/sentences.js";
import { type Ending, runTimelines } from "../../../src/experiments/butterfly-effect/timelines.js";
import type { AveragedTwins } from "../../../src/experiments/butterfly-effect/twins.js";
import type { Variation } from "../../../src/experiments/study.js";
import type { Verdict } from "../../../src/experiments/verdict.js";
import { assertOneSentence } from "../one-sentence.js";
import { parameters } from "./small-parameters.js";

const still: SeedPartings = {
  accuracy: 0.98,
  visible: null,
  grownHalfway: null,
  isSameAgain: true,
  parted: ["order", "thirdOrder"],
};
const far: Ending = { relativeDistance: 0.5, alignedDistance: 0.4, barrier: 0, churn: 0.05, lossGap: 0.3 };
const apart: SeedPartings = {
  ...still,
  visible: 300,
  grownHalfway: 2,
  parted: ["nudge", "reversed", "pairwise", "engine", "order", "thirdOrder"],
  ends: { nudge: far, order: far, thirdOrder: far },
};
const many = (change: Partial<SeedPartings>, n = 200): SeedPartings[] =>
  new Array(n).fill({ ...apart, ...change });
const endedBy = (nudge: Partial<Ending>, order: Partial<Ending> = {}): SeedPartings[] =>
  many({ ends: { nudge: { ...far, ...nudge }, order: { ...far, ...order }, thirdOrder: far } });
const [wildest, stillest] = [many({}), new Array<SeedPartings>(200).fill(still)];

/** A map of one and of four layers; by default the deep one diverges at an eighth of the rate. */
const map = (deepParts = [0.05, 0.1, 0.2, 0.4], shallowParts = [0.4], n = 24): MapCell[] =>
  [1, 4].flatMap((depth) =>
    [0.025, 0.05, 0.1, 0.2, 0.4].map((learningRate) =>
      mapCell(
        { hiddenLayers: new Array<number>(depth).fill(10), batchSize: 1, learningRate },
        new Array(n).fill({
          exponent: 0.05,
          isParted: (depth === 1 ? shallowParts : deepParts).includes(learningRate),
          testAccuracy: 0.98,
          sharpness: 0.5,
        }),
      ),
    ),
  );

/** Seeds whose doubles leave the real numbers at an epoch, and whose singles leave the doubles at another, foretold or not. */
const horizons = (double: number | null, single: number | null, foretold: number | null, n = 24) =>
  new Array<Horizons>(n).fill({
    horizons: (
      [
        [11, 24, 1, 1],
        [24, 53, single, foretold],
        [53, 106, double, null],
      ] as const
    ).map(([bits, finer, parted, expected]) => ({
      bits,
      finer,
      parted,
      foretold: expected,
      logs: [],
    })),
    exponent: 0.05,
  });
const steady = horizons(null, null, null);

const late = (first: number | null, last: number | null, n = 200): LateNudge[][] =>
  new Array(n).fill([
    { epoch: 0, parted: first, growth: 27 },
    { epoch: 300, parted: last, growth: 27 },
  ]);

const end = { churn: 0.02, testAccuracy: 0.97 };
const pair: AveragedTwins = { isParted: true, last: end, averaged: { ...end, churn: 0.01 } };
const kept: AveragedTwins = { ...pair, isParted: false, last: { ...end, testAccuracy: 0.96 } };
const defences: Variation<AveragedTwins>[] = [
  { name: "as it is", results: [pair, pair] },
  { name: "smaller steps", results: [kept, kept] },
];

const others = {
  horizon: { own: horizons(100, 30, 40), calm: steady },
  map: map(),
  late: late(200, 150),
};
const verdict = (own: SeedPartings[], calm = stillest, changed: Partial<typeof others> = {}): Verdict =>
  butterflyEffect.verdict({ seeds: { own, calm }, ...others, ...changed }, { ...parameters, epochs: 600 });
const outcomes = (...measured: Parameters<typeof verdict>): string[] =>
  verdict(...measured).rows.map(({ outcome }) => outcome);

/** The places of the lines. */
const [LEAVING, FORETOLD, DEPTH, LATE, SAME] = [6, 7, 8, 9, 10];

describe("butterfly: verdict", () => {
  it("holds in every line where every seed shows it, everywhere", () => {
    const all = many({ isSameAgain: false });
    const horizon = { own: horizons(100, 30, 40), calm: horizons(100, 30, 40) };
    assert.deepEqual(outcomes(all, all, { horizon }), new Array(11).fill("holds"));
  });

  it("falls, or was not tested, where nothing ever parts", () => {
    const horizon = { own: steady, calm: steady };
    const none = verdict(stillest, stillest, { horizon, map: map([], []), late: late(null, null) });
    const [no, untested] = ["does not hold", "not tested"];
    assert.deepEqual(
      none.rows.map(({ outcome }) => outcome),
      [no, untested, untested, untested, untested, no, no, untested, no, no, no],
    );
    assert.equal(none.stamp, no);
    assert.match(none.summary, /^Too few trainings learn, look the same for long and then diverge; /);
    assertOneSentence(none.summary);
  });

  it("holds only on a condition that was measured both ways, and names it", () => {
    const { rows, stamp, summary } = verdict(wildest);
    assert.equal(stamp, "holds only if");
    const condition =
      "with 1 hidden layer, single samples at learning rate 0.4, not full batch at learning rate 2";
    assert.equal(rows[0].note, condition);
    assert.equal(rows[5].outcome, "holds only if");
    assert.equal(rows[LEAVING].note, condition);
    assert.match(summary, /^A nudge can make trainings diverge at this setting, not at the calm one; /);
    assert.match(summary, /a run repeated gave the same bits in 200 of 200 seeds\.$/);
    assertOneSentence(summary);
    assert.equal(rows[SAME].outcome, "does not hold");
  });

  it("tells the lines apart", () => {
    const without = (cause: Cause): Cause[] => apart.parted.filter((each) => each !== cause);
    assert.equal(outcomes(wildest)[1], "holds");
    assert.equal(outcomes(many({ grownHalfway: 1e6 }))[1], "does not hold");
    assert.equal(outcomes(many({ visible: 20 }))[0], "does not hold");
    assert.equal(outcomes(many({ accuracy: 0.5 }))[0], "does not hold");
    assert.equal(outcomes(many({ parted: without("engine") }))[5], "does not hold");
    assert.equal(outcomes(many({ parted: without("reversed") }))[5], "does not hold");
    assert.equal(outcomes(wildest, wildest)[0], "holds");
    const changed = (change: Partial<typeof others>): string[] => outcomes(wildest, stillest, change);
    const own = (...seeds: Parameters<typeof horizons>) => ({
      horizon: { own: horizons(...seeds), calm: steady },
    });
    assert.equal(changed(own(null, 30, 40))[LEAVING], "does not hold");
    // the mean rate foretells (24 ln 2 + ln 0.01) / 0.05, which is epoch 241
    for (const [single, foretold, outcome] of [
      [30, 40, "holds"],
      [240, 250, "does not hold"],
      [30, null, "does not hold"],
      [null, 30, "does not hold"],
      [null, null, "not tested"],
    ] as const) {
      assert.equal(changed(own(100, single, foretold))[FORETOLD], outcome, `${single} and ${foretold}`);
    }
    const slow = horizons(null, null, 500).map((seed) => ({ ...seed, exponent: 0.01 }));
    assert.match(
      verdict(wildest, stillest, { horizon: { own: slow, calm: steady } }).rows[FORETOLD].measured,
      /^In 0 of 24 seeds .* the course in 0, the mean rate in 24,/,
      "what the rate foretells for later than the last epoch is never",
    );
    const rateless = horizons(100, 30, 40, 9).map((seed) => ({ ...seed, exponent: Number.NaN }));
    assert.match(
      verdict(wildest, stillest, {
        horizon: { own: [...rateless, ...horizons(100, 240, 300)], calm: steady },
      }).rows[FORETOLD].measured,
      /^In 0 of 24 seeds .* 9 more have no Λ\.$/,
    );
    const mixed = [...horizons(100, 30, 60, 12), ...horizons(100, 200, 500, 12)];
    assert.match(
      verdict(wildest, stillest, { horizon: { own: mixed, calm: steady } }).rows[FORETOLD].measured,
      /^In 12 of 24 seeds .*\. Right to a factor of 2: the course in 12, the mean rate in 12, the median epoch for all \(115\) in 12\.$/,
    );
    assert.match(
      verdict(wildest, stillest, { horizon: { own: horizons(100, null, 30), calm: steady } }).rows[FORETOLD]
        .measured,
      /^In 0 of 24 seeds in which it leaves, or should .* for all \(never\) in 24\.$/,
    );
    assert.equal(changed({ map: map([0.1, 0.2, 0.4]) })[DEPTH], "holds");
    assert.equal(changed({ map: map([0.2, 0.4]) })[DEPTH], "does not hold");
    assert.equal(changed({ map: map([0.05], [0.1]) })[DEPTH], "does not hold");
    assert.equal(changed({ map: map([0.1], []) })[DEPTH], "holds", "no rate of the map is too large for it");
    assert.equal(changed({ late: late(200, null) })[LATE], "does not hold");
    assert.equal(changed({ late: late(null, 0) })[LATE], "holds");
    const { summary } = verdict(wildest, many({ isSameAgain: false }));
    assert.match(summary, /a run repeated gave the same bits in only 0 of 200 seeds\.$/);
    assertOneSentence(summary);
  });

  it("holds completeness against another order of the points, measure by measure", () => {
    // as little as another order does is complete as well
    const tiny = { alignedDistance: 1e-3, churn: 1e-4, lossGap: 1e-3 };
    const modest = endedBy(tiny, tiny);
    assert.deepEqual(outcomes(modest).slice(2, 5), ["holds", "holds", "holds"]);
    // three of four seeds are the bar, and a seed counts by its own order
    assert.equal(
      outcomes([...wildest, ...endedBy({ churn: 0.01 })], wildest.concat(wildest))[3],
      "does not hold",
    );
    assert.match(
      verdict(modest).rows[2].measured,
      /^In 200 of 200 seeds .*; with yet another order, in 200\./,
    );
    for (const [line, change] of [
      [2, { alignedDistance: 0.1 }],
      [3, { churn: 0.01 }],
      [4, { lossGap: 0.1 }],
    ] as const) {
      const less = outcomes(endedBy(change));
      assert.deepEqual(
        [2, 3, 4].filter((k) => less[k] === "does not hold"),
        [line],
      );
    }
  });

  it("counts seeds, and has no line of what was not measured", () => {
    const seeds = { own: many({}, 30), calm: stillest.slice(0, 30) };
    const counts = (findings: Parameters<typeof butterflyEffect.verdict>[0]): number[] =>
      butterflyEffect.verdict(findings, parameters).rows.map(({ n }) => n);
    assert.deepEqual(
      counts({
        seeds,
        horizon: { own: horizons(9, 3, 4, 20), calm: horizons(9, 3, 4, 20) },
        map: map(),
        late: late(1, 1, 40),
      }),
      [30, 30, 30, 30, 30, 30, 20, 20, 24, 40, 30],
    );
    assert.deepEqual(counts({ seeds }), [30, 30, 30, 30, 30, 30, 30]);
    const first = { seeds: { own: wildest, calm: stillest } };
    const { stamp, defence, scale } = butterflyEffect.verdict(first, parameters);
    assert.deepEqual([stamp, defence, scale], ["holds only if", undefined, undefined]);
    assert.equal(butterflyEffect.verdict({}, parameters).stamp, "not tested");
  });

  it("decides nothing on few seeds", () => {
    const few = many({}, 6);
    const horizon = { own: horizons(100, 30, 40, 6), calm: horizons(null, null, null, 6) };
    const all = outcomes(few, few, { horizon, map: map([0.05], [0.4], 6), late: late(1, 1, 6) });
    assert.deepEqual([...new Set(all)], ["undecided"]);
  });

  it("claims what the parameters say of the nudge", () => {
    assert.match(butterflyEffect.claim, /^Add 1e-14 to one initial weight/);
    const { claim } = butterflyEffect.verdict({}, { ...parameters, nudge: 1e-9 });
    assert.match(claim, /^Add 1e-9 to one initial weight/);
  });

  it("says what defends, and what became of it at scale", () => {
    const seeds = { own: many({}, 6), calm: stillest.slice(0, 6) };
    const { defence, scale } = butterflyEffect.verdict({ seeds, defences, map: map() }, parameters);
    assert.match(
      defence ?? "",
      /^Seeds that diverge, of 2, .*: as it is: 2; smaller steps: 0 \(accuracy changes by -1\.00, -1\.00 points\)/,
    );
    assert.match(defence ?? "", /churn from 2\.00, 2\.00% to 1\.00, 1\.00%\.$/);
    assert.match(
      scale ?? "",
      /^The .* most of 24 seeds learn, .*: single samples, 0\.2 with 1 hidden layer, 0\.025 with 4\. Larger/,
    );
  });
});

describe("butterfly: sentences and tables", () => {
  it("tell what came out, and something else of other outcomes", () => {
    assert.match(partedSeedsText(wildest), / in 200 of 200 seeds\.$/);
    assert.match(
      partedSeedsText(new Array(3).fill({ ...still, parted: ["reversed"] })),
      / in 0 of 3 seeds\.$/,
    );
    const texts = [1e-14, 1e-19, 0].map((nudge) => nudgeText(runTimelines({ ...parameters, nudge }).nudge));
    assert.match(texts[0], /survives the addition as \d+ ulps/);
    assert.match(texts[1], /swallowed the nudge/);
    assert.match(texts[2], /^There is no nudge/);
    const broken = partingText(runTimelines({ ...parameters, learningRate: 1e300 }).nudged);
    assert.doesNotMatch(broken, /NaN/);
    assert.match(broken, /After epoch 1 a number is no longer finite.* Until then the parameters never/);
    assert.match(
      partingText(runTimelines({ ...parameters, nudge: 1 }).nudged),
      /In 20 epochs, the parameters are 0\.01 apart after 0 epochs/,
    );
  });

  it("answer up to which epoch a trajectory is that of real numbers", () => {
    const own = [...horizons(100, 30, 40, 2), ...horizons(300, 30, 40, 1), ...horizons(null, 30, 40, 1)];
    const text = horizonText({ own, calm: steady.slice(0, 4) }, { epochs: 600 });
    assert.match(
      text,
      /in 1 of 4 seeds up to the last epoch, 600; in the others until epoch 100 at the earliest, 100 in the median and 300 at the latest\./,
    );
    assert.match(text, /At the calm setting: in all of 4 seeds up to the last epoch, 1000\.$/);
  });

  it("list what lies between the ends of the seeds that part", () => {
    assert.deepEqual(divergenceTable(stillest)[1], []);
    const [head, rows] = divergenceTable([still, ...many({}, 3)]);
    assert.equal(head[0], "3 seeds that diverge");
    const text = "40.0, 40.0, 40.0% of their length";
    assert.deepEqual(rows[0], ["the weights: distance", text, text]);
  });

  it("list what each defence covers", () => {
    const own = many({ parted: ["reversed", "engine"] }, 6);
    const [head, rows] = coverageTable({ own, calm: stillest.slice(0, 6) });
    assert.equal(head[0], "seeds of 6 that still diverge");
    assert.deepEqual(
      rows.map(([, ...counts]) => counts.map(Number)),
      [
        [0, 6, 6],
        [0, 0, 6],
        [0, 6, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
    );
  });

  it("list the ways to train beside the first, at their last and at averaged weights", () => {
    const [head, rows] = twinTable(defences);
    assert.ok(rows.every(({ length }) => length === head.length));
    assert.deepEqual(rows[1], ["as it is", "averaged", "2 of 2", "1.00%", "97.00%", "0.00, 0.00"]);
    assert.deepEqual(rows[2].slice(2), ["0 of 2", "2.00%", "96.00%", "-1.00, -1.00"]);
  });
});

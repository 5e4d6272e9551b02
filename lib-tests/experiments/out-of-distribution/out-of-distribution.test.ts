import assert from "node:assert/strict";
import {
  RELIABILITY_BINS,
  type ReliabilityBin,
} from "../../../src/experiments/out-of-distribution/calibration.js";
import { isCertain } from "../../../src/experiments/out-of-distribution/confidence.js";
import { DEFENCES, type DefencesResult } from "../../../src/experiments/out-of-distribution/defences.js";
import {
  certainByRadius,
  DIRECTIONS,
  defencesOverSeeds,
  logitsOnPlane,
  measureVoid,
  type OutOfDistributionParameters,
  outOfDistributionParameters,
  RADII,
  type VoidResult,
  voidArea,
  voidOverSeeds,
  voidVariations,
} from "../../../src/experiments/out-of-distribution/out-of-distribution.js";
import { logitAt } from "../../../src/experiments/out-of-distribution/rays.js";
import { farDoubtText, kinksText } from "../../../src/experiments/out-of-distribution/sentences.js";
import { outOfDistributionVerdict } from "../../../src/experiments/out-of-distribution/verdict.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { runTask } from "../../../src/experiments/task.js";
import { unconverted } from "../../../src/experiments/unconverted.js";
import type { Outcome } from "../../../src/experiments/verdict.js";
import { smallTask } from "../small-task.js";

const parameters: OutOfDistributionParameters = {
  ...smallTask,
  epochs: 60,
  point: [4, 4],
  annulus: [4, 8],
  members: 2,
  neighbours: 5,
  sweepSeeds: 2,
  firstSeed: 1,
};

describe("out of distribution: parameters", () => {
  it("are returned as they came, also by the name of the notebook", () => {
    assert.deepEqual(outOfDistributionParameters(parameters), parameters);
    assert.deepEqual(unconverted["02-out-of-distribution"].parse({ ...parameters }), parameters);
    const optional = { ...parameters, activation: "tanh", normalization: "layer" } as const;
    assert.deepEqual(outOfDistributionParameters(optional), optional);
  });

  const pair = "two coordinates, each from -1000000 to 1000000";
  const radii = "an inner and a larger outer radius from 0 to 1000000";
  const refused: [string, unknown, string, string][] = [
    ["point", [4], "RangeError", `point must be ${pair}, got [4]`],
    ["point", [4, 2e6], "RangeError", `point must be ${pair}, got [4,2000000]`],
    ["point", 4, "TypeError", `point must be ${pair}, got 4`],
    ["annulus", [8, 4], "RangeError", `annulus must be ${radii}, got [8,4]`],
    ["annulus", [4, 4], "RangeError", `annulus must be ${radii}, got [4,4]`],
    ["annulus", [-1, 4], "RangeError", `annulus must be ${radii}, got [-1,4]`],
    ["members", 1, "RangeError", "members must be a whole number from 2 to 100, got 1"],
    ["neighbours", 0, "RangeError", "neighbours must be a whole number from 1 to 10000, got 0"],
    ["sweepSeeds", 1, "RangeError", "sweepSeeds must be a whole number from 2 to 10000, got 1"],
  ];
  for (const [name, value, error, message] of refused) {
    it(`refuse ${name} = ${JSON.stringify(value)}`, () => {
      assert.throws(() => outOfDistributionParameters({ ...parameters, [name]: value } as never), {
        name: error,
        message,
      });
    });
  }
});

describe("out of distribution: one network", () => {
  const { network } = runTask(parameters).training;
  const result = measureVoid(parameters);

  it("is measured at the point, along the rays and on the test points", () => {
    assert.equal(result.pointLogit, logitAt(network, [4, 4]));
    assert.deepEqual(result.certain, certainByRadius(network));
    assert.equal(result.certain.length, RADII.length);
    assert.equal(result.lastKinks.length, DIRECTIONS);
    assert.equal(
      result.inside.reduce((sum, { count }) => sum + count, 0),
      parameters.testPoints,
    );
    assert.deepEqual(structuredClone(result), result);
  });

  it("is affine beyond its last kinks, but for rounding", () => {
    assert.ok(result.deviation < 1e-12, String(result.deviation));
  });

  it("of tanh neurons is not, and has no kinks", () => {
    const tanh = measureVoid({ ...parameters, activation: "tanh", epochs: 5 });
    assert.ok(tanh.deviation > 1e-9);
    assert.equal(tanh.isBeyondKinks, false);
    assert.ok(tanh.lastKinks.every(Number.isNaN));
  });

  it("is measured whatever its shape, and where it diverged", () => {
    for (const change of [
      { hiddenLayers: [] },
      { hiddenLayers: [1] },
      { hiddenLayers: [4, 3, 2] },
      { epochs: 0 },
      { normalization: "layer" as const },
      { point: [0.5, 0.25] },
    ]) {
      const { auroc, deviation } = measureVoid({ ...parameters, epochs: 2, ...change });
      assert.ok(auroc.annulus >= 0 && auroc.annulus <= 1 && deviation >= 0, JSON.stringify(change));
    }
    const lost = measureVoid({ ...parameters, learningRate: 1e300 });
    assert.deepEqual([lost.pointLogit, lost.certainInside, lost.isBeyondKinks], [Number.NaN, 0, false]);
  });

  it("is nearest to a point of the data where it stands on one", () => {
    const [x, y] = runTask(parameters).data.train.points.getRow(0);
    const at = measureVoid({ ...parameters, point: [x, y] });
    assert.deepEqual([at.nearestClass, at.nearestDistance], [0, 0]);
  });

  it("is drawn on a square that holds the point, row by row", () => {
    for (const point of [[4, 4], [-7, 1], MIDDLE_OF_NOWHERE, [0.5, 0.25]]) {
      const { x, y } = voidArea(point);
      assert.ok(x[0] < point[0] && point[0] < x[1] && y[0] < point[1] && point[1] < y[1]);
      assert.ok(x[0] <= -2 && x[1] >= 3);
    }
    const grid = logitsOnPlane(network, { x: [3, 5], y: [2, 4] }, 3);
    assert.equal(grid.values[2][1], logitAt(network, [4, 4]));
  });
});

const MIDDLE_OF_NOWHERE = [100, -2000];

describe("out of distribution: many trainings", () => {
  it("run over the seeds from 1 on, in order", async () => {
    const results = await voidOverSeeds(parameters, plainLoop());
    assert.deepEqual(results[1], measureVoid({ ...parameters, seed: 2 }));
    const defences = await defencesOverSeeds(parameters, plainLoop());
    assert.deepEqual(
      defences.map(({ seed }) => seed),
      [1, 2],
    );
  });

  it("change one thing at a time, and refuse a senseless change before anything runs", async () => {
    const [same, wide] = await voidVariations(
      parameters,
      { same: {}, wide: { hiddenLayers: [20] } },
      plainLoop(),
    );
    for (const [i, whole] of (await voidOverSeeds(parameters, plainLoop())).entries()) {
      assert.deepEqual({ ...whole, ...same.results[i] }, whole);
    }
    assert.notDeepEqual(wide.results, same.results);
    await assert.rejects(
      voidVariations(parameters, { a: {}, b: { noise: -1 } }, () => assert.fail("ran")),
      { name: "RangeError", message: "noise must be a finite number from 0 to 2, got -1" },
    );
  });
});

describe("out of distribution: verdict", () => {
  const empty = { count: 0, confidence: Number.NaN, accuracy: Number.NaN, low: 0, high: 1 };
  const binsOf = (confidence: number, accuracy: number): ReliabilityBin[] => [
    { ...empty, count: 100, confidence, accuracy },
    ...new Array(RELIABILITY_BINS - 1).fill(empty),
  ];
  const good: VoidResult = {
    seed: 1,
    testAccuracy: 0.98,
    point: [4, 4],
    pointLogit: 30,
    nearestClass: 1,
    nearestDistance: 3,
    isBeyondKinks: true,
    certain: RADII.map(() => 1),
    certainTowardsPoint: RADII.map(() => true),
    deviation: 1e-15,
    flat: 0,
    lastKinks: new Array(DIRECTIONS).fill(2),
    inside: binsOf(0.98, 0.98),
    shifted: binsOf(0.9, 0.8),
    auroc: { annulus: 0.99, cluster: 0.99 },
    certainInside: 0.9,
    certainAnnulus: 0.9,
  };
  const defending = (index: number): DefencesResult => ({
    seed: 1,
    temperature: 2,
    churn: { point: 0.5, inside: 0.01 },
    defences: DEFENCES.map((name, i) => ({
      name,
      auroc: { annulus: i === index ? 1 : 0.5, cluster: i === index ? 1 : 0.5 },
      certain: { annulus: i === index ? 0 : 1, cluster: i === index ? 0 : 1 },
      accuracy: 0.98,
      calibrationError: 0.01,
    })),
  });
  const many = <T>(result: T, n = 20): T[] => new Array(n).fill(result);
  const verdict = (change: Partial<VoidResult>, defences = many(defending(7))) =>
    outOfDistributionVerdict(many({ ...good, ...change }), defences);
  const outcome = (row: number, change: Partial<VoidResult>): Outcome => verdict(change).rows[row].outcome;

  it("holds line by line when every seed shows it", () => {
    assert.deepEqual(
      verdict({}).rows.map((row) => row.outcome),
      many("holds", 7),
    );
    assert.equal(verdict({}).stamp, "holds");
  });

  it("falls line by line with what was measured", () => {
    assert.equal(outcome(0, { pointLogit: 1 }), "does not hold");
    assert.equal(outcome(0, { pointLogit: Number.NaN }), "does not hold");
    assert.equal(outcome(1, { pointLogit: -30 }), "does not hold");
    assert.equal(outcome(2, { deviation: 0.1 }), "does not hold");
    assert.equal(outcome(3, { certain: RADII.map(() => 0.3) }), "does not hold");
    assert.equal(outcome(4, { inside: binsOf(0.999, 0.98) }), "does not hold");
    assert.equal(outcome(5, { auroc: { annulus: 0.1, cluster: 0.99 } }), "does not hold");
    assert.equal(outcome(5, { auroc: { annulus: 0.99, cluster: 0.1 } }), "does not hold");
    assert.equal(verdict({}, many(defending(-1))).rows[6].outcome, "does not hold");
  });

  it("is stamped by the certainty at the point alone", () => {
    const fallen = verdict({ pointLogit: -30, deviation: 0.1, auroc: { annulus: 0, cluster: 0 } });
    assert.deepEqual([fallen.stamp, fallen.rows.filter(({ isPrimary }) => isPrimary).length], ["holds", 1]);
    assert.equal(verdict({ pointLogit: 1 }).stamp, "does not hold");
  });

  it("takes a coin for a coin, and says that it does not know", () => {
    const half = [...many(good, 40), ...many({ ...good, pointLogit: -30 }, 40)];
    const { rows, summary } = outOfDistributionVerdict(half, many(defending(7)));
    assert.equal(rows[0].outcome, "holds");
    assert.equal(rows[1].outcome, "does not hold");
    assert.match(summary, /of a class that nothing there speaks for\. It is not this point's alone/);
  });

  it("is undecided below 20 seeds, however much alike they are", () => {
    const few = outOfDistributionVerdict(many(good, 19), many(defending(7), 19));
    assert.ok(few.rows.every((row) => row.outcome === "undecided"));
    assert.equal(few.rows[0].note, "19 of the 20 that it takes at least");
    assert.match(few.summary, /not decided/);
  });

  it("gives no interval of four seeds or fewer, and prints none", () => {
    const { rows, defence } = outOfDistributionVerdict(many(good, 4), many(defending(7), 2));
    for (const text of [...rows.map(({ measured }) => measured), defence])
      assert.doesNotMatch(text ?? "", /NaN|interval/);
  });

  it("keeps intervals of shares and AUROCs within 0 and 1", () => {
    const mixed = Array.from({ length: 20 }, (_, i) => ({
      ...good,
      nearestDistance: i === 0 ? 0.2 : 0.5,
      flat: i === 0 ? 0.2 : 0,
      certain: RADII.map(() => (i === 0 ? 0.2 : 1)),
      auroc: { annulus: i === 0 ? 0.3 : 1, cluster: i === 0 ? 0.9 : 0 },
    }));
    const text = outOfDistributionVerdict(mixed, many(defending(7)))
      .rows.map(({ measured }) => measured)
      .join(" ");
    const ends = [...text.matchAll(/\[(-?[\d.]+), (-?[\d.]+)\](%?)/g)];
    assert.ok(ends.length > 5);
    for (const [, low, high, unit] of ends) {
      assert.ok(Number(low) >= 0 && Number(high) <= (unit === "%" ? 100 : 1), `${low} ${high}`);
    }
  });

  it("takes a defence that only some seeds show for open, and one picked from seven for what it is", () => {
    const failing = { ...defending(7), defences: defending(-1).defences };
    const mixed = [...many(defending(7), 40), failing];
    const [row] = outOfDistributionVerdict(many(good), mixed).rows.slice(6);
    assert.equal(row.outcome, "undecided");
    assert.match(row.measured, /7 tried, these reach all of it on average: distance to the data\./);
  });

  it("does not count having no defence as one", () => {
    const [row] = outOfDistributionVerdict(many(good), many(defending(0))).rows.slice(6);
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
      /: distance to the data \(AUROC 1\.000 .* accuracy lost: 0\.0 points/,
    );
    assert.match(verdict({}, many(defending(-1))).defence ?? "", /^None/);
    assert.equal(verdict({}).scale, undefined);
    const { scale } = outOfDistributionVerdict(many(good), many(defending(7)), [
      { name: "10", results: many(good) },
      { name: "64 × 64", results: many({ ...good, certain: RADII.map(() => 0.5) }, 2) },
    ]);
    assert.match(scale ?? "", /radius 8.*: 10: 100\.0% in all 20; 64 × 64: 50\.0, 50\.0%/);
  });

  it("has a sentence for whatever came out", () => {
    assert.match(verdict({ pointLogit: 1 }).summary, /does not hold/);
    assert.match(
      verdict({ deviation: 0.1 }).summary,
      /of the class that lies nearest\. That the logits are straight beyond their last kink does not/,
    );
    assert.match(verdict({ certain: RADII.map(() => 0.3) }).summary, /not so in every direction/);
    const lost = verdict({ pointLogit: Number.NaN, deviation: Number.NaN });
    assert.match(lost.rows[0].measured, /median of 1 − confidence: not a number/);
    const near = verdict({ pointLogit: Number.NaN, nearestClass: 0 }).rows[1];
    assert.match(near.measured, /^In 0 of 20 seeds/);
    assert.ok(isCertain(good.pointLogit));
  });

  it("calls void what is far from the data, and names the point that was measured", () => {
    assert.match(verdict({}).claim, /^At \(4, 4\), in the void,/);
    assert.match(verdict({ point: [0, 1], nearestDistance: 0.1 }).claim, /^At \(0, 1\), near the data,/);
  });
});

describe("out of distribution: sentences", () => {
  const textsOf = (change: Partial<OutOfDistributionParameters>): string[] => {
    const { network } = runTask({ ...parameters, epochs: 5, ...change }).training;
    return [kinksText(network, [4, 4]), farDoubtText(network)];
  };

  it("fit what the network is made of", () => {
    assert.match(textsOf({}).join(" "), /last kink lies at a median radius .* Beyond the last kink, each/);
    assert.match(
      textsOf({ activation: "tanh" }).join(" "),
      /not made of straight pieces.* From a radius of 8 to 16, each/,
    );
    assert.match(textsOf({ hiddenLayers: [] })[0], /No neuron switches on any ray/);
  });

  it("say so where the training diverged, and never print what is no number", () => {
    for (const change of [{}, { activation: "tanh" as const }, { hiddenLayers: [] }]) {
      const lost = textsOf({ learningRate: 1e300, ...change }).join(" ");
      assert.doesNotMatch(lost, /NaN|Infinity/);
    }
    assert.match(textsOf({ learningRate: 1e300 })[0], /diverged/);
  });
});

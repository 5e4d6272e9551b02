import assert from "node:assert/strict";
import { cos, sin } from "../../../src/elementary.js";
import {
  type ButterflyParameters,
  butterflyParameters,
  comparePairs,
  nudged,
  type Parting,
  runTimelines,
  unitInLastPlace,
} from "../../../src/experiments/butterfly/butterfly.js";
import { measureTwinDefence, twinDefencesOverSeeds } from "../../../src/experiments/butterfly/defences.js";
import {
  differingValues,
  ENGINES,
  type EngineName,
  engineMoons,
  engineTrigonometry,
  RECORDED,
  recordedAngle,
} from "../../../src/experiments/butterfly/engine-angles.js";
import { lockstep } from "../../../src/experiments/butterfly/lockstep.js";
import {
  isInBand,
  measureExponent,
  measureStability,
  type StabilityResult,
  stabilityCell,
  stabilityMap,
  steepness,
} from "../../../src/experiments/butterfly/map.js";
import {
  CAUSES,
  type Cause,
  compareCauses,
  measurePartings,
  partingsOverSeeds,
  type SeedPartings,
} from "../../../src/experiments/butterfly/seeds.js";
import { butterflyVerdict } from "../../../src/experiments/butterfly/verdict.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { drawTask, trainTask } from "../../../src/experiments/task.js";
import { selectPoints } from "../../../src/moons.js";
import { toParameters } from "../../../src/network/architecture.js";
import { sharpness } from "../../../src/network/hessian.js";
import type { BatchSize } from "../../../src/network/train.js";

const parameters: ButterflyParameters = {
  seed: 2,
  noise: 0.15,
  trainPoints: 40,
  testPoints: 60,
  hiddenLayers: [10],
  initialisation: "he",
  learningRate: 0.4,
  batchSize: 1,
  epochs: 20,
  nudge: 1e-14,
  nudgedParameter: 0,
  sweepSeeds: 2,
  firstSeed: 1,
};

describe("butterfly: parameters", () => {
  it("are returned as they came", () => assert.deepEqual(butterflyParameters(parameters), parameters));

  const bad: [object, string, string][] = [
    [{ nudge: Number.NaN }, "RangeError", "nudge must be a finite number from -1000 to 1000, got NaN"],
    [{ nudge: 1e9 }, "RangeError", "nudge must be a finite number from -1000 to 1000, got 1000000000"],
    [{ nudge: "1e-14" }, "TypeError", 'nudge must be a finite number from -1000 to 1000, got "1e-14"'],
    [{ nudgedParameter: 41 }, "RangeError", "nudgedParameter must be a whole number from 0 to 40, got 41"],
    [
      { hiddenLayers: [], nudgedParameter: 3 },
      "RangeError",
      "nudgedParameter must be a whole number from 0 to 2, got 3",
    ],
    [{ nudgedParameter: -1 }, "RangeError", "nudgedParameter must be a whole number >= 0, got -1"],
    [{ sweepSeeds: 1 }, "RangeError", "sweepSeeds must be a whole number from 2 to 10000, got 1"],
  ];
  for (const [change, name, message] of bad) {
    it(`are refused: ${message}`, () => {
      assert.throws(() => butterflyParameters({ ...parameters, ...change } as never), { name, message });
    });
  }
});

describe("butterfly: the nudge", () => {
  const { initial } = drawTask(parameters);

  it("changes one parameter, by what rounding leaves of it", () => {
    const { network, nudge } = nudged(initial, { nudge: 1e-14, nudgedParameter: 3 });
    const changed = [...toParameters(network)].flatMap((value, k) =>
      value === toParameters(initial)[k] ? [] : [k],
    );
    assert.deepEqual(changed, [3]);
    assert.equal(nudge.after, nudge.before + 1e-14);
    assert.equal(nudge.moved % nudge.ulp, 0);
    assert.ok(Math.abs(nudge.moved - 1e-14) <= nudge.ulp / 2);
    assert.equal(nudge.isSwallowed, false);
  });

  it("is swallowed below half an ulp, but not where it starts at 0", () => {
    assert.equal(nudged(initial, { nudge: 1e-19, nudgedParameter: 0 }).nudge.isSwallowed, true);
    assert.equal(nudged(initial, { nudge: 1e-300, nudgedParameter: 20 }).nudge.isSwallowed, false);
    assert.equal(nudged(initial, { nudge: 0, nudgedParameter: 0 }).nudge.isSwallowed, false);
  });

  it("knows the ulp of every double", () => {
    assert.equal(unitInLastPlace(1), 2 ** -52);
    assert.equal(unitInLastPlace(-0.75), 2 ** -53);
    assert.equal(unitInLastPlace(2 ** 53), 2);
    assert.equal(unitInLastPlace(0), Number.MIN_VALUE);
    assert.equal(unitInLastPlace(1e-310), Number.MIN_VALUE);
  });
});

describe("butterfly: trainings in lockstep", () => {
  for (const batchSize of [1, 7, "full"] as BatchSize[]) {
    it(`end on the bits of a training by itself, in batches of ${batchSize}`, () => {
      const own = { ...parameters, batchSize };
      const task = drawTask(own);
      const { network } = trainTask(own, task);
      const run = lockstep(own, [
        { network: task.initial, train: task.data.train },
        { network: nudged(task.initial, own).network, train: task.data.train, arithmetic: "binary32" },
      ]);
      run.advance(3);
      run.move(1, run.parameters(0));
      run.advance(17);
      assert.deepEqual(run.parameters(0), toParameters(network));
    });
  }
});

describe("butterfly: two timelines", () => {
  it("are identical to the bit without a nudge, and with one that is swallowed", () => {
    for (const nudge of [0, 1e-19]) {
      const { nudged: pair, repeated } = runTimelines({ ...parameters, nudge });
      for (const { summary, distance } of [pair, repeated]) {
        assert.equal(summary.isIdentical, true);
        assert.ok(distance.every((value) => value === 0));
        assert.deepEqual([summary.parted, summary.visible, summary.churn], [null, null, 0]);
      }
    }
  });

  it("start a nudge apart, and are measured by hand", () => {
    const { nudged: pair, nudge, data } = runTimelines(parameters);
    assert.deepEqual(
      pair.epochs,
      Array.from({ length: 21 }, (_, i) => i),
    );
    assert.equal(pair.distance[0], Math.abs(nudge.moved));
    assert.equal(pair.summary.isIdentical, false);
    const [a, b] = pair.networks.map(toParameters);
    const squares = a.reduce((sum, value, k) => sum + (value - b[k]) ** 2, 0);
    assert.ok(Math.abs(pair.distance[20] - Math.sqrt(squares)) <= 1e-12 * pair.distance[20]);
    assert.equal(pair.lossDifference[7], Math.abs(pair.losses[0][7] - pair.losses[1][7]));
    assert.equal(data.train.labels.rows, 40);
  });

  it("part at once with a nudge of 1", () => {
    const { summary } = runTimelines({ ...parameters, nudge: 1 }).nudged;
    assert.equal(summary.parted, 0);
    assert.ok(summary.visible !== null && summary.visible <= 1);
  });

  it("say where a number is no longer finite", () => {
    const { summary } = runTimelines({ ...parameters, learningRate: 1e300 }).nudged;
    assert.equal(summary.broken, 1);
    const { summary: sound } = runTimelines(parameters).nudged;
    assert.equal(sound.broken, null);
  });

  it("are looked at often enough, and at the end", () => {
    const { data, initial } = drawTask(parameters);
    const members = [initial, initial].map((network) => ({ network, train: data.train }));
    const [{ epochs }] = comparePairs(parameters, members, [[0, 1]], data.test, { looks: 3 });
    assert.deepEqual(epochs, [0, 7, 14, 20]);
    const none = comparePairs({ ...parameters, epochs: 0 }, members, [[0, 1]], data.test);
    assert.deepEqual(none[0].epochs, [0]);
  });
});

describe("butterfly: another engine's sines", () => {
  const names = Object.keys(ENGINES) as EngineName[];
  const own = { sin, cos };

  it("differ from one another and from ours in the last bit only", () => {
    for (const { of, index, values } of RECORDED) {
      const exact = own[of](recordedAngle(index));
      assert.ok(names.some((name) => values[name] !== exact));
      for (const name of names) assert.ok(Math.abs(values[name] - exact) <= unitInLastPlace(exact));
    }
    assert.equal(differingValues("V8 11.3", "SpiderMonkey 153"), 2);
    assert.equal(differingValues("V8 11.3", "V8 11.3"), 0);
  });

  it("move a few points by that bit and leave the others", () => {
    const [a, b] = [engineMoons("V8 11.3", parameters), engineMoons("SpiderMonkey 153", parameters)];
    const [xs, ys] = [a, b].map(({ points }) => points.to1DArray());
    const moved = xs.flatMap((x, i) => (x === ys[i] ? [] : [Math.abs(x - ys[i])]));
    assert.ok(moved.length >= 1 && moved.length <= 4, `${moved.length} moved`);
    assert.ok(moved.every((distance) => distance < 1e-15));
    assert.deepEqual(a.labels, b.labels);
  });

  it("are ours everywhere else", () => {
    const { sin: theirs } = engineTrigonometry("V8 15.6");
    assert.equal(theirs(1), sin(1));
    assert.notEqual(theirs(recordedAngle(28)), sin(recordedAngle(28)));
  });
});

describe("butterfly: causes", () => {
  it("are all compared, and nothing makes no difference", () => {
    const compared = compareCauses(parameters, { looks: 5 });
    assert.deepEqual(Object.keys(compared).sort(), Object.keys(CAUSES).sort());
    assert.equal(compared.nothing.summary.isIdentical, true);
    for (const cause of ["nudge", "reversed", "pairwise", "engine", "reversed32", "pairwise32"] as const) {
      assert.equal(compared[cause].summary.isIdentical, false, cause);
    }
    assert.equal(compared.reversed.distance[0], 0);
  });

  it("come for the seeds from 1 on, beside another order of the points", async () => {
    const results = await partingsOverSeeds(parameters, plainLoop());
    assert.deepEqual(
      results.map(({ seed }) => seed),
      [1, 2],
    );
    assert.deepEqual(results[1], measurePartings(parameters));
    assert.ok(results[1].otherOrder.relativeDistance > 1e-3);
    assert.doesNotThrow(() => structuredClone(results));
  });
});

describe("butterfly: the map", () => {
  it("measures a calm training as calm, a wild one as wild", () => {
    const calm = measureStability({ ...parameters, batchSize: "full", learningRate: 1, epochs: 50 });
    const wild = measureStability({ ...parameters, learningRate: 0.9, epochs: 50 });
    assert.ok(Math.abs(calm.exponent) < 0.1 && !calm.isParted, `${calm.exponent}`);
    assert.ok(wild.exponent > 0.1, `${wild.exponent}`);
    assert.equal(calm.steepestBatch, calm.sharpness);
    assert.equal(measureExponent({ ...parameters, epochs: 0 }).exponent, Number.NaN);
    assert.equal(measureExponent({ ...parameters, learningRate: 1e300 }).exponent, Number.NaN);
  });

  it("takes each batch size and learning rate with the same seeds", async () => {
    const map = [
      { batchSize: 8, learningRates: [0.1, 0.2] },
      { batchSize: "full" as const, learningRates: [1] },
    ];
    const cells = await stabilityMap({ ...parameters, epochs: 3 }, plainLoop(), map);
    assert.deepEqual(
      cells.map(({ batchSize, learningRate, results }) => [
        batchSize,
        learningRate,
        results.map(({ seed }) => seed),
      ]),
      [
        [8, 0.1, [1, 2]],
        [8, 0.2, [1, 2]],
        ["full", 1, [1, 2]],
      ],
    );
  });

  it("knows a single point's steepness: that of its Hessian where the logit is straight", () => {
    const { data, initial } = drawTask({ ...parameters, hiddenLayers: [] });
    const steep = steepness(initial, data.train);
    for (const i of [0, 5, 39]) {
      const point = selectPoints(data.train, [i]);
      const { value } = sharpness({ network: initial, data: point, tolerance: 1e-6 });
      assert.ok(Math.abs(steep[i] - value) < 1e-9, `${steep[i]} and ${value}`);
    }
  });
});

describe("butterfly: defences", () => {
  it("average the second half, and leave the training as it is", () => {
    const one = measureTwinDefence({ ...parameters, epochs: 1 });
    assert.deepEqual(one.averaged, one.last); // of one epoch the mean is that epoch
    const { last, averaged } = measureTwinDefence(parameters);
    assert.notDeepEqual(averaged, last);
    const { summary } = runTimelines(parameters).nudged;
    assert.equal(last.churn, summary.churn);
    assert.equal(last.testAccuracy, summary.accuracy[0]);
    assert.equal(last.relativeDistance, summary.relativeDistance);
  });

  it("refuse a change that makes no sense, before anything runs", async () => {
    let ran = 0;
    await assert.rejects(
      twinDefencesOverSeeds(parameters, { a: {}, b: { batchSize: 0 } }, (grid, experiment) => {
        ran++;
        return grid.map(experiment);
      }),
      { message: 'batchSize must be a whole number >= 1, or "full", got 0' },
    );
    assert.equal(ran, 0);
  });
});

describe("butterfly: verdict", () => {
  const still: Parting = {
    distance: 1e-14,
    relativeDistance: 1e-15,
    parted: null,
    visible: null,
    grownHalfway: null,
    largestGap: 0,
    churn: 0,
    accuracy: [0.98, 0.98],
    testLoss: [0.05, 0.05],
    broken: null,
    isIdentical: false,
  };
  const apart: Parting = {
    ...still,
    distance: 10,
    relativeDistance: 0.5,
    parted: 200,
    visible: 300,
    grownHalfway: 2,
    churn: 0.05,
  };
  const same: Parting = { ...still, distance: 0, relativeDistance: 0, isIdentical: true };
  const seedOf = (change: Partial<Record<Cause, Parting>>, every = still): SeedPartings => ({
    seed: 1,
    causes: {
      nudge: every,
      reversed: every,
      pairwise: every,
      engine: every,
      reversed32: every,
      pairwise32: every,
      nothing: same,
      ...change,
    },
    otherOrder: { relativeDistance: 0.6, churn: 0.05 },
  });
  const many = (result: SeedPartings): SeedPartings[] => new Array(20).fill(result);
  const result: StabilityResult = {
    seed: 1,
    exponent: 0.05,
    distance: 10,
    isParted: true,
    testAccuracy: 0.98,
    sharpness: 0.5,
    steepestBatch: 1,
  };
  const wild = stabilityCell(1, 0.4, [result, result]);
  const quiet = stabilityCell("full", 2, new Array(2).fill({ ...result, isParted: false, distance: 1e-14 }));
  const useless = stabilityCell(1, 5, new Array(2).fill({ ...result, testAccuracy: 0.5 }));
  const outcomes = (partings: SeedPartings[], calm: SeedPartings[], cells = [wild, quiet]): string[] =>
    butterflyVerdict({ parameters, partings, calm, cells }).rows.map(({ outcome }) => outcome);

  it("holds in every line where every seed shows it, everywhere", () => {
    const wildest = many(seedOf({ nothing: apart }, apart));
    assert.deepEqual(outcomes(wildest, wildest, [wild]), new Array(7).fill("holds"));
  });

  it("falls in every line where nothing ever parts", () => {
    const stillest = many(seedOf({}));
    assert.deepEqual(outcomes(stillest, stillest, [quiet]), new Array(7).fill("does not hold"));
  });

  it("tells the lines apart", () => {
    const sudden = many(seedOf({}, apart));
    const grown = many(seedOf({ nudge: { ...apart, grownHalfway: 1e6 } }, apart));
    const early = many(seedOf({ nudge: { ...apart, visible: 20 } }, apart));
    const alike = many(seedOf({ nudge: { ...apart, churn: 0 } }, apart));
    const close = many(seedOf({ nudge: { ...apart, relativeDistance: 0.05 } }, apart));
    const calm = many(seedOf({}));
    assert.equal(outcomes(sudden, calm)[1], "holds");
    assert.equal(outcomes(grown, calm)[1], "does not hold");
    assert.equal(outcomes(early, calm)[0], "does not hold");
    assert.equal(outcomes(close, calm)[3], "does not hold");
    assert.equal(outcomes(alike, calm)[4], "does not hold");
    assert.equal(outcomes(sudden, calm)[2], "holds only if");
    assert.equal(outcomes(sudden, calm)[5], "holds only if");
    assert.equal(outcomes(sudden, calm)[6], "does not hold");
  });

  it("says what defends, and what became of it at scale", () => {
    const end = { relativeDistance: 0.1, churn: 0.02, testAccuracy: 0.97, testLoss: 0.1 };
    const pair = { seed: 1, isParted: true, last: end, averaged: { ...end, churn: 0.01 } };
    const kept = { ...pair, isParted: false, last: { ...end, testAccuracy: 0.96 } };
    const exponent = { seed: 1, exponent: 0.5, testAccuracy: 0.9 };
    const { defence, scale } = butterflyVerdict({
      parameters,
      partings: many(seedOf({})),
      calm: many(seedOf({})),
      cells: [wild],
      defences: [
        { name: "as it is", results: [pair, pair] },
        { name: "smaller steps", results: [kept, kept] },
      ],
      scale: [
        { hiddenLayers: [10], learningRate: 0.1, exponent: null, accuracy: 0.9, results: [exponent] },
        {
          hiddenLayers: [64, 64],
          learningRate: 0.1,
          exponent: { n: 1, mean: 0.5, sd: 0, low: 0.5, high: 0.5 },
          accuracy: 0.9,
          results: [exponent],
        },
      ],
    });
    assert.match(defence ?? "", /^Seeds that part, of 2: as it is: 2; smaller steps: 0 \(accuracy -1\.00 /);
    assert.match(defence ?? "", /churn from 2\.00 .*% to 1\.00 /);
    assert.match(scale ?? "", /not finite for 10, 50 for 64 × 64\. Larger/);
  });

  it("finds the band where trainings learn and part", () => {
    assert.deepEqual([wild, quiet, useless].map(isInBand), [true, false, false]);
    assert.equal(outcomes(many(seedOf({})), many(seedOf({})), [quiet, useless])[2], "does not hold");
  });
});

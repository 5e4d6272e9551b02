import assert from "node:assert/strict";
import { cos, sin } from "../../../src/core/elementary.js";
import { selectPoints } from "../../../src/core/moons.js";
import { align, balanced } from "../../../src/core/network/alignment.js";
import { evaluate } from "../../../src/core/network/evaluate.js";
import { sharpness } from "../../../src/core/network/hessian.js";
import { toParameters, withParameters } from "../../../src/core/network/network.js";
import type { BatchSize } from "../../../src/core/network/train-options.js";
import {
  type ButterflyParameters,
  butterflyParameters,
  comparePairs,
  nudged,
  type Parting,
  runTimelines,
  unitInLastPlace,
} from "../../../src/experiments/butterfly/butterfly.js";
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
import { distance } from "../../../src/experiments/butterfly/lyapunov.js";
import {
  isInBand,
  LINEAR_TO,
  MAP,
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
import {
  depthMapText,
  divergenceRows,
  nudgeText,
  partedSeedsText,
  partingText,
  stabilityText,
} from "../../../src/experiments/butterfly/sentences.js";
import {
  type DepthCell,
  defenceCoverage,
  depthCell,
  depthMap,
  MAPPED_LAYERS,
  MAPPED_RATES,
  measureTwins,
  type TwinResult,
  twinsOverSeeds,
} from "../../../src/experiments/butterfly/twins.js";
import { butterflyVerdict } from "../../../src/experiments/butterfly/verdict.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { drawTask, trainTask } from "../../../src/experiments/task.js";

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
      for (let batch = 0; batch < run.batches; batch++) run.walk(1);
      run.walk(15 * run.batches);
      const kept = run.parameters(0);
      run.walk(run.batches);
      // the last epoch once more
      run.move(0, kept);
      run.goBack(run.batches);
      run.walk(run.batches);
      assert.deepEqual(run.parameters(0), toParameters(network));
    });
  }

  it("let a member have an order of its own, that of a training with this order", () => {
    const task = drawTask(parameters);
    const member = { network: task.initial, train: task.data.train };
    const run = lockstep(parameters, [member, { ...member, orderSeed: 77 }, member]);
    run.advance(20);
    const { network } = trainTask({ ...parameters, orderSeed: 77 }, task);
    assert.deepEqual(run.parameters(1), toParameters(network));
    assert.deepEqual(run.parameters(0), run.parameters(2));
    assert.notDeepEqual(run.parameters(0), run.parameters(1));
  });
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

  it("are compared once neurons are aligned, and on the line between them", () => {
    const { nudged: pair, data } = runTimelines({ ...parameters, nudge: 1, epochs: 100 });
    const { summary, networks, losses } = pair;
    const [own, other] = networks.map((network) => balanced(network));
    assert.ok(summary.alignedDistance > 0);
    const raw =
      distance(toParameters(own), toParameters(other)) / distance(toParameters(own), new Float64Array(41));
    assert.ok(summary.alignedDistance <= raw, `${summary.alignedDistance}, ${raw}`);
    const { reference, other: aligned } = align(...networks);
    const middle = toParameters(reference).map((value, k) => (value + toParameters(aligned)[k]) / 2);
    const rise =
      evaluate(withParameters(reference, middle), data.train).loss - (losses[0][100] + losses[1][100]) / 2;
    assert.ok(summary.barrier >= rise - 1e-12, `${summary.barrier} and ${rise} half-way`);
    const gaps = losses[0].map((loss, i) => Math.abs(loss - losses[1][i]) / (loss + losses[1][i])).slice(75);
    assert.ok(Math.abs(summary.lossGap - gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length) < 1e-12);
  });

  it("have no distance to align where a number is not finite, or the network is normalized", () => {
    for (const change of [{ learningRate: 1e300 }, { normalization: "layer" as const }]) {
      const { summary } = runTimelines({ ...parameters, ...change }).nudged;
      assert.deepEqual([summary.alignedDistance, summary.barrier], [Number.NaN, Number.NaN]);
    }
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
    for (const cause of [
      "nudge",
      "reversed",
      "pairwise",
      "engine",
      "reversed32",
      "pairwise32",
      "order",
      "thirdOrder",
    ] as const) {
      assert.equal(compared[cause].summary.isIdentical, false, cause);
    }
    assert.equal(compared.reversed.distance[0], 0);
    // another order is that of a training by itself
    const task = drawTask(parameters);
    const { network } = trainTask({ ...parameters, orderSeed: 1_000_000 + parameters.seed }, task);
    assert.deepEqual(compared.order.networks[1], network);
  });

  it("come for the seeds from 1 on, beside another order of the points", async () => {
    const results = await partingsOverSeeds(parameters, plainLoop());
    assert.deepEqual(
      results.map(({ seed }) => seed),
      [1, 2],
    );
    assert.deepEqual(results[1], measurePartings(parameters));
    assert.ok(results[1].causes.order.relativeDistance > 1e-3);
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
    assert.equal(measureStability({ ...parameters, epochs: 0 }).exponent, Number.NaN);
    assert.equal(measureStability({ ...parameters, learningRate: 1e300 }).exponent, Number.NaN);
    // the twin and the training are those of the two timelines
    const { summary } = runTimelines({ ...parameters, learningRate: 0.9, epochs: 50 }).nudged;
    assert.equal(wild.distance, summary.distance);
  });

  it("keeps the shadow where things are linear, at every setting of the notebook", () => {
    for (const { batchSize, learningRates } of MAP) {
      for (const learningRate of learningRates) {
        const own = { ...parameters, trainPoints: 250, batchSize, learningRate, epochs: 100 };
        const { farthest, exponent } = measureStability(own);
        assert.ok(farthest <= LINEAR_TO, `${batchSize} at ${learningRate}: ${farthest}`);
        assert.ok(Number.isFinite(exponent));
      }
    }
  }).timeout(120_000);

  it("goes stretches of deep networks again, and leaves the training as it is", () => {
    const deep = { ...parameters, hiddenLayers: [10, 10, 10, 10], learningRate: 0.1, epochs: 30 };
    const results = [1, 2, 3, 4].map((seed) => measureStability({ ...deep, seed }));
    // where all of a layer is silent at a point, the next one stands at its kink, and a step can take it anywhere
    for (const { seed, farthest, exponent, distance: apart, testAccuracy } of results) {
      assert.equal(Number.isFinite(exponent), farthest <= LINEAR_TO);
      const { summary } = runTimelines({ ...deep, seed }).nudged;
      assert.deepEqual([apart, testAccuracy], [summary.distance, summary.accuracy[0]]);
    }
    assert.ok(results.filter(({ exponent }) => Number.isFinite(exponent)).length >= 2);
  });

  it("gives no exponent where a single step takes the shadow too far", () => {
    const { farthest, exponent } = measureStability({ ...parameters, learningRate: 1e5, epochs: 3 });
    assert.ok(!(farthest <= LINEAR_TO), `${farthest}`);
    assert.equal(exponent, Number.NaN);
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
    const one = measureTwins({ ...parameters, epochs: 1 });
    assert.deepEqual(one.averaged, one.last); // of one epoch the mean is that epoch
    const { last, averaged } = measureTwins(parameters);
    assert.notDeepEqual(averaged, last);
    const { summary } = runTimelines(parameters).nudged;
    assert.equal(last.churn, summary.churn);
    assert.equal(last.testAccuracy, summary.accuracy[0]);
    assert.equal(last.relativeDistance, summary.relativeDistance);
  });

  it("refuse a change that makes no sense, before anything runs", async () => {
    let ran = 0;
    await assert.rejects(
      twinsOverSeeds(parameters, { a: {}, b: { batchSize: 0 } }, (grid, experiment) => {
        ran++;
        return grid.map(experiment);
      }),
      { message: 'batchSize must be a whole number >= 1, or "full", got 0' },
    );
    assert.equal(ran, 0);
  });
});

describe("butterfly: depth", () => {
  it("trains every depth and learning rate with the same seeds, and puts each where it belongs", async () => {
    const small = { ...parameters, trainPoints: 12, epochs: 2, nudgedParameter: 40 };
    const cells = await depthMap(small, plainLoop());
    assert.deepEqual(
      cells.map(({ hiddenLayers, learningRate }) => [hiddenLayers, learningRate]),
      MAPPED_LAYERS.flatMap((layers) => MAPPED_RATES.map((rate) => [layers, rate])),
    );
    const { hiddenLayers, learningRate, results } = cells[6];
    assert.deepEqual(
      results,
      [1, 2].map((seed) => measureTwins({ ...small, hiddenLayers, learningRate, seed })),
    );
    // a parameter that the smallest network does not have is no reason to fail
    const large = { ...small, hiddenLayers: [64], nudgedParameter: 200 };
    assert.equal((await depthMap(large, plainLoop())).length, cells.length);
  });
});

describe("butterfly: verdict", () => {
  const still: Parting = {
    distance: 1e-14,
    relativeDistance: 1e-15,
    alignedDistance: 1e-15,
    barrier: 0,
    lossGap: 1e-13,
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
    alignedDistance: 0.4,
    lossGap: 0.3,
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
      order: apart,
      thirdOrder: apart,
      ...change,
    },
  });
  const many = (result: SeedPartings, n = 200): SeedPartings[] =>
    Array.from({ length: n }, (_, i) => ({ ...result, seed: i }));
  const end = { relativeDistance: 0.1, churn: 0.02, testAccuracy: 0.97, testLoss: 0.1 };
  const pair: TwinResult = { seed: 1, isParted: true, last: end, averaged: { ...end, churn: 0.01 } };
  const depths = (shallow: boolean, deep: boolean, n = 200): DepthCell[] =>
    [shallow, deep].map((isParted, i) =>
      depthCell(
        { hiddenLayers: new Array(i === 0 ? 1 : 4).fill(10), learningRate: 0.05 },
        new Array<TwinResult>(n).fill({ ...pair, isParted }),
      ),
    );
  const wildest = many(seedOf({}, apart));
  const stillest = many(seedOf({}));
  const verdict = (partings: SeedPartings[], calm = stillest, cells = depths(false, true)) =>
    butterflyVerdict({ parameters, partings, calm, depths: cells });
  const outcomes = (...measured: Parameters<typeof verdict>): string[] =>
    verdict(...measured).rows.map(({ outcome }) => outcome);

  it("holds in every line where every seed shows it, everywhere", () => {
    const all = many(seedOf({ nothing: apart }, apart));
    assert.deepEqual(outcomes(all, all, depths(true, true)), new Array(8).fill("holds"));
  });

  it("falls, or was not tested, where nothing ever parts", () => {
    const none = verdict(stillest, stillest, depths(false, false));
    const untested = "not tested";
    assert.deepEqual(
      none.rows.map(({ outcome }) => outcome),
      [
        "does not hold",
        untested,
        untested,
        untested,
        untested,
        "does not hold",
        "does not hold",
        "does not hold",
      ],
    );
    assert.equal(none.stamp, "does not hold");
  });

  it("holds only on a condition that was measured both ways, and names it", () => {
    const { rows, stamp, summary } = verdict(wildest);
    assert.equal(stamp, "holds only if");
    assert.equal(
      rows[0].note,
      "with 1 hidden layer, single samples at learning rate 0.4, not full batch at learning rate 2",
    );
    assert.equal(rows[5].outcome, "holds only if");
    assert.equal(rows[6].note, "the network has 4 hidden layers, not 1");
    assert.match(
      summary,
      /on a condition: with 1 hidden layer, single samples at learning rate 0\.4.* 200 of 200 seeds gave the same bits/,
    );
    assert.equal(rows[7].outcome, "does not hold");
  });

  it("tells the lines apart", () => {
    const grown = many(seedOf({ nudge: { ...apart, grownHalfway: 1e6 } }, apart));
    const early = many(seedOf({ nudge: { ...apart, visible: 20 } }, apart));
    const untaught = many(seedOf({ nudge: { ...apart, accuracy: [0.5, 0.5] } }, apart));
    const cosine = many(seedOf({ engine: still }, apart));
    assert.equal(outcomes(wildest)[1], "holds");
    assert.equal(outcomes(grown)[1], "does not hold");
    assert.equal(outcomes(early)[0], "does not hold");
    assert.equal(outcomes(untaught)[0], "does not hold");
    assert.equal(outcomes(cosine)[5], "does not hold");
    assert.equal(outcomes(wildest, wildest)[0], "holds");
  });

  it("holds completeness against another order of the points, measure by measure", () => {
    // as little as another order does is complete as well
    const tiny = { alignedDistance: 1e-3, churn: 1e-4, lossGap: 1e-3 };
    const modest = many(seedOf({ nudge: { ...apart, ...tiny }, order: { ...apart, ...tiny } }, apart));
    assert.deepEqual(outcomes(modest).slice(2, 5), ["holds", "holds", "holds"]);
    // three of four seeds are the bar, and a seed counts by its own order
    const mixed = [...wildest, ...many(seedOf({ nudge: { ...apart, churn: 0.01 } }, apart))];
    assert.equal(outcomes(mixed.map((each, seed) => ({ ...each, seed })))[3], "does not hold");
    assert.match(verdict(modest).rows[2].measured, /^In 200 of 200 seeds .*; yet another order .* in 200\./);
    for (const [line, change] of [
      [2, { alignedDistance: 0.1 }],
      [3, { churn: 0.01 }],
      [4, { lossGap: 0.1 }],
    ] as const) {
      const less = outcomes(many(seedOf({ nudge: { ...apart, ...change } }, apart)));
      assert.deepEqual(
        [2, 3, 4].filter((k) => less[k] === "does not hold"),
        [line],
      );
    }
  });

  it("counts seeds, once each", () => {
    const { rows } = butterflyVerdict({
      parameters,
      partings: many(seedOf({}, apart), 30),
      calm: many(seedOf({}), 25),
      depths: depths(false, true, 24),
    });
    assert.deepEqual(
      rows.map(({ n }) => n),
      [30, 30, 30, 30, 30, 30, 24, 30],
    );
  });

  it("decides nothing on few seeds, and says not tested where nothing was trained", () => {
    const few = many(seedOf({}, apart), 6);
    assert.deepEqual([...new Set(outcomes(few, few, depths(false, true, 2)))], ["undecided"]);
    assert.equal(butterflyVerdict({ parameters, partings: few, calm: few }).rows[6].outcome, "not tested");
  });

  it("claims what the parameters say of the nudge", () => {
    const few = many(seedOf({}), 3);
    const { claim } = butterflyVerdict({
      parameters: { ...parameters, nudge: 1e-9 },
      partings: few,
      calm: few,
    });
    assert.match(claim, /^A perturbation of 1e-9 of one initial weight/);
  });

  it("says what defends, each against what, and what became of it at scale", () => {
    const kept = { ...pair, isParted: false, last: { ...end, testAccuracy: 0.96 } };
    const few = many(seedOf({ engine: apart, reversed: apart }), 6);
    const { defence, scale } = butterflyVerdict({
      parameters,
      partings: few,
      calm: many(seedOf({}), 3),
      depths: depths(false, true, 2),
      defences: [
        { name: "as it is", results: [pair, pair] },
        { name: "smaller steps", results: [kept, kept] },
      ],
    });
    assert.match(
      defence ?? "",
      /^Seeds that part, of 2: as it is: 2; smaller steps: 0 \(accuracy changes by -1\.00, -1\.00 points\)/,
    );
    assert.match(defence ?? "", /churn from 2\.00, 2\.00% to 1\.00, 1\.00%/);
    assert.match(
      defence ?? "",
      /by another engine's cosine: a fixed order of every sum: 0, 6 of 6; its own sine and cosine: 6, 0 of 6; both: 0, 0 of 6; the calm setting: 0, 0 of 3\.$/,
    );
    assert.match(
      scale ?? "",
      /of 2, by learning rate: 1 hidden layer: 0 at 0\.05; 4 hidden layers: 2 at 0\.05\. Larger/,
    );
    assert.deepEqual(
      defenceCoverage(few, many(seedOf({}), 3)).map(({ sums, cosine }) => [sums.count, cosine.count]),
      [
        [6, 6],
        [0, 6],
        [6, 0],
        [0, 0],
        [0, 0],
      ],
    );
  });

  it("finds the band where trainings learn and part", () => {
    const result: StabilityResult = {
      seed: 1,
      exponent: 0.05,
      farthest: 1e-8,
      distance: 10,
      isParted: true,
      testAccuracy: 0.98,
      sharpness: 0.5,
      steepestBatch: 1,
    };
    const wild = stabilityCell(1, 0.4, [result, result]);
    const quiet = stabilityCell("full", 2, new Array(2).fill({ ...result, isParted: false }));
    const useless = stabilityCell(
      1,
      5,
      new Array(2).fill({ ...result, testAccuracy: 0.5, exponent: Number.NaN }),
    );
    assert.deepEqual([wild, quiet, useless].map(isInBand), [true, false, false]);
    const text = stabilityText([wild, useless, quiet]);
    assert.match(
      text,
      /parts: single samples at 0\.4, full batch at none of the map\. In full batches .* stays below 1\./,
    );
    assert.match(text, /2 of 6 trainings have no exponent/);
    const steep = stabilityCell("full", 8, [{ ...result, sharpness: 1.1 }]);
    assert.match(
      stabilityText([quiet, steep]),
      /full batch at 8\. In full batches .* first reaches 1 at learning rate 8\./,
    );
    assert.doesNotMatch(stabilityText([quiet, steep]), /left out/);
  });

  it("puts what came out into sentences, others for other outcomes", () => {
    assert.match(
      partedSeedsText(wildest),
      /in 200 of 200 seeds; in 200 of 200 seeds .* not before epoch 100.* in 200 of 200 seeds/,
    );
    assert.match(
      partedSeedsText(many(seedOf({ reversed: apart }), 3)),
      /in 0 of 3 seeds; in 0 of 3 seeds not .* in 0 of 3 seeds\.$/,
    );
    assert.deepEqual(divergenceRows(stillest), [["no seed parted", "–", "–", "0"]]);
    const rows = divergenceRows(many(seedOf({}, apart), 3));
    assert.deepEqual(rows[0], [
      "the weights: distance",
      "40.0, 40.0, 40.0% of their length",
      "40.0, 40.0, 40.0% of their length",
      "3",
    ]);
    assert.match(
      depthMapText(depths(false, true)),
      /layers: 10: none of the map; 10 × 10 × 10 × 10: 0\.05 \(200 of 200\)/,
    );
    const texts = [1e-14, 1e-19, 0].map((nudge) => nudgeText(runTimelines({ ...parameters, nudge }).nudge));
    assert.match(texts[0], /survives the addition, as \d+ ulps/);
    assert.match(texts[1], /was swallowed/);
    assert.match(texts[2], /^There is no nudge/);
    const broken = partingText(runTimelines({ ...parameters, learningRate: 1e300 }).nudged);
    assert.doesNotMatch(broken, /NaN/);
    assert.match(broken, /After epoch 1 a number is no longer finite.* Until then the parameters never/);
    assert.match(
      partingText(runTimelines({ ...parameters, nudge: 1 }).nudged),
      /In 20 epochs the parameters are 0\.01 apart after 0 epochs/,
    );
  });
});

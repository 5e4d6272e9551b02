import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { rectangleAround } from "../../../src/experiments/plane.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import type { TimingTest } from "../../../src/experiments/side-channel/constant-time.js";
import {
  foldBatchNormalization,
  freeLunches,
  measureFrontier,
  normalizableBatch,
  paretoFront,
  type Tradeoff,
  timingBatch,
} from "../../../src/experiments/side-channel/frontier.js";
import {
  isSixAgainstSeven,
  summariseLeaks,
  typicalResult,
} from "../../../src/experiments/side-channel/leak-summary.js";
import { activeCounts, activityOf } from "../../../src/experiments/side-channel/leakage.js";
import {
  type AttackResult,
  activeCountOnPlane,
  measureAttack,
  measureCentredMoons,
  measureSideChannel,
  neuronRates,
  powerReadings,
  type SideChannelParameters,
  sideChannelOverSeeds,
  sideChannelParameters,
  sideChannelVariations,
} from "../../../src/experiments/side-channel/side-channel.js";
import {
  type SideChannelEvidence,
  sideChannelVerdict,
  type TimingTests,
  timingRow,
} from "../../../src/experiments/side-channel/verdict.js";
import { runTask } from "../../../src/experiments/task.js";
import { forward } from "../../../src/network/forward-backward.js";
import { createNetwork } from "../../../src/network/initialisation.js";
import { type MeanInterval, meanInterval } from "../../../src/statistics.js";
import { smallTask } from "../small-task.js";

const parameters: SideChannelParameters = {
  ...smallTask,
  traceNoise: 1,
  traces: 200,
  attackers: 4,
  measurements: 100,
  sweepSeeds: 2,
  firstSeed: 1,
};

describe("side channel: parameters", () => {
  it("are returned as they came", () => {
    assert.deepEqual(sideChannelParameters(parameters), parameters);
  });

  const wrong: [keyof SideChannelParameters, unknown, string][] = [
    ["traceNoise", -1, "a finite number from 0 to 1000"],
    ["traces", 3, "a whole number from 4 to 1000000"],
    ["attackers", 1.5, "a whole number from 2 to 10000"],
    ["measurements", 10, "a whole number from 100 to 1000000"],
    ["testPoints", 2, "a whole number from 20 to 100000"],
    ["sweepSeeds", 1, "a whole number from 2 to 10000"],
  ];
  for (const [name, value, allowed] of wrong) {
    it(`refuse ${name} = ${value}`, () => {
      assert.throws(() => sideChannelParameters({ ...parameters, [name]: value }), {
        name: /Error$/,
        message: `${name} must be ${allowed}, got ${value}`,
      });
    });
  }
});

describe("side channel: one network", () => {
  const { data, training } = runTask(parameters);
  const { network } = training;
  const result = measureSideChannel(parameters);

  it("is measured on its test points", () => {
    const { count } = powerReadings(network, data);
    assert.deepEqual(
      count.map((own) => own.length),
      [50, 50],
    );
    assert.equal(result.testAccuracy, training.history[40].test?.accuracy);
    assert.ok(Math.abs(result.count.means[0] - meanInterval(count[0]).mean) < 1e-12);
    assert.equal(result.paddings[0].bits, result.count.bits);
    assert.equal(result.paddings[0].saved, result.saved);
    assert.equal(result.paddings[10].saved, 0);
  });

  it("counts alike on the plane and at a point", () => {
    const plane = activeCountOnPlane(network, rectangleAround(data.train, 0.5), 9);
    const point = new Matrix([[plane.x[4], plane.y[7]]]);
    assert.equal(plane.values[7][4], activeCounts(activityOf(forward(network, point)))[0]);
  });

  it("has rates that add up to the count", () => {
    const rates = neuronRates(network, data);
    assert.equal(rates.length, 10);
    for (const label of [0, 1] as const) {
      const total = rates.reduce((sum, neuron) => sum + neuron.rates[label], 0);
      assert.ok(Math.abs(total - result.count.means[label]) < 1e-9);
    }
    assert.equal(result.votesForClass1, rates.filter(({ vote }) => vote > 0).length);
    assert.ok(result.agreeing > 0.5 && result.agreeing <= 1);
  });

  it("reads the Hamming weight in neurons, to half a neuron", () => {
    const { count, hammingWeight } = powerReadings(network, data);
    const mean = (values: readonly (readonly number[])[]): number => meanInterval(values.flat()).mean;
    assert.ok(Math.abs(mean(count) - mean(hammingWeight)) < 0.1);
    assert.ok(hammingWeight.flat().every((reading) => Number.isInteger(2 * reading)));
  });

  it("without hidden neurons tells and saves nothing", () => {
    const { count, hammingWeight, saved } = measureAttack({ ...parameters, hiddenLayers: [] });
    assert.deepEqual([count.bits, count.t, count.auc, saved], [0, 0, 0.5, 0]);
    assert.equal(hammingWeight.bits, 0);
    assert.deepEqual(neuronRates(createNetwork({ hiddenLayers: [], seed: 1 }), data), []);
  });

  it("of tanh neurons has a constant count and a Hamming weight that varies", () => {
    const { count, hammingWeight, saved } = measureSideChannel({ ...parameters, activation: "tanh" });
    assert.deepEqual([count.means, count.bits, saved], [[10, 10], 0, 0]);
    assert.notEqual(hammingWeight.means[0], hammingWeight.means[1]);
  });

  it("names 6 against 7 in either order, and nothing else", () => {
    assert.ok(isSixAgainstSeven([6.4, 6.6]) && isSixAgainstSeven([7.4, 5.6]));
    assert.ok(!isSixAgainstSeven([6, 6.2]) && !isSixAgainstSeven([5, 7]) && !isSixAgainstSeven([6, 8]));
  });
});

describe("side channel: many networks", () => {
  it("run over the seeds, and with one thing changed, on the same seeds", async () => {
    const results = await sideChannelOverSeeds(parameters, plainLoop());
    assert.deepEqual(results[1], measureAttack({ ...parameters, seed: 2 }));
    const [same, wide] = await sideChannelVariations(
      parameters,
      { same: {}, wide: { hiddenLayers: [20] } },
      plainLoop(),
    );
    assert.deepEqual(same.results[1], measureSideChannel({ ...parameters, seed: 2 }));
    assert.notDeepEqual(wide.results, same.results);
    const { n, difference, size, class1More } = summariseLeaks(same.results);
    const differences = same.results.map(({ count }) => count.difference);
    assert.equal(n, 2);
    assert.equal(difference.mean, meanInterval(differences).mean);
    assert.equal(size.mean, meanInterval(differences.map(Math.abs)).mean);
    assert.equal(class1More, differences.filter((value) => value > 0).length);
  });

  it("refuse a senseless change before anything runs", async () => {
    await assert.rejects(
      sideChannelVariations(parameters, { a: { winners: 0 } }, () => assert.fail("it ran")),
      { name: "RangeError", message: /^winners must be/ },
    );
  });

  it("are shown by the one in the middle", () => {
    const of = (seed: number, difference: number): AttackResult =>
      ({ seed, count: { difference } }) as AttackResult;
    assert.equal(typicalResult([of(1, -3), of(2, 0.1), of(3, 1), of(4, -0.5), of(5, 2)]).seed, 3);
    assert.equal(typicalResult([of(1, 5), of(2, -1)]).seed, 2);
  });

  it("with centred moons see the same points, moved", () => {
    const [moved, still] = [measureCentredMoons, measureSideChannel].map((measure) =>
      measure({ ...parameters, hiddenLayers: [] }),
    );
    // a network without hidden neurons has a bias to take the move up
    assert.ok(Math.abs(moved.testAccuracy - still.testAccuracy) <= 0.03);
    assert.notDeepEqual(measureCentredMoons(parameters).count, measureSideChannel(parameters).count);
  });
});

describe("the frontier", () => {
  it("compares all designs on the same seeds, plain ReLU first and dense inference last", async () => {
    const tradeoffs = await measureFrontier({ ...parameters, epochs: 10 }, plainLoop());
    const [relu] = tradeoffs;
    assert.equal(relu.name, "ReLU");
    assert.deepEqual([relu.savedMore.mean, relu.bitsMore.mean], [0, 0]);
    const last = tradeoffs[tradeoffs.length - 1];
    assert.deepEqual([last.saved.mean, last.bits.mean], [0, 0]);
    for (const name of ["leaky ReLU", "softplus", "tanh"]) {
      const design = tradeoffs.find((one) => one.name === name);
      assert.deepEqual([design?.saved.mean, design?.bits.mean], [0, 0], name);
      assert.ok((design?.hammingBits?.mean ?? 0) !== 0, name);
    }
    const names = tradeoffs.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });

  it("takes networks of any shape", async () => {
    for (const hiddenLayers of [[], [1], [3, 2]]) {
      const tradeoffs = await measureFrontier({ ...parameters, epochs: 1, hiddenLayers }, plainLoop());
      assert.ok(tradeoffs.every(({ saved }) => saved.mean >= 0 && saved.mean < 1));
    }
  });

  const exactly = (mean: number): MeanInterval => ({ n: 9, mean, sd: 0, low: mean, high: mean });
  const design = (name: string, saved: number, bits: number, accuracy = 0.98): Tradeoff => ({
    name,
    family: name,
    saved: exactly(saved),
    bits: exactly(bits),
    savedMore: exactly(saved - 0.2),
    bitsMore: exactly(bits - 0.4),
    accuracy: exactly(accuracy),
  });
  const relu = design("ReLU", 0.2, 0.4);

  it("is made of the designs that no other beats at both", () => {
    const all = [
      relu,
      design("a", 0.3, 0.3),
      design("b", 0.1, 0.2),
      design("c", 0.1, 0.1),
      design("d", 0.3, 0.3),
    ];
    assert.deepEqual(
      paretoFront(all).map(({ name }) => name),
      ["a", "d", "c"],
    );
  });

  it("has free lunches only if they save more, leak less and still learn", () => {
    const names = (tradeoffs: Tradeoff[]): string[] => freeLunches(tradeoffs).map(({ name }) => name);
    assert.deepEqual(names([relu, design("free", 0.25, 0.1), design("freer", 0.25, 0.05)]), [
      "freer",
      "free",
    ]);
    assert.deepEqual(names([relu, design("saves less", 0.1, 0), design("leaks more", 0.25, 0.5)]), []);
    assert.deepEqual(names([relu, design("stupid", 0.3, 0, 0.9)]), []);
    const doubtful = { ...design("doubtful", 0.25, 0.1), bitsMore: { ...exactly(-0.3), high: 0.01 } };
    assert.deepEqual(names([relu, doubtful]), []);
  });

  it("times larger networks in smaller batches", () => {
    assert.equal(timingBatch(createNetwork({ hiddenLayers: [10], seed: 1 })), 100);
    assert.equal(timingBatch(createNetwork({ hiddenLayers: [64, 64, 64], seed: 1 })), 1);
  });
});

describe("batch normalization folded away", () => {
  it("leaves the counts and the logits as they were", () => {
    const { data, training } = runTask({ ...parameters, normalization: "batch", batchSize: 10 });
    const plain = foldBatchNormalization(training.network);
    assert.ok(plain.layers.every(({ normalization }) => normalization === undefined));
    const [before, after] = [training.network, plain].map((network) => forward(network, data.test.points));
    assert.deepEqual(activeCounts(activityOf(after)), activeCounts(activityOf(before)));
    before.logits.to1DArray().forEach((logit, i) => {
      assert.ok(Math.abs(logit - after.logits.get(i, 0)) < 1e-9 * (1 + Math.abs(logit)));
    });
  });

  it("refuses what is no fixed map of a neuron", () => {
    const network = createNetwork({ hiddenLayers: [4], normalization: "layer", seed: 1 });
    assert.throws(() => foldBatchNormalization(network), {
      name: "RangeError",
      message: 'normalization must be "batch" to be folded, got "layer"',
    });
  });

  it("comes with a batch that it can be trained on", () => {
    const batch = (batchSize: number | "full", trainPoints: number): number | "full" =>
      normalizableBatch({ ...parameters, batchSize, trainPoints });
    assert.equal(batch(1, 250), 10);
    assert.equal(batch(32, 250), 32);
    assert.equal(batch(1, 21), 11); // 21 in tens leaves one over
    assert.equal(batch("full", 250), "full");
    assert.equal(batch(300, 250), "full");
    assert.equal(batch(1, 5), "full");
  });
});

describe("side channel: verdict", () => {
  const leaking: AttackResult = {
    seed: 1,
    testAccuracy: 0.98,
    count: { means: [4, 5], sds: [1, 1], difference: 1, t: 20, auc: 0.7, bits: 0.4, guess: 0.78 },
    hammingWeight: { means: [4, 5], sds: [1, 1], difference: 1, t: 20, auc: 0.7, bits: 0.3, guess: 0.7 },
    saved: 0.2,
    paddings: [],
    votesForClass1: 5,
    agreeing: 1,
    centredBits: 0.1,
    t: 12,
    secondOrderT: 1,
    sequential: { right: 40, wrong: 0, undecided: 0, traces: new Array(40).fill(10) },
  };
  const withCount = (change: Partial<AttackResult["count"]>): AttackResult => ({
    ...leaking,
    count: { ...leaking.count, ...change },
  });
  const silent = withCount({ difference: 0, t: 0, bits: 0, guess: 0.5, means: [4, 4] });
  const many = <T>(result: T, n = 30): T[] => new Array(n).fill(result);
  const timed = (t: number, grade: TimingTest["grade"]): TimingTest => ({
    measurements: 20_000,
    t,
    medians: [100, 101],
    curve: [],
    grade,
  });
  const [seen, unseen] = [timed(40, "difference seen"), timed(1, "no difference seen")];
  const timing: TimingTests = { skipping: [seen, seen], dense: unseen, same: unseen, delayed: seen };
  const exactly = (mean: number): MeanInterval => ({ n: 9, mean, sd: 0, low: mean, high: mean });
  const design = (name: string, saved: number, bits: number, hamming: number): Tradeoff => ({
    name,
    family: name,
    saved: exactly(saved),
    bits: exactly(bits),
    savedMore: exactly(saved - 0.2),
    bitsMore: exactly(bits - 0.4),
    hammingBits: exactly(hamming),
    accuracy: exactly(0.98),
  });
  const relu = design("ReLU", 0.2, 0.4, 0.3);
  const evidence: SideChannelEvidence = {
    results: many(leaking),
    small: many(leaking),
    timing,
    normalization: {
      layer: { without: many(leaking), normalized: many(withCount({ bits: 0.2 })) },
      batch: { without: many(leaking), normalized: many(leaking) },
    },
    frontier: [relu, design("tanh", 0, 0, 0.1)],
    balanced: many({ ...leaking, t: 1 }),
  };
  const outcomes = (change: Partial<SideChannelEvidence>): string[] =>
    sideChannelVerdict({ ...evidence, ...change }).rows.map(({ outcome }) => outcome);
  const [leaks, differs, direction, six, guess, clock, layer, batch, frontier, neverZero, balance] = [
    ...Array(11).keys(),
  ];

  it("has no line of a clock where there was none, and is the same otherwise", () => {
    const { timing: _, ...untimed } = evidence;
    const { rows, ...others } = sideChannelVerdict(untimed);
    const timedVerdict = sideChannelVerdict(evidence);
    assert.deepEqual({ ...others, rows: timedVerdict.rows }, timedVerdict);
    assert.deepEqual(
      rows,
      timedVerdict.rows.filter((_row, i) => i !== clock),
    );
  });

  it("gives conditions where an outcome has one, and nowhere else", () => {
    for (const row of sideChannelVerdict(evidence).rows) {
      assert.equal(row.condition !== undefined, row.outcome === "holds only if", row.claim);
    }
  });

  const cases: [string, number, Partial<SideChannelEvidence>, string][] = [
    ["counts that tell", leaks, {}, "holds"],
    ["counts that tell nothing", leaks, { results: many(silent) }, "does not hold"],
    ["counts that tell in half", leaks, { results: [...many(leaking), ...many(silent)] }, "holds only if"],
    ["counts that differ", differs, {}, "holds"],
    ["counts that do not", differs, { results: many(silent) }, "does not hold"],
    [
      "counts that differ in half",
      differs,
      { results: [...many(leaking), ...many(silent)] },
      "holds only if",
    ],
    ["one direction", direction, {}, "holds"],
    ["the other", direction, { results: many(withCount({ difference: -1, t: -20 })) }, "holds"],
    [
      "either direction",
      direction,
      { results: [...many(leaking), ...many(withCount({ difference: -1, t: -20 }))] },
      "does not hold",
    ],
    [
      "mostly one direction",
      direction,
      { results: [...many(leaking, 70), ...many(withCount({ difference: -1, t: -20 }))] },
      "holds only if",
    ],
    ["no direction", direction, { results: many(silent) }, "does not hold"],
    ["6 against 7", six, { results: many(withCount({ means: [6, 7] })) }, "holds"],
    ["6 against 7 with small weights", six, { small: many(withCount({ means: [7, 6] })) }, "holds only if"],
    ["never 6 against 7", six, {}, "does not hold"],
    ["a sure guess", guess, { results: many(withCount({ guess: 0.97 })) }, "holds"],
    ["a fair guess", guess, {}, "holds only if"],
    ["no guess", guess, { results: many(silent) }, "does not hold"],
    ["a clock that sees", clock, {}, "holds"],
    ["less after layer normalization", layer, {}, "holds only if"],
    ["as much after batch normalization", batch, {}, "does not hold"],
    [
      "too few networks with normalization",
      batch,
      {
        normalization: {
          ...evidence.normalization,
          batch: {
            without: many(leaking, 3),
            normalized: [0.05, 0.4, 0.3].map((bits) => withCount({ bits })),
          },
        },
      },
      "holds only if",
    ],
    [
      "nothing after normalization",
      batch,
      {
        normalization: {
          ...evidence.normalization,
          batch: { without: many(leaking), normalized: many(silent) },
        },
      },
      "holds",
    ],
    ["no free lunch", frontier, {}, "holds"],
    ["a free lunch", frontier, { frontier: [relu, design("free", 0.3, 0.01, 0)] }, "does not hold"],
    ["another channel", neverZero, {}, "does not hold"],
    ["no other channel", neverZero, { frontier: [relu, design("quiet", 0, 0, 0)] }, "holds"],
    ["nothing of the kind", neverZero, { frontier: [relu] }, "holds only if"],
    ["passing and leaking", balance, {}, "does not hold"],
    ["passing and silent", balance, { balanced: many({ ...silent, t: 1 }) }, "holds"],
    ["nothing that passes", balance, { balanced: many(leaking) }, "holds only if"],
  ];
  for (const [name, row, change, outcome] of cases) {
    it(`of ${name}: ${outcome}`, () => {
      assert.equal(outcomes(change)[row], outcome);
    });
  }

  it("of the clock needs its controls, and enough measurements", () => {
    const outcome = (change: Partial<TimingTests>): string => timingRow({ ...timing, ...change }).outcome;
    assert.equal(outcome({ skipping: [unseen, unseen] }), "does not hold");
    assert.equal(outcome({ skipping: [unseen, seen] }), "holds only if");
    assert.match(timingRow({ ...timing, same: seen }).condition ?? "", /controls/);
    assert.match(timingRow({ ...timing, delayed: unseen }).condition ?? "", /controls/);
    const few = timed(40, "not enough measurements");
    assert.match(timingRow({ ...timing, skipping: [few] }).condition ?? "", /enough measurements/);
  });

  it("is summed up by what came out", () => {
    assert.match(sideChannelVerdict(evidence).summary, /^The count of firing neurons tells the class/);
    assert.match(sideChannelVerdict({ ...evidence, results: many(silent) }).summary, /does not tell/);
  });
});

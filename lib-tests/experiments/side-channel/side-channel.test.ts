import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { rectangleAround } from "../../../src/experiments/plane.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import {
  foldBatchNormalization,
  freeLunches,
  measureFrontier,
  normalizableBatch,
  paretoFront,
  savingsAgainstBits,
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
import { meanInterval } from "../../../src/experiments/statistics.js";
import { runTask } from "../../../src/experiments/task.js";
import { smallTask } from "../small-task.js";
import { designOf } from "./designs.js";

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
    assert.equal(plane.values[7][4], activeCounts(activityOf(network, forward(network, point)))[0]);
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
      sideChannelVariations(parameters, { a: { topK: 0 } }, () => assert.fail("it ran")),
      { name: "RangeError", message: /^topK must be/ },
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

  const relu = designOf("ReLU", 0.2, 0.4);
  it("is made of the designs that no other beats at both", () => {
    const all = [
      relu,
      designOf("a", 0.3, 0.3),
      designOf("b", 0.1, 0.2),
      designOf("c", 0.1, 0.1),
      designOf("d", 0.3, 0.3),
    ];
    assert.deepEqual(
      paretoFront(all).map(({ name }) => name),
      ["a", "d", "c"],
    );
  });

  it("compares what is trained in batches of 25 with ReLU in the same", async () => {
    const tradeoffs = await measureFrontier({ ...parameters, epochs: 3 }, plainLoop());
    const of = (name: string): Tradeoff => tradeoffs.find((one) => one.name === name) as Tradeoff;
    const [batched, balanced] = [of("ReLU in batches of 25"), of("balance, μ = 0.1")];
    assert.equal(balanced.baseline, batched.name);
    assert.ok(Math.abs(balanced.bitsMore.mean - (balanced.bits.mean - batched.bits.mean)) < 1e-12);
    assert.ok(Math.abs(balanced.savedMore.mean - (balanced.saved.mean - batched.saved.mean)) < 1e-12);
    assert.deepEqual(
      batched.places.map(({ bits }) => bits),
      [1, 2].map((seed) => measureSideChannel({ ...parameters, epochs: 3, batchSize: 25, seed }).count.bits),
    );
    assert.equal(of("tanh").baseline, "ReLU");
  });

  it("ranks designs by whether they save more, tell less and still learn", () => {
    const lunch = (design: Tradeoff): number => freeLunches([relu, design])[0].finding.deviate;
    assert.ok(lunch(designOf("free", 0.25, 0.1)) > 3);
    assert.ok(lunch(designOf("saves less", 0.1, 0)) < 0);
    assert.ok(lunch(designOf("leaks more", 0.25, 0.5)) < 0);
    assert.ok(lunch(designOf("stupid", 0.3, 0, 0.9)) < 0);
    assert.deepEqual(
      freeLunches([relu, designOf("no", 0.1, 0.5), designOf("yes", 0.25, 0.1)]).map(
        ({ design }) => design.name,
      ),
      ["yes", "no"],
    );
    assert.deepEqual(freeLunches([relu, { ...designOf("at least 3", 0.3, 0.1), family: "padding" }]), []);
  });

  it("ranks work saved against bits told, seed by seed, in the same batches only", () => {
    const [little, much] = [designOf("little", 0.1, 0.2), designOf("much", 0.3, 0.6)];
    const padded = { ...designOf("at least 3", 0.9, 0), family: "padding" };
    const batched = { ...designOf("balance", 0.9, 0), baseline: "another" };
    const { designs, correlations } = savingsAgainstBits([relu, little, much, padded, batched]);
    assert.equal(designs, 3);
    assert.deepEqual(correlations, new Array(30).fill(1));
    const [thrifty, leaky] = [designOf("thrifty", 0.3, 0.1), designOf("leaky", 0.1, 0.9)];
    assert.deepEqual(savingsAgainstBits([relu, thrifty, leaky]).correlations, new Array(30).fill(-1));
    assert.deepEqual(savingsAgainstBits([relu]).correlations, []);
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
    assert.ok(plain.layers.every(({ kind }) => kind !== "batch-norm"));
    const networks = [training.network, plain];
    const [before, after] = networks.map((network) => forward(network, data.test.points));
    const [own, folded] = [before, after].map((pass, k) => activeCounts(activityOf(networks[k], pass)));
    assert.deepEqual(folded, own);
    before.logits.to1DArray().forEach((logit, i) => {
      assert.ok(Math.abs(logit - after.logits.get(i, 0)) < 1e-9 * (1 + Math.abs(logit)));
    });
  });

  it("refuses what is no fixed map of a neuron", () => {
    const network = createNetwork({ hiddenLayers: [4], normalization: "layer", seed: 1 });
    assert.throws(() => foldBatchNormalization(network), {
      name: "RangeError",
      message: 'network must have no normalization but "batch" to be folded, got one with "layer"',
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

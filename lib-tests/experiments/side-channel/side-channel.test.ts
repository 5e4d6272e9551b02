import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { studyKey } from "../../../src/evidence/key.js";
import { rectangleAround } from "../../../src/experiments/plane.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { measureDesign } from "../../../src/experiments/side-channel/designs.js";
import {
  type FrontierFindings,
  savingsAgainstBits,
  sharedBatches,
  type Tradeoff,
  tightDesigns,
  worstBits,
} from "../../../src/experiments/side-channel/frontier.js";
import { sideChannel } from "../../../src/experiments/side-channel/index.js";
import {
  isSixAgainstSeven,
  leadOfRed,
  summariseLeaks,
  typicalResult,
} from "../../../src/experiments/side-channel/leak-summary.js";
import { activeCounts, activityOf } from "../../../src/experiments/side-channel/leakage.js";
import {
  compareFolded,
  foldBatchNormalization,
  usableBatch,
} from "../../../src/experiments/side-channel/normalization.js";
import {
  activeCountOnPlane,
  type LeakResult,
  measureAttack,
  measureLeak,
  neuronRates,
  powerReadings,
  type SideChannelParameters,
} from "../../../src/experiments/side-channel/side-channel.js";
import { studies } from "../../../src/experiments/side-channel/studies.js";
import { meanInterval } from "../../../src/experiments/statistics.js";
import { doStudy } from "../../../src/experiments/study.js";
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
    assert.deepEqual(sideChannel.parameters(parameters), { ...parameters, initialScale: 1 });
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
      assert.throws(() => sideChannel.parameters({ ...parameters, [name]: value }), {
        name: /Error$/,
        message: `${name} must be ${allowed}, got ${value}`,
      });
    });
  }
});

describe("side channel: one network", () => {
  const { data, training } = runTask(parameters);
  const { network } = training;
  const result = measureAttack(parameters);

  it("is measured on its test points", () => {
    const { count } = powerReadings(network, data);
    assert.deepEqual(
      count.map((own) => own.length),
      [50, 50],
    );
    assert.equal(result.accuracy, training.history[40].test?.accuracy);
    assert.ok(Math.abs(result.means[0] - meanInterval(count[0]).mean) < 1e-12);
    const { seed, means, accuracy, saved, bits } = result;
    assert.deepEqual(measureLeak(parameters), { seed, means, accuracy, saved, bits });
  });

  it("runs on devices that hide where it is asked to", () => {
    const { devices, ...design } = measureDesign({ ...parameters, onDevices: true });
    assert.deepEqual(measureDesign(parameters), design);
    const near = (actual: number, expected: number): void =>
      assert.ok(Math.abs(actual - expected) <= 5e-6, `${actual} is ${expected} to five decimals`);
    near(design.bits, result.bits);
    near(design.saved, result.saved);
    near(design.hammingBits, result.hammingBits);
    assert.ok(design.slotBits > design.bits);
    assert.equal(devices?.paddings.length, 5);
    assert.equal(devices?.dummies.length, 3);
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
      assert.ok(Math.abs(total - result.means[label]) < 1e-9);
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
    const { bits, t, saved, hammingBits } = measureAttack({ ...parameters, hiddenLayers: [] });
    assert.deepEqual([bits, t, saved, hammingBits], [0, 0, 0, 0]);
    assert.deepEqual(neuronRates(createNetwork({ hiddenLayers: [], seed: 1 }), data), []);
  });

  it("of tanh neurons has a constant count and a Hamming weight that varies", () => {
    const { means, bits, saved, hammingBits } = measureAttack({ ...parameters, activation: "tanh" });
    assert.deepEqual([means, bits, saved], [[10, 10], 0, 0]);
    assert.notEqual(hammingBits, 0);
  });

  it("names 6 against 7 in either order, and nothing else", () => {
    const are = (...means: [number, number]): boolean => isSixAgainstSeven({ means });
    assert.ok(are(6.4, 6.6) && are(7.4, 5.6));
    assert.ok(!are(6, 6.2) && !are(5, 7) && !are(6, 8));
  });
});

describe("side channel: many networks", () => {
  it("are measured by the seeds, in their order", async () => {
    const results = await doStudy(studies.seeds, parameters, plainLoop());
    assert.deepEqual(results, [
      measureAttack({ ...parameters, seed: 1 }),
      measureAttack({ ...parameters, seed: 2 }),
    ]);
  });

  it("are summed up", () => {
    const usual = [1, 2].map((seed) => measureLeak({ ...parameters, seed }));
    const { n, size } = summariseLeaks(usual);
    const leads = usual.map(({ means }) => means[0] - means[1]);
    assert.equal(n, 2);
    assert.equal(size.mean, meanInterval(leads.map(Math.abs)).mean);
    assert.equal(leadOfRed(usual).neurons.mean, meanInterval(leads).mean);
    assert.equal(leadOfRed(usual).favoured.count, leads.filter((value) => value > 0).length);
  });

  it("are the same evidence whoever listens, and however often the clock is read, but where that is measured", () => {
    const changedBy = (change: Partial<SideChannelParameters>): string[] =>
      Object.entries(sideChannel.studies)
        .filter(([name, study]) => {
          const key = (own: SideChannelParameters): string =>
            studyKey({ experiment: sideChannel.name, study: name }, study as typeof studies.seeds, own);
          return key(parameters) !== key({ ...parameters, ...change });
        })
        .map(([name]) => name);
    assert.deepEqual(changedBy({ traceNoise: 4 }), ["seeds"]);
    assert.deepEqual(changedBy({ measurements: 1000 }), ["clock"]);
    assert.deepEqual(changedBy({ sweepSeeds: 9, firstSeed: 9, seed: 9 }), []);
    assert.equal(changedBy({ noise: 0.2 }).length, Object.keys(sideChannel.studies).length);
  });

  it("have as many seeds as their lines ask for", () => {
    const { clock } = sideChannel.studies;
    for (const { seeds } of Object.values(sideChannel.studies)) assert.ok(seeds >= 40);
    // lines about shares of seeds
    for (const { seeds } of [studies.seeds, studies.small, studies.frontier]) assert.ok(seeds >= 200);
    assert.ok(clock.isObserved && Object.values(studies).every(({ isObserved }) => !isObserved));
  });

  it("are shown by the one in the middle", () => {
    const of = (seed: number, difference: number): LeakResult => ({
      seed,
      accuracy: 1,
      saved: 0,
      means: [5, 5 + difference],
      bits: 0,
    });
    assert.equal(typicalResult([of(1, -3), of(2, 0.1), of(3, 1), of(4, -0.5), of(5, 2)]).seed, 3);
    assert.equal(typicalResult([of(1, 5), of(2, -1)]).seed, 2);
  });
});

const frontier = (own: SideChannelParameters): Promise<FrontierFindings> =>
  doStudy(studies.frontier, own, plainLoop());

describe("the frontier", () => {
  it("trains all designs on the same seeds in the same batches, and some in a full one", async () => {
    const { designs, devices } = await frontier({ ...parameters, epochs: 3 });
    const of = (name: string): Tradeoff => designs.find((one) => one.name === name) as Tradeoff;
    const shared = sharedBatches(parameters);
    assert.deepEqual(shared, { batchSize: 25, learningRate: 5 * parameters.learningRate });
    const measured = (change: Partial<SideChannelParameters>) =>
      [1, 2].map((seed) => measureDesign({ ...parameters, epochs: 3, ...shared, ...change, seed }));
    const { layer, relu, tanh } = { layer: of("layer norm"), relu: of("ReLU"), tanh: of("tanh") };
    assert.equal(designs[0], relu);
    assert.deepEqual(layer.places, measured({ normalization: "layer" }));
    assert.deepEqual(
      layer.others.map(({ devices: _, ...place }) => place),
      measured({}),
    );
    const full = { batchSize: "full", learningRate: 10 * parameters.learningRate, epochs: 6 } as const;
    const batch = of("batch norm, full batch");
    assert.deepEqual(batch.places, measured({ ...full, normalization: "batch" }));
    assert.deepEqual(batch.others, measured(full));
    for (const { saved, bits, slotBits, hammingBits } of tanh.places) {
      assert.deepEqual([saved, bits, slotBits], [0, 0, 0], "a constant count");
      assert.equal(worstBits({ bits, hammingBits }), hammingBits);
    }
    const names = [...designs, ...devices].map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(
      devices.map(({ name }) => name),
      [2, 4, 6, 8]
        .map((q) => `padding to ${q}`)
        .concat("padding to all: dense", "0 to 2 dummies", "0 to 5 dummies", "0 to 10 dummies"),
    );
  });

  it("takes networks of any shape, and batches of any size", async () => {
    for (const hiddenLayers of [[], [1], [3, 2]]) {
      const { designs } = await frontier({ ...parameters, epochs: 1, hiddenLayers });
      assert.ok(designs.every(({ places }) => places.every(({ saved }) => saved >= 0 && saved < 1)));
    }
    const own = { trainPoints: 250, learningRate: 0.2, epochs: 1 };
    assert.equal(sharedBatches({ ...own, batchSize: 100 }).learningRate, 0.1);
    assert.deepEqual(sharedBatches({ ...own, batchSize: 999, trainPoints: 20 }), {
      batchSize: "full",
      learningRate: 0.2,
    });
  });

  it("ranks designs by whether they save work, keep the secret and still learn", () => {
    const tight = (design: Tradeoff): number => tightDesigns([design])[0].finding.deviate;
    const free = designOf("free", 0.12, 0.04);
    assert.ok(tight(free) > 3);
    assert.ok(tight(designOf("saves too little", 0.09, 0)) < -3);
    assert.ok(tight(designOf("leaks", 0.25, 0.06)) < -3);
    assert.ok(tight(designOf("stupid", 0.3, 0, 0.95)) < -3);
    const heavy = { ...free, places: free.places.map((place) => ({ ...place, hammingBits: 0.1 })) };
    assert.ok(tight(heavy) < -3, "leaks by its Hamming weight");
    assert.deepEqual(
      tightDesigns([designOf("ReLU", 0.2, 0), designOf("no", 0.1, 0.5), free]).map(
        ({ design }) => design.name,
      ),
      ["free", "no"],
    );
  });

  it("ranks work saved against bits told by the leakier channel, seed by seed, in the same batches only", () => {
    const relu = designOf("ReLU", 0.2, 0.4);
    const [little, much] = [designOf("little", 0.1, 0.2), designOf("much", 0.3, 0.6)];
    const full = { ...designOf("another", 0.9, 0), family: "full batch" };
    const { designs, correlations } = savingsAgainstBits([relu, little, much, full]);
    assert.equal(designs, 3);
    assert.deepEqual(correlations, new Array(30).fill(1));
    const thrifty = designOf("thrifty", 0.3, 0.1);
    const silent = designOf("silent", 0.1, 0.9);
    const weighed = {
      ...silent,
      places: silent.places.map((place) => ({ ...place, bits: 0, hammingBits: 0.9 })),
    };
    assert.deepEqual(savingsAgainstBits([relu, thrifty, weighed]).correlations, new Array(30).fill(-1));
    assert.deepEqual(savingsAgainstBits([relu]).correlations, []);
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
    const { points, same, gap } = compareFolded(training.network, data);
    assert.deepEqual([points, same], [100, 100]);
    assert.ok(gap > 0 && gap < 1e-9);
  });

  it("refuses what is no fixed map of a neuron", () => {
    const network = createNetwork({ hiddenLayers: [4], normalization: "layer", seed: 1 });
    assert.throws(() => foldBatchNormalization(network), {
      name: "RangeError",
      message: 'network must have no normalization but "batch" to be folded, got one with "layer"',
    });
  });

  it("comes with a batch that it can be trained on", () => {
    assert.equal(usableBatch(25, 250), 25);
    assert.equal(usableBatch(25, 51), 26); // 51 in batches of 25 leaves one over
    assert.equal(usableBatch(25, 25), "full");
    assert.equal(usableBatch(25, 5), "full");
  });
});

import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { studyKey } from "../../../src/evidence/key.js";
import { rectangleAround } from "../../../src/experiments/plane.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import {
  freeLunches,
  paretoFront,
  savingsAgainstBits,
  type Tradeoff,
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
  normalizableBatch,
} from "../../../src/experiments/side-channel/normalization.js";
import {
  activeCountOnPlane,
  type LeakResult,
  measureAttack,
  measureDesign,
  measureLeak,
  neuronRates,
  powerReadings,
  type SideChannelParameters,
} from "../../../src/experiments/side-channel/side-channel.js";
import { BALANCED, studies } from "../../../src/experiments/side-channel/studies.js";
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

  it("runs on devices that pad where it is asked to, from not at all to all neurons", () => {
    const { paddings = [], ...design } = measureDesign({ ...parameters, isPadded: true });
    assert.deepEqual(measureDesign(parameters), design);
    assert.deepEqual([design.bits, design.saved], [result.bits, result.saved]);
    assert.equal(design.hammingBits, result.hammingBits);
    assert.deepEqual([paddings[0].bits, paddings[0].saved], [result.bits, result.saved]);
    assert.equal(paddings[10].saved, 0);
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
    const { bits, t, auc, saved, hammingBits } = measureAttack({ ...parameters, hiddenLayers: [] });
    assert.deepEqual([bits, t, auc, saved, hammingBits], [0, 0, 0.5, 0, 0]);
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

  it("come without and with normalization, the rest alike", async () => {
    const own = { ...parameters, epochs: 2 };
    const { layer, smallBatch, fullBatch } = await doStudy(studies.normalization, own, plainLoop());
    const measured = (change: Partial<SideChannelParameters>): LeakResult[] =>
      [1, 2].map((seed) => measureLeak({ ...own, ...change, seed }));
    assert.deepEqual([layer.without, layer.normalized], [measured({}), measured({ normalization: "layer" })]);
    assert.equal(smallBatch?.name, "batch, batches of 10");
    assert.deepEqual(smallBatch?.without, measured({ batchSize: 10 }));
    assert.deepEqual(smallBatch?.normalized, measured({ batchSize: 10, normalization: "batch" }));
    const full = { batchSize: "full", learningRate: 2, epochs: 1000 } as const;
    assert.deepEqual(fullBatch.normalized, measured({ ...full, normalization: "batch" }));
    const none = await doStudy(studies.normalization, { ...own, batchSize: "full" }, plainLoop());
    assert.equal(none.smallBatch, undefined);
  });

  it("are balanced, and attacked", async () => {
    const variations = await doStudy(studies.balanced, parameters, plainLoop());
    assert.deepEqual(
      variations.map(({ name }) => name),
      Object.keys(BALANCED),
    );
    const byBatch = { ...parameters, batchSize: 25, balancePenalty: 0.1, seed: 2 };
    assert.deepEqual(variations[2].results[1], measureAttack(byBatch));
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
    assert.deepEqual(changedBy({ traceNoise: 4 }), ["seeds", "balanced"]);
    assert.deepEqual(changedBy({ measurements: 1000 }), ["clock"]);
    assert.deepEqual(changedBy({ sweepSeeds: 9, firstSeed: 9, seed: 9 }), []);
    assert.equal(changedBy({ noise: 0.2 }).length, 9);
  });

  it("have as many seeds as their lines ask for, and say why", () => {
    const { clock } = sideChannel.studies;
    for (const { seeds, reason } of Object.values(sideChannel.studies)) {
      assert.ok(seeds >= 40 && reason.length > 20);
    }
    // lines about shares of seeds
    for (const { seeds } of [studies.seeds, studies.small, clock]) assert.ok(seeds >= 200);
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

const designs = (own: SideChannelParameters): Promise<Tradeoff[]> =>
  doStudy(studies.frontier, own, plainLoop());

describe("the frontier", () => {
  it("compares all designs on the same seeds, plain ReLU first and dense inference last", async () => {
    const tradeoffs = await designs({ ...parameters, epochs: 10 });
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
      const tradeoffs = await designs({ ...parameters, epochs: 1, hiddenLayers });
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
    const tradeoffs = await designs({ ...parameters, epochs: 3 });
    const of = (name: string): Tradeoff => tradeoffs.find((one) => one.name === name) as Tradeoff;
    const [batched, balanced] = [of("ReLU in batches of 25"), of("balance, μ = 0.1")];
    assert.equal(balanced.baseline, batched.name);
    assert.ok(Math.abs(balanced.bitsMore.mean - (balanced.bits.mean - batched.bits.mean)) < 1e-12);
    assert.ok(Math.abs(balanced.savedMore.mean - (balanced.saved.mean - batched.saved.mean)) < 1e-12);
    assert.deepEqual(
      batched.places.map(({ bits }) => bits),
      [1, 2].map((seed) => measureLeak({ ...parameters, epochs: 3, batchSize: 25, seed }).bits),
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

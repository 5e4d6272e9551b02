/**
 * Notebook 01: does the network learn Two Moons, and is it luck? Hyperparameters in, measurements out.
 */
import * as z from "zod/mini";
import type { Split } from "../moons.js";
import type { Network } from "../network/architecture.js";
import { forward } from "../network/forward-backward.js";
import type { GradientComparison } from "../network/gradient-check.js";
import { meanInterval, type ShareInterval, wilsonInterval } from "../statistics.js";
import { parse } from "../validate.js";
import { neuronsOnPlane, type PlaneGrid, type Rectangle } from "./plane.js";
import type { Runner } from "./runner.js";
import { firstSeeds, runTask, sweepSeedsSchema, type TaskParameters, taskShape } from "./task.js";
import { gradeShare, reservation, shareText, type Verdict, type VerdictRow } from "./verdict.js";

/** The hyperparameters of notebook 01. */
export interface BaselineParameters extends TaskParameters {
  /** Number of seeds behind "is it luck?". */
  sweepSeeds: number;
}

/** What the hyperparameters are allowed to be. */
export const baselineSchema: z.ZodMiniType<BaselineParameters> = z.strictObject({
  ...taskShape,
  sweepSeeds: sweepSeedsSchema,
});

/**
 * Checks the hyperparameters of notebook 01.
 *
 * @throws RangeError or TypeError that names the parameter, the allowed range and the value that came
 */
export function baselineParameters(values: BaselineParameters): BaselineParameters {
  return parse(baselineSchema, values, "parameters");
}

/**
 * Up to `count` epochs from 0 to `epochs`, close together at first, where most happens.
 *
 * @throws RangeError when `epochs` is not a whole number >= 0, or `count` not one >= 2
 */
export function growthEpochs(epochs: number, count: number): number[] {
  if (!Number.isInteger(epochs) || epochs < 0) {
    throw new RangeError(`epochs must be a whole number >= 0, got ${epochs}`);
  }
  if (!Number.isInteger(count) || count < 2) {
    throw new RangeError(`count must be a whole number >= 2, got ${count}`);
  }
  const last = count - 1;
  const times = Array.from({ length: count }, (_, i) =>
    Math.round((epochs * i * i * i) / (last * last * last)),
  );
  return [...new Set(times)];
}

/** How the guesses fall: counts[class][guess]. */
export type ConfusionMatrix = [[number, number], [number, number]];

/** Counts the test points by their class and the network's guess. */
export function confusionMatrix(network: Network, { test }: Split): ConfusionMatrix {
  const counts: ConfusionMatrix = [
    [0, 0],
    [0, 0],
  ];
  for (const [i, logit] of forward(network, test.points).logits.to1DArray().entries()) {
    counts[test.labels.get(i, 0)][logit > 0 ? 1 : 0]++;
  }
  return counts;
}

/** What one neuron of the first hidden layer computes. */
export interface NeuronMap {
  /** Its output over the plane. */
  output: PlaneGrid;
  /** Share of the training points for which it fires. */
  firing: number;
  /** Its weight into the output neuron; undefined where more hidden layers follow. */
  outgoing: number | undefined;
}

/** The neurons of the first hidden layer; none where there is no such layer. */
export function neuronMaps(
  network: Network,
  { train }: Split,
  area: Rectangle,
  resolution: number,
): NeuronMap[] {
  if (network.layers.length === 1) return [];
  const { output } = forward(network, train.points).layers[0];
  return neuronsOnPlane(network, 0, area, resolution).map((map, j) => ({
    output: map,
    firing: output.getColumn(j).filter((value) => value > 0).length / output.rows,
    outgoing: network.layers.length === 2 ? network.layers[1].weights.get(j, 0) : undefined,
  }));
}

/** What is measured of one seed's training. */
export interface SeedResult {
  seed: number;
  /** Mean binary cross-entropy on the training points before the first epoch, in nats. */
  initialLoss: number;
  /** The same after the last epoch. */
  trainLoss: number;
  /** On the test points, after the last epoch. */
  testLoss: number;
  /** The lowest loss on the test points among 21 epochs spread evenly over the training. */
  lowestTestLoss: number;
  trainAccuracy: number;
  testAccuracy: number;
}

/** Trains once and keeps what "is it luck?" asks for. */
export function measureBaseline(parameters: BaselineParameters): SeedResult {
  const recordEvery = Math.max(1, Math.ceil(parameters.epochs / 20));
  const { history } = runTask(parameters, { recordEvery }).training;
  const first = history[0];
  const last = history[history.length - 1];
  const testLosses = history.map(({ test }) => test?.loss ?? Number.NaN);
  return {
    seed: parameters.seed,
    initialLoss: first.train.loss,
    trainLoss: last.train.loss,
    testLoss: testLosses[testLosses.length - 1],
    lowestTestLoss: Math.min(...testLosses),
    trainAccuracy: last.train.accuracy,
    testAccuracy: last.test?.accuracy ?? Number.NaN,
  };
}

/** The same hyperparameters with the seeds 1 to `sweepSeeds`: other data, other weights, other order. */
export async function baselineOverSeeds(parameters: BaselineParameters, run: Runner): Promise<SeedResult[]> {
  const seeds = firstSeeds(parameters.sweepSeeds);
  return run(
    seeds.map((seed) => ({ ...parameters, seed })),
    measureBaseline,
  );
}

/** One thing changed, and what came of it for each seed. */
export interface Variation {
  /** What was changed. */
  name: string;
  results: SeedResult[];
}

/**
 * Changes one thing at a time. All variations see the same seeds, and so, where the change leaves them alone,
 * the same data, initial weights and order.
 *
 * @param changes - what to change, by the name it is to have
 */
export async function baselineVariations(
  parameters: BaselineParameters,
  changes: Readonly<Record<string, Partial<BaselineParameters>>>,
  run: Runner,
): Promise<Variation[]> {
  const names = Object.keys(changes);
  const seeds = firstSeeds(parameters.sweepSeeds);
  const grid = names.flatMap((name) =>
    seeds.map((seed) => baselineParameters({ ...parameters, ...changes[name], seed })),
  );
  const results = await run(grid, measureBaseline);
  return names.map((name, i) => ({ name, results: results.slice(i * seeds.length, (i + 1) * seeds.length) }));
}

/** Test accuracy from which we say that the boundary separates the moons. */
const SEPARATED = 0.95;

/** Relative error below which two derivatives are taken to agree. */
export const AGREEMENT = 1e-6;

/**
 * What became of the claim.
 *
 * @param results - the sweep over the seeds
 * @param derivatives - the gradient check; those at a kink of a ReLU do not count
 */
export function baselineVerdict(
  results: readonly SeedResult[],
  derivatives: readonly GradientComparison[],
): Verdict {
  const n = results.length;
  const shareOf = (shows: (result: SeedResult) => boolean): ShareInterval =>
    wilsonInterval(results.filter(shows).length, n);
  const dropped = shareOf(({ initialLoss, trainLoss }) => trainLoss < initialLoss / 10);
  const separated = shareOf(({ testAccuracy }) => testAccuracy >= SEPARATED);
  const followed = shareOf(({ testLoss, lowestTestLoss }) => testLoss <= 1.1 * lowestTestLoss);
  const accuracy = meanInterval(results.map(({ testAccuracy }) => 100 * testAccuracy));
  const smooth = derivatives.filter(({ kinks }) => kinks === 0);
  const agree = smooth.filter(({ relativeError }) => relativeError < AGREEMENT).length;
  const worst = smooth.reduce((largest, { relativeError }) => Math.max(largest, relativeError), 0);
  const rise = meanInterval(results.map(({ testLoss, lowestTestLoss }) => testLoss / lowestTestLoss));

  const lines: VerdictRow[] = [
    {
      claim: "The loss drops sharply.",
      measured: `The training loss falls to less than a tenth in ${shareText(dropped)}.`,
      n,
      outcome: gradeShare(dropped),
      condition: reservation(dropped),
    },
    {
      claim: "The boundary separates the moons.",
      measured:
        `Test accuracy ${accuracy.mean.toFixed(2)}% [${accuracy.low.toFixed(2)}, ${accuracy.high.toFixed(2)}]; ` +
        `at least ${100 * SEPARATED}% in ${shareText(separated)}.`,
      n,
      outcome: gradeShare(separated),
      condition: reservation(separated),
    },
    {
      claim: "The mathematics is sound.",
      measured: `${agree} of ${smooth.length} derivatives agree with centred differences; largest relative error ${worst.toExponential(1)}.`,
      n: smooth.length,
      outcome: agree === smooth.length ? "holds" : "does not hold",
    },
    {
      claim: "So the lower the loss, the better the network (what a reader may conclude).",
      measured:
        `At the end the test loss is ${rise.mean.toFixed(2)} times its lowest [${rise.low.toFixed(2)}, ${rise.high.toFixed(2)}]; ` +
        `within a tenth of it in ${shareText(followed)}.`,
      n,
      outcome: gradeShare(followed),
      condition: reservation(followed),
    },
  ];
  // the condition belongs to a "holds only if"
  const rows = lines.map(({ condition = "", ...line }) =>
    line.outcome === "holds only if" ? { ...line, condition } : line,
  );

  const claimHolds = rows.slice(0, 3).every(({ outcome }) => outcome === "holds");
  return {
    claim:
      "Trained by hand-written backpropagation, the network's loss drops sharply and its boundary separates the moons: the mathematics is sound.",
    rows,
    summary: claimHolds
      ? "The claim holds, and not by luck: what the later notebooks break is a healthy network."
      : "With these hyperparameters the claim does not hold as it stands.",
  };
}

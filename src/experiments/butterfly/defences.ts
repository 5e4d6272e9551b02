/** What keeps two trainings together, and what it costs: one thing changed at a time, on the same seeds. */
import { toParameters, withParameters } from "../../network/architecture.js";
import { evaluate } from "../../network/trainer.js";
import { disagreement } from "../plane.js";
import type { Runner } from "../runner.js";
import { drawTask, seedsOf } from "../task.js";
import { type ButterflyParameters, butterflyParameters, nudged, PARTED } from "./butterfly.js";
import { lockstep } from "./lockstep.js";
import { distance } from "./lyapunov.js";

/** How a pair of networks ended: one from the training, one from its nudged twin. */
export interface PairEnd {
  /** Euclidean distance of the parameters, as a share of the length of the first one's. */
  relativeDistance: number;
  /** Share of the test points on which they disagree. */
  churn: number;
  /** Of the first network, on the test points. */
  testAccuracy: number;
  /** Of the first network, on the test points, in nats. */
  testLoss: number;
}

/** What one seed says of a defence. */
export interface TwinDefenceResult {
  seed: number;
  isParted: boolean;
  /** The networks after the last epoch. */
  last: PairEnd;
  /** The means of the parameters after each epoch of the second half (Izmailov et al. 2018). */
  averaged: PairEnd;
}

/** Trains a pair and averages the parameters of either on the way. */
export function measureTwinDefence(parameters: ButterflyParameters): TwinDefenceResult {
  const { epochs, seed, orderSeed = seed } = parameters;
  const { data, initial } = drawTask(parameters);
  const pair = [initial, nudged(initial, parameters).network];
  const run = lockstep(
    { ...parameters, seed: orderSeed },
    pair.map((network) => ({ network, train: data.train })),
  );
  const half = Math.floor(epochs / 2);
  const sums = pair.map((network) => new Float64Array(toParameters(network).length));
  run.advance(half);
  for (let epoch = half; epoch < epochs; epoch++) {
    run.advance(1);
    sums.forEach((sum, i) => {
      const now = run.parameters(i);
      for (let k = 0; k < sum.length; k++) sum[k] += now[k];
    });
  }
  const ends = [run.parameters(0), run.parameters(1)];
  const means = epochs > half ? sums.map((sum) => sum.map((value) => value / (epochs - half))) : ends;
  const endOf = ([own, other]: Float64Array[]): PairEnd => {
    const networks = [withParameters(initial, own), withParameters(initial, other)];
    const { accuracy, loss } = evaluate(networks[0], data.test);
    return {
      relativeDistance: distance(own, other) / distance(own, new Float64Array(own.length)),
      churn: disagreement(networks[0], networks[1], data.test.points),
      testAccuracy: accuracy,
      testLoss: loss,
    };
  };
  return {
    seed,
    isParted: distance(ends[0], ends[1]) >= PARTED,
    last: endOf(ends),
    averaged: endOf(means),
  };
}

/** What is changed of the parameters, by the name it has in the table; the first is nothing. */
export function twinChanges({
  learningRate,
}: Pick<ButterflyParameters, "learningRate">): Record<string, Partial<ButterflyParameters>> {
  return {
    "as in the parameters": {},
    "learning rate / 4": { learningRate: learningRate / 4 },
    "batches of 8": { batchSize: 8 },
    "full batch, rate × 5": { batchSize: "full", learningRate: 5 * learningRate },
  };
}

/** One way to train, over the seeds. */
export interface TwinDefence {
  name: string;
  results: TwinDefenceResult[];
}

/**
 * Changes one thing at a time, with the seeds of the sweep and the same data and initial weights in each.
 *
 * @param changes - what to change, by the name it is to have
 * @throws RangeError or TypeError before anything runs, when a change is not allowed
 */
export async function twinDefencesOverSeeds(
  parameters: ButterflyParameters,
  changes: Readonly<Record<string, Partial<ButterflyParameters>>>,
  run: Runner,
): Promise<TwinDefence[]> {
  const seeds = seedsOf(parameters);
  const grid = Object.values(changes).flatMap((change) =>
    seeds.map((seed) => butterflyParameters({ ...parameters, ...change, seed })),
  );
  const results = await run(grid, measureTwinDefence);
  return Object.keys(changes).map((name, i) => ({
    name,
    results: results.slice(i * seeds.length, (i + 1) * seeds.length),
  }));
}

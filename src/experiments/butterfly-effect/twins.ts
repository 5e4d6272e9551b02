/** A training and its nudged twin, both to their end, and what keeps them together. */
import type { Split } from "../../core/moons.js";
import { evaluate } from "../../core/network/evaluate.js";
import { type Network, toParameters, withParameters } from "../../core/network/network.js";
import type { Training } from "../../core/network/train.js";
import { type Measurement, measurement, together } from "../measurement.js";
import { disagreement } from "../plane.js";
import { drawTask, trainingSteps } from "../task.js";
import { type ButterflyParameters, PARTED } from "./butterfly-effect.js";
import { distance, nudged } from "./nudge.js";

/** How a pair of networks ended: one from the training, one from its nudged twin. */
export interface PairEnd {
  /** Share of the test points on which they disagree. */
  churn: number;
  /** Of the first network, on the test points. */
  testAccuracy: number;
}

/** What averaging does for one seed. */
export interface AveragedTwins {
  isParted: boolean;
  /** The networks after the last epoch. */
  last: PairEnd;
  /** The means of the parameters after each epoch of the second half (Izmailov et al. 2018). */
  averaged: PairEnd;
}

/** Trains a pair and averages the parameters of each on the way. */
export const measureAveragedTwins: Measurement<[parameters: ButterflyParameters], AveragedTwins> =
  measurement(function* (parameters) {
    const { epochs } = parameters;
    const half = Math.floor(epochs / 2);
    const snapshots = Array.from({ length: epochs - half }, (_, i) => half + 1 + i);
    const { data, initial } = drawTask(parameters);
    const options = { recordEvery: Math.max(1, epochs), snapshots };
    const pair = yield* together(
      [initial, nudged(initial, parameters).network].map((network) =>
        trainingSteps(parameters, { data, initial: network }, options),
      ),
    );
    const [own, other] = pair.map(({ network }) => network);
    const [ownMean, otherMean] = pair.map(meanNetwork);
    return {
      isParted: distance(toParameters(own), toParameters(other)) >= PARTED,
      last: pairEnd(own, other, data),
      averaged: pairEnd(ownMean, otherMean, data),
    };
  });

/** The mean of the snapshots; without any, the network itself. */
function meanNetwork({ network, snapshots }: Training): Network {
  if (snapshots.length === 0) return network;
  const sum = toParameters(network).fill(0);
  for (const snapshot of snapshots) {
    const parameters = toParameters(snapshot.network);
    for (let k = 0; k < sum.length; k++) sum[k] += parameters[k];
  }
  return withParameters(
    network,
    sum.map((value) => value / snapshots.length),
  );
}

function pairEnd(own: Network, other: Network, { test }: Split): PairEnd {
  return {
    churn: disagreement(own, other, test.points),
    testAccuracy: evaluate(own, test).accuracy,
  };
}

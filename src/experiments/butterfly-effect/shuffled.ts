/** The same training twice on one machine that adds in a new random order each time: do the two stay together? */
import { shuffledSums } from "../../core/arithmetic/shuffled-sums.js";
import { toParameters } from "../../core/network/network.js";
import { trainIn } from "../../core/network/train-in.js";
import { randomStream } from "../../core/random.js";
import { drawTask, trainOptionsOf } from "../task.js";
import type { ButterflyParameters } from "./butterfly-effect.js";
import { distance, firstApart } from "./nudge.js";

/** Two runs of one training. */
export interface Reruns {
  /** The first epoch after which their bits differ; null if there is none. */
  differing: number | null;
  /** See {@link firstApart}. */
  parted: number | null;
}

/** The epochs to compare: most trainings that part at all have parted by then, and each has to be done matrix by matrix. */
export const RERUN_EPOCHS = 200;

/**
 * Trains twice from the same start on the same points in the same order, with sums as in {@link shuffledSums}.
 *
 * @param streams - seeds of the two orders of summation; the same seed twice is the same run twice
 */
export function measureReruns(
  parameters: ButterflyParameters,
  streams: readonly [number, number] = [1, 2],
): Reruns {
  const { epochs, seed } = parameters;
  const { data, initial } = drawTask(parameters);
  const options = trainOptionsOf(
    parameters,
    { data: { train: data.train }, initial },
    { recordEvery: Math.max(1, epochs), snapshots: Array.from({ length: epochs + 1 }, (_, epoch) => epoch) },
  );
  const [own, other] = streams.map((stream) => {
    const arithmetic = shuffledSums(randomStream(`order of sums/${stream}`, seed));
    return trainIn(arithmetic, options).snapshots.map(({ network }) => toParameters(network));
  });
  const distances = own.map((list, epoch) => distance(list, other[epoch]));
  const differing = distances.findIndex((value) => value !== 0);
  return {
    differing: differing < 0 ? null : differing,
    parted: firstApart(distances),
  };
}

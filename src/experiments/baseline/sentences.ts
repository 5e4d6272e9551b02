/** What notebook 01 says about its results, in sentences that are true of any results. */

import { type Network, toParameters } from "../../core/network/network.js";
import type { EpochRecord } from "../../core/network/train.js";
import { type MeanInterval, meanInterval } from "../statistics.js";
import { lowestTestLoss, type SeedResult } from "./baseline.js";

/** What a step did to the loss of the points behind it. */
export function stepText(learningRate: number, before: number, after: number): string {
  return `One step with $\\eta = ${learningRate}$ takes the loss on these points from ${before.toFixed(4)} to **${after.toFixed(4)}** nats.`;
}

/** Whether a loop written by hand ends where `train` does. */
export function sameBitsText(epochs: number, loop: Network, trained: Network): string {
  const [mine, its] = [toParameters(loop), toParameters(trained)];
  const differing = its.filter((value, k) => !Object.is(value, mine[k])).length;
  return (
    `After ${epochs} epochs, ${differing} of ${mine.length} parameters differ from those of \`train\`: ` +
    `${differing === 0 ? "the loop above ends with the same bits" : "the loop above is another training"}.`
  );
}

/** Mean losses and accuracies over the seeds, by name. */
export function meansOf(results: readonly SeedResult[]): Record<string, MeanInterval> {
  const mean = (of: (result: SeedResult) => number, most: number): MeanInterval =>
    meanInterval(results.map(of), [0, most]);
  return {
    "training loss before (nats)": mean(({ initialLoss }) => initialLoss, Number.POSITIVE_INFINITY),
    "training loss after (nats)": mean(({ trainLoss }) => trainLoss, Number.POSITIVE_INFINITY),
    "test loss after (nats)": mean(({ testLoss }) => testLoss, Number.POSITIVE_INFINITY),
    "lowest test loss (nats)": mean((result) => result.lowestTestLoss, Number.POSITIVE_INFINITY),
    "training accuracy (%)": mean(({ trainAccuracy }) => 100 * trainAccuracy, 100),
    "test accuracy (%)": mean(({ testAccuracy }) => 100 * testAccuracy, 100),
  };
}

/** The losses of one training, in words. */
export function trainingText(history: readonly EpochRecord[]): string {
  const [start, end] = [history[0], history[history.length - 1]];
  const nats = (loss = Number.NaN): string => (Number.isNaN(loss) ? "not a number" : loss.toPrecision(3));
  const right = ({ test }: EpochRecord): string => `${(100 * (test?.accuracy ?? Number.NaN)).toFixed(1)}%`;
  const lowest = lowestTestLoss(history);
  return (
    `The training loss is ${nats(start.train.loss)} nats at the start and ${nats(end.train.loss)} after epoch ${end.epoch}. ` +
    `The test loss is lowest after epoch ${lowest.epoch}, at ${nats(lowest.test?.loss)}; at the end it is ${nats(end.test?.loss)}. ` +
    `The test accuracy is ${right(lowest)} at that epoch and ${right(end)} at the end.`
  );
}

/** What notebook 01 says of what it measured, in sentences that are true of any. */
import type { EpochRecord } from "../../core/network/train.js";
import { lowestTestLoss } from "./baseline.js";

/** What became of the losses in one training, in words. */
export function trainingText(history: readonly EpochRecord[]): string {
  const [start, end] = [history[0], history[history.length - 1]];
  const nats = (loss = Number.NaN): string => (Number.isNaN(loss) ? "not a number" : loss.toPrecision(3));
  const right = ({ test }: EpochRecord): string => `${(100 * (test?.accuracy ?? Number.NaN)).toFixed(1)}%`;
  const lowest = lowestTestLoss(history);
  return (
    `The training loss is ${nats(start.train.loss)} nats before the first epoch and ${nats(end.train.loss)} after epoch ${end.epoch}. ` +
    `The test loss is lowest after epoch ${lowest.epoch}, at ${nats(lowest.test?.loss)}, and ends at ${nats(end.test?.loss)}. ` +
    `The test accuracy then was ${right(lowest)}, and at the end it is ${right(end)}.`
  );
}

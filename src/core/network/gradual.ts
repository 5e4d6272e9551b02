/** Trains epoch by epoch, so that the training can be watched; gives the same bits as `train`. */
import { courseOf, recordOf, type Training, trainerOf } from "./train.js";
import { planOf, type TrainOptions } from "./train-options.js";

/** What goes on in epochs, after one of them. */
export interface Moment<Trained> {
  /** Number of epochs done; below 0 while something else has to be done first. */
  epoch: number;
  /** Number of epochs in all; early stopping may end the training before. */
  epochs: number;
  /** Returns what there is so far. Call it before the training continues. */
  now(): Trained;
}

/** What goes on epoch by epoch: it stops before the first and after each. */
export type Gradual<Trained> = Generator<Moment<Trained>, Trained>;

/**
 * Trains as `train` does, and stops before the first epoch and after each. Looking at the network, record and copies of a moment
 * does not affect the training; the record always includes the present epoch.
 *
 * @returns what `train` returns, to the bit
 * @throws RangeError or TypeError as `train` does, and with `count`, because evaluating stages would be counted
 */
export function* trainGradually(options: TrainOptions): Gradual<Training> {
  const plan = planOf(options);
  if (plan.trainer.counters) throw new RangeError("count must be false in a gradual training, got true");
  const { epochs, size } = plan;
  const trainer = trainerOf(plan);
  const { history, snapshots }: Omit<Training, "network"> = { history: [], snapshots: [] };
  const course = courseOf(plan, trainer, { network: plan.trainer.initial, history, snapshots });
  for (let epoch = 0; ; epoch++) {
    const { done, value } = course.next();
    if (done) {
      yield { epoch, epochs, now: () => value };
      return value;
    }
    const now = (): Training => {
      const missing = history.at(-1)?.epoch === epoch ? [] : [recordOf(epoch, plan, trainer)];
      return { network: trainer.network(), history: [...history, ...missing], snapshots: [...snapshots] };
    };
    yield { epoch, epochs, now };
    trainer.run(value, 0, value.length, size);
  }
}

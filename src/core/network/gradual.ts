/** Training to look at on its way: `train` in steps of an epoch, on the same bits. */
import type { Dataset } from "../moons.js";
import { eagerTrainer } from "./eager-trainer.js";
import type { Evaluation } from "./evaluate.js";
import { machineTrainer } from "./machine-trainer.js";
import type { Network } from "./network.js";
import { courseOf, type EpochRecord, type Snapshot, type Training } from "./train.js";
import { type Plan, planOf, type TrainOptions } from "./train-options.js";
import type { Trainer } from "./trainer.js";

/** What goes on, after one of its epochs. */
export interface Moment<Trained> {
  /** Number of epochs done. */
  epoch: number;
  /** Number of epochs in all; it may end before. */
  epochs: number;
  /** What there is so far; made when it is asked for, which has to be before the next epoch. */
  now(): Trained;
}

/** What goes on epoch by epoch: it stops before the first and after each. */
export type Gradual<Trained> = Generator<Moment<Trained>, Trained>;

/**
 * Trains as `train` does, epoch by epoch. Looking leaves no trace in the training. At each moment there are the network as it is,
 * and the record and the copies so far; the record ends with that epoch, whether it is to be recorded or not.
 *
 * @returns what `train` returns, to the bit
 * @throws RangeError or TypeError as `train` does, and where counts are asked for: looking would be counted
 */
export function* trainGradually(options: TrainOptions): Gradual<Training> {
  const plan = planOf(options);
  if (plan.trainer.counters)
    throw new RangeError("count must be false where a training is looked at, got true");
  const trainer = plan.path === "machine" ? machineTrainer(plan.trainer) : eagerTrainer(plan.trainer);
  const looks = onceEach(trainer);
  const course = courseOf(plan, looks);
  const history: EpochRecord[] = [];
  const snapshots: Snapshot[] = [];
  const { epochs, recordEvery } = plan;
  for (let epoch = 0; ; epoch++) {
    const { done, value } = course.next();
    if (done) {
      yield { epoch, epochs, now: () => value };
      return value;
    }
    const record = (): EpochRecord => recordOf(epoch, plan, looks);
    const isRecorded = epoch % recordEvery === 0;
    if (isRecorded) history.push(record());
    if (plan.snapshots.includes(epoch)) snapshots.push({ epoch, network: looks.network() });
    yield {
      epoch,
      epochs,
      now: () => ({
        network: looks.network(),
        history: isRecorded ? [...history] : [...history, record()],
        snapshots: [...snapshots],
      }),
    };
    looks.forget();
    trainer.run(value, 0, value.length, plan.size);
  }
}

type Looks = Omit<Trainer, "run">;

function recordOf(epoch: number, { trainer, test }: Plan, looks: Looks): EpochRecord {
  return {
    epoch,
    train: looks.evaluate(trainer.train),
    ...(test && { test: looks.evaluate(test) }),
  };
}

/** What is looked at more than once between two epochs is computed once. */
function onceEach(trainer: Looks): Looks & { forget(): void } {
  const evaluations = new Map<Dataset, Evaluation>();
  let network: Network | undefined;
  return {
    evaluate(data) {
      const known = evaluations.get(data) ?? trainer.evaluate(data);
      evaluations.set(data, known);
      return known;
    },
    network() {
      network ??= trainer.network();
      return network;
    },
    forget() {
      evaluations.clear();
      network = undefined;
    },
  };
}

/** Trains epoch by epoch, so that the training can be watched; gives the same bits as `train`. */
import type { Dataset } from "../moons.js";
import { eagerTrainer } from "./eager-trainer.js";
import type { Evaluation } from "./evaluate.js";
import { machineTrainer } from "./machine-trainer.js";
import type { Network } from "./network.js";
import { courseOf, type EpochRecord, type Snapshot, type Training } from "./train.js";
import { type Plan, planOf, type TrainOptions } from "./train-options.js";
import type { Trainer } from "./trainer.js";

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

/** Computes each evaluation only once per epoch. */
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

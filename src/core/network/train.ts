/** Stochastic gradient descent. */
import { type PhaseCounters, takeCounts } from "../arithmetic/counters.js";
import { randomStream } from "../random.js";
import { eagerTrainer } from "./eager-trainer.js";
import type { Evaluation } from "./evaluate.js";
import { machineTrainer } from "./machine-trainer.js";
import type { Network } from "./network.js";
import { type EarlyStopping, type Plan, planOf, type TrainOptions } from "./train-options.js";
import type { Trainer } from "./trainer.js";

/** One entry in the record of a training. */
export interface EpochRecord {
  /** Number of epochs done. */
  epoch: number;
  /** Evaluation on all training points, with the parameters after that epoch. */
  train: Evaluation;
  /** Evaluation on the test points, if there are any. */
  test?: Evaluation;
  /** What arithmetic did since the last record, by phase; only with `count`. */
  counters?: PhaseCounters;
}

/** The network after some epochs. */
export interface Snapshot {
  epoch: number;
  network: Network;
}

/** The result of a training. */
export interface Training {
  /** The trained network: after the last epoch, or with early stopping after `bestEpoch`. */
  network: Network;
  /** With early stopping: the number of epochs after which the held-out loss was lowest. */
  bestEpoch?: number;
  /** The record, starting with epoch 0. */
  history: EpochRecord[];
  /** The requested copies, in the order of epochs. */
  snapshots: Snapshot[];
}

/**
 * Trains a copy of a network by gradient descent on the mean binary cross-entropy of each batch.
 *
 * @throws RangeError or TypeError when an option is not as described, or a function of a layer, a penalty or the step rule
 * returns something of the wrong form
 */
export function train(options: TrainOptions): Training {
  const plan = planOf(options);
  return trainBy(plan, trainerOf(plan));
}

/** Makes the trainer of a plan's path. */
export function trainerOf({ path, trainer }: Plan): Trainer {
  return path === "machine" ? machineTrainer(trainer) : eagerTrainer(trainer);
}

/** Trains to the end. */
export function trainBy(plan: Plan, trainer: Trainer): Training {
  const course = courseOf(plan, trainer);
  for (;;) {
    const { done, value } = course.next();
    if (done) return value;
    trainer.run(value, 0, value.length, plan.size);
  }
}

/**
 * The course of a training: yields the order of points for each epoch; the caller must train on them before resuming.
 *
 * @param training - receives records and copies as they are made
 */
export function* courseOf(
  plan: Plan,
  trainer: Omit<Trainer, "run">,
  training: Training = { network: plan.trainer.initial, history: [], snapshots: [] },
): Generator<Int32Array, Training> {
  const { epochs, size, points, isLearnt, targetLoss, recordEvery, snapshots } = plan;
  const { train } = plan.trainer;
  const watch = plan.earlyStopping && newWatch(trainer, plan.earlyStopping);
  const order = Int32Array.from(isLearnt, (_, i) => i);
  const random = randomStream("shuffle", plan.seed);

  let isLast = false;
  for (let epoch = 0; !isLast; epoch++) {
    if (epoch > 0) {
      if (size < order.length) random.shuffle(order);
      yield points < order.length ? order.filter((i) => isLearnt[i]) : order;
    }
    const isEnough = watch?.isEnough(epoch) ?? false;
    const isThere = targetLoss !== undefined && trainer.evaluate(train).loss <= targetLoss;
    isLast = isEnough || isThere || epoch === epochs;
    if (epoch % recordEvery === 0 || isLast) training.history.push(recordOf(epoch, plan, trainer));
    if (snapshots.includes(epoch)) training.snapshots.push({ epoch, network: trainer.network() });
  }
  return { ...training, ...(watch ? watch.best() : { network: trainer.network() }) };
}

/** The record of the present epoch. */
export function recordOf(
  epoch: number,
  { trainer: { train, counters }, test }: Plan,
  { evaluate }: Pick<Trainer, "evaluate">,
): EpochRecord {
  return {
    epoch,
    train: evaluate(train),
    ...(test && { test: evaluate(test) }),
    ...(counters && { counters: takeCounts(counters) }),
  };
}

/** Watches the loss on held-out points. */
interface Watch {
  /** Evaluates after an epoch; returns whether patience has run out. */
  isEnough(epoch: number): boolean;
  best(): { network: Network; bestEpoch: number };
}

function newWatch(trainer: Omit<Trainer, "run">, { heldOut, patience }: EarlyStopping): Watch {
  let lowest = Number.POSITIVE_INFINITY;
  let best = { network: trainer.network(), bestEpoch: 0 };
  return {
    isEnough(epoch) {
      const { loss } = trainer.evaluate(heldOut);
      if (loss < lowest) {
        lowest = loss;
        best = { network: trainer.network(), bestEpoch: epoch };
      }
      return epoch - best.bestEpoch >= patience;
    },
    best: () => best,
  };
}

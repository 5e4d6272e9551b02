/** What training needs of a network on its way. */
import type { PhaseCounters } from "../arithmetic/counters.js";
import type { Precision } from "../arithmetic/precision.js";
import type { Dataset } from "../moons.js";
import type { Evaluation } from "./evaluate.js";
import type { Network } from "./network.js";
import type { Objective } from "./objective.js";
import type { StepRule } from "./step.js";

/** What a trainer starts from; all of it is left unchanged. */
export interface TrainerOptions {
  initial: Network;
  train: Dataset;
  objective: Objective;
  rule: StepRule;
  learningRate: number;
  /** ε, see `smoothLabels`. */
  labelSmoothing: number;
  precision: Precision;
  /** Where to count what arithmetic does; nothing is counted without. */
  counters?: PhaseCounters | undefined;
}

/** A network in training. */
export interface Trainer {
  /**
   * Steps of gradient descent on the training points order[from] to order[to - 1], so many at a time; the last batch may have
   * fewer.
   */
  run(order: Int32Array, from: number, to: number, batchSize: number): void;
  /**
   * How well the network does now, in its own format, rounded to nearest: looking at it leaves no trace in
   * the training. Of the training points, the operations of the loss are counted; nothing else is.
   */
  evaluate(data: Dataset): Evaluation;
  /** A copy of the network as it is now: its master weights. */
  network(): Network;
}

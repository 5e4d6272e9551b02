/** The interface of trainers. */
import type { PhaseCounters } from "../arithmetic/counters.js";
import type { Precision } from "../arithmetic/precision.js";
import type { Dataset } from "../moons.js";
import type { Evaluation } from "./evaluate.js";
import type { Network } from "./network.js";
import type { Objective } from "./objective.js";
import type { StepRule } from "./step.js";

/** The options of a trainer, which changes none of them. */
export interface TrainerOptions {
  initial: Network;
  train: Dataset;
  objective: Objective;
  rule: StepRule;
  learningRate: number;
  /** ε; see `smoothLabels`. */
  labelSmoothing: number;
  precision: Precision;
  /** Receives the counts of operations; without it nothing is counted. */
  counters?: PhaseCounters | undefined;
}

/** A network in training. */
export interface Trainer {
  /**
   * Takes steps of gradient descent on the training points order[from] to order[to - 1], in batches of `batchSize`; the last
   * batch may be smaller.
   */
  run(order: Int32Array, from: number, to: number, batchSize: number): void;
  /**
   * Evaluates the present network in its own format, rounding to nearest; this does not affect the training. Only the
   * operations of the loss on the training points are counted.
   */
  evaluate(data: Dataset): Evaluation;
  /** Returns a copy of the present network: its master weights. */
  network(): Network;
}

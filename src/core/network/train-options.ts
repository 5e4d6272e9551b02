/** The options of a training, and how they are checked. */
import * as z from "zod/mini";
import { newPhaseCounters } from "../arithmetic/counters.js";
import { type PrecisionChoice, toPrecision } from "../arithmetic/precision.js";
import type { Dataset } from "../moons.js";
import { seedSchema } from "../random.js";
import { hasFunctions, parse, such } from "../validate.js";
import { type LossForm, lossIn, usualLossForm } from "./loss.js";
import type { Network } from "./network.js";
import type { Penalty } from "./penalties.js";
import { datasetSchema, networkSchema, penaltySchema } from "./schemas.js";
import { compensatedDescent, gradientDescent, type StepRule } from "./step.js";
import type { TrainerOptions } from "./trainer.js";

/** Number of points in a batch; `"full"` for all of them. */
export type BatchSize = number | "full";

/**
 * Early stopping: ends the training when the loss on held-out points has not reached a new minimum for some epochs. Training
 * then returns the network with the lowest loss (Prechelt 1998, Early stopping - but when?, section 1.3).
 */
export interface EarlyStopping {
  /** The held-out points, which are not used for learning; not changed. */
  heldOut: Dataset;
  /** Number of epochs to wait for a new minimum, >= 1. */
  patience: number;
}

/** Options of `train`. */
export interface TrainOptions {
  /** The initial network, which is not changed; its layers may be your own. */
  network: Network;
  /** The training points, at least 1; not changed. Labels may be target probabilities of class 1. */
  train: Dataset;
  /** Points that are only evaluated, with the same number of columns. */
  test?: Dataset;
  /** η, the factor on the gradient in each step, > 0. */
  learningRate: number;
  /** Points in a batch: 1 for single samples; numbers above that of the points mean all of them. */
  batchSize: BatchSize;
  /** Number of passes over the points, >= 0. */
  epochs: number;
  /** Penalties added to the loss; none by default. */
  penalties?: readonly Penalty[];
  /** ε, the share of each label that is spread over both classes, 0 to 1; 0 by default. */
  labelSmoothing?: number;
  /** The form in which the loss is computed, see {@link LossForm}; it only matters in narrow formats or with an ε. */
  lossForm?: Partial<LossForm>;
  /** When to end before the last epoch; never by default. */
  earlyStopping?: EarlyStopping;
  /** Loss on the training points, in nats, at or below which training ends; by default it runs to the last epoch. */
  targetLoss?: number;
  /** Seed of the order of the points, which changes every epoch; a full batch keeps the order of the data. */
  seed: number;
  /**
   * Indices of training points not to learn from; none by default. The others keep the order they would have otherwise, which
   * removing points from the data would change. The record still covers all points.
   */
  leftOut?: readonly number[];
  /** Number of epochs between records, which also include the first and the last; 1 by default. */
  recordEvery?: number;
  /** Numbers of epochs after which to keep a copy of the network; 0 is before the first. */
  snapshots?: readonly number[];
  /** How parameters follow their gradient; gradient descent by default, compensated if the arithmetic is. */
  rule?: StepRule;
  /** The arithmetic; `binary64` by default. */
  arithmetic?: PrecisionChoice;
  /** Whether to count what arithmetic does, which is slower; the counts are part of the record. */
  count?: boolean;
  /**
   * How to compute; both ways give the same bits. `machine` (the default) records the operations of a step once and repeats
   * them; `eager` does each operation on matrices that can be inspected.
   */
  path?: "machine" | "eager";
}

/** The allowed learning rates. */
export const learningRateSchema: z.ZodMiniType<number> = z.number().check(z.gt(0));

/** The allowed batch sizes. */
export const batchSizeSchema: z.ZodMiniType<BatchSize> = z.union([
  z.int().check(z.gte(1)),
  z.literal("full"),
]);

/** The allowed numbers of epochs. */
export const epochsSchema: z.ZodMiniType<number> = z.int().check(z.gte(0), z.lte(1_000_000));

/** The allowed shares of label smoothing. */
export const labelSmoothingSchema: z.ZodMiniType<number> = z.number().check(z.gte(0), z.lte(1));

/** The allowed forms of the loss. */
const lossFormSchema: z.ZodMiniType<Partial<LossForm>> = z.strictObject({
  value: z._default(z.enum(["logit", "probability"]), usualLossForm.value),
  derivative: z._default(z.enum(["fused", "chain"]), usualLossForm.derivative),
  epsilon: z._default(z.number().check(z.gte(0)), usualLossForm.epsilon),
  mean: z._default(z.enum(["last", "first"]), usualLossForm.mean),
});

const schema = z.strictObject({
  network: networkSchema,
  train: datasetSchema,
  test: z.optional(datasetSchema),
  learningRate: learningRateSchema,
  batchSize: batchSizeSchema,
  epochs: epochsSchema,
  penalties: z._default(z.array(penaltySchema), []),
  labelSmoothing: z._default(labelSmoothingSchema, 0),
  lossForm: z._default(lossFormSchema, {}),
  earlyStopping: z.optional(z.strictObject({ heldOut: datasetSchema, patience: z.int().check(z.gte(1)) })),
  targetLoss: z.optional(z.number().check(z.gt(0))),
  seed: seedSchema,
  leftOut: z._default(z.array(z.int().check(z.gte(0))), []),
  recordEvery: z._default(z.int().check(z.gte(1)), 1),
  snapshots: z._default(z.array(z.int().check(z.gte(0))), []),
  arithmetic: z._default(z.any(), "binary64"),
  count: z._default(z.boolean(), false),
  rule: z.optional(such<StepRule>("a step rule, with start and step", hasFunctions("start", "step"))),
  path: z._default(z.enum(["machine", "eager"]), "machine"),
});

/** Checked options with defaults filled in. */
export interface Plan {
  trainer: TrainerOptions;
  path: "machine" | "eager";
  test: Dataset | undefined;
  epochs: number;
  /** Points in a batch. */
  size: number;
  /** Number of points to learn from. */
  points: number;
  /** Whether to learn from each point. */
  isLearnt: readonly boolean[];
  seed: number;
  earlyStopping: EarlyStopping | undefined;
  targetLoss: number | undefined;
  recordEvery: number;
  snapshots: readonly number[];
}

/**
 * Checks options.
 *
 * @throws RangeError or TypeError when one is not as described
 */
export function planOf(options: TrainOptions): Plan {
  const { network, train, batchSize, penalties, lossForm, leftOut, rule, ...own } = parse(schema, options);
  requireData("train", train, train.points.columns);
  if (own.test) requireData("test", own.test, train.points.columns);
  if (own.earlyStopping) {
    requireData("earlyStopping.heldOut", own.earlyStopping.heldOut, train.points.columns);
  }
  const precision = toPrecision(own.arithmetic);
  if (rule && precision.compensated) {
    throw new RangeError(
      "rule must be left out when arithmetic is compensated, which sets its own rule, got both",
    );
  }
  const isLearnt = learntPoints(train.labels.rows, leftOut);
  const points = isLearnt.filter((is) => is).length;
  const size = batchSize === "full" ? isLearnt.length : Math.min(batchSize, isLearnt.length);
  const isBatchNormalized = network.layers.some(({ kind }) => kind === "batch-norm");
  if (isBatchNormalized && points % size === 1 % size) {
    throw new RangeError(
      `batchSize must leave no batch of a single point with batch normalization, got ${batchSize} for ${points} points`,
    );
  }
  const form = { ...usualLossForm, ...lossForm };
  return {
    trainer: {
      initial: network,
      train,
      objective: { loss: lossIn(form), penalties, isMeanFirst: form.mean === "first" },
      rule: rule ?? (precision.compensated ? compensatedDescent : gradientDescent),
      learningRate: own.learningRate,
      labelSmoothing: own.labelSmoothing,
      precision,
      counters: own.count ? newPhaseCounters() : undefined,
    },
    path: own.path,
    test: own.test,
    epochs: own.epochs,
    size,
    points,
    isLearnt,
    seed: own.seed,
    earlyStopping: own.earlyStopping,
    targetLoss: own.targetLoss,
    recordEvery: own.recordEvery,
    snapshots: own.snapshots,
  };
}

function requireData(name: string, { points, labels }: Dataset, columns: number): void {
  if (points.rows === 0) throw new RangeError(`${name} must have at least 1 point, got 0`);
  if (points.columns !== columns) {
    throw new RangeError(
      `${name}.points must have ${columns} columns, as train.points does, got ${points.columns}`,
    );
  }
  const coordinate = points.to1DArray().find((value) => !Number.isFinite(value));
  if (coordinate !== undefined) {
    throw new RangeError(`${name}.points must be finite numbers, got ${coordinate}`);
  }
  const label = labels.to1DArray().find((value) => !(value >= 0 && value <= 1));
  if (label !== undefined) throw new RangeError(`${name}.labels must be from 0 to 1, got ${label}`);
}

/** Whether to learn from each point. */
function learntPoints(points: number, leftOut: readonly number[]): boolean[] {
  const gone = new Set(leftOut);
  const outside = leftOut.find((i) => i >= points);
  if (outside !== undefined) {
    throw new RangeError(`leftOut must hold indices from 0 to ${points - 1}, got ${outside}`);
  }
  if (gone.size === points) throw new RangeError(`leftOut must leave at least 1 point, got all ${points}`);
  return Array.from({ length: points }, (_, i) => !gone.has(i));
}

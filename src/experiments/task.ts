/**
 * The task of all notebooks: a random network learns random Two Moons. Drawing and
 * training are separate, so that an experiment can change the data or the network in between.
 */
import * as z from "zod/mini";
import { moonsSplit, type Split } from "../core/moons.js";
import type { HiddenActivation } from "../core/network/activations.js";
import {
  createNetwork,
  hiddenActivationSchema,
  hiddenLayersSchema,
  type Initialisation,
  initialisationSchema,
  normalizationSchema,
  topKSchema,
} from "../core/network/initialisation.js";
import type { Network } from "../core/network/network.js";
import type { NormalizationName } from "../core/network/normalization.js";
import {
  activityPenalty,
  balancePenalty,
  type Penalty,
  penaltyFactorSchema,
  weightDecay,
} from "../core/network/penalties.js";
import type { Training } from "../core/network/train.js";
import {
  type BatchSize,
  batchSizeSchema,
  epochsSchema,
  labelSmoothingSchema,
  learningRateSchema,
  type TrainOptions,
} from "../core/network/train-options.js";
import { seedSchema } from "../core/random.js";
import { documented } from "../core/validate.js";
import { alone, type Steps, trained } from "./measurement.js";

/** The hyperparameters of one training. */
export interface TaskParameters {
  /** Seed of the data, the initial weights and the order of the points; each has a stream of its own. */
  seed: number;
  /** Standard deviation of the noise on each coordinate, in units of the moons' radius, 0 to 2. */
  noise: number;
  /** Number of training points, both classes together. */
  trainPoints: number;
  /** Number of test points, drawn separately. */
  testPoints: number;
  /** Neurons in each hidden layer. */
  hiddenLayers: readonly number[];
  /** Distribution of the initial weights. */
  initialisation: Initialisation;
  /** η, the factor on the gradient in each step. */
  learningRate: number;
  /** Points in a batch; 1 for single samples, "full" for all. */
  batchSize: BatchSize;
  /** Number of passes over the training points. */
  epochs: number;
  /** Seed of the initial weights, to change them and keep the data; `seed` by default. */
  weightsSeed?: number | undefined;
  /** Seed of the order of the points, to change nothing else; `seed` by default. */
  orderSeed?: number | undefined;
  /** Factor on every initial weight; 1 by default. */
  initialScale?: number | undefined;
  /** Activation of the hidden neurons; `relu` by default. */
  activation?: HiddenActivation | undefined;
  /** Normalization of the hidden layers; `none` by default. */
  normalization?: NormalizationName | undefined;
  /** How many neurons of each hidden layer may fire at a point; all by default. */
  topK?: number | undefined;
  /** λ, the factor on the weights in the gradient; 0 by default. */
  weightDecay?: number | undefined;
  /** ε, the share of each label that is spread over both classes; 0 by default. */
  labelSmoothing?: number | undefined;
  /** λ, the factor of the mean of Σ|a| over the hidden neurons; 0 by default. */
  activityPenalty?: number | undefined;
  /** μ, the factor of half the squared imbalance between the classes; 0 by default. */
  balancePenalty?: number | undefined;
}

/** The allowed values of the hyperparameters, field by field, for the schema of an experiment. */
export const taskShape: {
  seed: z.ZodMiniType<number>;
  noise: z.ZodMiniType<number>;
  trainPoints: z.ZodMiniType<number>;
  testPoints: z.ZodMiniType<number>;
  hiddenLayers: z.ZodMiniType<readonly number[]>;
  initialisation: z.ZodMiniType<Initialisation>;
  learningRate: z.ZodMiniType<number>;
  batchSize: z.ZodMiniType<BatchSize>;
  epochs: z.ZodMiniType<number>;
  weightsSeed: z.ZodMiniOptional<z.ZodMiniType<number>>;
  orderSeed: z.ZodMiniOptional<z.ZodMiniType<number>>;
  initialScale: z.ZodMiniOptional<z.ZodMiniType<number>>;
  activation: z.ZodMiniOptional<z.ZodMiniType<HiddenActivation>>;
  normalization: z.ZodMiniOptional<z.ZodMiniType<NormalizationName>>;
  topK: z.ZodMiniOptional<z.ZodMiniType<number>>;
  weightDecay: z.ZodMiniOptional<z.ZodMiniType<number>>;
  labelSmoothing: z.ZodMiniOptional<z.ZodMiniType<number>>;
  activityPenalty: z.ZodMiniOptional<z.ZodMiniType<number>>;
  balancePenalty: z.ZodMiniOptional<z.ZodMiniType<number>>;
} = {
  seed: documented(seedSchema, "Seed of the data, the initial weights and the order of the points"),
  noise: documented(
    z.number().check(z.gte(0), z.lte(2)),
    "Standard deviation of the noise on each coordinate",
    "moon radii",
  ),
  trainPoints: documented(z.int().check(z.gte(2), z.lte(10_000)), "Training points, both classes together"),
  testPoints: documented(z.int().check(z.gte(2), z.lte(100_000)), "Test points, never trained on"),
  hiddenLayers: documented(hiddenLayersSchema, "Neurons in each hidden layer"),
  initialisation: documented(initialisationSchema, "Distribution of the initial weights"),
  learningRate: documented(learningRateSchema, "Step size η: factor on the gradient in each step"),
  batchSize: documented(batchSizeSchema, "Points in each step; full for all of them"),
  epochs: documented(epochsSchema, "Passes over the training points"),
  weightsSeed: documented(z.optional(seedSchema), "Seed of the initial weights alone"),
  orderSeed: documented(z.optional(seedSchema), "Seed of the order of the points alone"),
  initialScale: documented(
    z.optional(z.number().check(z.gt(0)) as z.ZodMiniType<number>),
    "Factor on every initial weight",
  ),
  activation: documented(z.optional(hiddenActivationSchema), "Activation of the hidden neurons"),
  normalization: documented(z.optional(normalizationSchema), "Normalization of the hidden layers"),
  topK: documented(z.optional(topKSchema), "How many neurons of each hidden layer may fire at a point"),
  weightDecay: documented(z.optional(penaltyFactorSchema), "Factor λ on the weights in the gradient"),
  labelSmoothing: documented(
    z.optional(labelSmoothingSchema),
    "Share ε of each label spread over both classes",
  ),
  activityPenalty: documented(
    z.optional(penaltyFactorSchema),
    "Factor on the mean activity of the hidden neurons",
  ),
  balancePenalty: documented(
    z.optional(penaltyFactorSchema),
    "Factor on half the squared imbalance of activity between the classes",
  ),
};

/** The seeds of a sweep. */
export interface SweepParameters {
  /** Number of seeds behind "is it luck?". */
  sweepSeeds: number;
  /** The first of them; the others follow. */
  firstSeed: number;
}

/** Their allowed values, field by field, for the schema of an experiment. */
export const sweepShape: {
  sweepSeeds: z.ZodMiniType<number>;
  firstSeed: z.ZodMiniType<number>;
} = {
  sweepSeeds: documented(
    z.int().check(z.gte(2), z.lte(10_000)),
    "Seeds to measure where nothing is recorded",
  ),
  firstSeed: documented(
    z.int().check(z.gte(0), z.lte(900_000)),
    "First of the seeds; unless it is the recorded one, all are measured again",
  ),
};

/** What a training starts from. */
export interface Task {
  data: Split;
  /** The network before training. */
  initial: Network;
}

/** One training with all that belongs to it. */
export interface TrainedTask extends Task {
  training: Training;
}

/** The numbers to train in, the rule of a step, what to keep, when to stop; see `TrainOptions`. */
export type TaskOptions = Pick<
  TrainOptions,
  | "recordEvery"
  | "snapshots"
  | "earlyStopping"
  | "targetLoss"
  | "leftOut"
  | "rule"
  | "arithmetic"
  | "count"
  | "lossForm"
  | "path"
>;

/** Draws the data and the initial weights. */
export function drawTask(parameters: TaskParameters): Task {
  const { trainPoints, testPoints, noise, seed, hiddenLayers, initialisation } = parameters;
  const {
    initialScale = 1,
    activation = "relu",
    normalization = "none",
    weightsSeed = seed,
    topK,
  } = parameters;
  return {
    data: moonsSplit({ trainPoints, testPoints, noise, seed }),
    initial: createNetwork({
      hiddenLayers,
      initialisation,
      initialScale,
      activation,
      normalization,
      topK,
      seed: weightsSeed,
    }),
  };
}

/** Trains on a drawn task, changed or not. */
export function trainTask(parameters: TaskParameters, task: Task, options?: TaskOptions): Training {
  return alone(trainingSteps(parameters, task, options));
}

/** {@link trainTask} as steps of a measurement. */
export function trainingSteps(
  parameters: TaskParameters,
  task: Task,
  options?: TaskOptions,
): Steps<Training> {
  return trained(trainOptionsOf(parameters, task, options));
}

/** The options of a training on a drawn task; without a test set, no test loss is recorded. */
export function trainOptionsOf(
  parameters: TaskParameters,
  { data, initial }: { data: Pick<Split, "train"> & Partial<Split>; initial: Network },
  options: TaskOptions = {},
): TrainOptions {
  const { learningRate, batchSize, epochs, seed } = parameters;
  const { labelSmoothing = 0, orderSeed = seed } = parameters;
  return {
    network: initial,
    train: data.train,
    ...(data.test && { test: data.test }),
    learningRate,
    batchSize,
    epochs,
    penalties: penaltiesOf(parameters),
    labelSmoothing,
    seed: orderSeed,
    ...options,
  };
}

/** The penalties whose factors are not 0. */
function penaltiesOf(parameters: TaskParameters): Penalty[] {
  const { weightDecay: decay = 0, activityPenalty: activity = 0, balancePenalty: balance = 0 } = parameters;
  return [
    ...(decay > 0 ? [weightDecay(decay)] : []),
    ...(activity > 0 ? [activityPenalty(activity)] : []),
    ...(balance > 0 ? [balancePenalty(balance)] : []),
  ];
}

/** Draws and trains. */
export function runTask(parameters: TaskParameters, options?: TaskOptions): TrainedTask {
  return alone(taskSteps(parameters, options));
}

/** {@link runTask} as steps of a measurement. */
export function* taskSteps(parameters: TaskParameters, options?: TaskOptions): Steps<TrainedTask> {
  const task = drawTask(parameters);
  return { ...task, training: yield* trainingSteps(parameters, task, options) };
}

/** The seeds of a sweep, in order, none left out. */
export function seedsOf({ firstSeed, sweepSeeds }: SweepParameters): number[] {
  return Array.from({ length: sweepSeeds }, (_, i) => firstSeed + i);
}

/** Makes networks with random initial weights. */
import { Matrix } from "ml-matrix";
import * as z from "zod/mini";
import { type RandomStream, randomStream, seedSchema } from "../random.js";
import { parse, such } from "../validate.js";
import { type Activation, type HiddenActivation, hiddenActivations, isActivation } from "./activations.js";
import { batchNorm } from "./batch-norm.js";
import { dense } from "./dense.js";
import type { Layer } from "./layer.js";
import { layerNorm } from "./layer-norm.js";
import type { Network } from "./network.js";
import type { NormalizationName } from "./normalization.js";
import { topK } from "./top-k.js";

/** The distribution of initial weights, given the number of inputs and outputs of their layer. */
export type Initialisation = "he" | "he-uniform" | "glorot" | "glorot-uniform" | "lecun" | "normal";

type Draw = (random: RandomStream, inputs: number, outputs: number) => number;

const normal =
  (variance: (inputs: number, outputs: number) => number): Draw =>
  (random, inputs, outputs) =>
    Math.sqrt(variance(inputs, outputs)) * random.normal();

const uniform =
  (variance: (inputs: number, outputs: number) => number): Draw =>
  (random, inputs, outputs) =>
    // a uniform variable on [-a, a] has the variance a^2 / 3
    Math.sqrt(3 * variance(inputs, outputs)) * (2 * random.uniform() - 1);

const he = (inputs: number): number => 2 / inputs;
const glorot = (inputs: number, outputs: number): number => 2 / (inputs + outputs);
const lecun = (inputs: number): number => 1 / inputs;

/**
 * Variances: He et al. 2015 (Delving deep into rectifiers, eq. 10), Glorot and Bengio 2010 (Understanding the
 * difficulty of training deep feedforward neural networks, eq. 16), LeCun et al. 1998 (Efficient BackProp,
 * 4.6).
 */
const schemes: Record<Initialisation, Draw> = {
  he: normal(he),
  "he-uniform": uniform(he),
  glorot: normal(glorot),
  "glorot-uniform": uniform(glorot),
  lecun: normal(lecun),
  normal: normal(() => 1),
};

/** Options of {@link createNetwork}. */
export interface NetworkOptions {
  /** Number of inputs, 1 to 1024; 2 by default. */
  inputs?: number;
  /** Number of neurons in each hidden layer; [10] for 2-10-1, [] for logistic regression. */
  hiddenLayers: readonly number[];
  /** Distribution of the initial weights; `he` by default. */
  initialisation?: Initialisation;
  /** Factor on every initial weight, > 0; 1 by default. */
  initialScale?: number;
  /** Activation of the hidden neurons, a name or a layer made by `activation`; `relu` by default. */
  activation?: HiddenActivation | Activation;
  /** Normalization of hidden neurons before their activation; `none` by default. */
  normalization?: NormalizationName;
  /** Number of neurons per hidden layer that may fire at a point, the largest ones; only with ReLU; all by default. */
  topK?: number | undefined;
  /** Seed of the initial weights. */
  seed: number;
}

/** The allowed sizes of hidden layers. */
export const hiddenLayersSchema: z.ZodMiniType<readonly number[]> = z
  .array(z.int().check(z.gte(1), z.lte(1024)))
  .check(z.maxLength(16));

/** The names of the distributions of initial weights. */
export const initialisationSchema: z.ZodMiniType<Initialisation> = z.enum(
  Object.keys(schemes) as Initialisation[],
);

/** The names of the activations of hidden neurons. */
export const hiddenActivationSchema: z.ZodMiniType<HiddenActivation> = z.enum(
  Object.keys(hiddenActivations) as HiddenActivation[],
);

/** The names of the normalizations of hidden layers. */
export const normalizationSchema: z.ZodMiniType<NormalizationName> = z.enum(["none", "layer", "batch"]);

/** The allowed values of k. */
export const topKSchema: z.ZodMiniType<number> = z.int().check(z.gte(1), z.lte(1024));

const schema = z.strictObject({
  inputs: z._default(z.int().check(z.gte(1), z.lte(1024)), 2),
  hiddenLayers: hiddenLayersSchema,
  initialisation: z._default(initialisationSchema, "he"),
  initialScale: z._default(z.number().check(z.gt(0)), 1),
  activation: z._default(
    z.union([
      hiddenActivationSchema,
      such<Activation>(
        "an activation made by activation()",
        (value) => typeof value === "object" && value !== null && isActivation(value as Layer),
      ),
    ]),
    "relu",
  ),
  normalization: z._default(normalizationSchema, "none"),
  topK: z.optional(topKSchema),
  seed: seedSchema,
});

/**
 * Makes a network of hidden layers and one sigmoid output, with random weights and zero biases.
 *
 * @throws RangeError or TypeError when an option is not as described
 */
export function createNetwork(options: NetworkOptions): Network {
  const {
    inputs,
    hiddenLayers,
    initialisation,
    initialScale,
    activation,
    normalization,
    topK: k,
    seed,
  } = parse(schema, options);
  const layer = typeof activation === "string" ? hiddenActivations[activation] : activation;
  if (k !== undefined && layer.kind !== "relu") {
    throw new RangeError(`topK must be left out unless activation is "relu", got ${k} with "${layer.kind}"`);
  }
  const random = randomStream("initial weights", seed);
  const sizes = [inputs, ...hiddenLayers, 1];
  const layers = sizes.slice(1).flatMap((outputs, index): Layer[] => {
    const fanIn = sizes[index];
    const weights = new Matrix(fanIn, outputs);
    for (let i = 0; i < fanIn; i++) {
      for (let j = 0; j < outputs; j++) {
        weights.set(i, j, initialScale * schemes[initialisation](random, fanIn, outputs));
      }
    }
    const neurons = dense(weights, Matrix.zeros(1, outputs));
    if (index === hiddenLayers.length) return [neurons];
    return [
      neurons,
      ...(normalization === "none" ? [] : [normalizations[normalization](outputs)]),
      layer,
      ...(k === undefined ? [] : [topK(k)]),
    ];
  });
  return { layers };
}

const normalizations = { layer: layerNorm, batch: batchNorm };

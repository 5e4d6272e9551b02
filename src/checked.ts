/**
 * What a cell hands over is looked at here, at the door: inside nobody asks again, so that no step of a training pays for it. Each
 * function is the one of its name, and throws a RangeError or a TypeError that names the argument, what is allowed and what came.
 */
import type { Matrix } from "ml-matrix";
import * as z from "zod/mini";
import type { Arithmetic } from "./core/arithmetic/arithmetic.js";
import { requireFormat } from "./core/arithmetic/encoding.js";
import * as formatting from "./core/arithmetic/formats.js";
import * as rounding from "./core/arithmetic/rounding.js";
import * as moons from "./core/moons.js";
import * as activations from "./core/network/activations.js";
import * as layers from "./core/network/dense.js";
import * as evaluation from "./core/network/evaluate.js";
import type { ForwardPass } from "./core/network/forward-backward.js";
import * as passes from "./core/network/forward-backward.js";
import * as networks from "./core/network/network.js";
import { isDense, type Network } from "./core/network/network.js";
import type { Objective } from "./core/network/objective.js";
import * as objectives from "./core/network/objective.js";
import {
  datasetSchema,
  isFilled,
  matricesSchema,
  matrixSchema,
  networkSchema,
} from "./core/network/schemas.js";
import { requireLayers } from "./core/network/shapes.js";
import * as steps from "./core/network/step.js";
import { anyNumber } from "./core/require.js";
import { hasFunctions, pairOf, parse, such } from "./core/validate.js";
import * as planes from "./experiments/plane.js";
import * as statistics from "./experiments/statistics.js";
import * as tasks from "./experiments/task.js";

type Call = (...values: never[]) => unknown;

/** A function that looks at its arguments first. */
function checked<F extends Call>(call: F, check: (...values: Parameters<F>) => void): F {
  return ((...values: Parameters<F>) => {
    check(...values);
    return call(...values);
  }) as F;
}

/** Looks at arguments by schemas, in their order; what comes after them is not looked at. */
function given(shape: Readonly<Record<string, z.ZodMiniType>>): (...values: unknown[]) => void {
  const names = Object.keys(shape);
  const schema = z.strictObject(shape);
  return (...values) => {
    parse(schema, Object.fromEntries(names.map((name, i) => [name, values[i]])));
  };
}

const arithmetic = z.optional(
  such<Arithmetic>("an arithmetic, with its operations", hasFunctions("convert", "product", "add", "divide")),
);

// Numbers

export const finfo: typeof formatting.finfo = checked(formatting.finfo, requireFormat);
export const roundToNearest: typeof rounding.roundToNearest = checked(rounding.roundToNearest, requireFormat);

// Data

export const classText: typeof moons.classText = checked(
  moons.classText,
  given({ label: z.int().check(z.gte(0), z.lte(1)) }),
);

const selection = given({
  data: datasetSchema,
  indices: z.array(z.int().check(z.gte(0))).check(z.minLength(1)),
});
export const selectPoints: typeof moons.selectPoints = checked(moons.selectPoints, (data, indices) => {
  selection(data, indices);
  const last = data.points.rows - 1;
  const outside = indices.find((i) => i > last);
  if (outside !== undefined) {
    throw new RangeError(`indices must be whole numbers from 0 to ${last}, got ${outside}`);
  }
});

// The network

export const activation: typeof activations.activation = checked(
  activations.activation,
  given({
    kind: z.string().check(z.minLength(1)),
    rules: such("functions f and df, and d2f if there is one", (value) => {
      const { d2f } = (value ?? {}) as Partial<activations.ActivationRules>;
      return hasFunctions("f", "df")(value) && (d2f === undefined || typeof d2f === "function");
    }),
  }),
);

const weightsAndBiases = given({ weights: matrixSchema, biases: matrixSchema });
export const dense: typeof layers.dense = checked(layers.dense, (weights, biases) => {
  weightsAndBiases(weights, biases);
  if (biases.rows === 1 && biases.columns === weights.columns) return;
  throw new RangeError(`biases must be 1 x ${weights.columns}, got ${biases.rows} x ${biases.columns}`);
});

const ofNetwork = given({ network: networkSchema });
export const blocksOf: typeof networks.blocksOf = checked(networks.blocksOf, ofNetwork);
export const parameterCount: typeof networks.parameterCount = checked(networks.parameterCount, ofNetwork);
export const toParameters: typeof networks.toParameters = checked(networks.toParameters, ofNetwork);
export const layerSizes: typeof networks.layerSizes = checked(networks.layerSizes, (network) => {
  ofNetwork(network);
  if (!network.layers.some(isDense)) throw new RangeError("network must have a dense layer, got none");
});
export const withParameters: typeof networks.withParameters = checked(
  networks.withParameters,
  given({
    network: networkSchema,
    parameters: such("a list of numbers", (value) => {
      const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
      return isList && Array.from(value as ArrayLike<unknown>).every((one) => typeof one === "number");
    }),
  }),
);

const mode = z.optional(z.enum(["training", "inference"]));
export const forward: typeof passes.forward = checked(
  passes.forward,
  given({ network: networkSchema, points: matrixSchema, arithmetic, mode }),
);

const back = given({
  network: networkSchema,
  pass: z.looseObject({ layers: z.array(z.looseObject({ input: matrixSchema, output: matrixSchema })) }),
  delta: matrixSchema,
  arithmetic,
  pulls: z.optional(z.array(matricesSchema)),
});
export const backward: typeof passes.backward = checked(passes.backward, (network, pass, delta, ...rest) => {
  back(network, pass, delta, ...rest);
  if (!isPassOf(pass, network)) {
    throw new RangeError("pass must be what forward returns for this network, got matrices of other shapes");
  }
  const { rows, columns } = pass.layers[pass.layers.length - 1].output;
  if (delta.rows === rows && delta.columns === columns) return;
  throw new RangeError(`delta must be ${rows} x ${columns}, got ${delta.rows} x ${delta.columns}`);
});

/** Whether the matrices of a pass follow each other through the layers. */
function isPassOf(pass: ForwardPass, network: Network): boolean {
  if (pass.layers.length !== network.layers.length) return false;
  const { rows } = pass.layers[0].input;
  return network.layers.every((layer, l) => {
    const { input, output } = pass.layers[l];
    const fits = (from: number, to: number): boolean => input.columns === from && output.columns === to;
    return (
      input.rows === rows &&
      output.rows === rows &&
      (l === 0 || input.columns === pass.layers[l - 1].output.columns) &&
      (!isDense(layer) || fits(layer.parameters.weights.rows, layer.parameters.weights.columns))
    );
  });
}

export const evaluate: typeof evaluation.evaluate = checked(
  evaluation.evaluate,
  given({ network: networkSchema, data: datasetSchema }),
);

export const gradientOf: typeof objectives.gradientOf = checked(
  objectives.gradientOf,
  given({
    network: networkSchema,
    data: datasetSchema,
    objective: z.optional(
      such<Objective>("an objective, with loss and penalties", (value) => {
        const { loss, penalties } = (value ?? {}) as Partial<Objective>;
        return hasFunctions("value", "gradient")(loss) && Array.isArray(penalties);
      }),
    ),
    options: z.optional(z.looseObject({})),
  }),
);

export const meanLoss: typeof objectives.meanLoss = checked(
  objectives.meanLoss,
  given({
    pass: such("the logits and probabilities of points, both n x 1", (value) => {
      const { logits, probabilities } = (value ?? {}) as Partial<ForwardPass>;
      const isColumn = (one: unknown): one is Matrix => isFilled(one) && one.columns === 1;
      return isColumn(logits) && isColumn(probabilities) && logits.rows === probabilities.rows;
    }),
    labels: matrixSchema,
    loss: z.optional(such("a loss, with value and gradient", hasFunctions("value", "gradient"))),
    arithmetic,
  }),
);

const descent = given({
  network: networkSchema,
  gradients: z.array(matricesSchema),
  learningRate: anyNumber,
});
export const descend: typeof steps.descend = checked(steps.descend, (network, gradients, learningRate) => {
  descent(network, gradients, learningRate);
  requireLayers("gradients", gradients, network);
});

export const meanOver: typeof steps.meanOver = checked(
  steps.meanOver,
  given({ points: z.int().check(z.gte(1)), sums: z.array(matricesSchema), arithmetic }),
);

// The plane

const area = z.strictObject({
  x: pairOf("two numbers, the lower first", isRising),
  y: pairOf("two numbers, the lower first", isRising),
});

function isRising([low, high]: readonly [number, number]): boolean {
  return low <= high;
}

export const planePoints: typeof planes.planePoints = checked(planes.planePoints, given({ area }));
export const probabilityOnPlane: typeof planes.probabilityOnPlane = checked(
  planes.probabilityOnPlane,
  given({ network: networkSchema, area }),
);

export const disagreement: typeof planes.disagreement = checked(
  planes.disagreement,
  given({ a: networkSchema, b: networkSchema, points: matrixSchema }),
);

const around = given({ data: datasetSchema, margin: z.number() });
export const rectangleAround: typeof planes.rectangleAround = checked(
  planes.rectangleAround,
  (data, margin) => {
    around(data, margin);
    const { rows, columns } = data.points;
    if (rows > 0 && columns >= 2) return;
    throw new RangeError(`data must have at least 1 point, in 2 columns, got ${rows} x ${columns}`);
  },
);

// Statistics

const numbers = z.array(anyNumber);

export const meanInterval: typeof statistics.meanInterval = checked(
  statistics.meanInterval,
  given({
    values: numbers,
    bounds: z.optional(
      such<statistics.Bounds>("two numbers, the least and the largest", (value) => {
        const [least, most] = Array.isArray(value) && value.length === 2 ? value : [];
        return typeof least === "number" && typeof most === "number" && least < most;
      }),
    ),
  }),
);
export const shareOf: typeof statistics.shareOf = checked(
  statistics.shareOf,
  given({
    items: z.array(z.unknown()),
    shows: such("a function of an item", (value) => typeof value === "function"),
  }),
);
export const quantile: typeof statistics.quantile = checked(
  statistics.quantile,
  given({ values: numbers, q: z.number().check(z.gte(0), z.lte(1)) }),
);
export const auroc: typeof statistics.auroc = checked(
  statistics.auroc,
  given({ positives: numbers, negatives: numbers }),
);
export const correlation: typeof statistics.correlation = checked(
  statistics.correlation,
  given({ first: numbers, second: numbers }),
);

// A task

const parameters = z.looseObject(tasks.taskShape);

export const drawTask: typeof tasks.drawTask = checked(tasks.drawTask, given({ parameters }));
export const runTask: typeof tasks.runTask = checked(tasks.runTask, given({ parameters }));
export const trainTask: typeof tasks.trainTask = checked(
  tasks.trainTask,
  given({ parameters, task: z.looseObject({ data: z.looseObject({}), initial: networkSchema }) }),
);
export const seedsOf: typeof tasks.seedsOf = checked(
  tasks.seedsOf,
  given({ parameters: z.looseObject(tasks.sweepShape) }),
);

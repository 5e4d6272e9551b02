/** What a network, its data and its parts have to be like, wherever a reader hands them over. */
import { Matrix } from "ml-matrix";
import type * as z from "zod/mini";
import type { Dataset } from "../moons.js";
import { hasFunctions, such } from "../validate.js";
import { denseRules } from "./dense.js";
import type { Layer, Matrices } from "./layer.js";
import type { Network } from "./network.js";
import type { Penalty } from "./penalties.js";

/** Whether a value is a matrix with at least one element. */
export const isFilled = (value: unknown): value is Matrix => Matrix.isMatrix(value) && value.size > 0;

const areMatrices = (value: unknown): value is Matrices =>
  typeof value === "object" && value !== null && Object.values(value).every(isFilled);

function isLayer(value: unknown): boolean {
  if (!hasFunctions("forward", "backward", "gradient")(value)) return false;
  const { kind, forward, parameters, state, nextState, curvature } = value as Layer;
  const { weights, biases } = parameters ?? {};
  return (
    typeof kind === "string" &&
    areMatrices(parameters) &&
    (state === undefined || areMatrices(state)) &&
    (nextState === undefined || typeof nextState === "function") &&
    (curvature === undefined || hasFunctions("forward", "backward", "gradient")(curvature)) &&
    ((kind !== "dense" && forward !== denseRules.forward) || (weights !== undefined && biases !== undefined))
  );
}

export const networkSchema: z.ZodMiniType<Network> = such(
  "a network of layers, each with parameters (matrices), forward, backward and gradient",
  (value) => {
    const { layers } = (value ?? {}) as Partial<Network>;
    return Array.isArray(layers) && layers.length > 0 && Array.from(layers).every(isLayer);
  },
);

export const datasetSchema: z.ZodMiniType<Dataset> = such(
  "a dataset: points (n x inputs) and labels (n x 1)",
  (value) => {
    const { points, labels } = (value ?? {}) as Partial<Dataset>;
    return (
      Matrix.isMatrix(points) &&
      Matrix.isMatrix(labels) &&
      labels.columns === 1 &&
      points.rows === labels.rows
    );
  },
);

export const matrixSchema: z.ZodMiniType<Matrix> = such("a matrix", isFilled);

export const matricesSchema: z.ZodMiniType<Matrices> = such("matrices by name", areMatrices);

export const penaltySchema: z.ZodMiniType<Penalty> = such(
  "a penalty with a value, and pulls or gradients",
  hasFunctions("value"),
);

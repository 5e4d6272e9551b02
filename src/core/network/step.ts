/** One step down the gradient. A step rule (an optimizer) is a record, so momentum or Adam can be written in a cell. */
import type { Matrix } from "ml-matrix";
import type { Arithmetic, Operand } from "../arithmetic/arithmetic.js";
import { float64 } from "../arithmetic/float64.js";
import type { Matrices } from "./layer.js";
import { mapMatrices, type Network, withNumbers } from "./network.js";
import { requireMatrices, requireShape, requireShapes } from "./shapes.js";

/** A step rule: how a matrix of parameters follows its gradient. */
export interface StepRule {
  /**
   * Returns the matrices that the rule keeps for a matrix of parameters, as they are before the first step. They may have any
   * shape, but must keep their names and shapes.
   */
  start(parameter: Matrix): Matrices;
  /** Returns the new parameters, the change subtracted from them (before rounding), and the new kept matrices. */
  step(
    arithmetic: Arithmetic,
    parameter: Matrix,
    gradient: Matrix,
    learningRate: Operand,
    kept: Matrices,
  ): { parameter: Matrix; change: Matrix; kept: Matrices };
}

/** θ - η dL/dθ. */
export const gradientDescent: StepRule = {
  start: () => ({}),
  step({ multiply, subtract }, parameter, gradient, learningRate) {
    const change = multiply(learningRate, gradient);
    return { parameter: subtract(parameter, change), change, kept: {} };
  },
};

/**
 * Gradient descent with compensated summation: what rounding swallows in one step is added to the next (Kahan 1965, Further
 * remarks on reducing truncation errors).
 */
export const compensatedDescent: StepRule = {
  start: (parameter) => ({ lost: parameter.clone().fill(0) }),
  step({ multiply, add, subtract }, parameter, gradient, learningRate, { lost }) {
    const change = add(multiply(learningRate, gradient), lost);
    const next = subtract(parameter, change);
    return { parameter: next, change, kept: { lost: subtract(change, subtract(parameter, next)) } };
  },
};

/** The matrices that a rule keeps for each matrix of parameters of each layer. */
export type Kept = readonly Readonly<Record<string, Matrices>>[];

/**
 * The matrices that a rule keeps before the first step, rounded to numbers of the arithmetic.
 *
 * @throws TypeError when `rule.start` does not return matrices
 */
export function startOf(rule: StepRule, { layers }: Network, { convert }: Arithmetic): Kept {
  const start = (parameter: Matrix): Matrices => {
    const kept = rule.start(parameter);
    requireMatrices("rule.start", kept);
    return mapMatrices(kept, convert);
  };
  return layers.map(({ parameters }) =>
    Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, start(parameter)])),
  );
}

/** The result of a step. */
export interface Step {
  network: Network;
  /** The changes subtracted from the parameters of each layer, before rounding. */
  changes: readonly Matrices[];
  kept: Kept;
}

/**
 * Takes a step with every parameter.
 *
 * @param gradients - dL/dθ for the parameters of each layer
 * @throws RangeError or TypeError when the rule returns a matrix whose shape is not that of its parameter, or keeps matrices
 * with other names or shapes than at the start
 */
export function takeStep(
  arithmetic: Arithmetic,
  rule: StepRule,
  network: Network,
  gradients: readonly Matrices[],
  learningRate: Operand,
  kept: Kept,
): Step {
  const steps = network.layers.map(({ parameters }, l) =>
    Object.entries(parameters).map(([name, parameter]) => {
      const step = rule.step(arithmetic, parameter, gradients[l][name], learningRate, kept[l][name]);
      requireShape("rule.step, parameter,", step.parameter, parameter);
      requireShape("rule.step, change,", step.change, parameter);
      requireShapes("rule.step, kept", step.kept, kept[l][name]);
      return { ...step, name };
    }),
  );
  const byName = <T>(of: (step: (typeof steps)[number][number]) => T): Record<string, T>[] =>
    steps.map((layer) => Object.fromEntries(layer.map((step) => [step.name, of(step)])));
  const parameters = byName(({ parameter }) => parameter);
  return {
    network: withNumbers(network, (_, l) => ({ parameters: parameters[l] })),
    changes: byName(({ change }) => change),
    kept: byName((step) => step.kept),
  };
}

/**
 * Takes one step of gradient descent, θ - η dL/dθ for every parameter θ, in double precision. Returns a new network.
 *
 * @param gradients - dL/dθ for the parameters of each layer
 * @param learningRate - η
 */
export function descend(network: Network, gradients: readonly Matrices[], learningRate: number): Network {
  const kept = startOf(gradientDescent, network, float64);
  return takeStep(float64, gradientDescent, network, gradients, learningRate, kept).network;
}

/** Divides sums over points by their number. */
export function meanOver(
  points: number,
  sums: readonly Matrices[],
  { divide }: Arithmetic = float64,
): Matrices[] {
  return sums.map((layer) => mapMatrices(layer, (sum) => divide(sum, points)));
}

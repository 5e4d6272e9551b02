/** One step down the gradient. A rule of stepping, an optimizer, is a record: momentum or Adam can be written in a cell. */
import type { Matrix } from "ml-matrix";
import type { Arithmetic, Operand } from "../arithmetic/arithmetic.js";
import { float64 } from "../arithmetic/float64.js";
import type { Matrices } from "./layer.js";
import { mapMatrices, type Network, withNumbers } from "./network.js";
import { requireMatrices, requireShape, requireShapes } from "./shapes.js";

/** How a matrix of parameters follows its gradient: an optimizer. */
export interface StepRule {
  /**
   * What the rule keeps of a matrix of parameters from step to step, as it is before the first: matrices of any shape, which
   * keep their names and shapes from then on.
   */
  start(parameter: Matrix): Matrices;
  /** The new parameters, the change that was subtracted from them (before rounding), and the new kept matrices. */
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
 * The same as a compensated sum: what rounding swallows of one step is added to the next (Kahan 1965, Further remarks on
 * reducing truncation errors).
 */
export const compensatedDescent: StepRule = {
  start: (parameter) => ({ lost: parameter.clone().fill(0) }),
  step({ multiply, add, subtract }, parameter, gradient, learningRate, { lost }) {
    const change = add(multiply(learningRate, gradient), lost);
    const next = subtract(parameter, change);
    return { parameter: next, change, kept: { lost: subtract(change, subtract(parameter, next)) } };
  },
};

/** What a rule keeps, for each matrix of parameters of each layer. */
export type Kept = readonly Readonly<Record<string, Matrices>>[];

/**
 * What a rule keeps before the first step, in numbers of the arithmetic.
 *
 * @throws TypeError when the rule does not start with matrices
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

/** What a step comes to. */
export interface Step {
  network: Network;
  /** What was to be taken off the parameters of each layer. */
  changes: readonly Matrices[];
  kept: Kept;
}

/**
 * A step of every parameter.
 *
 * @param gradients - dL/dθ for the parameters of each layer
 * @throws RangeError or TypeError when the rule gives a matrix of another shape than its parameter, or keeps other ones than
 * it started with
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
 * θ - η dL/dθ for every parameter θ, in double precision, as a new network.
 *
 * @param gradients - dL/dθ for the parameters of each layer
 * @param learningRate - η
 */
export function descend(network: Network, gradients: readonly Matrices[], learningRate: number): Network {
  const kept = startOf(gradientDescent, network, float64);
  return takeStep(float64, gradientDescent, network, gradients, learningRate, kept).network;
}

/** The mean over n points of what is summed over them. */
export function meanOver(
  points: number,
  sums: readonly Matrices[],
  { divide }: Arithmetic = float64,
): Matrices[] {
  return sums.map((layer) => mapMatrices(layer, (sum) => divide(sum, points)));
}

/** Learning rates that fall from step to step, as step rules. */
import { Matrix } from "ml-matrix";
import type { StepRule } from "./step.js";

/**
 * Gradient descent whose rate decays as 1/n: η / (1 + n/T) at step n, counted from 0. Such steps add up without bound, and their
 * squares do not, which Robbins and Monro (1951, A stochastic approximation method) ask of steps that are to come to rest. Each
 * matrix of parameters keeps the count n in the arithmetic's format: in a narrow one it stops where 1 more rounds away.
 *
 * @param halvedAfter - T, the number of steps after which the rate is η/2
 * @throws RangeError when `halvedAfter` is not a finite number > 0
 */
export function decayingDescent(halvedAfter: number): StepRule {
  if (!(halvedAfter > 0 && halvedAfter < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`halvedAfter must be a finite number > 0, got ${halvedAfter}`);
  }
  return {
    start: () => ({ steps: Matrix.zeros(1, 1) }),
    step({ add, divide, multiply, subtract }, parameter, gradient, learningRate, { steps }) {
      const rate = divide(learningRate, add(1, divide(steps, halvedAfter)));
      const change = multiply(rate, gradient);
      return { parameter: subtract(parameter, change), change, kept: { steps: add(steps, 1) } };
    },
  };
}

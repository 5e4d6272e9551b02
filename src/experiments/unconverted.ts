/** The experiments by the name of their notebook, for whoever checks a notebook's parameters from outside. */
import { type ButterflyParameters, butterflyParameters } from "./butterfly/butterfly.js";
import { type HalfPrecisionParameters, halfPrecisionParameters } from "./half-precision/half-precision.js";
import { type PoisoningParameters, poisoningParameters } from "./poisoning/poisoning.js";

/** What stands behind a notebook. */
export interface Unconverted {
  /**
   * Checks values of the notebook's parameters.
   *
   * @throws RangeError or TypeError that names the parameter, the allowed range and the value that came
   */
  parse(values: Readonly<Record<string, unknown>>): unknown;
}

/** Every experiment that has landed, by the name of its notebook. */
export const unconverted: Readonly<Record<string, Unconverted>> = {
  "03-poisoning": { parse: (values) => poisoningParameters(values as unknown as PoisoningParameters) },
  "04-butterfly-effect": { parse: (values) => butterflyParameters(values as unknown as ButterflyParameters) },
  "05-half-precision": {
    parse: (values) => halfPrecisionParameters(values as unknown as HalfPrecisionParameters),
  },
};

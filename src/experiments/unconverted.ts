/** The experiments by the name of their notebook, for whoever checks a notebook's parameters from outside. */
import { type HalfPrecisionParameters, halfPrecisionParameters } from "./half-precision/half-precision.js";
import {
  type OutOfDistributionParameters,
  outOfDistributionParameters,
} from "./out-of-distribution/out-of-distribution.js";
import { type PoisoningParameters, poisoningParameters } from "./poisoning/poisoning.js";
import { type SideChannelParameters, sideChannelParameters } from "./side-channel/side-channel.js";

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
  "02-out-of-distribution": {
    parse: (values) => outOfDistributionParameters(values as unknown as OutOfDistributionParameters),
  },
  "03-poisoning": { parse: (values) => poisoningParameters(values as unknown as PoisoningParameters) },
  "05-half-precision": {
    parse: (values) => halfPrecisionParameters(values as unknown as HalfPrecisionParameters),
  },
  "06-side-channel": {
    parse: (values) => sideChannelParameters(values as unknown as SideChannelParameters),
  },
};

/** The nudge: a change of one parameter of a network, as far as rounding leaves it. */
import { type Network, toParameters, withParameters } from "../../core/network/network.js";
import { exponentOf, powerOfTwo } from "../../core/powers.js";
import type { ButterflyParameters } from "./butterfly-effect.js";

/** A number before and after the nudge. */
export interface Nudge {
  before: number;
  after: number;
  /** A unit in the last place of `before`: the distance to the next double away from zero. */
  ulp: number;
  /** The real change, after rounding. */
  moved: number;
  /** Whether there was a nudge and rounding swallowed it. */
  isSwallowed: boolean;
}

/** A network with one parameter nudged, as far as rounding lets it. */
export function nudged(
  network: Network,
  { nudge, nudgedParameter }: Pick<ButterflyParameters, "nudge" | "nudgedParameter">,
): { network: Network; nudge: Nudge } {
  const parameters = toParameters(network);
  const before = parameters[nudgedParameter];
  const after = before + nudge;
  parameters[nudgedParameter] = after;
  return {
    network: withParameters(network, parameters),
    nudge: {
      before,
      after,
      ulp: unitInLastPlace(before),
      moved: after - before,
      isSwallowed: nudge !== 0 && after === before,
    },
  };
}

/** The distance from |x| to the next larger double. */
export function unitInLastPlace(x: number): number {
  return powerOfTwo(Math.max(x === 0 ? -1022 : exponentOf(x), -1022) - 52);
}

/** The Euclidean distance of two lists of parameters. */
export function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return Math.sqrt(sum);
}

/** The Euclidean length of a list of parameters. */
export function lengthOf(a: Float64Array): number {
  return distance(a, new Float64Array(a.length));
}

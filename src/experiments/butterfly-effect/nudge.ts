/** The nudge: a change of one parameter of a network, as far as rounding leaves it. */
import { formats, ulp } from "../../core/arithmetic/formats.js";
import { type Network, toParameters, withParameters } from "../../core/network/network.js";
import { type ButterflyParameters, PARTED } from "./butterfly-effect.js";

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
      ulp: ulp(before, formats.binary64),
      moved: after - before,
      isSwallowed: nudge !== 0 && after === before,
    },
  };
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

/**
 * The first epoch after which two trainings are at least {@link PARTED} apart, or not finite; null if there is none.
 *
 * @param distances - of their parameters, after each epoch
 */
export function firstApart(distances: readonly number[]): number | null {
  // NaN is apart, too
  const epoch = distances.findIndex((value) => !(value < PARTED));
  return epoch < 0 ? null : epoch;
}

/** What notebook 02 says of one network, in sentences that are true of any. */
import type { Network } from "../../core/network/network.js";
import { quantile } from "../statistics.js";
import { type FarLogit, farLogit, isPiecewiseAffine } from "./kinks.js";
import { certainByRadius, DIRECTIONS, RADII } from "./out-of-distribution.js";
import { type Point, raysAround, rayThrough } from "./rays.js";

const LOST = "The training diverged: the logits are not numbers.";

/** Where the last kinks lie, and how straight the logit is beyond. */
export function kinksText(network: Network, point: Point): string {
  const far = farLogits(network);
  if (far === undefined) return LOST;
  const deviation = Math.max(...far.map((along) => along.deviation));
  if (!isPiecewiseAffine(network)) {
    return `This network is not made of straight pieces: from a radius of 8 to 16 the logit strays from a straight line by up to ${(100 * deviation).toFixed(1)}% of its size.`;
  }
  const kinks = far.map(({ lastKink }) => lastKink);
  if (Math.max(...kinks) === 0) return "No neuron switches on any ray: the logit is straight from the start.";
  const { ray, radius } = rayThrough(point);
  return (
    `The last kink lies at a median radius of ${quantile(kinks, 0.5).toFixed(2)} over ${DIRECTIONS} directions, and at ` +
    `${Math.max(...kinks).toPrecision(3)} at the most. Towards (${point.join(", ")}), which lies at a radius of ${radius.toFixed(2)}, it is at ` +
    `${farLogit(network, ray).lastKink.toFixed(2)}. Beyond its last kink no logit strays from a straight line by more ` +
    `than ${deviation.toExponential(1)} of its size.`
  );
}

/** How fast the doubt falls far out, and in how many directions the network is certain. */
export function farDoubtText(network: Network): string {
  const far = farLogits(network);
  if (far === undefined) return LOST;
  const powers = far.map(({ slope }) => Math.abs(slope) / Math.LN10);
  const certain = certainByRadius(network).map((share) => `${(100 * share).toFixed(0)}%`);
  return (
    `${isPiecewiseAffine(network) ? "Beyond the last kink" : "From a radius of 8 to 16"}, each further moon radius changes log₁₀ of ` +
    `the doubt by ${quantile(powers, 0.5).toFixed(1)} in the median direction, by ${Math.min(...powers).toFixed(2)} ` +
    `in the slowest. At a radius of ${RADII[0]} the network is certain in ${certain[0]} of ${DIRECTIONS} directions, at ${RADII[2]} in ${certain[2]}.`
  );
}

/** What the logit does in every direction; undefined where it is not a number. */
function farLogits(network: Network): FarLogit[] | undefined {
  const far = raysAround(DIRECTIONS).map((ray) => farLogit(network, ray));
  return far.some(({ slope }) => Number.isNaN(slope)) ? undefined : far;
}

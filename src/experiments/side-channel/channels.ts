/** What a thief reads of a device: an {@link Oracle} of the number of neurons that fire. */
import { Matrix } from "ml-matrix";
import { forward } from "../../core/network/forward-backward.js";
import type { Network } from "../../core/network/network.js";
import type { Rectangle } from "../plane.js";
import { activeCounts, activityOf } from "./leakage.js";
import type { Oracle } from "./thief.js";

/** Where the thief looks: a square of 20 moon radii around the middle of the moons. */
export const THIEF_BOX: Rectangle = { x: [-9.5, 10.5], y: [-9.75, 10.25] };

/**
 * The number of neurons that fire, or that a device works through if it pads.
 *
 * @param atLeast - as for `activeCounts`
 */
export function countReader(network: Network, atLeast = 0): Oracle {
  return (point) => activeCounts(activityOf(network, forward(network, new Matrix([[...point]]))), atLeast)[0];
}

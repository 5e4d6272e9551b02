/** Notebook 02: the plane from afar, with the point of the claim. */
import type { Dataset } from "../../core/moons.js";
import type { Network } from "../../core/network/network.js";
import type { PlaneGrid } from "../plane.js";
import { confidenceText } from "./confidence.js";
import { logitsOnPlane, voidArea } from "./out-of-distribution.js";
import type { OutOfDistributionParameters } from "./parameters.js";
import { logitAt, type Point, placeText } from "./rays.js";

/** What a map of the void is drawn from: the logits, the points learnt from, the point of the claim, a title. */
export type VoidView = [
  logits: PlaneGrid,
  points: Dataset,
  claimed: { place: Point; logit: number },
  title: string,
];

/** Looks at a network far around its training points. */
export function viewVoid(
  points: Dataset,
  network: Network,
  { seed, point }: Pick<OutOfDistributionParameters, "seed" | "point">,
): VoidView {
  const logit = logitAt(network, point);
  const title = `Seed ${seed}: at ${placeText(point)} ${confidenceText(logit)}`;
  return [logitsOnPlane(network, voidArea(point), 80), points, { place: point, logit }, title];
}

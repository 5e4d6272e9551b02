/** The hyperparameters of notebook 02. */
import * as z from "zod/mini";
import { documented, pairOf } from "../../core/validate.js";
import { FARTHEST, placeSchema } from "../plane.js";
import { type SweepParameters, sweepShape, type TaskParameters, taskShape } from "../task.js";
import type { Point } from "./rays.js";

/** The hyperparameters of notebook 02. */
export interface OutOfDistributionParameters extends TaskParameters, SweepParameters {
  /** [x₁, x₂], in moon radii: the point of the claim, and the middle of the far cluster. */
  point: Point;
  /** Inner and outer radius of the annulus around the middle of the moons. */
  annulus: Point;
  /** Networks in the ensemble. */
  members: number;
  /** k: the distance to the data is that to the k-th nearest training point. */
  neighbours: number;
}

/** The allowed values of the hyperparameters. */
export const outOfDistributionSchema: z.ZodMiniType<OutOfDistributionParameters> = z.strictObject({
  ...taskShape,
  point: documented(placeSchema, "Point at which the claim is tested", "moon radii"),
  annulus: documented(
    pairOf(
      "an inner and a larger outer radius from 0 to 1000000",
      ([inner, outer]) => inner >= 0 && inner < outer && outer <= FARTHEST,
    ),
    "Radii of the ring that counts as outside",
    "moon radii",
  ),
  members: documented(z.int().check(z.gte(2), z.lte(100)), "Networks in the ensemble"),
  neighbours: documented(
    z.int().check(z.gte(1), z.lte(10_000)),
    "The distance to the data is that to the nearest point of this rank",
  ),
  ...sweepShape,
});

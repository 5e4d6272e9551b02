/**
 * Training on noise: points drawn anywhere around the data, with the answer "as likely Red as Blue" (after Hein et al. 2019,
 * section 4). Cross-entropy with an even target is, up to a constant, the loss of Lee et al. 2018, Training
 * confidence-calibrated classifiers for detecting out-of-distribution samples, section 2.
 */
import { Matrix } from "ml-matrix";
import type { Dataset } from "../../core/moons.js";
import { randomStream } from "../../core/random.js";
import { rectangleAround } from "../plane.js";

/** How far the rectangle of the noise reaches beyond the outermost training points, in moon radii. */
const NOISE_REACH = 1;

/**
 * As many points again, uniform over a rectangle around the points learnt from, each with a probability of one half: data and noise
 * weigh the same in the loss.
 */
export function withNoise({ points, labels }: Dataset, seed: number): Dataset {
  const random = randomStream("dataset/noise", seed);
  const { x, y } = rectangleAround({ points, labels }, NOISE_REACH);
  const anywhere = ([low, high]: readonly [number, number]): number => low + (high - low) * random.uniform();
  const noise = Array.from({ length: points.rows }, () => [anywhere(x), anywhere(y)]);
  return {
    points: new Matrix([...points.to2DArray(), ...noise]),
    labels: new Matrix([...labels.to2DArray(), ...noise.map(() => [0.5])]),
  };
}

/**
 * Two Moons: two interleaved half circles in the plane, the geometry of scikit-learn's `make_moons`.
 * Class 0, Red, is the upper moon; class 1, Blue, the lower one. Generates data; draws and splits nothing else.
 */
import { Matrix } from "ml-matrix";
import * as z from "zod/mini";
import { cos, sin } from "./elementary.js";
import { type RandomStream, randomStream, seedSchema } from "./random.js";
import { parse } from "./validate.js";

/** What the essay calls the classes, by their label. */
export const CLASS_NAMES = ["Red", "Blue"] as const;

/** A class by its name and its label: `Blue (class 1)`. */
export function classText(label: number): string {
  return `${CLASS_NAMES[label]} (class ${label})`;
}

/** Points with their classes; row i of both belongs together. */
export interface Dataset {
  /** n x inputs, one point a row; n x 2 of Two Moons. */
  points: Matrix;
  /** n x 1, the class of each point, 0 or 1, or its probability of being 1. */
  labels: Matrix;
}

/** A training set and a test set that share no random number. */
export interface Split {
  train: Dataset;
  test: Dataset;
}

/** The functions that bend a straight line into a moon. */
export interface Trigonometry {
  sin: (angle: number) => number;
  cos: (angle: number) => number;
}

/** What to generate. */
export interface MoonsOptions {
  /** Number of points, both classes together, at least 2; class 1 gets the odd one. */
  samples: number;
  /** Standard deviation of the Gaussian noise on each coordinate, in units of the moons' radius; >= 0. */
  noise: number;
  /** Where the noise is drawn from. */
  random: RandomStream;
  /** Whose sine and cosine to use; those of elementary.ts, which are the same everywhere, by default. */
  trigonometry?: Trigonometry;
}

/** What to generate for an experiment. */
export interface MoonsSplitOptions {
  /** Number of training points, at least 2. */
  trainPoints: number;
  /** Number of test points, at least 2. */
  testPoints: number;
  /** Standard deviation of the Gaussian noise on each coordinate, in units of the moons' radius; >= 0. */
  noise: number;
  /** Seed of both sets; each draws from a stream of its own. */
  seed: number;
}

const samplesSchema = z.int().check(z.gte(2));
const noiseSchema = z.number().check(z.gte(0));

const moonsSchema = z.strictObject({
  samples: samplesSchema,
  noise: noiseSchema,
  random: z
    .custom<RandomStream>((value) => typeof (value as RandomStream)?.normal === "function")
    .check(z.meta({ title: "a random stream" })),
  trigonometry: z._default(
    z
      .custom<Trigonometry>((value) => typeof (value as Trigonometry)?.sin === "function")
      .check(z.meta({ title: "a sine and a cosine" })),
    { sin, cos },
  ),
});

const splitSchema = z.strictObject({
  trainPoints: samplesSchema,
  testPoints: samplesSchema,
  noise: noiseSchema,
  seed: seedSchema,
});

/**
 * Two half circles of radius 1, evenly spaced in angle, in the order upper moon, lower moon. The lower one is
 * turned about and shifted by (1, 1/2). Without noise the points are those of scikit-learn's
 * `make_moons(shuffle=False)`.
 *
 * @throws RangeError or TypeError when an option is not as described
 */
export function makeMoons(options: MoonsOptions): Dataset {
  const { samples, noise, random, trigonometry } = parse(moonsSchema, options);
  const { sin, cos } = trigonometry;
  const upper = Math.floor(samples / 2);
  const points = new Matrix(samples, 2);
  const labels = new Matrix(samples, 1);
  for (let i = 0; i < samples; i++) {
    const isLower = i >= upper;
    const angle = isLower ? angleOf(i - upper, samples - upper) : angleOf(i, upper);
    const x = isLower ? 1 - cos(angle) : cos(angle);
    const y = isLower ? 0.5 - sin(angle) : sin(angle);
    points.set(i, 0, x + noise * random.normal());
    points.set(i, 1, y + noise * random.normal());
    labels.set(i, 0, isLower ? 1 : 0);
  }
  return { points, labels };
}

/**
 * A training set and a test set, drawn apart: all `trainPoints` are for training.
 *
 * @throws RangeError or TypeError when an option is not as described
 */
export function moonsSplit(options: MoonsSplitOptions): Split {
  const { trainPoints, testPoints, noise, seed } = parse(splitSchema, options);
  return {
    train: makeMoons({ samples: trainPoints, noise, random: randomStream("dataset/train", seed) }),
    test: makeMoons({ samples: testPoints, noise, random: randomStream("dataset/test", seed) }),
  };
}

/** Some points of a dataset, with their classes, in the order of `indices`. */
export function selectPoints({ points, labels }: Dataset, indices: readonly number[]): Dataset {
  return {
    points: new Matrix(indices.map((i) => points.getRow(i))),
    labels: new Matrix(indices.map((i) => labels.getRow(i))),
  };
}

/** The i-th of `count` angles evenly spaced from 0 to pi, both included. */
function angleOf(i: number, count: number): number {
  return count === 1 ? 0 : (Math.PI * i) / (count - 1);
}

/**
 * Two Moons: two interleaved half circles in the plane, the geometry of scikit-learn's `make_moons`.
 * Class 0, Red, is the upper moon; class 1, Blue, the lower one.
 */
import { Matrix } from "ml-matrix";
import * as z from "zod/mini";
import { cos, sin } from "./elementary.js";
import { type RandomStream, randomStream, seedSchema } from "./random.js";
import { hasFunctions, parse, such } from "./validate.js";

/** The essay's names for the classes, by label. */
export const CLASS_NAMES = ["Red", "Blue"] as const;

/** A class by name and label: `Blue (class 1)`. */
export function classText(label: number): string {
  return `${CLASS_NAMES[label]} (class ${label})`;
}

/** Points with their classes: row i of `labels` belongs to row i of `points`. */
export interface Dataset {
  /** n x inputs, one point per row; n x 2 for Two Moons. */
  points: Matrix;
  /** n x 1, the class of each point (0 or 1), or its probability of being 1. */
  labels: Matrix;
}

/** A training set and a test set, drawn independently. */
export interface Split {
  train: Dataset;
  test: Dataset;
}

/** The functions that bend a straight line into a moon. */
export interface Trigonometry {
  sin: (angle: number) => number;
  cos: (angle: number) => number;
}

/** Options of {@link makeMoons}. */
export interface MoonsOptions {
  /** Number of points of both classes together, 2 to 100,000; class 1 gets the extra point of an odd number. */
  samples: number;
  /** Standard deviation of the Gaussian noise on each coordinate, in units of the moons' radius; >= 0. */
  noise: number;
  /** The stream that the noise is drawn from. */
  random: RandomStream;
  /** Sine and cosine; by default those of elementary.ts, which are the same everywhere. */
  trigonometry?: Trigonometry;
}

/** Options of {@link moonsSplit}. */
export interface MoonsSplitOptions {
  /** Number of training points, 2 to 100,000. */
  trainPoints: number;
  /** Number of test points, 2 to 100,000. */
  testPoints: number;
  /** Standard deviation of the Gaussian noise on each coordinate, in units of the moons' radius; >= 0. */
  noise: number;
  /** Seed of both sets, which draw from separate streams. */
  seed: number;
}

const samplesSchema = z.int().check(z.gte(2), z.lte(100_000));
const noiseSchema = z.number().check(z.gte(0));

const moonsSchema = z.strictObject({
  samples: samplesSchema,
  noise: noiseSchema,
  random: such<RandomStream>("a random stream", hasFunctions("normal")),
  trigonometry: z._default(such<Trigonometry>("a sine and a cosine", hasFunctions("sin", "cos")), {
    sin,
    cos,
  }),
});

const splitSchema = z.strictObject({
  trainPoints: samplesSchema,
  testPoints: samplesSchema,
  noise: noiseSchema,
  seed: seedSchema,
});

/**
 * Makes Two Moons: points on two half circles of radius 1, evenly spaced in angle, first the upper moon, then the lower one,
 * which is turned upside down and shifted by (1, 1/2). Without noise the points are those of scikit-learn's
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
 * Makes a training set and a test set, drawn independently.
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

/** Returns some points of a dataset with their classes, in the order of `indices`. */
export function selectPoints({ points, labels }: Dataset, indices: readonly number[]): Dataset {
  return {
    points: new Matrix(indices.map((i) => points.getRow(i))),
    labels: new Matrix(indices.map((i) => labels.getRow(i))),
  };
}

/** The i-th of `count` angles evenly spaced from 0 to pi, inclusive. */
function angleOf(i: number, count: number): number {
  return count === 1 ? 0 : (Math.PI * i) / (count - 1);
}

/** What make_reference.py wrote: numbers of PyTorch and scikit-learn for the same networks and points. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { HiddenActivation } from "../../src/core/network/activations.js";

/** The parameters of a layer, or what belongs to them; as rows. */
export interface ReferenceLayer {
  /** inputs x outputs */
  weights: number[][];
  /** 1 x outputs */
  biases: number[][];
  /** 1 x outputs, with normalization only */
  gains?: number[][];
  shifts?: number[][];
  /** 1 x outputs, with batch normalization only */
  means?: number[][];
  variances?: number[][];
}

/** A training by plain gradient descent. */
export interface ReferenceTrajectory {
  /** The rows of the points in each step's batch. */
  batches: number[][];
  /** Mean loss over all points: before the first step, and after each. */
  losses: number[];
  /** The parameters after the last step. */
  layers: ReferenceLayer[];
}

export interface ReferenceNetwork {
  name: string;
  /** What differs from a plain ReLU network and the plain loss. */
  variant: {
    activation?: HiddenActivation;
    weightDecay?: number;
    labelSmoothing?: number;
    activityPenalty?: number;
    balancePenalty?: number;
  };
  layers: ReferenceLayer[];
  /** n x inputs */
  points: number[][];
  /** n x 1 */
  labels: number[][];
  /** n x 1 */
  logits: number[][];
  /** Mean binary cross-entropy over the points. */
  loss: number;
  /** The derivatives of what is descended. */
  gradients: ReferenceLayer[];
  learningRate: number;
  fullBatch: ReferenceTrajectory;
  miniBatch: ReferenceTrajectory;
}

/** make_moons(n_samples=samples, shuffle=False, noise=None). */
export interface ReferenceMoons {
  samples: number;
  points: number[][];
  labels: number[];
}

export interface Reference {
  networks: ReferenceNetwork[];
  moons: ReferenceMoons[];
}

export const reference: Reference = JSON.parse(
  readFileSync(resolve(__dirname, "../../../lib-tests/reference/reference.json"), "utf8"),
);

/** Asserts that two tables of numbers agree to 1e-10 of `size`, the largest number in the expected one by default. */
export function assertAgree(
  actual: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
  what: string,
  size: number = Math.max(...expected.flat().map(Math.abs)),
): void {
  assert.deepEqual(
    actual.map((row) => row.length),
    expected.map((row) => row.length),
    `shape of ${what}`,
  );
  expected.forEach((row, i) => {
    row.forEach((value, j) => {
      const difference = Math.abs(actual[i][j] - value);
      const message = `${what}: row ${i}, column ${j} is ${actual[i][j]} and should be ${value}`;
      assert.ok(difference <= 1e-10 * size, message);
    });
  });
}

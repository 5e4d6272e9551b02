/** Hyperparameters of notebook 04 that are small enough for tests. */
import type { ButterflyParameters } from "../../../src/experiments/butterfly-effect/butterfly-effect.js";

export const parameters: ButterflyParameters = {
  seed: 2,
  noise: 0.15,
  trainPoints: 40,
  testPoints: 60,
  hiddenLayers: [10],
  initialisation: "he",
  learningRate: 0.4,
  batchSize: 1,
  epochs: 20,
  nudge: 1e-14,
  nudgedParameter: 0,
  sweepSeeds: 2,
  firstSeed: 1,
};

/** A task that is small enough for tests; what an experiment needs besides stands in its own test. */
import type { TaskParameters } from "../../src/experiments/task.js";

export const smallTask: TaskParameters = {
  seed: 1,
  noise: 0.15,
  trainPoints: 60,
  testPoints: 100,
  hiddenLayers: [10],
  initialisation: "he",
  learningRate: 0.2,
  batchSize: 1,
  epochs: 40,
};

/** The training that the essay describes. */
import type { TaskParameters } from "./task.js";

/** Its hyperparameters, on the first seed. */
export const ESSAY_TASK: TaskParameters = {
  seed: 1,
  noise: 0.15,
  trainPoints: 250,
  testPoints: 2000,
  hiddenLayers: [10],
  initialisation: "he",
  learningRate: 0.2,
  batchSize: 1,
  epochs: 500,
};

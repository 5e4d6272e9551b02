/** The experiments, in the order of their notebooks. The build writes this file from the folders beside it. */
import { baseline } from "./baseline/index.js";
import { butterflyEffect } from "./butterfly-effect/index.js";
import type { AnyExperiment } from "./experiment.js";

export * from "./baseline/index.js";
export * from "./butterfly-effect/index.js";

/** Every experiment by the name of its notebook. */
export const experiments: Readonly<Record<string, AnyExperiment>> = Object.fromEntries(
  [baseline, butterflyEffect].map((experiment): [string, AnyExperiment] => [experiment.name, experiment]),
);

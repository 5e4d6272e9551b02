/** The experiments by their notebooks. The build writes this file from the folders beside it. */
import { baseline } from "./baseline/index.js";
import { butterflyEffect } from "./butterfly-effect/index.js";
import type { AnyExperiment } from "./experiment.js";
import { halfPrecision } from "./half-precision/index.js";
import { outOfDistribution } from "./out-of-distribution/index.js";
import { poisoning } from "./poisoning/index.js";
import { sideChannel } from "./side-channel/index.js";

export * from "./baseline/index.js";
export * from "./butterfly-effect/index.js";
export * from "./half-precision/index.js";
export * from "./out-of-distribution/index.js";
export * from "./poisoning/index.js";
export * from "./side-channel/index.js";

const all: AnyExperiment[] = [];
all.push(baseline);
all.push(butterflyEffect);
all.push(halfPrecision);
all.push(outOfDistribution);
all.push(poisoning);
all.push(sideChannel);

/** Every experiment by the name of its notebook, in their order. */
export const experiments: Readonly<Record<string, AnyExperiment>> = Object.fromEntries(
  all
    .map((experiment): [string, AnyExperiment] => [experiment.name, experiment])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** The trainings of the six notebooks and of their live demonstrations, cut to an epoch or a few. */
import type { FormatName } from "../../../src/core/arithmetic/formats.js";
import { type Entry, entry, plain, type Settings, USUAL_LOSS } from "./covering.js";

/** What the notebooks start from. */
const usual: Settings = {
  ...plain,
  format: "binary64",
  points: 250,
  batchSize: 1,
  learningRate: 0.2,
  epochs: 1,
};

const half: Settings = { ...usual, format: "binary16" };
const FULL_BATCH: Partial<Settings> = { batchSize: "full", epochs: 6 };

const changes: Record<string, Partial<Settings>[]> = {
  baseline: [
    {},
    { count: true },
    { hiddenLayers: [] },
    { hiddenLayers: [2] },
    { hiddenLayers: [30] },
    { learningRate: 0.0002 },
    FULL_BATCH,
    { hiddenLayers: [10, 10] },
    { hiddenLayers: [10, 10], learningRate: 0.05 },
    ...(["he-uniform", "glorot", "glorot-uniform", "lecun", "normal"] as const).map((initialisation) => ({
      initialisation,
    })),
  ],
  "out of distribution": [
    { activation: "tanh" },
    { activation: "leaky-relu" },
    { activation: "softplus" },
    { normalization: "layer" },
    { normalization: "batch", batchSize: 10 },
    { activation: "tanh", normalization: "layer" },
    { initialScale: 0.1 },
    { initialScale: 3 },
    { hiddenLayers: [64], learningRate: 0.05, batchSize: 10 },
    { hiddenLayers: [64, 64], learningRate: 0.05, batchSize: 25 },
    { hiddenLayers: [64, 64, 64], learningRate: 0.05, batchSize: 125 },
  ],
  poisoning: [
    { weightDecay: 0.001 },
    { labelSmoothing: 0.1 },
    { patience: 2, epochs: 10 },
    { leftOut: [7, 8, 9, 100, 200] },
    { targetLoss: 0.3, epochs: 4 },
    { hiddenLayers: [10, 10, 10], learningRate: 0.05, targetLoss: 0.06 },
  ],
  "butterfly effect": [
    { learningRate: 0.4 },
    ...(["reversed", "pairwise"] as const).map((summation) => ({ learningRate: 0.4, summation })),
    ...(["sequential", "reversed", "pairwise"] as const).map((summation) => ({
      learningRate: 0.4,
      format: "binary32" as const,
      summation,
    })),
    { learningRate: 0.4, summation: "pairwise", batchSize: 32 },
    { learningRate: 2.4, batchSize: 8 },
    { learningRate: 7.2, batchSize: 32, epochs: 2 },
    { ...FULL_BATCH, learningRate: 12 },
    { hiddenLayers: [10, 10, 10, 10] },
  ],
  "side channel": [
    { ...FULL_BATCH, learningRate: 0.5, initialScale: 0.3 },
    { ...FULL_BATCH, learningRate: 2, normalization: "batch" },
    { ...FULL_BATCH, learningRate: 2, balancePenalty: 0.1 },
    { batchSize: 25 },
    { batchSize: 25, balancePenalty: 0.01 },
    { batchSize: 25, balancePenalty: 0.1 },
    { activityPenalty: 0.001 },
    { activityPenalty: 0.01 },
    { winners: 2 },
    { winners: 3 },
    { winners: 5 },
    { hiddenLayers: [5] },
    { hiddenLayers: [32, 32], learningRate: 0.05 },
    { hiddenLayers: [64, 64, 64], learningRate: 0.05 },
  ],
  "without effect": [
    { hiddenLayers: [], winners: 2, normalization: "layer", activityPenalty: 0.03 },
    { hiddenLayers: [], normalization: "batch", batchSize: 10, balancePenalty: 0.3 },
    { balancePenalty: 0.3 },
  ],
};

const widths: FormatName[] = ["binary64", "binary32", "bfloat16", "binary16", "e5m2", "e4m3"];

/** The failures of few bits. */
const failures: Record<string, Partial<Settings>> = {
  "loss NaN": { loss: { ...USUAL_LOSS, value: "probability", epsilon: 1e-12 } },
  "weights NaN": { loss: { ...USUAL_LOSS, derivative: "chain", epsilon: 1e-12 } },
  stall: { learningRate: 0.001, initialisation: "normal", initialScale: 2 },
  underflow: {
    ...FULL_BATCH,
    learningRate: 2,
    initialisation: "normal",
    initialScale: 1e-6,
    mean: "first",
  },
};

/** What helps against them; the smallest normal number of binary16 as ε. */
const remedies = ({ loss }: Settings): Partial<Settings>[] => [
  {},
  { loss: { ...loss, value: "logit" } },
  { loss: { ...loss, derivative: "fused" } },
  { loss: { ...loss, epsilon: loss.epsilon && 2 ** -14 } },
  { lossScale: 1024 },
  { lossScale: "dynamic" },
  { mean: "last" },
  { accumulator: "binary32" },
  { masterWeights: "binary32" },
  { rounding: "stochastic" },
  { compensated: true },
  { format: "bfloat16" },
  { format: "binary32" },
  { format: "binary64" },
];

/** Half precision: every format, what fails and what helps, and the corners of the map. */
function halfPrecision(): Entry[] {
  const corners = [
    { learningRate: 0.03, initialScale: 1e-6 },
    { learningRate: 10, initialScale: 16 },
  ];
  return [
    ...widths.flatMap((format) =>
      [false, true].map((count) => entry("half precision", { format, count }, half)),
    ),
    ...Object.entries(failures).flatMap(([name, failure]) => {
      const failing = { ...half, ...failure };
      return remedies(failing).map((remedy) => entry(`half precision, ${name}`, remedy, failing));
    }),
    ...(["bfloat16", "binary16", "e4m3"] as const).flatMap((format) =>
      (["same", "binary32"] as const).flatMap((masterWeights) =>
        corners.map((corner) => entry("half precision, map", { format, masterWeights, ...corner }, half)),
      ),
    ),
    // long enough for the scale to be doubled; in E4M3, which saturates, a step at another scale is another step
    ...(["binary16", "e4m3"] as const).map((format) =>
      entry(
        "half precision",
        { format, masterWeights: "binary32", lossScale: "dynamic", count: true, epochs: 3 },
        half,
      ),
    ),
    entry("half precision", { hiddenLayers: [64, 64, 64], learningRate: 0.02, batchSize: 125 }, half),
    entry("half precision", { hiddenLayers: [32, 32], learningRate: 0.02, batchSize: 25 }, half),
  ];
}

/** The trainings; each once, though more than one remedy may change nothing. */
export function trainingsInUse(): Entry[] {
  const all = [
    ...Object.entries(changes).flatMap(([name, some]) => some.map((change) => entry(name, change, usual))),
    ...halfPrecision(),
  ];
  return [...new Map(all.map((one) => [one.title, one])).values()];
}

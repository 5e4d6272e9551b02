/**
 * Everything that needs neither Node nor a notebook: numbers, data, network, experiments, statistics,
 * figures. It runs in a browser as it stands.
 */
export type { Arithmetic, Round } from "./arithmetic/arithmetic.js";
export type { Counters, Phase } from "./arithmetic/counters.js";
export { decode, encode, widthOf } from "./arithmetic/encoding.js";
export { float64 } from "./arithmetic/float64.js";
export {
  type Format,
  type FormatLimits,
  type FormatName,
  finfo,
  formats,
  makeFormat,
} from "./arithmetic/formats.js";
export { type ExponentHistogram, exponentHistogram } from "./arithmetic/magnitudes.js";
export type { LossScale, PrecisionChoice, PrecisionOptions } from "./arithmetic/precision.js";
export { type RoundingMode, roundToNearest } from "./arithmetic/rounding.js";
export type { Summation } from "./arithmetic/summation.js";
export {
  activeCountFigure,
  countDistributionFigure,
  neuronRatesFigure,
  votesFigure,
} from "./charts/active-count.js";
export {
  type AttackAtNoise,
  type NamedCurve,
  sequentialFigure,
  testAgainstBitsFigure,
  welchFigure,
} from "./charts/attack.js";
export { boundaryFigure, boundaryGrowthFigure, type GrowthStep } from "./charts/boundary.js";
export { causesFigure, type ShareRow, sharesFigure } from "./charts/causes.js";
export { closeUpFigure, type TwoViews } from "./charts/close-up.js";
export { trainingFigure } from "./charts/curves.js";
export * from "./charts/detector.js";
export { failureFigure } from "./charts/failure.js";
export type { Figure } from "./charts/figure.js";
export { stallLadderFigure, summedMeansFigure } from "./charts/format-lines.js";
export { frontierFigure } from "./charts/frontier.js";
export { gradientFigure } from "./charts/gradient-check.js";
export { gradientSizesFigure, updateSizesFigure } from "./charts/magnitudes.js";
export { networkFigure } from "./charts/network-diagram.js";
export { neuronsFigure } from "./charts/neurons.js";
export { numberLineFigure } from "./charts/number-line.js";
export {
  attackMapsFigure,
  type NamedView,
  type PoisonStep,
  poisonFigure,
  poisonGrowthFigure,
} from "./charts/poison-map.js";
export { cleaningFigure, poisonRateFigure } from "./charts/poison-rate.js";
export { precisionMapFigure } from "./charts/precision-map.js";
export * from "./charts/rays.js";
export { curesOf, remediesFigure } from "./charts/remedies.js";
export { type Quantity, type SeedValues, seedsFigure } from "./charts/seeds.js";
export { type SensitivityPanel, sensitivityFigure } from "./charts/sensitivity.js";
export { stabilityFigure } from "./charts/stability.js";
export { timelinesFigure } from "./charts/timelines.js";
export { timesFigure, timingFigure } from "./charts/timing.js";
export { twoBoundariesFigure } from "./charts/two-boundaries.js";
export { type ClaimedPoint, kinksFigure, voidFigure } from "./charts/void.js";
export * from "./experiments/attacker.js";
export * from "./experiments/attacks.js";
export * from "./experiments/baseline.js";
export * from "./experiments/butterfly.js";
export * from "./experiments/butterfly-defences.js";
export * from "./experiments/butterfly-map.js";
export * from "./experiments/butterfly-seeds.js";
export * from "./experiments/butterfly-verdict.js";
export * from "./experiments/calibration.js";
export * from "./experiments/confidence.js";
export * from "./experiments/constant-time.js";
export * from "./experiments/damage.js";
export * from "./experiments/defences.js";
export * from "./experiments/engine-angles.js";
export * from "./experiments/ensemble.js";
export * from "./experiments/frontier.js";
export * from "./experiments/gradient-sizes.js";
export * from "./experiments/half-precision.js";
export * from "./experiments/half-precision-verdict.js";
export * from "./experiments/held-out.js";
export * from "./experiments/inference.js";
export * from "./experiments/kinks.js";
export * from "./experiments/label-cleaning.js";
export * from "./experiments/leak-summary.js";
export * from "./experiments/leakage.js";
export * from "./experiments/lockstep.js";
export * from "./experiments/lyapunov.js";
export * from "./experiments/novelty.js";
export * from "./experiments/out-of-distribution.js";
export * from "./experiments/plane.js";
export * from "./experiments/poison-rate.js";
export * from "./experiments/poisoning.js";
export * from "./experiments/poisoning-defences.js";
export * from "./experiments/poisoning-depth.js";
export * from "./experiments/poisoning-verdict.js";
export * from "./experiments/poisoning-view.js";
export * from "./experiments/precision-failures.js";
export * from "./experiments/precision-map.js";
export * from "./experiments/quantized-inference.js";
export * from "./experiments/rays.js";
export * from "./experiments/remedies.js";
export * from "./experiments/rounding-errors.js";
export { type OnProgress, plainLoop, type Runner } from "./experiments/runner.js";
export * from "./experiments/sensitivity.js";
export * from "./experiments/side-channel.js";
export * from "./experiments/side-channel-verdict.js";
export * from "./experiments/task.js";
export type { Outcome, Verdict, VerdictRow } from "./experiments/verdict.js";
export { outOfDistributionVerdict } from "./experiments/void-verdict.js";
export * from "./moons.js";
export type { ActivationName, HiddenActivation } from "./network/activations.js";
export * from "./network/architecture.js";
export { descend } from "./network/descent.js";
export * from "./network/forward-backward.js";
export * from "./network/gradient-check.js";
export {
  type HessianProduct,
  hessianOf,
  type Sharpness,
  type SharpnessOptions,
  sharpness,
} from "./network/hessian.js";
export { createNetwork, type Initialisation, type NetworkOptions } from "./network/initialisation.js";
export type { LossForm } from "./network/loss.js";
export { type Magnitudes, magnitudes } from "./network/magnitudes.js";
export type { LayerNormalization, NormalizationName } from "./network/normalization.js";
export {
  type BatchSize,
  type EarlyStopping,
  type EpochRecord,
  type Snapshot,
  type Training,
  type TrainOptions,
  train,
} from "./network/train.js";
export { type Evaluation, evaluate } from "./network/trainer.js";
export { type RandomStream, randomStream } from "./random.js";
export {
  auroc,
  correlation,
  type MeanInterval,
  meanInterval,
  quantile,
  type ShareInterval,
  wilsonInterval,
} from "./statistics.js";

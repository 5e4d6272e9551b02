/**
 * Everything that needs neither Node nor a notebook: numbers, data, network, experiments, statistics,
 * figures. It runs in a browser as it stands.
 */

export {
  activeCountFigure,
  countDistributionFigure,
  type MarkedInput,
  neuronOutputsFigure,
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
export { causesFigure } from "./charts/causes.js";
export { closeUpFigure, type TwoViews } from "./charts/close-up.js";
export { trainingFigure } from "./charts/curves.js";
export { depthMapFigure } from "./charts/depth-map.js";
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
export { describeCures, remediesFigure } from "./charts/remedies.js";
export { type Quantity, type SeedValues, seedsFigure } from "./charts/seeds.js";
export { type SensitivityPanel, sensitivityFigure } from "./charts/sensitivity.js";
export { type ShareRow, sharesFigure } from "./charts/shares.js";
export { stabilityFigure } from "./charts/stability.js";
export { timelinesFigure } from "./charts/timelines.js";
export { timesFigure, timingFigure } from "./charts/timing.js";
export { twoBoundariesFigure } from "./charts/two-boundaries.js";
export { type ClaimedPoint, kinksFigure, voidFigure } from "./charts/void.js";
export type { Arithmetic, Round } from "./core/arithmetic/arithmetic.js";
export type { Counters, Phase } from "./core/arithmetic/counters.js";
export { decode, encode, widthOf } from "./core/arithmetic/encoding.js";
export { float64 } from "./core/arithmetic/float64.js";
export {
  type Format,
  type FormatLimits,
  type FormatName,
  finfo,
  formats,
  makeFormat,
} from "./core/arithmetic/formats.js";
export { type ExponentHistogram, exponentHistogram } from "./core/arithmetic/magnitudes.js";
export type { LossScale, PrecisionChoice, PrecisionOptions } from "./core/arithmetic/precision.js";
export { type RoundingMode, roundToNearest } from "./core/arithmetic/rounding.js";
export type { Summation } from "./core/arithmetic/summation.js";
export * from "./core/moons.js";
export type { ActivationName, HiddenActivation } from "./core/network/activations.js";
export * from "./core/network/architecture.js";
export { descend } from "./core/network/descent.js";
export * from "./core/network/forward-backward.js";
export * from "./core/network/gradient-check.js";
export {
  type HessianProduct,
  hessianOf,
  type Sharpness,
  type SharpnessOptions,
  sharpness,
} from "./core/network/hessian.js";
export { createNetwork, type Initialisation, type NetworkOptions } from "./core/network/initialisation.js";
export type { LossForm } from "./core/network/loss.js";
export { type Magnitudes, magnitudes } from "./core/network/magnitudes.js";
export type { LayerNormalization, NormalizationName } from "./core/network/normalization.js";
export {
  type BatchSize,
  type EarlyStopping,
  type EpochRecord,
  type Snapshot,
  type Training,
  type TrainOptions,
  train,
} from "./core/network/train.js";
export { type Evaluation, evaluate } from "./core/network/trainer.js";
export { type RandomStream, randomStream } from "./core/random.js";
export * from "./experiments/baseline.js";
export * from "./experiments/butterfly/butterfly.js";
export * from "./experiments/butterfly/engine-angles.js";
export * from "./experiments/butterfly/lockstep.js";
export * from "./experiments/butterfly/lyapunov.js";
export * from "./experiments/butterfly/map.js";
export * from "./experiments/butterfly/seeds.js";
export * from "./experiments/butterfly/sentences.js";
export * from "./experiments/butterfly/twins.js";
export { butterflyVerdict } from "./experiments/butterfly/verdict.js";
export * from "./experiments/half-precision/failures.js";
export * from "./experiments/half-precision/gradient-sizes.js";
export * from "./experiments/half-precision/half-precision.js";
export * from "./experiments/half-precision/map.js";
export * from "./experiments/half-precision/quantized-inference.js";
export * from "./experiments/half-precision/remedies.js";
export * from "./experiments/half-precision/rounding-errors.js";
export * from "./experiments/half-precision/sentences.js";
export * from "./experiments/half-precision/verdict.js";
export * from "./experiments/out-of-distribution/calibration.js";
export * from "./experiments/out-of-distribution/confidence.js";
export * from "./experiments/out-of-distribution/defences.js";
export * from "./experiments/out-of-distribution/ensemble.js";
export * from "./experiments/out-of-distribution/kinks.js";
export * from "./experiments/out-of-distribution/novelty.js";
export * from "./experiments/out-of-distribution/out-of-distribution.js";
export * from "./experiments/out-of-distribution/rays.js";
export * from "./experiments/out-of-distribution/sentences.js";
export { outOfDistributionVerdict } from "./experiments/out-of-distribution/verdict.js";
export * from "./experiments/plane.js";
export * from "./experiments/poisoning/attacks.js";
export * from "./experiments/poisoning/changes.js";
export * from "./experiments/poisoning/damage.js";
export * from "./experiments/poisoning/defences.js";
export * from "./experiments/poisoning/depth.js";
export * from "./experiments/poisoning/held-out.js";
export * from "./experiments/poisoning/label-cleaning.js";
export * from "./experiments/poisoning/plan.js";
export * from "./experiments/poisoning/poison-rate.js";
export * from "./experiments/poisoning/poisoning.js";
export * from "./experiments/poisoning/sensitivity.js";
export * from "./experiments/poisoning/sentences.js";
export * from "./experiments/poisoning/verdict.js";
export * from "./experiments/poisoning/view.js";
export { type OnProgress, plainLoop, type Runner } from "./experiments/runner.js";
export * from "./experiments/side-channel/attacker.js";
export * from "./experiments/side-channel/constant-time.js";
export * from "./experiments/side-channel/frontier.js";
export * from "./experiments/side-channel/inference.js";
export * from "./experiments/side-channel/leak-summary.js";
export * from "./experiments/side-channel/leakage.js";
export * from "./experiments/side-channel/side-channel.js";
export * from "./experiments/side-channel/verdict.js";
export {
  auroc,
  type Bounds,
  correlation,
  type MeanInterval,
  meanInterval,
  quantile,
  type ShareInterval,
  shareOf,
  wilsonInterval,
} from "./experiments/statistics.js";
export * from "./experiments/task.js";
export { meanText, type Outcome, shareText, type Verdict, type VerdictRow } from "./experiments/verdict.js";

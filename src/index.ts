/**
 * What a cell may import: what the notebooks use and what a reader's own experiment needs, and no more.
 * environment.md, "The package, whole", tells what each name is.
 */

// Numbers: formats, rounding, seeded random streams

export { finfo, roundToNearest } from "./checked.js";
export { decode, encode, widthOf } from "./core/arithmetic/encoding.js";
export {
  type Format,
  type FormatLimits,
  type FormatName,
  formats,
  makeFormat,
} from "./core/arithmetic/formats.js";
export type { PrecisionChoice, PrecisionOptions } from "./core/arithmetic/precision.js";
export { type RandomStream, randomStream } from "./core/random.js";

// Data: Two Moons

export { classText, selectPoints } from "./checked.js";
export { type Dataset, type MoonsOptions, makeMoons, moonsSplit, type Split } from "./core/moons.js";

// The network and its training

export {
  activation,
  backward,
  blocksOf,
  dense,
  descend,
  evaluate,
  forward,
  gradientOf,
  layerSizes,
  meanLoss,
  meanOver,
  parameterCount,
  toParameters,
  withParameters,
} from "./checked.js";
export type { Arithmetic, Operand } from "./core/arithmetic/arithmetic.js";
export { float64 } from "./core/arithmetic/float64.js";
export {
  type Activation,
  type ActivationRules,
  type HiddenActivation,
  relu,
  sigmoid,
} from "./core/network/activations.js";
export type { DenseParameters } from "./core/network/dense.js";
export type { Evaluation } from "./core/network/evaluate.js";
export type { BackwardPass, ForwardPass } from "./core/network/forward-backward.js";
export { type GradientComparison, gradientCheck } from "./core/network/gradient-check.js";
export { sharpness } from "./core/network/hessian.js";
export { createNetwork, type Initialisation, type NetworkOptions } from "./core/network/initialisation.js";
export type { Layer, LayerPass, Matrices } from "./core/network/layer.js";
export { crossEntropy, type Loss } from "./core/network/loss.js";
export type { Block, Network } from "./core/network/network.js";
export type { BatchGradient } from "./core/network/objective.js";
export { activityPenalty, balancePenalty, type Penalty, weightDecay } from "./core/network/penalties.js";
export type { StepRule } from "./core/network/step.js";
export { type EpochRecord, type Training, train } from "./core/network/train.js";
export type { BatchSize, TrainOptions } from "./core/network/train-options.js";

// A task of one's own: data, weights and training from one seed, the plane around it, means over seeds, a verdict

export {
  auroc,
  correlation,
  disagreement,
  drawTask,
  meanInterval,
  planePoints,
  probabilityOnPlane,
  quantile,
  rectangleAround,
  runTask,
  seedsOf,
  shareOf,
  trainTask,
} from "./checked.js";
export type { PlaneGrid, Rectangle } from "./experiments/plane.js";
export type { OnProgress, Runner } from "./experiments/runner.js";
export type { MeanInterval, ShareInterval } from "./experiments/statistics.js";
export type { Task, TaskParameters, TrainedTask } from "./experiments/task.js";
export {
  meanText,
  type Outcome,
  percent,
  shareText,
  type Verdict,
  type VerdictRow,
} from "./experiments/verdict.js";

// The experiments: what each notebook measures and says

export * from "./experiments/index.js";

// Charts: measurements in, figures out

export {
  countDistributionFigure,
  neuronRatesFigure,
} from "./charts/active-count.js";
export { testAgainstBitsFigure, welchFigure } from "./charts/attack.js";
export { boundaryFigure, boundaryGrowthFigure, dataFigure } from "./charts/boundary.js";
export { causesFigure, partingsFigure } from "./charts/causes.js";
export { certificateFigure, certifiedFigure } from "./charts/certificate.js";
export { chaosMapFigure } from "./charts/chaos-map.js";
export { closeUpFigure } from "./charts/close-up.js";
export { trainingFigure } from "./charts/curves.js";
export {
  defenceMapsFigure,
  defencesFigure,
  pointLogitsFigure,
  refusalFigure,
  reliabilityFigure,
} from "./charts/detector.js";
export { failureFigure } from "./charts/failure.js";
export type { Figure } from "./charts/figure.js";
export { flipMapFigure, foretoldFigure, worstLiesFigure } from "./charts/flip-map.js";
export { frontierFigure } from "./charts/frontier.js";
export { gradientFigure } from "./charts/gradient-check.js";
export { horizonFigure } from "./charts/horizon.js";
export { kinksFigure } from "./charts/kinks.js";
export { aheadFigure, leakFigure } from "./charts/leaks.js";
export { lossesFigure } from "./charts/losses.js";
export { gradientSizesFigure, updateSizesFigure } from "./charts/magnitudes.js";
export { memorizingFigure } from "./charts/memorizing-map.js";
export { networkFigure } from "./charts/network-diagram.js";
export { neuronsFigure } from "./charts/neurons.js";
export { numberLineFigure } from "./charts/number-line.js";
export { poisonFigure, poisonGrowthFigure } from "./charts/poison-map.js";
export { damageFigure, defendedFigure, excessFigure } from "./charts/poison-seeds.js";
export { farCertaintyFigure, posteriorMapsFigure } from "./charts/posterior.js";
export { precisionMapFigure } from "./charts/precision-map.js";
export {
  bluePrediction,
  countPrediction,
  distancePrediction,
  flushedPrediction,
  lossPrediction,
  orderPrediction,
} from "./charts/predictions.js";
export { certaintyFigure, doubtFigure } from "./charts/rays.js";
export { remediesFigure } from "./charts/remedies.js";
export { scriptFigure } from "./charts/script.js";
export { accuracyFigure, seedsFigure } from "./charts/seeds.js";
export { sensitivityFigure } from "./charts/sensitivity.js";
export { sharesFigure } from "./charts/shares.js";
export { scaleFigure, spikesFigure } from "./charts/spikes.js";
export { spongeFigure } from "./charts/sponge.js";
export { theftFigure } from "./charts/theft.js";
export { partingFigure, timelinesFigure } from "./charts/timelines.js";
export { clockFigure, timesFigure } from "./charts/timing.js";
export { twoBoundariesFigure } from "./charts/two-boundaries.js";
export { voidFigure } from "./charts/void.js";

// Showing, under a cell

export { showClosing } from "./display/closing.js";
export { type Evidence, type EvidenceOf, gather } from "./display/evidence.js";
export { showMarkdown, showMatrices, showMeans, showTable, type TableCell } from "./display/markdown.js";
export { type Progress, progress } from "./display/progress.js";
export { setUpCharts, show } from "./display/show.js";
export { showExercises } from "./display/show-exercises.js";
export { showTryIt } from "./display/show-try-it.js";
export { showAnswer, showVerdict } from "./display/verdict.js";

// Sweeping: a function at every point of a grid

export {
  closeWorkers,
  SweepError,
  type SweepFailure,
  SweepInterruptedError,
  type SweepOptions,
  sweep,
} from "./sweep/index.js";

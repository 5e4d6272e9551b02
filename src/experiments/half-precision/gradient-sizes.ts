/**
 * Notebook 05: the sizes of gradients and updates beside the limits of a format, one step at a time, and which
 * of them are lost. The weights are held still.
 */
import { type Format, finfo, ulp } from "../../core/arithmetic/formats.js";
import { type ExponentHistogram, exponentHistogram } from "../../core/arithmetic/magnitudes.js";
import { phaseArithmetics, toPrecision } from "../../core/arithmetic/precision.js";
import { roundedArithmetic } from "../../core/arithmetic/rounded.js";
import { type Dataset, selectPoints } from "../../core/moons.js";
import { lossIn, usualLossForm } from "../../core/network/loss.js";
import { newLossScaler } from "../../core/network/loss-scaler.js";
import {
  listed,
  mapParameters,
  type Network,
  toParameters,
  withParameters,
} from "../../core/network/network.js";
import { gradientOf, toOperands } from "../../core/network/objective.js";
import { exponentOf, powerOfTwo } from "../../core/powers.js";
import type { Task } from "../task.js";
import type { InsideView, PrecisionPoint } from "./half-precision.js";

/** The derivatives of each step's loss, beside those of float64 at the same weights. */
export interface GradientLoss {
  /** Derivatives that are not 0 in float64. */
  nonzero: number;
  /** Of these: 0 in the format because p is exactly 0 or 1 there, and p - y exactly 0. */
  saturated: number;
  /** Of the saturated: because p of a Red point underflowed to 0. Otherwise p has rounded to 1. */
  underflown: number;
  /** Of these: 0 in the format for another reason: a product or a quotient was flushed to zero. */
  flushed: number;
  /** Sizes in float64. */
  double: ExponentHistogram;
  /** Sizes in the format. */
  reduced: ExponentHistogram;
}

/** The gradient of one step. */
interface StepGradient {
  values: number[];
  /** Whether p - y is exactly 0 for every point of the step. */
  isSaturated: boolean;
  /** Whether p is exactly 0 for one of them. */
  isOfZeros: boolean;
}

/**
 * Finds the gradient of every step of an epoch, the points in the order of the data, in the arithmetic of the
 * training (rounded to nearest, with its first loss scale) and in float64, at the same weights.
 */
export function gradientLoss(network: Network, data: Dataset, point: PrecisionPoint): GradientLoss {
  const double = stepGradients(network, data, { ...point, arithmetic: "binary64" });
  const reduced = stepGradients(network, data, point);
  const counts = { nonzero: 0, saturated: 0, underflown: 0, flushed: 0 };
  double.forEach(({ values }, step) => {
    const { values: own, isSaturated, isOfZeros } = reduced[step];
    values.forEach((value, i) => {
      if (value === 0) return;
      counts.nonzero++;
      if (own[i] !== 0) return;
      counts[isSaturated ? "saturated" : "flushed"]++;
      if (isSaturated && isOfZeros) counts.underflown++;
    });
  });
  return {
    ...counts,
    double: exponentHistogram(double.flatMap(({ values }) => values)),
    reduced: exponentHistogram(reduced.flatMap(({ values }) => values)),
  };
}

/**
 * The gradients at the first weights of a training, after an early epoch and at the last weights,
 * by the name of the moment: `epoch 0`.
 */
export function gradientMoments(
  views: readonly InsideView[],
  { data, initial }: Task,
  point: PrecisionPoint,
): Record<string, GradientLoss> {
  const shown = [views[0], views[Math.floor(views.length / 3)], views[views.length - 1]];
  return momentsOf(shown, initial, (network) => gradientLoss(network, data.train, point));
}

/** The updates at the first weights of a training and at the last ones, by the name of the moment. */
export function updateMoments(
  views: readonly InsideView[],
  { data, initial }: Task,
  point: PrecisionPoint,
): Record<string, UpdateSizes> {
  const shown = [views[0], views[views.length - 1]];
  return momentsOf(shown, initial, (network) => updateSizes(network, data.train, point));
}

function momentsOf<Sizes>(
  views: readonly InsideView[],
  initial: Network,
  sizesOf: (network: Network) => Sizes,
): Record<string, Sizes> {
  const different = [...new Set(views)];
  return Object.fromEntries(
    different.map(({ epoch, parameters }) => [
      `epoch ${epoch}`,
      sizesOf(withParameters(initial, parameters)),
    ]),
  );
}

/** The sizes of updates beside the gaps of the weights that they change. */
export interface UpdateSizes {
  /** log2 of |η g| / ulp(w) for every step and parameter whose update is not 0. */
  ratios: ExponentHistogram;
  /** Number of these updates. */
  nonzero: number;
  /** Number of these that leave the parameter as it was: those swallowed. */
  swallowed: number;
}

/**
 * Measures the update of every parameter in every step of an epoch with the weights held still, in the arithmetic of
 * the training, rounded to nearest.
 */
export function updateSizes(network: Network, data: Dataset, point: PrecisionPoint): UpdateSizes {
  const { master } = toPrecision(point.arithmetic);
  const { convert: toMaster } = phaseArithmetics(toPrecision(point.arithmetic)).roundings.update;
  const { learningRate } = point.task;
  const parameters = toParameters(mapParameters(network, toMaster));
  const gaps = Array.from(parameters, (parameter) => ulp(parameter, master));
  const ratios: number[] = [];
  let swallowed = 0;
  for (const { values } of stepGradients(network, data, point)) {
    values.forEach((value, i) => {
      const update = toMaster(learningRate * value);
      if (update === 0) return;
      ratios.push(update / gaps[i]);
      if (toMaster(parameters[i] - update) === parameters[i]) swallowed++;
    });
  }
  return { ratios: exponentHistogram(ratios), nonzero: ratios.length, swallowed };
}

function stepGradients(network: Network, data: Dataset, point: PrecisionPoint): StepGradient[] {
  const precision = toPrecision(point.arithmetic);
  const { arithmetics, roundings } = phaseArithmetics(precision);
  const { evaluation } = arithmetics;
  const inMaster = roundedArithmetic(precision.master.name, { round: roundings.update.convert });
  const lossScale = newLossScaler(precision.lossScale).scale;
  const operands = toOperands(network, evaluation);
  const seen = { points: evaluation.convert(data.points), labels: data.labels };
  const form = { ...usualLossForm, ...point.lossForm };
  const objective = { loss: lossIn(form), penalties: [], isMeanFirst: form.mean === "first" };
  const total = data.labels.rows;
  const { batchSize } = point.task;
  const size = batchSize === "full" ? total : Math.min(batchSize, total);
  const steps: StepGradient[] = [];
  for (let from = 0; from < total; from += size) {
    const few = selectPoints(
      seen,
      Array.from({ length: Math.min(size, total - from) }, (_, i) => from + i),
    );
    const { pass, deltas, gradients } = gradientOf(operands, few, objective, {
      // the scale is divided out in the format of the master weights
      arithmetics: { forward: evaluation, backward: evaluation, update: inMaster },
      lossScale,
      mode: "inference",
    });
    const outputDeltas = deltas[deltas.length - 1].to1DArray();
    steps.push({
      values: [...listed(network, gradients)],
      isSaturated: outputDeltas.every((delta) => delta === 0),
      isOfZeros: pass.probabilities.to1DArray().includes(0),
    });
  }
  return steps;
}

/** At most a number of the points, evenly spread over the list, in which one class follows the other. */
export function evenlySpread(data: Dataset, most: number): Dataset {
  const total = data.labels.rows;
  const count = Math.min(most, total);
  return selectPoints(
    data,
    Array.from({ length: count }, (_, i) => Math.floor((i * total) / count)),
  );
}

/** The gaps between numbers: ulp against size, from the smallest number to the largest, in powers of two. */
export function spacing(format: Format): { sizes: number[]; gaps: number[] } {
  const { maxExponent } = format;
  const first = exponentOf(finfo(format).smallestSubnormal);
  const sizes = Array.from({ length: maxExponent - first + 1 }, (_, i) => powerOfTwo(first + i));
  return { sizes, gaps: sizes.map((size) => ulp(size, format)) };
}

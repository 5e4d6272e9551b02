/** Measures the sizes of the numbers inside a network, in the arithmetic of its training. */
import { type ExponentHistogram, exponentHistogram } from "../arithmetic/magnitudes.js";
import { type PrecisionChoice, phaseArithmetics, toPrecision } from "../arithmetic/precision.js";
import { type Dataset, selectPoints } from "../moons.js";
import { hiddenBlocks, listed, type Network, toParameters } from "./network.js";
import { gradientOf, plainObjective, toOperands } from "./objective.js";

/** Histograms of the sizes of a network's numbers. */
export interface Magnitudes {
  /** Weights and biases, rounded to operands. */
  weights: ExponentHistogram;
  /** Outputs of the hidden neurons for every point, including zeros of silent neurons. */
  activations: ExponentHistogram;
  /** Derivatives of each single point's loss, as in steps on single samples. */
  gradients: ExponentHistogram;
}

/**
 * Measures a network on every single point of a dataset, rounding to nearest.
 *
 * @param arithmetic - the arithmetic to compute with; `binary64` by default
 * @throws RangeError or TypeError when the arithmetic is not as described
 */
export function magnitudes(
  network: Network,
  data: Dataset,
  arithmetic: PrecisionChoice = "binary64",
): Magnitudes {
  const { evaluation } = phaseArithmetics(toPrecision(arithmetic)).arithmetics;
  const arithmetics = { forward: evaluation, backward: evaluation, update: evaluation };
  const operands = toOperands(network, evaluation);
  const points = evaluation.convert(data.points);
  const activations: number[] = [];
  const gradients: number[] = [];
  for (let i = 0; i < data.labels.rows; i++) {
    const point = selectPoints({ points, labels: data.labels }, [i]);
    const found = gradientOf(operands, point, plainObjective, { arithmetics, mode: "inference" });
    for (const { last } of hiddenBlocks(network)) {
      activations.push(...found.pass.layers[last].output.to1DArray());
    }
    gradients.push(...listed(network, found.gradients));
  }
  return {
    weights: exponentHistogram(toParameters(operands)),
    activations: exponentHistogram(activations),
    gradients: exponentHistogram(gradients),
  };
}

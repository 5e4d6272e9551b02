/** How large the numbers inside a network are, in the arithmetic that it is trained in. */
import { type ExponentHistogram, exponentHistogram } from "../arithmetic/magnitudes.js";
import { type PrecisionChoice, phaseArithmetics, toPrecision } from "../arithmetic/precision.js";
import { type Dataset, selectPoints } from "../moons.js";
import { hiddenBlocks, listed, type Network, toParameters } from "./network.js";
import { gradientOf, plainObjective, toOperands } from "./objective.js";

/** Histograms of the sizes of a network's numbers. */
export interface Magnitudes {
  /** Weights and biases, as the operands see them. */
  weights: ExponentHistogram;
  /** Outputs of the hidden neurons for every point, zeros of silent neurons included. */
  activations: ExponentHistogram;
  /** Derivatives of each point's own loss, which is what a step of a single sample descends. */
  gradients: ExponentHistogram;
}

/**
 * Measures a network on every point of a dataset by itself; rounded to nearest.
 *
 * @param arithmetic - what numbers it computes with; `binary64` by default
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

/** How large the numbers inside a network are, in the arithmetic that it is trained in. */
import { type ExponentHistogram, exponentHistogram } from "../arithmetic/magnitudes.js";
import { type PrecisionChoice, phaseArithmetics, toPrecision } from "../arithmetic/precision.js";
import { type Dataset, selectPoints } from "../moons.js";
import { mapMatrix, mapParameters, type Network, toParameters } from "./architecture.js";
import { backward, forward } from "./forward-backward.js";

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
  const { evaluation, toOperand } = phaseArithmetics(toPrecision(arithmetic));
  const operands = mapParameters(network, toOperand);
  const points = mapMatrix(data.points, toOperand);
  const activations: number[] = [];
  const gradients: number[] = [];
  for (let i = 0; i < data.labels.rows; i++) {
    const point = selectPoints({ points, labels: data.labels }, [i]);
    const pass = forward(operands, point.points, evaluation);
    for (const { output } of pass.layers.slice(0, -1)) activations.push(...output.to1DArray());
    gradients.push(
      ...toParameters({ layers: backward(operands, pass, point.labels, { arithmetic: evaluation }) }),
    );
  }
  return {
    weights: exponentHistogram(toParameters(operands)),
    activations: exponentHistogram(activations),
    gradients: exponentHistogram(gradients),
  };
}

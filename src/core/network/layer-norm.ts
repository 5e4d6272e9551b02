/** Layer normalization (Ba, Kiros and Hinton 2016, section 3): a group is all neurons at one point. */
import type { Layer } from "./layer.js";
import {
  type GroupMean,
  type NormalizationParameters,
  type Standardized,
  scaled,
  scaleGradient,
  standardize,
  standardizeBackward,
  unitScale,
} from "./normalization.js";

const meanOfNeurons: GroupMean = ({ divide, sumColumns }, values) =>
  divide(sumColumns(values), values.columns);

/** Makes layer normalization for `outputs` neurons, initially with γ = 1 and β = 0. */
export function layerNorm(outputs: number): Layer<NormalizationParameters, Standardized> {
  return { parameters: unitScale(outputs), ...rules };
}

const rules: Omit<Layer<NormalizationParameters, Standardized>, "parameters"> = {
  kind: "layer-norm",

  forward(arithmetic, { parameters }, input) {
    const standardized = standardize(arithmetic, input, meanOfNeurons);
    return { ...standardized, output: scaled(arithmetic, parameters, standardized.normalized) };
  },

  backward(arithmetic, { parameters: { scale } }, { normalized, deviation }, delta) {
    const d = arithmetic.multiply(delta, scale);
    return standardizeBackward(arithmetic, d, { normalized, deviation }, meanOfNeurons);
  },

  gradient: (arithmetic, _, { normalized }, delta) => scaleGradient(arithmetic, normalized, delta),
};

/**
 * The fast path: forward and backward of one point after the other over flat arrays, no matrix made on the way.
 * It does the same operations in the same order as the readable path and ends on the same bits; a test
 * compares them parameter by parameter. What the operations mean is written there, in forward-backward.ts.
 */
import { exp } from "../elementary.js";
import type { Dataset } from "../moons.js";
import { layerSizes, parameterCount, toParameters, withParameters } from "./architecture.js";
import { binaryCrossEntropy } from "./loss.js";
import type { TrainerFactory } from "./trainer.js";

const exact = (value: number): number => value;

/** The fast path for ReLU networks with one sigmoid output, in double precision. */
export const fusedTrainer: TrainerFactory = (initial, train, learningRate) => {
  const sizes = Int32Array.from(layerSizes(initial));
  const parameters = toParameters(initial);
  const gradient = new Float64Array(parameterCount(initial));
  // outputs (the inputs first) and deltas of all neurons, for one point
  const neurons = sizes.reduce((sum, size) => sum + size, 0);
  const outputs = new Float64Array(neurons);
  const deltas = new Float64Array(neurons);
  const { points, labels } = flatten(train);
  const seen = new Map([[train, { points, labels }]]);

  return {
    step(batch) {
      gradient.fill(0);
      for (let k = 0; k < batch.length; k++) {
        const logit = forwardPoint(sizes, parameters, points, batch[k], outputs);
        backwardPoint(sizes, parameters, logit, labels[batch[k]], outputs, deltas, gradient);
      }
      for (let k = 0; k < parameters.length; k++) {
        parameters[k] -= learningRate * (gradient[k] / batch.length);
      }
    },
    evaluate(data) {
      const flat = seen.get(data) ?? flatten(data);
      seen.set(data, flat);
      const classes = flat.labels;
      let loss = 0;
      let right = 0;
      for (let i = 0; i < classes.length; i++) {
        const logit = forwardPoint(sizes, parameters, flat.points, i, outputs);
        loss += binaryCrossEntropy.f(logit, classes[i], exact);
        if (logit > 0 === (classes[i] === 1)) right++;
      }
      return { loss: loss / classes.length, accuracy: right / classes.length };
    },
    network: () => withParameters(initial, parameters),
  };
};

/** Fills `outputs` for the point `i` and returns the logit. */
function forwardPoint(
  sizes: Int32Array,
  parameters: Float64Array,
  points: Float64Array,
  i: number,
  outputs: Float64Array,
): number {
  const inputs = sizes[0];
  for (let k = 0; k < inputs; k++) outputs[k] = points[i * inputs + k];
  let from = 0; // first input of the layer, in outputs
  let weights = 0; // first weight of the layer, in parameters
  let z = 0;
  for (let l = 1; l < sizes.length; l++) {
    const fanIn = sizes[l - 1];
    const fanOut = sizes[l];
    const to = from + fanIn;
    const biases = weights + fanIn * fanOut;
    for (let j = 0; j < fanOut; j++) {
      z = 0;
      for (let k = 0; k < fanIn; k++) z += outputs[from + k] * parameters[weights + k * fanOut + j];
      z += parameters[biases + j];
      outputs[to + j] = Math.max(z, 0);
    }
    from = to;
    weights = biases + fanOut;
  }
  return z;
}

/** Adds the gradient of one point's loss to `gradient`, where `outputs` are those of that point. */
function backwardPoint(
  sizes: Int32Array,
  parameters: Float64Array,
  logit: number,
  label: number,
  outputs: Float64Array,
  deltas: Float64Array,
  gradient: Float64Array,
): void {
  const e = exp(-Math.abs(logit));
  const probability = (logit < 0 ? e : 1) / (1 + e);
  let to = outputs.length - 1; // first neuron of the layer, in outputs
  let next = parameters.length; // first parameter after the layer
  deltas[to] = probability - label;
  for (let l = sizes.length - 1; l > 0; l--) {
    const fanIn = sizes[l - 1];
    const fanOut = sizes[l];
    const from = to - fanIn;
    const biases = next - fanOut;
    const weights = biases - fanIn * fanOut;
    for (let j = 0; j < fanOut; j++) gradient[biases + j] += deltas[to + j];
    for (let k = 0; k < fanIn; k++) {
      const output = outputs[from + k];
      const row = weights + k * fanOut;
      let pulled = 0;
      for (let j = 0; j < fanOut; j++) {
        const delta = deltas[to + j];
        gradient[row + j] += output * delta;
        pulled += delta * parameters[row + j];
      }
      deltas[from + k] = pulled * (output > 0 ? 1 : 0);
    }
    to = from;
    next = weights;
  }
}

interface FlatDataset {
  points: Float64Array;
  labels: Float64Array;
}

function flatten({ points, labels }: Dataset): FlatDataset {
  return { points: Float64Array.from(points.to1DArray()), labels: Float64Array.from(labels.to1DArray()) };
}

/**
 * Compares networks up to symmetries: hidden neurons may be in any order, and multiplying a ReLU's incoming weights by
 * c > 0 and dividing its outgoing ones by c does not change the function.
 */
import { isActivation } from "./activations.js";
import { assignment } from "./assignment.js";
import type { DenseParameters } from "./dense.js";
import { blocksOf, denseLayers, mapMatrix, type Network, toParameters, withDense } from "./network.js";

/** Two networks in comparable form; each still computes the same function. */
export interface Aligned {
  /** The first network with balanced scales. */
  reference: Network;
  /** The second network with balanced scales and its hidden neurons in the order that best matches the first. */
  other: Network;
  /** Euclidean distance between the parameters of the two. */
  distance: number;
}

/**
 * Aligns two networks of the same shape: balances their scales, and orders the hidden neurons of the second so that the
 * parameters are closest. For one hidden layer the order is optimal; for several it comes from improving one layer at a
 * time (Ainsworth, Hayase and Srinivasa 2023, Git re-basin, 3.2), starting from the given order and from the order that
 * only compares incoming weights.
 *
 * @throws RangeError when a network has normalization or top-k, or a parameter that is not finite
 */
export function align(network: Network, other: Network): Aligned {
  const reference = balanced(network);
  const start = balanced(other);
  const candidates = [start, inOrderOf(reference, start, incomingCost)].map((from) => {
    let best = measured(reference, from);
    for (;;) {
      const next = measured(reference, inOrderOf(reference, best.other, cost));
      if (!(next.distance < best.distance)) return best;
      best = next;
    }
  });
  return candidates.reduce((a, b) => (b.distance < a.distance ? b : a));
}

/** Whether a network consists of dense layers, with one activation after each hidden one, and nothing else. */
export function isPlain(network: Network): boolean {
  return blocksOf(network).every(
    ({ rest }, l, { length }) =>
      (l === length - 1 && rest.length === 0) || (rest.length === 1 && isActivation(rest[0])),
  );
}

/** Activations with f(c z) = c f(z) for every c > 0. */
const HOMOGENEOUS: readonly string[] = ["relu", "leaky-relu"];

/** Maximal number of sweeps over the layers; even deep networks converge much earlier. */
const SWEEPS = 200;

/**
 * Rescales hidden neurons, without changing the function, so that the norm of the weights into each one, including its
 * bias, equals that of the weights out of it, if the activation allows it. Of all networks that differ only in scales,
 * the result has the smallest parameters (Stock, Graham, Gribonval and Jégou 2019, Equi-normalization of neural
 * networks).
 *
 * @throws RangeError when a network has normalization or top-k, or a parameter that is not finite
 */
export function balanced(network: Network): Network {
  if (!isPlain(network)) {
    throw new RangeError("network must consist of dense layers and activations, got other layers");
  }
  const bad = toParameters(network).find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new RangeError(`network must have finite parameters, got ${bad}`);
  const layers = denseLayers(network).map(({ parameters }) => parameters);
  const isHomogeneous = blocksOf(network).map(({ rest }) =>
    rest.every(({ kind }) => HOMOGENEOUS.includes(kind)),
  );
  for (let sweep = 0, change = 1; sweep < SWEEPS && change > 1e-14; sweep++) {
    change = 0;
    for (let l = 0; l < layers.length - 1; l++) {
      if (!isHomogeneous[l]) continue;
      const factors = Array.from(layers[l].biases.to1DArray(), (_, j) => {
        const [into, out] = [length(incoming(layers, l, j)), length(outgoing(layers, l, j))];
        // a neuron without weights in or out has no effect
        return into > 0 && out > 0 ? Math.sqrt(out / into) : 0;
      });
      change = Math.max(change, ...factors.map((factor) => (factor === 0 ? 0 : Math.abs(factor - 1))));
      const above = layers[l + 1];
      layers[l] = {
        weights: mapMatrix(layers[l].weights, (value, _, j) => value * factors[j]),
        biases: mapMatrix(layers[l].biases, (value, _, j) => value * factors[j]),
      };
      layers[l + 1] = {
        weights: mapMatrix(above.weights, (value, i) => (factors[i] === 0 ? 0 : value / factors[i])),
        biases: above.biases,
      };
    }
  }
  return withDense(network, layers);
}

/** Squared distance between the weights of neuron i in hidden layer l of one network and neuron j of the other. */
type Cost = (
  reference: readonly DenseParameters[],
  other: readonly DenseParameters[],
  l: number,
  i: number,
  j: number,
) => number;

const incomingCost: Cost = (reference, other, l, i, j) =>
  squaredDistance(incoming(reference, l, i), incoming(other, l, j));

const cost: Cost = (reference, other, l, i, j) =>
  incomingCost(reference, other, l, i, j) + squaredDistance(outgoing(reference, l, i), outgoing(other, l, j));

/** Reorders the hidden neurons of `other`, one layer after the other, to minimize the cost. */
function inOrderOf(reference: Network, other: Network, costOf: Cost): Network {
  const fixed = denseLayers(reference).map(({ parameters }) => parameters);
  const layers = denseLayers(other).map(({ parameters }) => parameters);
  for (let l = 0; l < layers.length - 1; l++) {
    const neurons = Array.from({ length: layers[l].weights.columns }, (_, k) => k);
    const order = assignment(neurons.map((i) => neurons.map((j) => costOf(fixed, layers, l, i, j))));
    const [own, above] = [layers[l], layers[l + 1]];
    layers[l] = {
      weights: mapMatrix(own.weights, (_, i, j) => own.weights.get(i, order[j])),
      biases: mapMatrix(own.biases, (_, i, j) => own.biases.get(i, order[j])),
    };
    layers[l + 1] = {
      weights: mapMatrix(above.weights, (_, i, j) => above.weights.get(order[i], j)),
      biases: above.biases,
    };
  }
  return withDense(other, layers);
}

function measured(reference: Network, other: Network): Aligned {
  const squares = squaredDistance(toParameters(reference), toParameters(other));
  return { reference, other, distance: Math.sqrt(squares) };
}

function incoming(layers: readonly DenseParameters[], l: number, j: number): number[] {
  return [...layers[l].weights.getColumn(j), layers[l].biases.get(0, j)];
}

function outgoing(layers: readonly DenseParameters[], l: number, j: number): number[] {
  return layers[l + 1].weights.getRow(j);
}

function length(vector: readonly number[]): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}

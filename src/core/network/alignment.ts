/**
 * What two networks differ in once it is left out of account that hidden neurons may stand in any order and that a
 * ReLU's incoming weights times c > 0 and its outgoing ones divided by c are the same function.
 */
import type { ActivationName } from "./activations.js";
import { type Layer, mapMatrix, type Network, toParameters } from "./architecture.js";
import { assignment } from "./assignment.js";

/** Two networks in comparable form; each computes what it computed before. */
export interface Aligned {
  /** The first, its scales balanced. */
  reference: Network;
  /** The second, its scales balanced and its hidden neurons in the order that suits the first best. */
  other: Network;
  /** Euclidean distance of the parameters of these two. */
  distance: number;
}

/**
 * Aligns a network to another of the same shape: the assignment of hidden neurons that takes the parameters nearest
 * to each other, after the scales were balanced. Of one hidden layer it is the best there is; of several it is what
 * improving one layer at a time leads to (Ainsworth, Hayase and Srinivasa 2023, Git re-basin, 3.2), from the given
 * order and from the one that goes by the incoming weights alone, layer by layer.
 *
 * @throws RangeError when a network has normalization or winners, or a parameter that is not finite
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

/** Activations with f(c z) = c f(z) for every c > 0. */
const HOMOGENEOUS: readonly ActivationName[] = ["relu", "leaky-relu"];

/** Sweeps over the layers after which the scales of deep networks have long settled. */
const SWEEPS = 200;

/**
 * The same function with the same length of weights into each hidden neuron, its bias among them, as out of it, where
 * the activation allows it: the smallest parameters of all that differ in scales alone (Stock, Graham, Gribonval and
 * Jégou 2019, Equi-normalization of neural networks).
 *
 * @throws RangeError when a network has normalization or winners, or a parameter that is not finite
 */
export function balanced(network: Network): Network {
  if (network.layers.some(({ normalization, winners }) => normalization || winners !== undefined)) {
    throw new RangeError("network must be one without normalization or winners, got one with them");
  }
  const bad = toParameters(network).find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new RangeError(`network must have finite parameters, got ${bad}`);
  const layers = [...network.layers];
  for (let sweep = 0, change = 1; sweep < SWEEPS && change > 1e-14; sweep++) {
    change = 0;
    for (let l = 0; l < layers.length - 1; l++) {
      if (!HOMOGENEOUS.includes(layers[l].activation)) continue;
      const factors = Array.from(layers[l].biases.to1DArray(), (_, j) => {
        const [into, out] = [length(incoming(layers, l, j)), length(outgoing(layers, l, j))];
        // a neuron that nothing comes into, or out of, does nothing
        return into > 0 && out > 0 ? Math.sqrt(out / into) : 0;
      });
      change = Math.max(change, ...factors.map((factor) => (factor === 0 ? 0 : Math.abs(factor - 1))));
      const above = layers[l + 1];
      layers[l] = {
        ...layers[l],
        weights: mapMatrix(layers[l].weights, (value, _, j) => value * factors[j]),
        biases: mapMatrix(layers[l].biases, (value, _, j) => value * factors[j]),
      };
      layers[l + 1] = {
        ...above,
        weights: mapMatrix(above.weights, (value, i) => (factors[i] === 0 ? 0 : value / factors[i])),
      };
    }
  }
  return { layers };
}

/** Squared distance of what belongs to neuron i of one network's hidden layer l and to neuron j of another's. */
type Cost = (reference: readonly Layer[], other: readonly Layer[], l: number, i: number, j: number) => number;

const incomingCost: Cost = (reference, other, l, i, j) =>
  squaredDistance(incoming(reference, l, i), incoming(other, l, j));

const cost: Cost = (reference, other, l, i, j) =>
  incomingCost(reference, other, l, i, j) + squaredDistance(outgoing(reference, l, i), outgoing(other, l, j));

/** Puts the hidden neurons of `other`, one layer after the other, into the order of the least cost. */
function inOrderOf(reference: Network, other: Network, costOf: Cost): Network {
  const layers = [...other.layers];
  for (let l = 0; l < layers.length - 1; l++) {
    const neurons = Array.from({ length: layers[l].weights.columns }, (_, k) => k);
    const order = assignment(
      neurons.map((i) => neurons.map((j) => costOf(reference.layers, layers, l, i, j))),
    );
    const [own, above] = [layers[l], layers[l + 1]];
    layers[l] = {
      ...own,
      weights: mapMatrix(own.weights, (_, i, j) => own.weights.get(i, order[j])),
      biases: mapMatrix(own.biases, (_, i, j) => own.biases.get(i, order[j])),
    };
    layers[l + 1] = {
      ...above,
      weights: mapMatrix(above.weights, (_, i, j) => above.weights.get(order[i], j)),
    };
  }
  return { layers };
}

function measured(reference: Network, other: Network): Aligned {
  const squares = squaredDistance(toParameters(reference), toParameters(other));
  return { reference, other, distance: Math.sqrt(squares) };
}

function incoming(layers: readonly Layer[], l: number, j: number): number[] {
  return [...layers[l].weights.getColumn(j), layers[l].biases.get(0, j)];
}

function outgoing(layers: readonly Layer[], l: number, j: number): number[] {
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

/**
 * A copy of a network from its stolen lines and from labels that are asked for. The logit is a linear function of the neurons'
 * outputs, and these are known. It is 0 where the label changes: every such place, found by bisection, is one equation
 * for the weights into the output (model extraction at the decision boundary: Lowd and Meek 2005, Adversarial learning). Their common
 * factor stays unknown, because no label depends on it.
 */
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { relu } from "../../core/network/activations.js";
import { dense } from "../../core/network/dense.js";
import type { Network } from "../../core/network/network.js";
import { train } from "../../core/network/train.js";
import { type RandomStream, randomStream } from "../../core/random.js";
import type { Rectangle } from "../plane.js";
import { distance, heightOf, type Point } from "./line.js";
import type { Loot } from "./thief.js";

/** How to copy. */
export interface CopyOptions {
  loot: Pick<Loot, "lines" | "always">;
  /** The label that the network gives to an input. */
  label(point: Point): number;
  /** Where to ask; the same number of times in each. */
  areas: readonly Rectangle[];
  /** Seed of the places to ask at. */
  seed: number;
}

/** A copy, and its price. */
export interface Copy {
  network: Network;
  /** Labels bought. */
  queries: number;
  /** How many independent sets of weights the boundary leaves open; the labels decide among them. 1 is all that can be known. */
  open: number;
}

/** Labels bought in each area before the boundary is sought. */
const LABELS = 60;

/** Width of the interval to which the boundary is found, in the units of the areas. */
const WIDTH = 1e-10;

/** Places on the boundary for each unknown. */
const EQUATIONS = 3;

/** Singular values below this share of the largest count as 0: some thousand times the error of the places. */
const NEGLIGIBLE = 1e-7;

/** Copies a network. */
export function copyOf({ loot, label, areas, seed }: CopyOptions): Copy {
  const random = randomStream("side channel/copy", seed);
  let queries = 0;
  const ask = (at: Point): number => {
    queries++;
    return label(at);
  };
  const bought = areas.map((area) =>
    Array.from({ length: LABELS }, () => {
      const at = placeIn(area, random);
      return { at, label: ask(at) };
    }),
  );
  const features = featuresOf(loot);
  const unknowns = features([0, 0]).length;
  const boundary = bought.flatMap((own) => {
    const [red, blue] = [0, 1].map((side) => own.filter((one) => one.label === side));
    if (red.length === 0 || blue.length === 0) return [];
    return Array.from({ length: Math.ceil((EQUATIONS * unknowns) / areas.length) }, () => {
      let [low, high] = [red[random.below(red.length)].at, blue[random.below(blue.length)].at];
      while (distance(low, high) > WIDTH) {
        const middle: Point = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
        if (ask(middle) === 0) low = middle;
        else high = middle;
      }
      return low;
    });
  });
  const rows = (places: readonly Point[]): Matrix => new Matrix(places.map((at) => scaled(features(at))));
  const free = boundary.length > 0 ? openDirections(rows(boundary), unknowns) : Matrix.eye(unknowns);
  const all = bought.flat();
  const within = rows(all.map(({ at }) => at)).mmul(free);
  const choice = separating(within, Matrix.columnVector(all.map((one) => one.label)));
  return { network: networkOf(loot, free.mmul(choice).getColumn(0)), queries, open: free.columns };
}

/**
 * What the logit is a linear function of: the outputs of the stolen neurons and 1. Neurons that always fire add the
 * coordinates, for together they are an affine function.
 */
function featuresOf({ lines, always }: CopyOptions["loot"]): (at: Point) => number[] {
  return (at) => [...lines.map((line) => Math.max(0, heightOf(line, at))), ...(always > 0 ? at : []), 1];
}

/** Far enough for neurons that shall fire everywhere in the box. */
const FAR = 100;

/** The copy with these weights of the features. Its coordinates are two neurons more, x + 100 and y + 100. */
function networkOf({ lines, always }: CopyOptions["loot"], weights: readonly number[]): Network {
  const neurons = lines.map(({ normal, offset }) => [...normal, offset]);
  if (always > 0) neurons.push([1, 0, FAR], [0, 1, FAR]);
  const votes = weights.slice(0, -1);
  const shift = always > 0 ? FAR * (votes[lines.length] + votes[lines.length + 1]) : 0;
  // a layer has at least one neuron: this one never fires
  if (neurons.length === 0) [neurons[0], votes[0]] = [[0, 0, 0], 0];
  const column = (k: number): number[] => neurons.map((neuron) => neuron[k]);
  return {
    layers: [
      dense(new Matrix([column(0), column(1)]), Matrix.rowVector(column(2))),
      relu,
      dense(Matrix.columnVector(votes), new Matrix([[weights[weights.length - 1] - shift]])),
    ],
  };
}

/** An orthonormal basis of the weights with which the logit is 0 at all places, at least one; unknowns x dimension. */
function openDirections(rows: Matrix, unknowns: number): Matrix {
  // rows of zeros make sure that there are as many singular values as unknowns
  const padded = Matrix.zeros(Math.max(rows.rows, unknowns), unknowns).setSubMatrix(rows, 0, 0);
  const { diagonal, rightSingularVectors } = new SingularValueDecomposition(padded);
  const known = Math.min(unknowns - 1, diagonal.filter((value) => value > NEGLIGIBLE * diagonal[0]).length);
  return rightSingularVectors.subMatrix(0, unknowns - 1, known, unknowns - 1);
}

/**
 * Weights that separate the labels, by logistic regression. Each point's mirror image, with the other label, keeps the bias of
 * the regression at 0: the logit has one already, and the boundary has fixed it.
 */
function separating(points: Matrix, labels: Matrix): Matrix {
  if (points.columns === 1) {
    const votes = points
      .to1DArray()
      .reduce((sum, z, i) => sum + (z > 0 === (labels.get(i, 0) === 1) ? 1 : -1), 0);
    return new Matrix([[votes < 0 ? -1 : 1]]);
  }
  const start = { layers: [dense(Matrix.zeros(points.columns, 1), new Matrix([[0]]))] };
  const options = { learningRate: 10, batchSize: "full", epochs: 2000, seed: 0, recordEvery: 2000 } as const;
  const mirrored = {
    points: new Matrix([...points.to2DArray(), ...Matrix.mul(points, -1).to2DArray()]),
    labels: Matrix.columnVector([...labels.to1DArray(), ...labels.to1DArray().map((label) => 1 - label)]),
  };
  const { network } = train({ network: start, train: mirrored, ...options });
  return (network.layers[0].parameters as { weights: Matrix }).weights;
}

function placeIn({ x, y }: Rectangle, random: RandomStream): Point {
  return [x[0] + (x[1] - x[0]) * random.uniform(), y[0] + (y[1] - y[0]) * random.uniform()];
}

function scaled(row: readonly number[]): number[] {
  const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  return row.map((value) => value / length);
}

/** The training of a network with one hidden layer as plain numbers, and a plain loop over typed arrays that does it. */
import { exp, log1p } from "../../src/core/elementary.js";
import { moonsSplit } from "../../src/core/moons.js";
import { createNetwork } from "../../src/core/network/initialisation.js";
import { toParameters } from "../../src/core/network/network.js";
import { randomStream } from "../../src/core/random.js";
import { learningRateOf, pointsOf, type Task } from "./training.js";

/** A task as plain numbers. */
export interface PlainTask {
  learningRate: number;
  /** n x 2, row by row. */
  points: number[];
  labels: number[];
  /** In the order of `toParameters`. */
  parameters: number[];
  /** Number of hidden neurons. */
  hidden: number;
  /** Points in a batch. */
  batch: number;
}

/** A task with one hidden layer as plain numbers. */
export function toPlain(task: Task): PlainTask {
  const { hiddenLayers, seed } = task;
  const { points, labels } = pointsOf(moonsSplit, task);
  return {
    learningRate: learningRateOf(task),
    points: points.to1DArray(),
    labels: labels.to1DArray(),
    parameters: [...toParameters(createNetwork({ hiddenLayers, seed }))],
    hidden: hiddenLayers[0],
    batch: task.batchSize === "full" ? labels.rows : 1,
  };
}

/** A function that gives the order of the points in the next epoch. */
export function newOrders({ batchSize, seed }: Task, points: number): () => Int32Array {
  const order = Int32Array.from({ length: points }, (_, i) => i);
  const random = randomStream("shuffle", seed);
  return () => {
    if (batchSize !== "full") random.shuffle(order);
    return order;
  };
}

/** Prepares the training in binary64, as `trainingBy` does. */
export function plainTraining(task: Task): (epochs: number) => number {
  const { points, labels, parameters, hidden, learningRate, batch } = toPlain(task);
  const [x, y] = [Float64Array.from(points), Float64Array.from(labels)];
  const [b1, w2, b2] = [2 * hidden, 3 * hidden, 4 * hidden];
  const n = y.length;
  const a = new Float64Array(hidden);

  /** The sum of the losses of a batch where somebody looks; the sums of their derivatives in `g`. */
  function pass(p: Float64Array, g: Float64Array, order: Int32Array, from: number, looks: boolean): number {
    let sum = 0;
    g.fill(0);
    for (let k = from; k < from + batch; k++) {
      const i = order[k];
      const x0 = x[2 * i];
      const x1 = x[2 * i + 1];
      let z = 0;
      for (let j = 0; j < hidden; j++) {
        const s = x0 * p[j] + x1 * p[hidden + j] + p[b1 + j];
        a[j] = s > 0 ? s : 0;
        z += a[j] * p[w2 + j];
      }
      z += p[b2];
      const e = exp(-Math.abs(z));
      if (looks) sum += (z > 0 ? z : 0) - z * y[i] + log1p(e);
      const d = (z < 0 ? e : 1) / (1 + e) - y[i];
      for (let j = 0; j < hidden; j++) {
        const dj = a[j] > 0 ? d * p[w2 + j] : 0;
        g[w2 + j] += a[j] * d;
        g[j] += x0 * dj;
        g[hidden + j] += x1 * dj;
        g[b1 + j] += dj;
      }
      g[b2] += d;
    }
    return sum;
  }

  return (epochs) => {
    const nextOrder = newOrders(task, n);
    const p = Float64Array.from(parameters);
    const g = new Float64Array(p.length);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = nextOrder();
      for (let from = 0; from < n; from += batch) {
        pass(p, g, order, from, batch === n);
        for (let k = 0; k < p.length; k++) p[k] -= learningRate * (g[k] / batch);
      }
    }
    let sum = 0;
    const order = newOrders({ ...task, batchSize: "full" }, n)();
    for (let from = 0; from < n; from += batch) sum += pass(p, g, order, from, true);
    return sum / n;
  };
}

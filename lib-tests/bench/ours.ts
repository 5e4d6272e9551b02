/** The project's two paths, and the same training by ml-matrix's operators alone. */
import { Matrix } from "ml-matrix";
import type { FormatName } from "../../src/core/arithmetic/formats.js";
import { exp, log1p } from "../../src/core/elementary.js";
import { denseLayers } from "../../src/core/network/network.js";
import { train } from "../../src/core/network/train.js";
import { type Contender, timed } from "./contender.js";
import type { Task } from "./task.js";

/** A path of the project. */
export function ourPath(
  path: "machine" | "eager",
  arithmetic: FormatName,
  task: Task,
  name = `ours, ${path}`,
): Contender {
  const { network, data, learningRate } = task;
  const run = (epochs: number): number => {
    const { history } = train({
      network,
      train: data,
      learningRate,
      batchSize: "full",
      epochs,
      seed: 1,
      arithmetic,
      path,
    });
    return history[epochs].train.loss;
  };
  return { name, run: (epochs) => timed(() => run(epochs)) };
}

/** What one writes with ml-matrix and nothing else, for one hidden layer. */
export function mlMatrix({ network, data, learningRate }: Task): Contender {
  const { points, labels } = data;
  const n = points.rows;
  const run = (epochs: number): number => {
    let [{ weights: w1, biases: b1 }, { weights: w2, biases: b2 }] = denseLayers(network).map(
      ({ parameters }) => parameters,
    );
    const forward = (): { z1: Matrix; a1: Matrix; z2: Matrix; loss: number } => {
      const z1 = points.mmul(w1).addRowVector(b1);
      const a1 = map(z1, (z) => Math.max(z, 0));
      const z2 = a1.mmul(w2).addRowVector(b2);
      const tails = map(z2, (z) => Math.max(z, 0) + log1p(exp(-Math.abs(z))));
      return { z1, a1, z2, loss: tails.sub(Matrix.mul(z2, labels)).sum() / n };
    };
    for (let epoch = 0; epoch < epochs; epoch++) {
      const { z1, a1, z2 } = forward();
      const d2 = map(z2, (z) => 1 / (1 + exp(-z))).sub(labels);
      const d1 = d2.mmul(w2.transpose()).mul(map(z1, (z) => (z > 0 ? 1 : 0)));
      w2 = Matrix.sub(
        w2,
        a1
          .transpose()
          .mmul(d2)
          .mul(learningRate / n),
      );
      b2 = Matrix.sub(b2, Matrix.rowVector(d2.sum("column")).mul(learningRate / n));
      w1 = Matrix.sub(
        w1,
        points
          .transpose()
          .mmul(d1)
          .mul(learningRate / n),
      );
      b1 = Matrix.sub(b1, Matrix.rowVector(d1.sum("column")).mul(learningRate / n));
    }
    return forward().loss;
  };
  return { name: "ml-matrix", tolerance: 1e-9, run: (epochs) => timed(() => run(epochs)) };
}

function map(matrix: Matrix, f: (value: number) => number): Matrix {
  const result = matrix.clone();
  return result.apply((i, j) => result.set(i, j, f(result.get(i, j))));
}

/** All numbers kept from step to step: parameters, states of layers, and what the step rule keeps. */
import { Matrix } from "ml-matrix";
import { mapMatrices, type Network, withNumbers } from "./network.js";
import type { Kept } from "./step.js";

/** The state of a training. */
export interface TrainingState {
  network: Network;
  kept: Kept;
}

/** Applies `f` to each matrix of a state; each gets a unique name, however a reader named it. */
export function mapState(
  { network, kept }: TrainingState,
  f: (matrix: Matrix, name: string) => Matrix,
): TrainingState {
  return {
    network: withNumbers(network, ({ parameters, state }, l) => ({
      parameters: mapMatrices(parameters, (matrix, name) => f(matrix, `${l}.${name}`)),
      ...(state && { state: mapMatrices(state, (matrix, name) => f(matrix, `${l} met ${name}`)) }),
    })),
    kept: kept.map((layer, l) =>
      Object.fromEntries(
        Object.entries(layer).map(([name, matrices]) => [
          name,
          mapMatrices(matrices, (matrix, key) => f(matrix, `${l} keeps ${JSON.stringify([name, key])}`)),
        ]),
      ),
    ),
  };
}

/** The matrices of a state by name. */
export function namedMatrices(state: TrainingState): Record<string, Matrix> {
  const named: Record<string, Matrix> = {};
  mapState(state, (matrix, name) => {
    named[name] = matrix;
    return matrix;
  });
  return named;
}

/** Returns a state with other numbers, given row by row, by name. */
export function withNamed(
  state: TrainingState,
  numbers: Readonly<Record<string, Float64Array>>,
): TrainingState {
  return mapState(state, ({ rows, columns }, name) => Matrix.from1DArray(rows, columns, numbers[name]));
}

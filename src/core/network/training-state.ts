/** All numbers that go on from step to step: parameters, what layers have met, and what the rule of stepping keeps. */
import { Matrix } from "ml-matrix";
import { mapMatrices, type Network, withNumbers } from "./network.js";
import type { Kept } from "./step.js";

/** The state of a training. */
export interface TrainingState {
  network: Network;
  kept: Kept;
}

/** A state whose matrices went through `f`, each with a name of its own, whatever a reader called them. */
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

/** The matrices of a state by their names. */
export function namedMatrices(state: TrainingState): Record<string, Matrix> {
  const named: Record<string, Matrix> = {};
  mapState(state, (matrix, name) => {
    named[name] = matrix;
    return matrix;
  });
  return named;
}

/** A state with other numbers, row by row under their names. */
export function withNamed(
  state: TrainingState,
  numbers: Readonly<Record<string, Float64Array>>,
): TrainingState {
  return mapState(state, ({ rows, columns }, name) => Matrix.from1DArray(rows, columns, numbers[name]));
}

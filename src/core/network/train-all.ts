/** Many trainings at once. */
import { type Settled, settle } from "../settled.js";
import { type Training, type TrainOptions, train } from "./train.js";

/**
 * Trains with each of the options; see {@link train}. An error is that of its own training and touches no other.
 *
 * @returns what came of each, in their order
 */
export function trainAll(options: readonly TrainOptions[]): Settled<Training>[] {
  return options.map((own) => settle(() => train(own)));
}

/** What trainings have in common that can run side by side in one machine, as text. */
export function kindOf({ network, train, arithmetic, lossForm, batchSize, epochs }: TrainOptions): string {
  const shape = network.layers.map(({ kind, parameters }) => [
    kind,
    Object.values(parameters).map(({ rows, columns }) => [rows, columns]),
  ]);
  const numbers = typeof arithmetic === "object" ? { ...arithmetic, seed: 0 } : { format: arithmetic };
  return JSON.stringify([shape, train.labels.rows, numbers, lossForm, batchSize, epochs]);
}

/** The training that every contender does. */

import type { Dataset } from "../../src/core/moons.js";
import { moonsSplit } from "../../src/core/moons.js";
import { createNetwork } from "../../src/core/network/initialisation.js";
import { denseLayers, type Network, toParameters } from "../../src/core/network/network.js";

/** What to train, and on what. */
export interface Task {
  network: Network;
  data: Dataset;
  learningRate: number;
}

/** Two Moons and a network to learn them. */
export function makeTask(trainPoints: number, hiddenLayers: readonly number[]): Task {
  return {
    network: createNetwork({ hiddenLayers, seed: 1 }),
    data: moonsSplit({ trainPoints, testPoints: 2, noise: 0.15, seed: 1 }).train,
    learningRate: 0.5,
  };
}

/** A task as plain numbers, for other languages. */
export interface PlainTask {
  /** n x 2, row by row. */
  points: number[];
  labels: number[];
  /** In the order of `toParameters`. */
  parameters: number[];
  /** Number of hidden neurons. */
  hidden: number;
  learningRate: number;
}

/** A task with one hidden layer as plain numbers. */
export function toPlain({ network, data, learningRate }: Task): PlainTask {
  return {
    points: data.points.to1DArray(),
    labels: data.labels.to1DArray(),
    parameters: [...toParameters(network)],
    hidden: denseLayers(network)[0].parameters.weights.columns,
    learningRate,
  };
}

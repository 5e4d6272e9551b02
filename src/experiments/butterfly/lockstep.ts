/**
 * Several trainings side by side that see the same batches in the same order: whatever comes between them comes
 * from what they started with, from what they learn, or from their arithmetic.
 */
import { type PrecisionChoice, toPrecision } from "../../arithmetic/precision.js";
import type { Dataset } from "../../moons.js";
import { type Network, toParameters, withParameters } from "../../network/architecture.js";
import { fusedTrainer } from "../../network/fused.js";
import type { BatchSize } from "../../network/train.js";
import type { Evaluation, Trainer } from "../../network/trainer.js";
import { randomStream } from "../../random.js";

/** One of the trainings. */
export interface Member {
  /** Where it starts. */
  network: Network;
  /** What it learns; as many points in each member. */
  train: Dataset;
  /** What numbers it is done in; `binary64` unless said. */
  arithmetic?: PrecisionChoice;
}

/** What all members share. */
export interface LockstepOptions {
  learningRate: number;
  batchSize: BatchSize;
  /** Seed of the order of the points. */
  seed: number;
}

/** Trainings in lockstep. */
export interface Lockstep {
  /** Takes every member so many epochs further. */
  advance(epochs: number): void;
  /** Of a member, as it is now. */
  network(member: number): Network;
  /** Of a member, as it is now, in the order of `toParameters`. */
  parameters(member: number): Float64Array;
  /** How well a member does now. */
  evaluate(member: number, data: Dataset): Evaluation;
  /** Puts a member somewhere else; it goes on from there. */
  move(member: number, parameters: Float64Array): void;
}

/** Starts trainings; each of them ends on the bits of `train` with the same options. */
export function lockstep(
  { learningRate, batchSize, seed }: LockstepOptions,
  members: readonly Member[],
): Lockstep {
  const points = members[0].train.labels.rows;
  const size = batchSize === "full" ? points : Math.min(batchSize, points);
  const order = Int32Array.from({ length: points }, (_, i) => i);
  const random = randomStream("shuffle", seed);
  const start = ({ network, train, arithmetic = "binary64" }: Member): Trainer =>
    fusedTrainer({ initial: network, train, learningRate, precision: toPrecision(arithmetic) });
  const trainers = members.map(start);
  return {
    advance(epochs) {
      for (let epoch = 0; epoch < epochs; epoch++) {
        if (size < points) random.shuffle(order);
        for (const trainer of trainers) {
          for (let from = 0; from < points; from += size)
            trainer.step(order, from, Math.min(from + size, points));
        }
      }
    },
    network: (member) => trainers[member].network(),
    parameters: (member) => toParameters(trainers[member].network()),
    evaluate: (member, data) => trainers[member].evaluate(data),
    move(member, parameters) {
      const network = withParameters(members[member].network, parameters);
      trainers[member] = start({ ...members[member], network });
    },
  };
}

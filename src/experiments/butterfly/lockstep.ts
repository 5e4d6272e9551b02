/**
 * Several trainings side by side that see the same batches in the same order, unless it is said that a member has an
 * order of its own: whatever comes between them comes from what they started with, from what they learn, or from
 * their arithmetic.
 */
import { type PrecisionChoice, toPrecision } from "../../core/arithmetic/precision.js";
import type { Dataset } from "../../core/moons.js";
import type { Evaluation } from "../../core/network/evaluate.js";
import { trainersTogether } from "../../core/network/lane-trainers.js";
import { type Network, toParameters, withParameters } from "../../core/network/network.js";
import { plainObjective } from "../../core/network/objective.js";
import { gradientDescent } from "../../core/network/step.js";
import type { BatchSize } from "../../core/network/train-options.js";
import { randomStream } from "../../core/random.js";

/** One of the trainings. */
export interface Member {
  /** Where it starts. */
  network: Network;
  /** What it learns; as many points in each member. */
  train: Dataset;
  /** What numbers it is done in; `binary64` by default. */
  arithmetic?: PrecisionChoice;
  /** Seed of the order in which it meets the points; that of all by default. */
  orderSeed?: number;
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
  /** Batches in an epoch. */
  readonly batches: number;
  /** Takes every member so many epochs further. */
  advance(epochs: number): void;
  /** Takes every member so many batches further. */
  walk(batches: number): void;
  /** Goes back so many batches of this epoch, to meet them again; members stay as they are until they are moved. */
  goBack(batches: number): void;
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
  const batches = Math.ceil(points / size);
  const orderSeeds = members.map(({ orderSeed = seed }) => orderSeed);
  const orders = new Map(
    orderSeeds.map((own) => [
      own,
      { order: Int32Array.from({ length: points }, (_, i) => i), random: randomStream("shuffle", own) },
    ]),
  );
  const starts = members.map(({ network, train, arithmetic = "binary64" }) => ({
    initial: network,
    train,
    learningRate,
    objective: plainObjective,
    rule: gradientDescent,
    labelSmoothing: 0,
    precision: toPrecision(arithmetic),
  }));
  const { trainers, run, restart } = trainersTogether(starts, size);
  let next = batches; // of the epoch: as if one were over
  const walk = (count: number): void => {
    for (let left = count; left > 0; ) {
      if (next === batches) {
        if (size < points) for (const { order, random } of orders.values()) random.shuffle(order);
        next = 0;
      }
      const end = Math.min(batches, next + left);
      const own = orderSeeds.map((seed) => orders.get(seed)?.order);
      run(own, next * size, Math.min(end * size, points), size);
      left -= end - next;
      next = end;
    }
  };
  return {
    batches,
    walk,
    goBack(count) {
      next -= count;
    },
    advance: (epochs) => walk(epochs * batches),
    network: (member) => trainers[member].network(),
    parameters: (member) => toParameters(trainers[member].network()),
    evaluate: (member, data) => trainers[member].evaluate(data),
    move: (member, parameters) => restart(member, withParameters(members[member].network, parameters)),
  };
}

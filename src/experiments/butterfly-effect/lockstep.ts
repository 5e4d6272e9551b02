/**
 * Several trainings side by side that see the same batches in the same order. Between two batches they can be moved or taken
 * back.
 */
import { trainersTogether } from "../../core/network/lane-trainers.js";
import { type Network, toParameters, withParameters } from "../../core/network/network.js";
import { planOf, type TrainOptions } from "../../core/network/train-options.js";
import { randomStream } from "../../core/random.js";

/** Trainings in lockstep. */
export interface Lockstep {
  /** Batches in an epoch. */
  readonly batches: number;
  /** Takes every member a number of batches further. */
  walk(batches: number): void;
  /** Goes back a number of batches of this epoch, to meet them again; members stay as they are until they are moved. */
  goBack(batches: number): void;
  /** The network of a member, as it is now. */
  network(member: number): Network;
  /** The parameters of a member, as it is now, in the order of `toParameters`. */
  parameters(member: number): Float64Array;
  /** Puts a member somewhere else; it goes on from there. */
  move(member: number, parameters: Float64Array): void;
}

/** Starts a training from each of the networks; each ends on the bits of `train` with the same options. */
export function lockstep(options: TrainOptions, networks: readonly Network[]): Lockstep {
  const { size, points, seed } = planOf(options);
  const batches = Math.ceil(points / size);
  const order = Int32Array.from({ length: points }, (_, i) => i);
  const orders = networks.map(() => order);
  const random = randomStream("shuffle", seed);
  const { trainers, run, restart } = trainersTogether(
    networks.map((network) => planOf({ ...options, network }).trainer),
    size,
  );
  let next = batches; // the next batch of the epoch: as if one epoch were over
  return {
    batches,
    walk(count) {
      for (let left = count; left > 0; ) {
        if (next === batches) {
          if (size < points) random.shuffle(order);
          next = 0;
        }
        const end = Math.min(batches, next + left);
        run(orders, next * size, Math.min(end * size, points), size);
        left -= end - next;
        next = end;
      }
    },
    goBack(count) {
      next -= count;
    },
    network: (member) => trainers[member].network(),
    parameters: (member) => toParameters(trainers[member].network()),
    move: (member, parameters) => restart(member, withParameters(networks[member], parameters)),
  };
}

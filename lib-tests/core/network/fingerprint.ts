/** The trainings that are compared, and what each comes to in short. Nothing here needs Node: a browser does it as well. */
import { type Network, toParameters } from "../../../src/core/network/network.js";
import type { Training } from "../../../src/core/network/train.js";
import { digest } from "../../support/bits.js";
import { apart, coveringTrainings, type Entry } from "./covering.js";
import { trainingsInUse } from "./in-use.js";

/** Every training there is a fingerprint of. */
export function entries(): Entry[] {
  return [...coveringTrainings(), ...trainingsInUse(), ...apart()];
}

/** A training in short. */
export interface Fingerprint {
  /** The last training loss, to see what the training came to. */
  loss: string;
  /**
   * Digest of the record's epochs, losses and accuracies, of the best epoch where there is one, and of the parameters
   * and running means at the end and in the snapshots.
   */
  bits: string;
  /** Digest of the counts, where there are any. */
  counters?: string;
}

/** The fingerprint of a training. */
export function fingerprint({ history, bestEpoch, network, snapshots }: Training): Fingerprint {
  const record = history.flatMap(({ epoch, train, test }) => [
    epoch,
    train.loss,
    train.accuracy,
    ...(test ? [test.loss, test.accuracy] : []),
  ]);
  const parameters = [network, ...snapshots.map((snapshot) => snapshot.network)].flatMap((one) => [
    ...toParameters(one),
    ...runningMeans(one),
  ]);
  const counts = history.flatMap(({ counters = {} }) =>
    sorted(counters).flatMap((phase) => sorted({ ...phase })),
  );
  return {
    loss: String(history[history.length - 1].train.loss),
    bits: digest([...record, ...(bestEpoch === undefined ? [] : [bestEpoch]), ...parameters]),
    ...(counts.length > 0 && { counters: digest(counts) }),
  };
}

/** What batch normalization has met, layer by layer. */
function runningMeans({ layers }: Network): number[] {
  return layers.flatMap(({ state = {} }) => Object.values(state).flatMap((matrix) => matrix.to1DArray()));
}

/** The values in the order of their names. */
function sorted<Value>(record: Record<string, Value>): Value[] {
  return Object.keys(record)
    .sort()
    .map((name) => record[name]);
}

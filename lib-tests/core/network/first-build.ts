/**
 * What the first build computed: fingerprints of trainings by the code of the commit 8d7b71e, where training was written
 * twice, to be read (whose bits these are) and to be fast. They are never written anew: what is meant to differ, `movedIn` names.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Network, toParameters } from "../../../src/core/network/network.js";
import type { Training } from "../../../src/core/network/train.js";
import { digest } from "../../support/bits.js";
import { apart, coveringTrainings, type Entry } from "./covering.js";
import { trainingsInUse } from "./in-use.js";

const FILE = resolve(__dirname, "../../../../lib-tests/core/network/first-build.json");

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

/** Every training there is a fingerprint of. */
export function entries(): Entry[] {
  return [...coveringTrainings(), ...trainingsInUse(), ...apart()];
}

/** The kept fingerprints, by the titles of the trainings. */
export function firstBuild(): Record<string, Fingerprint> {
  return JSON.parse(readFileSync(FILE, "utf8"));
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

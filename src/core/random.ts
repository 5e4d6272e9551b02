/**
 * Seeded, named streams of random numbers. Each purpose (dataset, initial weights, shuffling, poisoning) has its own stream,
 * so that changing one does not affect the others.
 *
 * The generator is seedrandom's ARC4, keyed by purpose and seed: streams have different keys, rather than different places in
 * one sequence, so they cannot overlap. It uses only integer arithmetic and gives the same bits on every engine.
 */
import seedrandom from "seedrandom";
import * as z from "zod/mini";
import { log } from "./elementary.js";
import { parse } from "./validate.js";

/** The allowed seeds. */
export const seedSchema: z.ZodMiniType<number> = z.int().check(z.gte(0));

const streamSchema = z.strictObject({ name: z.string().check(z.minLength(1)), seed: seedSchema });

/** A stream of independent random numbers; every call advances it. */
export interface RandomStream {
  /** A number in [0, 1), uniform over the multiples of 2^-53. */
  uniform(): number;
  /** A standard normal deviate. */
  normal(): number;
  /**
   * A whole number from 0 to `count - 1`, all with exactly the same probability.
   *
   * @param count - a whole number from 1 to 2^32
   * @throws RangeError when `count` is outside that range
   */
  below(count: number): number;
  /** Shuffles `items` in place, uniformly (Fisher and Yates). */
  shuffle(items: Int32Array): void;
}

/**
 * Returns the stream of a purpose.
 *
 * @param name - the purpose, such as `dataset/train`
 * @param seed - a whole number >= 0
 * @throws RangeError or TypeError when the seed is not a whole number >= 0
 */
export function randomStream(name: string, seed: number): RandomStream {
  parse(streamSchema, { name, seed });
  const { i, j, S } = seedrandom(`glass-house/${name}/${seed}`, { state: true }).state();
  const state: Arc4 = { i, j, bytes: Uint8Array.from(S) };
  let spare: number | undefined;

  function normal(): number {
    if (spare !== undefined) {
      const deviate = spare;
      spare = undefined;
      return deviate;
    }
    // Marsaglia's polar method: two deviates from a point in the unit disc, without sine or cosine
    for (;;) {
      const u = 2 * uniformBy(state) - 1;
      const v = 2 * uniformBy(state) - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const factor = Math.sqrt((-2 * log(s)) / s);
        spare = v * factor;
        return u * factor;
      }
    }
  }

  return {
    uniform: () => uniformBy(state),
    normal,
    below(count) {
      if (!(Number.isInteger(count) && count >= 1 && count <= 0x100000000)) {
        throw new RangeError(`count must be a whole number from 1 to ${0x100000000}, got ${count}`);
      }
      return belowBy(state, count);
    },
    shuffle: (items) => shuffleBy(state, items),
  };
}

/**
 * The state of seedrandom's ARC4. The functions below return the numbers of its `int32` (unsigned) and `double`, in less than
 * half the time, because they use a typed array and are shared by all streams; otherwise random numbers would take most of
 * the time of training on single samples.
 */
interface Arc4 {
  i: number;
  j: number;
  readonly bytes: Uint8Array;
}

function next(state: Arc4): number {
  const { bytes } = state;
  const i = (state.i + 1) & 255;
  const t = bytes[i];
  const j = (state.j + t) & 255;
  const u = bytes[j];
  bytes[i] = u;
  bytes[j] = t;
  state.i = i;
  state.j = j;
  return bytes[(t + u) & 255];
}

function int32By(state: Arc4): number {
  return ((next(state) << 24) | (next(state) << 16) | (next(state) << 8) | next(state)) >>> 0;
}

function uniformBy(state: Arc4): number {
  let numerator = int32By(state) * 65536 + next(state) * 256 + next(state);
  let denominator = 2 ** 48;
  let last = 0;
  while (numerator < 2 ** 52) {
    numerator = (numerator + last) * 256;
    denominator *= 256;
    last = next(state);
  }
  while (numerator >= 2 ** 53) {
    numerator /= 2;
    denominator /= 2;
    last >>>= 1;
  }
  return (numerator + last) / denominator;
}

function belowBy(state: Arc4, count: number): number {
  for (;;) {
    const bits = int32By(state);
    const rest = bits % (count >>> 0 || count);
    // numbers above the last whole multiple of count would favour small results: draw again
    if (bits - rest + count <= 0x100000000) return rest;
  }
}

function shuffleBy(state: Arc4, items: Int32Array): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = belowBy(state, last + 1);
    const item = items[last];
    items[last] = items[other];
    items[other] = item;
  }
}

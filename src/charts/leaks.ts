/** Leaks over the seeds: the bits of a reading, and which class fires more. */
import { TIGHT_BITS } from "../experiments/side-channel/frontier.js";
import {
  type AttackResult,
  differenceOf,
  type LeakResult,
} from "../experiments/side-channel/side-channel.js";
import type { Variation } from "../experiments/study.js";
import type { Figure } from "./figure.js";
import { type Quantity, seedsFigure, seedValues } from "./seeds.js";

type Group = Readonly<Variation<Pick<LeakResult, "seed" | "bits">>>;

/** The leak of one reading of the count in each network, a row for each group; with the bar of the verdict. */
export function bitsFigure(groups: readonly Group[]): Figure {
  return rowsFigure(groups, ({ bits }) => bits, {
    name: "leak of one reading",
    unit: "bits",
    bounds: [0, 1],
    reference: { value: TIGHT_BITS, name: `${TIGHT_BITS} bits` },
  });
}

/** {@link bitsFigure} of the active count and of the Hamming weight. */
export function leakFigure(seeds: readonly AttackResult[]): Figure {
  return bitsFigure([
    { name: "active count", results: [...seeds] },
    { name: "Hamming weight", results: seeds.map(({ seed, hammingBits }) => ({ seed, bits: hammingBits })) },
  ]);
}

/** Which class fires more in each network, and by how much; a row for each group. */
export function leadFigure(groups: readonly Variation<LeakResult>[]): Figure {
  return rowsFigure(groups, differenceOf, {
    name: "Blue minus Red",
    unit: "neurons",
    reference: { value: 0, name: "no difference" },
  });
}

function rowsFigure<Result extends { seed: number }>(
  groups: readonly Variation<Result>[],
  pick: (result: Result) => number,
  quantity: Quantity,
): Figure {
  return seedsFigure(
    groups.map(({ name, results }) => seedValues(name, results, pick)),
    quantity,
  );
}

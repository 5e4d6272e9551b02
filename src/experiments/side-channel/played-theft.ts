/** A theft as a panel plays it: the network is trained, then robbed, and what the thief has so far is looked at query by query. */
import type { Gradual } from "../../core/network/gradual.js";
import type { Network } from "../../core/network/network.js";
import { type Segment, segmentsIn } from "../out-of-distribution/arrangement.js";
import type { Rectangle } from "../plane.js";
import type { Point } from "./line.js";
import { compared, crosses, trueLines } from "./line-errors.js";
import { type Loot, type Query, type StolenLine, steal, type ThiefOptions } from "./thief.js";

/** A theft after some of its queries. */
export interface Theft {
  queries: number;
  lines: readonly StolenLine[];
  /** Where the thief has looked last, in that order. */
  looks: readonly Point[];
  /** What it all came to; undefined before the end. */
  loot?: Loot;
}

/** Something trained, and what has been stolen of it; nothing yet while it is in training. */
export interface Robbed<Trained> {
  trained: Trained;
  theft?: Theft;
}

/** Queries between two breaths: a few milliseconds. */
const BREATH = 25;

/** How many of the last queries are looked at. */
const LOOKS = 60;

/**
 * Trains, before the first query, and steals query by query: what a moment counts is queries.
 *
 * @param rob - how to rob what has been trained
 */
export function* robbed<Trained>(
  training: Gradual<Trained>,
  rob: (trained: Trained) => ThiefOptions,
): Gradual<Robbed<Trained>> {
  let next = training.next();
  for (; !next.done; next = training.next()) {
    const { epoch, epochs, now } = next.value;
    yield { epoch: Math.min(epoch - epochs, 0) - 1, epochs, now: () => ({ trained: now() }) };
  }
  const trained = next.value;
  const thief = steal(rob(trained));
  const asked: Query[] = [];
  let step = thief.next();
  for (; !step.done; step = thief.next()) {
    asked.push(step.value);
    if (asked.length % BREATH === 0) yield { epoch: -1, epochs: 0, now: () => ({ trained }) };
  }
  const loot = step.value;
  const { queries } = loot;
  const after = (count: number): Robbed<Trained> => ({ trained, theft: theftAfter(count, asked, loot) });
  for (let count = 0; count <= queries; count++) {
    yield { epoch: count, epochs: queries, now: () => after(count) };
  }
  return after(queries);
}

function theftAfter(count: number, asked: readonly Query[], loot: Loot): Theft {
  return {
    queries: count,
    lines: loot.lines.filter(({ queries }) => queries <= count),
    looks: asked.filter(({ queries }) => count - LOOKS < queries && queries <= count).map(({ at }) => at),
    ...(count === loot.queries && { loot }),
  };
}

/** How a theft stands against the network that is robbed. */
export interface Haul {
  /** How many lines of the network pass through the box. */
  all: number;
  /** How many of them are stolen, and how many more the thief believes in. */
  found: number;
  wrong: number;
  /** Largest error of a line that is found, of its angle in radians or its offset; NaN where none is. */
  worst: number;
}

/** Compares stolen lines with those of a network with one hidden layer. */
export function haulOf(network: Network, lines: readonly StolenLine[], box: Rectangle): Haul {
  const own = trueLines(network).filter((line) => crosses(line, box));
  const { found, wrong, angle, offset } = compared({ lines: [...lines], queries: 0 }, own);
  return { all: own.length, found, wrong, worst: found > 0 ? Math.max(angle, offset) : Number.NaN };
}

/** The stolen lines within a box, from end to end. */
export function stolenIn(box: Rectangle, lines: readonly StolenLine[]): Segment[] {
  return segmentsIn(
    lines.map((line) => ({ ...line, neurons: [] })),
    box,
  );
}

/** How far a theft has come, in a sentence. */
export function theftNews({ all, found }: Haul, { lines, loot }: Theft): string {
  const last = lines.at(-1);
  const since = last ? `, the last after ${last.queries} queries` : "";
  return `The thief has ${found} of ${all} lines${since}${loot ? `, and stops after ${loot.queries}` : ""}.`;
}

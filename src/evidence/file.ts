/**
 * The text of a recorded study, in JSON Lines: a header, one line per seed, and a digest of all lines before.
 * The digest detects accidents; only the audit detects invented results.
 */
import * as z from "zod/mini";
import { digestOf } from "../core/digest.js";
import { fromJson, type Json, packed, type Shape, toJson, unpacked, widened } from "./codec.js";
import type { StudyName } from "./key.js";

/** Where an observation was made. */
export interface Machine {
  cpu: string;
  os: string;
  node: string;
}

/** One part of a recording that was split. */
export interface Shard {
  /** Counted from 1. */
  number: number;
  of: number;
}

/** What was recorded. */
export interface Header extends StudyName {
  /** See {@link studyKey}. */
  key: string;
  /** Digest of the code that measured; missing for an observed study. */
  digest?: string;
  firstSeed: number;
  /** Number of consecutive seeds, over all shards. */
  seeds: number;
  shard?: Shard;
  /** The parameters that the studies depend on. */
  parameters: Readonly<Record<string, unknown>>;
  /** Version of this package. */
  version: string;
  /** The day of completion, such as 2026-11-30. */
  recorded: string;
  /** The command that makes the same recording, if it needs options. */
  command?: string;
  /** Set if the results depend on a clock or another machine. */
  machine?: Machine;
}

/** The results of one seed, point by point. */
export interface Row {
  seed: number;
  results: readonly unknown[];
}

/** A recorded study. */
export interface Recorded {
  header: Header;
  /** Ordered by seed. */
  rows: readonly Row[];
}

/** What may be wrong with a file. */
export type Problem = "unreadable" | "cut off" | "edited" | "of another study";

/** A file does not hold valid evidence. */
export class EvidenceError extends Error {
  override name = "EvidenceError";

  constructor(
    readonly problem: Problem,
    message: string,
  ) {
    super(message);
  }
}

/** Version of the format, stored in the first line. */
const FORMAT = 1;

const count = z.int().check(z.gte(1));
const headerSchema = z.looseObject({
  experiment: z.string(),
  study: z.string(),
  key: z.string(),
  digest: z.optional(z.string()),
  firstSeed: z.int().check(z.gte(0)),
  seeds: count,
  shard: z.optional(z.strictObject({ number: count, of: count })),
  parameters: z.record(z.string(), z.unknown()),
  version: z.string(),
  recorded: z.string(),
  command: z.optional(z.string()),
  machine: z.optional(z.looseObject({ cpu: z.string(), os: z.string(), node: z.string() })),
});

/** The seeds of a recording or of one shard: shard k of n takes every n-th seed, so that all shards take about equally long. */
export function seedsIn(header: Header): number[] {
  const { firstSeed, shard: { number, of } = WHOLE } = header;
  return Array.from({ length: seedCount(header) }, (_, i) => firstSeed + number - 1 + i * of);
}

const WHOLE: Shard = { number: 1, of: 1 };

function seedCount({ seeds, shard: { number, of } = WHOLE }: Header): number {
  return Math.ceil((seeds - number + 1) / of);
}

/**
 * Writes a recorded study; the text does not depend on the order of measuring.
 *
 * @throws TypeError when a result is not plain data
 */
export function recordText({ header, rows }: Recorded): string {
  const results = rows.map((row) => toJson(row.results) as readonly Json[]);
  const shape = results.flat().reduce<Shape | undefined>(widened, undefined) ?? "value";
  const first = { evidence: FORMAT, ...header, parameters: toJson(header.parameters), shape };
  const lines = results.map((own, i) => [rows[i].seed, ...own.map((result) => packed(result, shape))]);
  const body = [first, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
  return `${body}${JSON.stringify({ seeds: rows.length, digest: digestOf(body) })}\n`;
}

/**
 * Reads a recorded study.
 *
 * @throws EvidenceError saying what is wrong
 */
export function readRecord(text: string): Recorded {
  // git may have written Windows line endings
  const unix = text.replaceAll("\r\n", "\n");
  const start = unix.indexOf("\n") + 1;
  const { evidence, shape, ...header } = object(unix.slice(0, start));
  if (evidence !== FORMAT)
    throw new EvidenceError("unreadable", `it is not a recorded study of format ${FORMAT}`);
  const end = unix.lastIndexOf("\n", unix.length - 2) + 1;
  const { seeds, digest } = object(unix.slice(end));
  if (!unix.endsWith("\n") || end < start || typeof seeds !== "number") {
    throw new EvidenceError("cut off", "it is cut off: its last line is missing");
  }
  const body = unix.slice(0, end);
  const lines = end === start ? [] : body.slice(start, -1).split("\n");
  if (digestOf(body) !== digest || seeds !== lines.length) {
    throw new EvidenceError("edited", "it was edited or damaged: its lines do not match its digest");
  }
  if (!headerSchema.safeParse(header).success) {
    throw new EvidenceError("unreadable", "its first line does not say what was recorded");
  }
  const recorded = {
    header: { ...header, parameters: readable(() => fromJson(header.parameters as Json)) } as Header,
    rows: lines.map((line) => readable(() => rowIn(line, shape as Shape))),
  };
  // counted first: a made-up number of seeds would not fit into memory
  const expected = seedCount(recorded.header) === lines.length ? seedsIn(recorded.header) : [];
  if (expected.length !== lines.length || recorded.rows.some(({ seed }, i) => seed !== expected[i])) {
    throw new EvidenceError("edited", "it does not hold the seeds that its first line names");
  }
  return recorded;
}

function rowIn(line: string, shape: Shape): Row {
  const [seed, ...results] = JSON.parse(line) as [number, ...Json[]];
  return { seed, results: results.map((result) => fromJson(unpacked(result, shape))) };
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new EvidenceError("unreadable", `it cannot be read: ${(error as Error).message}`);
  }
}

/** Parses the object in a line; returns an empty one if there is none. */
function object(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

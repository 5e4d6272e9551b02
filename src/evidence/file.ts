/**
 * The text of a recorded study, in JSON Lines: a header, one line per seed, and a digest of all lines before.
 * The digest detects accidents; only the audit detects invented results.
 */
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

/** The seeds of a recording or of one shard: shard k of n takes every n-th seed, so that all shards take about equally long. */
export function seedsIn({
  firstSeed,
  seeds,
  shard: { number, of } = { number: 1, of: 1 },
}: Header): number[] {
  return Array.from(
    { length: Math.ceil((seeds - number + 1) / of) },
    (_, i) => firstSeed + number - 1 + i * of,
  );
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
  const recorded = {
    header: { ...header, parameters: fromJson(header.parameters as Json) } as unknown as Header,
    rows: lines.map((line) => rowIn(line, shape as Shape)),
  };
  const expected = seedsIn(recorded.header);
  if (expected.length !== recorded.rows.length || recorded.rows.some(({ seed }, i) => seed !== expected[i])) {
    throw new EvidenceError("edited", "it does not hold the seeds that its first line names");
  }
  return recorded;
}

function rowIn(line: string, shape: Shape): Row {
  try {
    const [seed, ...results] = JSON.parse(line) as [number, ...Json[]];
    return { seed, results: results.map((result) => fromJson(unpacked(result, shape))) };
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

/**
 * A recorded study as a text: JSON Lines, first what was recorded, then a line a seed, last the digest of all lines before.
 * That digest finds accidents; it is the audit that finds what somebody has made up.
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

/** One of the parts into which a recording was cut up. */
export interface Shard {
  /** From 1. */
  number: number;
  of: number;
}

/** What was recorded. */
export interface Header extends StudyName {
  /** See {@link studyKey}. */
  key: string;
  /** Of the code that measured; none where the study is observed. */
  digest?: string;
  firstSeed: number;
  /** How many seeds follow each other, in all shards together. */
  seeds: number;
  shard?: Shard;
  /** The values that the studies go by. */
  parameters: Readonly<Record<string, unknown>>;
  /** Version of this package. */
  version: string;
  /** The day on which it was complete, such as 2026-11-30. */
  recorded: string;
  /** What makes the same recording, where that is not the plain command. */
  command?: string;
  /** Set where a clock or another machine had a part in it. */
  machine?: Machine;
}

/** What was measured for a seed, point by point. */
export interface Row {
  seed: number;
  results: readonly unknown[];
}

/** A recorded study. */
export interface Recorded {
  header: Header;
  /** In the order of the seeds. */
  rows: readonly Row[];
}

/** What can be wrong with a file. */
export type Problem = "unreadable" | "cut off" | "edited" | "of another study";

/** A file that is no evidence. */
export class EvidenceError extends Error {
  override name = "EvidenceError";

  constructor(
    readonly problem: Problem,
    message: string,
  ) {
    super(message);
  }
}

/** The number in the first line, which changes when the format does. */
const FORMAT = 1;

/** The seeds of a recording, or of a shard of it: every so-manieth, so that all shards take about as long. */
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
 * The text of a recorded study, which tells the same whatever the order in which it was measured.
 *
 * @throws TypeError when a result is no plain data
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
 * @throws EvidenceError that says what is wrong with it
 */
export function readRecord(text: string): Recorded {
  // git may have written it with Windows' ends of lines
  const unix = text.replaceAll("\r\n", "\n");
  const start = unix.indexOf("\n") + 1;
  const { evidence, shape, ...header } = object(unix.slice(0, start));
  if (evidence !== FORMAT)
    throw new EvidenceError("unreadable", `it is no recorded study of format ${FORMAT}`);
  const end = unix.lastIndexOf("\n", unix.length - 2) + 1;
  const { seeds, digest } = object(unix.slice(end));
  if (!unix.endsWith("\n") || end < start || typeof seeds !== "number") {
    throw new EvidenceError("cut off", "it is cut off: its last line is missing");
  }
  const body = unix.slice(0, end);
  const lines = end === start ? [] : body.slice(start, -1).split("\n");
  if (digestOf(body) !== digest || seeds !== lines.length) {
    throw new EvidenceError("edited", "it was edited or damaged: its lines are not those that were recorded");
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

/** The object in a line; an empty one where there is none. */
function object(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

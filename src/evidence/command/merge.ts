/** Puts the shards of recordings together: the same bytes as if each had been recorded at once. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../../report/usage-error.js";
import { writeWhole } from "../../report/write.js";
import { textOf } from "../codec.js";
import { EvidenceError, type Recorded, readRecord, recordText } from "../file.js";
import type { Complete } from "./record.js";

const SHARD = /^(.+)\.shard-(\d+)-of-(\d+)\.jsonl$/;

/** A file of a recording that was put together. */
interface Whole {
  path: string;
  recorded: Recorded;
}

/**
 * Puts together all shards that lie in folders, those below included; nothing is written unless all are there.
 *
 * @param sources - folders or files
 * @param out - folder with a folder for each experiment
 * @throws UsageError when there is no shard at all
 * @throws EvidenceError that says what is missing, or what does not go together
 */
export function merge(sources: readonly string[], out: string): Complete[] {
  const shards = sources.flatMap(filesIn).filter((path) => SHARD.test(basename(path)));
  if (shards.length === 0) throw new UsageError(`there is no shard in ${sources.join(", ")}`);
  const groups = new Map<string, string[]>();
  for (const path of new Set(shards)) {
    const { header } = read(path);
    const whole = join(out, header.experiment, basename(path).replace(SHARD, "$1.jsonl"));
    groups.set(whole, [...(groups.get(whole) ?? []), path]);
  }
  const parts = [...groups].map(([path, files]) => ({ path, files, recorded: files.map(read) }));
  for (const { files, recorded } of parts) checkAlike(files, recorded);
  const absent = parts.flatMap(({ recorded }) => absentOf(recorded));
  if (absent.length > 0) throw new EvidenceError("cut off", absent.join("; "));
  const wholes = parts.map(({ path, recorded }): Whole => ({ path, recorded: wholeOf(recorded) }));
  for (const whole of wholes) checkPlace(whole);
  return wholes.map(({ path, recorded }) => {
    const text = recordText(recorded);
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, text);
    return { path, seeds: recorded.rows.length, bytes: Buffer.byteLength(text) };
  });
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) throw new UsageError(`there is no ${path} to merge`);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .sort()
    .map((file) => join(path, file));
}

function read(path: string): Recorded {
  try {
    return readRecord(readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    throw new EvidenceError(error.problem, `${path}: ${error.message}`);
  }
}

/** Checks that shards are of one recording. */
function checkAlike(paths: readonly string[], parts: readonly Recorded[]): void {
  for (const [i, part] of parts.entries()) {
    const differing = differences(parts[0], part);
    if (differing.length === 0) continue;
    throw new EvidenceError(
      "of another study",
      `${paths[0]} and ${paths[i]} are not of one recording: they differ in ${differing.join(", ")}`,
    );
  }
}

/** What is missing of a recording, in words. */
function absentOf([{ header }, ...others]: readonly Recorded[]): string[] {
  const { experiment, study, shard: { number, of } = { number: 1, of: 1 } } = header;
  const present = new Set([number, ...others.map((part) => part.header.shard?.number)]);
  const absent = Array.from({ length: of }, (_, i) => i + 1).filter((one) => !present.has(one));
  return absent.length > 0 ? [`${experiment} ${study}: shard ${absent.join(", ")} of ${of} missing`] : [];
}

function wholeOf(parts: readonly Recorded[]): Recorded {
  const { shard: _, ...header } = parts[0].header;
  const rows = new Map(parts.flatMap((part) => part.rows).map((row) => [row.seed, row]));
  return {
    header: { ...header, recorded: parts.map((part) => part.header.recorded).sort()[parts.length - 1] },
    rows: [...rows.values()].sort((a, b) => a.seed - b.seed),
  };
}

function differences(a: Recorded, b: Recorded): string[] {
  const flat = ({ header: { shard, recorded: _, ...header } }: Recorded): Record<string, unknown> => ({
    ...header,
    "number of shards": shard?.of,
  });
  const [left, right] = [flat(a), flat(b)];
  return Object.keys({ ...left, ...right }).filter((name) => textOf(left[name]) !== textOf(right[name]));
}

/** What is there already may be replaced by more of the same alone. */
function checkPlace({ path, recorded }: Whole): void {
  if (!existsSync(path)) return;
  const { header, rows } = read(path);
  const isKept =
    header.key === recorded.header.key &&
    rows.every(
      ({ seed, results }, i) =>
        textOf([seed, results]) === textOf([recorded.rows[i]?.seed, recorded.rows[i]?.results]),
    );
  if (!isKept)
    throw new UsageError(`${path} holds other results; remove it, or give another folder with --out`);
}

/** Merges the shards of recordings into the same bytes as a single run. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../../report/usage-error.js";
import { writeWhole } from "../../report/write.js";
import { textOf } from "../codec.js";
import { EvidenceError, type Recorded, readRecord, recordText } from "../file.js";
import type { Complete } from "./record.js";

const SHARD = /^(.+)\.shard-\d+-of-\d+\.jsonl$/;

/** The shards of one recording. */
type Parts = readonly (Recorded & { path: string })[];

/**
 * Merges all shards in folders and their subfolders; writes nothing unless every shard is there.
 *
 * @param sources - folders or files
 * @param out - parent of the experiments' folders
 * @throws UsageError when there are no shards, or the target holds other results
 * @throws EvidenceError saying which shards are missing or do not belong together
 */
export function merge(sources: readonly string[], out: string): Complete[] {
  const paths = new Set(sources.flatMap(filesIn).filter((path) => SHARD.test(basename(path))));
  if (paths.size === 0) throw new UsageError(`there are no shards in ${sources.join(", ")}`);
  const groups = new Map<string, Parts>();
  for (const path of paths) {
    const part = { ...read(path), path };
    const whole = join(out, part.header.experiment, basename(path).replace(SHARD, "$1.jsonl"));
    groups.set(whole, [...(groups.get(whole) ?? []), part]);
  }
  for (const parts of groups.values()) checkAlike(parts);
  const absent = [...groups.values()].flatMap(absentOf);
  if (absent.length > 0) throw new EvidenceError("cut off", absent.join("; "));
  const wholes = [...groups].map(([path, parts]) => ({ path, ...wholeOf(parts) }));
  for (const whole of wholes) checkPlace(whole);
  return wholes.map(({ path, header, rows }) => {
    const text = recordText({ header, rows });
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, text);
    return { path, seeds: rows.length, bytes: Buffer.byteLength(text) };
  });
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) throw new UsageError(`cannot merge ${path}: it does not exist`);
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

/** What all shards of a recording have in common. */
function common({ header: { shard, recorded: _, ...header } }: Recorded): Readonly<Record<string, unknown>> {
  return { ...header, "number of shards": shard?.of };
}

function checkAlike([first, ...others]: Parts): void {
  const own = common(first);
  for (const other of others) {
    const its = common(other);
    const names = Object.keys({ ...own, ...its }).filter((name) => textOf(own[name]) !== textOf(its[name]));
    if (names.length === 0) continue;
    throw new EvidenceError(
      "of another study",
      `${first.path} and ${other.path} do not belong to the same recording: they differ in ${names.join(", ")}`,
    );
  }
}

/** The missing shards of a recording, in words. */
function absentOf(parts: Parts): string[] {
  const { experiment, study, shard } = parts[0].header;
  const present = new Set(parts.map(({ header }) => header.shard?.number));
  const all = Array.from({ length: shard?.of ?? 0 }, (_, i) => i + 1);
  const absent = all.filter((number) => !present.has(number));
  return absent.length > 0
    ? [`${experiment} ${study}: shard ${absent.join(", ")} of ${all.length} is missing`]
    : [];
}

function wholeOf(parts: Parts): Recorded {
  const { shard: _, ...header } = parts[0].header;
  const rows = new Map(parts.flatMap((part) => part.rows).map((row) => [row.seed, row]));
  return {
    header: { ...header, recorded: parts.map((part) => part.header.recorded).sort()[parts.length - 1] },
    rows: [...rows.values()].sort((a, b) => a.seed - b.seed),
  };
}

/** An existing file may only be replaced by the same results and more. */
function checkPlace({ path, header, rows }: Recorded & { path: string }): void {
  if (!existsSync(path)) return;
  const there = read(path);
  const isKept =
    there.header.key === header.key && textOf(there.rows) === textOf(rows.slice(0, there.rows.length));
  if (!isKept) {
    throw new UsageError(`${path} holds other results; delete it, or choose another folder with --out`);
  }
}

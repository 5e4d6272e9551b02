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
  const wholes = [...groups].map(([path, parts]): Whole => ({ path, recorded: wholeOf(parts) }));
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

function wholeOf(paths: readonly string[]): Recorded {
  const parts = paths.map(read);
  const [first] = parts;
  const { shard, recorded: _, ...header } = first.header;
  const of = shard?.of ?? 1;
  for (const [i, part] of parts.entries()) {
    const { shard: own, recorded: _day, ...others } = part.header;
    if (own?.of !== of || textOf(others) !== textOf(header)) {
      throw new EvidenceError(
        "of another study",
        `${paths[0]} and ${paths[i]} are not of one recording: they differ in ${differences(first, part).join(", ")}`,
      );
    }
  }
  const present = new Set(parts.map((part) => part.header.shard?.number));
  const absent = Array.from({ length: of }, (_, i) => i + 1).filter((number) => !present.has(number));
  if (absent.length > 0) {
    throw new EvidenceError(
      "cut off",
      `${header.experiment} ${header.study}: shard ${absent.join(", ")} of ${of} missing`,
    );
  }
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

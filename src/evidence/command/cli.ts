/** The command line of `npm run evidence`: reads and checks the arguments, runs the command, reports the outcome. */
import { join, relative, resolve } from "node:path";
import type { Runner } from "../../experiments/runner.js";
import { exitOnSignals } from "../../report/clean-up.js";
import {
  baseFolder,
  checkNpmTookNothing,
  numberOption,
  parseOptions,
  runCommand,
} from "../../report/command-line.js";
import { parseAssignments } from "../../report/parameters.js";
import { UsageError } from "../../report/usage-error.js";
import { prepareFolder } from "../../report/write.js";
import { sweep } from "../../sweep/index.js";
import { defaultWorkers, MAX_WORKERS } from "../../sweep/worker-count.js";
import { EvidenceError, type Shard } from "../file.js";
import { EVIDENCE_FOLDER } from "../load.js";
import { check } from "./check.js";
import { type Commission, commissions, present, type Wishes } from "./commission.js";
import { takeLock } from "./lock.js";
import { merge } from "./merge.js";
import { Progress, timeText } from "./progress.js";
import { type Complete, record } from "./record.js";

const HELP = `npm run evidence [-- notebook… --study name… --set "name=value"… --seeds n --first-seed n
                     --shard k/n --out dir --jobs n]
npm run evidence -- --check [notebook… --study name… --set "name=value"… --out dir --jobs n]
npm run evidence -- --merge folder… [--out dir]

Measures and records what the notebooks' verdicts rest on, for hundreds of seeds. Stop it at any time: the same
command continues where it stopped.

  notebook            a name such as 01, baseline or 01-baseline (default: all)
  --study name        one of a notebook's studies (default: all); may be repeated
  --set "name=value"  changes a parameter, as in npm run report; may be repeated. The results go into a separate
                      file, STUDY.….jsonl
  --seeds n           number of seeds (default: as each study says)
  --first-seed n      the first seed (default: the notebook's firstSeed)
  --out dir           folder of the recordings (default: notebooks/evidence/)
  --shard k/n         measures only the k-th of n parts, to spread the work over processes or machines
  --merge             merges the shards in the given folders into the same bytes as a single run
  --check             measures everything recorded again and compares to the bit; records nothing
  --jobs n            number of worker threads (default: GLASS_HOUSE_WORKERS, or the number of cores)
  --help              shows this text

Exit code: 0 success; 1 a measurement failed or differs, or a file is missing or cannot be written; 2 invalid
command line; 130 interrupted.`;

type Mode = "record" | "check" | "merge" | "help";

interface Arguments extends Wishes {
  mode: Mode;
  jobs: number;
}

const MOST_SEEDS = 1_000_000;

function readArguments(base: string): Arguments {
  const { values, positionals } = parseOptions({
    study: { type: "string", multiple: true },
    set: { type: "string", multiple: true },
    seeds: { type: "string" },
    "first-seed": { type: "string" },
    out: { type: "string" },
    shard: { type: "string" },
    merge: { type: "boolean" },
    check: { type: "boolean" },
    jobs: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  const mode = (["help", "merge", "check"] as const).find((name) => values[name]) ?? "record";
  const others: Readonly<Record<Mode, readonly (keyof typeof values)[]>> = {
    help: [],
    record: [],
    check: ["merge", "shard", "seeds", "first-seed"],
    merge: ["check", "study", "set", "shard", "seeds", "first-seed", "jobs"],
  };
  const wrong = others[mode].find((name) => values[name] !== undefined);
  if (wrong) throw new UsageError(`--${mode} cannot be combined with --${wrong}`);
  const whole = (name: "seeds" | "first-seed" | "jobs", least: number, most: number): number | undefined =>
    values[name] === undefined
      ? undefined
      : numberOption(`--${name}`, values[name], {
          what: `a whole number from ${least} to ${most}`,
          allows: (value) => Number.isInteger(value) && value >= least && value <= most,
        });
  return {
    mode,
    notebooks: positionals,
    studies: values.study ?? [],
    set: parseAssignments(values.set ?? []),
    seeds: whole("seeds", 1, MOST_SEEDS),
    firstSeed: whole("first-seed", 0, Number.MAX_SAFE_INTEGER - MOST_SEEDS),
    shard: values.shard === undefined ? undefined : shardOption(values.shard),
    out: values.out === undefined ? EVIDENCE_FOLDER : resolve(base, values.out),
    jobs: whole("jobs", 1, MAX_WORKERS) ?? workersHere(),
  };
}

function workersHere(): number {
  try {
    return defaultWorkers();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function shardOption(text: string): Shard {
  const [number, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).slice(1).map(Number);
  if (!(number >= 1 && number <= of && of <= MOST_SEEDS)) {
    throw new UsageError(
      `--shard must be k/n with whole numbers and 1 <= k <= n <= ${MOST_SEEDS}, got "${text}"`,
    );
  }
  return { number, of };
}

const shown = (path: string): string => relative(process.cwd(), path);

async function recordAll(wishes: Arguments, progress: Progress): Promise<number> {
  const { out, shard, jobs } = wishes;
  const wanted = commissions(wishes);
  prepareFolder(out, "recordings");
  takeLock(join(out, shard ? `recording.shard-${shard.number}-of-${shard.of}.lock` : "recording.lock"));
  for (const commission of wanted) {
    if (present(commission)?.isSameCode === false) {
      progress.say(
        `${shown(commission.path)} was recorded by earlier code; use --check to see whether it still holds`,
      );
    }
  }
  const start = performance.now();
  const written: Complete[] = [];
  const failed = await record(wanted, {
    workers: jobs,
    onProgress: ({ study, done, of, left }) => {
      const rest = left === undefined ? "estimating the time left" : `${timeText(left)} left in total`;
      progress.show(`${study}: ${done} of ${of} seeds, ${rest}`);
    },
    onComplete: (own) => {
      written.push(own);
      progress.say(summary([own]));
    },
  });
  progress.stop();
  for (const { message } of failed) console.error(message);
  if (written.length + failed.length === 0) {
    console.log(`nothing to do: ${shown(out)} is complete`);
  } else {
    console.log(`${summary(written)} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  return failed.length > 0 ? 1 : 0;
}

function summary(written: readonly Complete[]): string {
  const [seeds, bytes] = [written.map((own) => own.seeds), written.map((own) => own.bytes)].map((all) =>
    all.reduce((sum, one) => sum + one, 0),
  );
  const files = written.length === 1 ? shown(written[0].path) : `${written.length} files`;
  return `${seeds} seeds, ${(bytes / 1000).toFixed(1)} kB: ${files}`;
}

async function checkAll(wishes: Arguments, progress: Progress): Promise<number> {
  const run: Runner = (grid, measure) => sweep(grid, measure, { workers: wishes.jobs, onNote: () => {} });
  const checkOne = async (commission: Commission): Promise<boolean> => {
    const { experiment, study } = commission.header;
    const { isSame, text } = await check(commission, run, (done, of) =>
      progress.show(`${experiment} ${study}: ${done} of ${of} seeds compared`),
    );
    if (isSame) progress.say(text);
    else {
      progress.stop();
      console.error(text);
    }
    return isSame;
  };
  let isSame = true;
  for (const commission of commissions(wishes)) isSame = (await checkOne(commission)) && isSame;
  return isSame ? 0 : 1;
}

function mergeAll({ notebooks, out }: Arguments, base: string): number {
  if (notebooks.length === 0) throw new UsageError("--merge needs at least one folder or file with shards");
  prepareFolder(out, "recordings");
  takeLock(join(out, "recording.lock"));
  const written = merge(
    notebooks.map((source) => resolve(base, source)),
    out,
  );
  for (const own of written) console.log(summary([own]));
  return 0;
}

async function main(): Promise<number> {
  checkNpmTookNothing("evidence", ["study", "set", "seeds", "first-seed", "out", "shard", "merge", "check"]);
  const base = baseFolder("evidence");
  const wishes = readArguments(base);
  const progress = new Progress(process.stdout);
  exitOnSignals((signal) => {
    progress.stop();
    const isKept =
      wishes.mode === "record" ? "; the results so far are kept, and the same command continues" : "";
    console.error(`${signal}: stopped${isKept}`);
  });
  try {
    switch (wishes.mode) {
      case "help":
        console.log(HELP);
        return 0;
      case "merge":
        return mergeAll(wishes, base);
      case "check":
        return await checkAll(wishes, progress);
      case "record":
        return await recordAll(wishes, progress);
    }
  } catch (error) {
    progress.stop();
    if (!(error instanceof EvidenceError)) throw error;
    console.error(error.message);
    return 1;
  }
}

runCommand(main);

/** The command line of `npm run notebooks`: runs notebooks and saves them with their outputs. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { exitOnSignals } from "../clean-up.js";
import {
  baseFolder,
  checkNpmTookNothing,
  jobsOption,
  parseOptions,
  runCommand,
  timeoutOption,
} from "../command-line.js";
import { parseAssignments } from "../parameters.js";
import { findNotebooks, LIBRARY, planNotebooks } from "../plan.js";
import { Progress } from "../progress.js";
import { UsageError } from "../usage-error.js";
import { prepareFolder } from "../write.js";

const HELP = `npm run notebooks [-- notebook… --check --refresh --out dir --set "name=value"… --timeout seconds --jobs n]

Runs notebooks in the tslab kernel and saves them with their outputs, ready to commit: charts as data and as
still pictures, and nothing that differs between runs, so that a second run changes nothing. The parameters
cells of the project's own notebooks are rewritten from their experiments' defaults. Cells tagged
not-reproducible keep their outputs until something before them changes. A notebook that fails is not saved.

  notebook            a path, or a name such as 01, baseline or 01-baseline (default: all of notebooks/)
  --check             saves nothing; fails if the outputs of a notebook are not what its cells compute, or
                      its parameters cell is not what its experiment writes
  --refresh           also gives cells tagged not-reproducible new outputs
  --out dir           saves into this folder instead of in place
  --set "name=value"  replaces a value in the parameters cell, as in npm run report; needs --out
  --timeout seconds   time limit for each cell (default: 600)
  --jobs n            number of notebooks to run at a time (default: the number of cores)
  --help              shows this text

Exit code: 0 success, 1 a notebook failed, 2 invalid command line, 130 interrupted.`;

interface Arguments {
  notebooks: string[];
  check: boolean;
  refresh: boolean;
  out: string | undefined;
  set: string[];
  timeout: number;
  jobs: number;
  help: boolean;
}

const SCRIPT = "notebooks";

function readArguments(base: string): Arguments {
  const { values, positionals } = parseOptions({
    check: { type: "boolean" },
    refresh: { type: "boolean" },
    out: { type: "string" },
    set: { type: "string", multiple: true },
    timeout: { type: "string" },
    jobs: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  const { check = false, refresh = false, out, set = [], help = false } = values;
  if (set.length > 0 && out === undefined) {
    throw new UsageError("--set needs --out, because notebooks are committed with their own values");
  }
  if (check && (out !== undefined || refresh))
    throw new UsageError("--check cannot be combined with --out or --refresh");
  return {
    notebooks: positionals,
    check,
    refresh,
    out: out === undefined ? undefined : resolve(base, out),
    set,
    timeout: timeoutOption(values.timeout ?? "600"),
    jobs: jobsOption(values.jobs ?? String(availableParallelism())),
    help,
  };
}

async function main(): Promise<number> {
  checkNpmTookNothing(SCRIPT, ["set", "out", "timeout", "check", "refresh"]);
  const base = baseFolder(SCRIPT);
  const { notebooks, set, help, ...options } = readArguments(base);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const paths = findNotebooks(notebooks, LIBRARY, base);
  const planned = planNotebooks(paths, parseAssignments(set));
  if (set.length > 0 && planned.some((notebook) => "folder" in notebook && notebook.folder === options.out)) {
    throw new UsageError("--set needs an --out other than the notebooks' own folder");
  }
  if (options.out !== undefined) prepareFolder(options.out);
  // the drawing libraries take half a second to load; help and usage errors need not wait for them
  const { saveNotebooks } = await import("./save.js");

  const progress = new Progress(process.stdout, process.stderr);
  exitOnSignals((signal) => {
    progress.stop();
    console.error(`${signal}: stopped; no notebook file is left incomplete`);
  });
  const start = performance.now();
  try {
    const outcomes = await saveNotebooks(planned, { ...options, cores: availableParallelism(), progress });
    progress.stop();
    const failed = outcomes.filter(({ status }) => status === "failed").length;
    const written = outcomes.filter((outcome) => outcome.written).length;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      `${outcomes.length - failed} succeeded, ${failed} failed in ${seconds} s; ${written} written`,
    );
    return failed > 0 ? 1 : 0;
  } finally {
    progress.stop();
  }
}

runCommand(main);

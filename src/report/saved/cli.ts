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

Runs notebooks through the tslab kernel and saves them with their outputs, in the form in which they are
committed: charts as data and as still pictures, and nothing that differs from run to run, so that a second
run changes nothing. The project's own notebooks get the parameters cell that their experiments write, with
the defaults. Cells tagged not-reproducible keep the outputs that they have while all before them stays the
same. The file of a notebook that fails is left as it is.

  notebook            a path, or a name such as 01, baseline or 01-baseline; all of notebooks/ when left out
  --check             saves nothing; fails where a notebook's outputs are not what its cells compute, or its
                      parameters cell is not what its experiment writes
  --refresh           gives cells tagged not-reproducible new outputs, too
  --out dir           saves into this folder instead of in place
  --set "name=value"  with --out only: replaces a value of the parameters cell, as npm run report does
  --timeout seconds   what a cell may take; 600 when left out
  --jobs n            number of notebooks to run at a time; the number of cores when left out
  --help              this text

Exit code: 0 all notebooks succeeded, 1 a notebook failed, 2 the command cannot be met, 130 interrupted.`;

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
    throw new UsageError("--set needs --out: notebooks are committed with their own values");
  }
  if (check && (out !== undefined || refresh))
    throw new UsageError("--check goes without --out and --refresh");
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
    throw new UsageError("--set needs another --out than the notebooks' own folder");
  }
  if (options.out !== undefined) prepareFolder(options.out);
  // the libraries that draw take half a second to load: help and refusals need not wait for them
  const { saveNotebooks } = await import("./save.js");

  const progress = new Progress(process.stdout, process.stderr);
  exitOnSignals((signal) => {
    progress.stop();
    console.error(`${signal}: stopped; no notebook is half written`);
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

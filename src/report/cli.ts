/** The command line of `npm run report`: reads and checks the arguments, runs the command, reports the outcome. */
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { announcement } from "./announcement.js";
import { exitOnSignals } from "./clean-up.js";
import {
  baseFolder,
  checkNpmTookNothing,
  jobsOption,
  parseOptions,
  runCommand,
  timeoutOption,
} from "./command-line.js";
import { PACKAGE_ROOT } from "./kernel-command.js";
import { openFile } from "./open-file.js";
import { parseAssignments } from "./parameters.js";
import { findNotebooks, LIBRARY, planNotebooks } from "./plan.js";
import { Progress } from "./progress.js";
import { UsageError } from "./usage-error.js";
import { prepareFolder } from "./write.js";

const HELP = `npm run report [-- notebook… --set "name=value"… --out dir --timeout seconds --jobs n --open]

Runs notebooks in the tslab kernel and writes a self-contained HTML report for each, with an index.

  notebook            a path, or a name such as 01, baseline or 01-baseline (default: all of notebooks/)
  --set "name=value"  replaces a value in the parameters cell of every chosen notebook that has the name;
                      the value is JSON, with strings in single quotes or none; may be repeated. The report
                      is named NAME.changed-… after the values and does not replace the notebook's own
  --out dir           folder of the reports (default: reports/)
  --timeout seconds   time limit for each cell (default: 600)
  --jobs n            number of notebooks to run at a time (default: the number of cores)
  --open              opens the reports in a browser when all has run
  --help              shows this text

Exit code: 0 success, 1 a notebook failed, 2 invalid command line, 130 interrupted.`;

interface Arguments {
  notebooks: string[];
  set: string[];
  out: string;
  timeout: number;
  jobs: number;
  open: boolean;
  help: boolean;
}

function readArguments(base: string): Arguments {
  const { values, positionals } = parseOptions({
    set: { type: "string", multiple: true },
    out: { type: "string" },
    timeout: { type: "string" },
    jobs: { type: "string" },
    open: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  return {
    notebooks: positionals,
    set: values.set ?? [],
    out: outOption(base, values.out),
    timeout: timeoutOption(values.timeout ?? "600"),
    jobs: jobsOption(values.jobs ?? String(availableParallelism())),
    open: values.open ?? false,
    help: values.help ?? false,
  };
}

function outOption(base: string, out: string | undefined): string {
  if (out === "") throw new UsageError('--out must name a folder, got ""');
  return out === undefined ? join(PACKAGE_ROOT, "reports") : resolve(base, out);
}

async function main(): Promise<number> {
  checkNpmTookNothing("report", ["set", "out", "timeout", "open"]);
  const base = baseFolder("report");
  const { notebooks, set, out, timeout, jobs, open, help } = readArguments(base);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const overrides = parseAssignments(set);
  const planned = planNotebooks(findNotebooks(notebooks, LIBRARY, base), overrides);
  prepareFolder(out);
  // the page libraries take half a second to load; help and usage errors need not wait for them
  const { readEarlierIndex } = await import("./index-files.js");
  const { report } = await import("./report.js");
  const earlier = readEarlierIndex(out, (warning) => console.error(`warning: ${warning}`));
  const lanes = Math.min(jobs, planned.length);
  console.log(announcement(planned, earlier, { out, lanes }));

  const progress = new Progress(process.stdout, process.stderr);
  exitOnSignals((signal) => {
    progress.stop();
    console.error(
      `${signal}: stopped; no report in ${out} is left incomplete, and the index lists the finished ones`,
    );
  });
  const start = performance.now();
  try {
    const runs = await report(planned, {
      out,
      timeout,
      jobs: lanes,
      cores: availableParallelism(),
      progress,
    });
    progress.stop();
    const failed = runs.filter(({ status }) => status === "failed").length;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${runs.length - failed} succeeded, ${failed} failed in ${seconds} s`);
    await lead(join(out, runs.length === 1 && failed === 0 ? `${runs[0].report}.html` : "index.html"), open);
    return failed > 0 ? 1 : 0;
  } finally {
    progress.stop();
  }
}

/** Says what to open, and opens it where that is asked for; that it cannot be opened fails no run. */
async function lead(page: string, isToOpen: boolean): Promise<void> {
  const address = pathToFileURL(page).href;
  const problem = isToOpen ? await openFile(page) : undefined;
  if (problem !== undefined) console.error(`no browser could be opened (${problem})`);
  console.log(isToOpen && problem === undefined ? `Opened: ${address}` : `Open in a browser: ${address}`);
}

runCommand(main);

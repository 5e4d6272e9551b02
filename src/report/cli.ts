/** The command line of `npm run report`: reads the arguments, refuses what cannot be, reports the outcome. */
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { exitOnSignals } from "./clean-up.js";
import { PACKAGE_ROOT } from "./kernel-command.js";
import { parseAssignments } from "./parameters.js";
import { findNotebooks, planNotebooks } from "./plan.js";
import { Progress } from "./progress.js";
import { UsageError } from "./usage-error.js";
import { prepareFolder } from "./write.js";

const HELP = `npm run report [-- notebook… --set name=value… --out dir --timeout seconds --jobs n]

Runs notebooks through the tslab kernel and writes a self-contained HTML report of each, with an index.

  notebook            a path, or a name such as 01 or 01-baseline; all of notebooks/ when left out
  --set name=value    replaces a value of the parameters cell in every chosen notebook that has the name;
                      the value is JSON, and what is not JSON is a string; may be repeated
  --out dir           folder of the reports; reports/ when left out
  --timeout seconds   what a cell may take; 600 when left out
  --jobs n            number of notebooks to run at a time; the number of cores when left out
  --help              this text

Exit code: 0 all notebooks succeeded, 1 a notebook failed, 2 the command cannot be met, 130 interrupted.`;

interface Arguments {
  notebooks: string[];
  set: string[];
  out: string;
  timeout: number;
  jobs: number;
  help: boolean;
}

/** setTimeout's limit is 2^31 - 1 ms; a day is below it. */
const MAX_TIMEOUT = 86_400;

function readArguments(base: string): Arguments {
  const { values, positionals } = parse();
  return {
    notebooks: positionals,
    set: values.set ?? [],
    out: values.out === undefined ? join(PACKAGE_ROOT, "reports") : resolve(base, values.out),
    timeout: numberOption("--timeout", values.timeout ?? "600", {
      what: `a number of seconds above 0 and at most ${MAX_TIMEOUT}`,
      allows: (value) => value > 0 && value <= MAX_TIMEOUT,
    }),
    jobs: numberOption("--jobs", values.jobs ?? String(availableParallelism()), {
      what: "a whole number from 1",
      allows: (value) => Number.isSafeInteger(value) && value >= 1,
    }),
    help: values.help ?? false,
  };
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        set: { type: "string", multiple: true },
        out: { type: "string" },
        timeout: { type: "string" },
        jobs: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function numberOption(
  name: string,
  text: string,
  { what, allows }: { what: string; allows: (value: number) => boolean },
): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!allows(value)) throw new UsageError(`${name} must be ${what}, got "${text}"`);
  return value;
}

/** Whether npm started this command, and so speaks to it through the environment. */
const FROM_NPM = process.env.npm_lifecycle_event === "report";

/** The folder from which paths start: npm runs scripts in the package's, and says where its user stands. */
function baseFolder(): string {
  return (FROM_NPM && process.env.INIT_CWD) || process.cwd();
}

/**
 * Without `--` before them, npm takes options for its own and hands on the rest.
 *
 * @throws UsageError when that happened: the run would not be the one that was asked for
 */
function checkNpmTookNothing(): void {
  const taken = ["set", "out", "timeout"].find((name) => process.env[`npm_config_${name}`] !== undefined);
  if (FROM_NPM && taken) {
    throw new UsageError(
      `npm kept --${taken} for itself; put -- before the options: npm run report -- --${taken} …`,
    );
  }
}

async function main(): Promise<number> {
  checkNpmTookNothing();
  const base = baseFolder();
  const { notebooks, set, out, timeout, jobs, help } = readArguments(base);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const overrides = parseAssignments(set);
  const planned = planNotebooks(findNotebooks(notebooks, join(PACKAGE_ROOT, "notebooks"), base), overrides);
  prepareFolder(out);
  // the libraries behind the pages take half a second to load: help and refusals need not wait for them
  const { readEarlierIndex } = await import("./index-files.js");
  const { report } = await import("./report.js");
  const earlier = readEarlierIndex(out);

  const progress = new Progress(process.stdout, process.stderr);
  exitOnSignals((signal) => {
    progress.stop();
    console.error(`${signal}: stopped; no report in ${out} is half written, and its index is as it was`);
  });
  const start = performance.now();
  try {
    const runs = await report(planned, {
      out,
      earlier,
      timeout,
      jobs: Math.min(jobs, planned.length),
      cores: availableParallelism(),
      progress,
    });
    progress.stop();
    const failed = runs.filter(({ status }) => status === "failed").length;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      `${runs.length - failed} succeeded, ${failed} failed in ${seconds} s: ${join(out, "index.html")}`,
    );
    return failed > 0 ? 1 : 0;
  } finally {
    progress.stop();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);

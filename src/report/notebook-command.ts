/** What `npm run report` and `npm run notebooks` share: their options, a run of their work, its last line. */
import { availableParallelism } from "node:os";
import { exitOnSignals } from "./clean-up.js";
import { numberOption } from "./command-line.js";
import { type Overrides, parseAssignments } from "./parameters.js";
import { Progress } from "./progress.js";

/** Their options, for `parseOptions`. */
export const OPTIONS = {
  set: { type: "string", multiple: true },
  out: { type: "string" },
  timeout: { type: "string" },
  jobs: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** A day, which is below setTimeout's limit of 2^31 - 1 ms. */
const MAX_TIMEOUT = 86_400;

/**
 * Checks what the options say.
 *
 * @returns the values of `--set`, the time limit of a cell in seconds, and the number of notebooks to run at a time
 * @throws UsageError when one is not allowed
 */
export function runOptions(values: { set?: string[]; timeout?: string; jobs?: string }): {
  overrides: Overrides;
  timeout: number;
  jobs: number;
} {
  return {
    timeout: numberOption("--timeout", values.timeout ?? "600", {
      what: `a number of seconds > 0 and <= ${MAX_TIMEOUT}`,
      allows: (value) => value > 0 && value <= MAX_TIMEOUT,
    }),
    jobs: numberOption("--jobs", values.jobs ?? String(availableParallelism()), {
      what: "a whole number >= 1",
      allows: (value) => Number.isSafeInteger(value) && value >= 1,
    }),
    overrides: parseAssignments(values.set ?? []),
  };
}

/**
 * Does the work of a command with its progress in the terminal, and tells at the end how many notebooks succeeded.
 *
 * @param stopped - what holds when a signal stops it
 * @param more - what else there is to say of the outcomes; nothing by default
 * @returns the outcomes, and how many failed
 */
export async function withProgress<Outcome extends { status: "ok" | "failed" }>(
  stopped: string,
  work: (progress: Progress) => Promise<Outcome[]>,
  more: (outcomes: Outcome[]) => string = () => "",
): Promise<{ outcomes: Outcome[]; failed: number }> {
  const progress = new Progress(process.stdout, process.stderr);
  exitOnSignals((signal) => {
    progress.stop();
    console.error(`${signal}: stopped; ${stopped}`);
  });
  const start = performance.now();
  try {
    const outcomes = await work(progress);
    progress.stop();
    const failed = outcomes.filter(({ status }) => status === "failed").length;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${outcomes.length - failed} succeeded, ${failed} failed in ${seconds} s${more(outcomes)}`);
    return { outcomes, failed };
  } finally {
    progress.stop();
  }
}

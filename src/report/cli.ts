/** The command line of `npm run report`: reads and checks the arguments, runs the command, reports the outcome. */
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { announcement } from "./announcement.js";
import { baseFolder, checkNpmTookNothing, parseOptions, runCommand } from "./command-line.js";
import { PACKAGE_ROOT } from "./kernel-command.js";
import { OPTIONS, runOptions, withProgress } from "./notebook-command.js";
import { openFile } from "./open-file.js";
import { findNotebooks, LIBRARY, planNotebooks } from "./plan.js";
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

function outOption(base: string, out: string | undefined): string {
  if (out === "") throw new UsageError('--out must name a folder, got ""');
  return out === undefined ? join(PACKAGE_ROOT, "reports") : resolve(base, out);
}

async function main(): Promise<number> {
  checkNpmTookNothing("report", ["set", "out", "timeout", "open"]);
  const base = baseFolder("report");
  const { values, positionals } = parseOptions({ ...OPTIONS, open: { type: "boolean" } });
  const out = outOption(base, values.out);
  const { overrides, timeout, jobs } = runOptions(values);
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const planned = planNotebooks(findNotebooks(positionals, LIBRARY, base), overrides);
  prepareFolder(out);
  // the page libraries take half a second to load; help and usage errors need not wait for them
  const { readEarlierIndex } = await import("./index-files.js");
  const { report } = await import("./report.js");
  const earlier = readEarlierIndex(out, (warning) => console.error(`warning: ${warning}`));
  const cores = availableParallelism();
  const lanes = Math.min(jobs, planned.length);
  console.log(announcement(planned, earlier, { out, lanes }));
  const { outcomes, failed } = await withProgress(
    `no report in ${out} is left incomplete, and the index lists the finished ones`,
    (progress) => report(planned, { out, timeout, jobs: lanes, cores, progress }),
  );
  const [{ report: only }] = outcomes;
  const page = outcomes.length === 1 && failed === 0 ? only : "index";
  await lead(join(out, `${page}.html`), values.open ?? false);
  return failed > 0 ? 1 : 0;
}

/** Says what to open, and opens it where that is asked for; that it cannot be opened fails no run. */
async function lead(page: string, isToOpen: boolean): Promise<void> {
  const address = pathToFileURL(page).href;
  const problem = isToOpen ? await openFile(page) : undefined;
  if (problem !== undefined) console.error(`no browser could be opened (${problem})`);
  console.log(isToOpen && problem === undefined ? `Opened: ${address}` : `Open in a browser: ${address}`);
}

runCommand(main);

/** The command line of `npm run notebooks`: runs notebooks and saves them with their outputs. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { baseFolder, checkNpmTookNothing, parseOptions, runCommand } from "../command-line.js";
import { OPTIONS, runOptions, withProgress } from "../notebook-command.js";
import { findNotebooks, LIBRARY, planNotebooks } from "../plan.js";
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

const SCRIPT = "notebooks";

async function main(): Promise<number> {
  checkNpmTookNothing(SCRIPT, ["set", "out", "timeout", "check", "refresh"]);
  const base = baseFolder(SCRIPT);
  const { values, positionals } = parseOptions({
    ...OPTIONS,
    check: { type: "boolean" },
    refresh: { type: "boolean" },
  });
  const { check = false, refresh = false, help } = values;
  if (values.set !== undefined && values.out === undefined) {
    throw new UsageError("--set needs --out, because notebooks are committed with their own values");
  }
  if (check && (values.out !== undefined || refresh)) {
    throw new UsageError("--check cannot be combined with --out or --refresh");
  }
  const { overrides, timeout, jobs } = runOptions(values);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const out = values.out === undefined ? undefined : resolve(base, values.out);
  const planned = planNotebooks(findNotebooks(positionals, LIBRARY, base), overrides);
  if (values.set && planned.some((notebook) => "folder" in notebook && notebook.folder === out)) {
    throw new UsageError("--set needs an --out other than the notebooks' own folder");
  }
  if (out !== undefined) prepareFolder(out);
  // the drawing libraries take half a second to load; help and usage errors need not wait for them
  const { saveNotebooks } = await import("./save.js");
  const cores = availableParallelism();
  const { failed } = await withProgress(
    "no notebook file is left incomplete",
    (progress) => saveNotebooks(planned, { out, check, refresh, timeout, jobs, cores, progress }),
    (outcomes) => `; ${outcomes.filter(({ written }) => written).length} written`,
  );
  return failed > 0 ? 1 : 0;
}

runCommand(main);

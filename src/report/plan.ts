/**
 * Decides which notebooks to run with which values, and refuses bad requests before any kernel starts.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { AnyExperiment } from "../experiments/experiment.js";
import { experiments } from "../experiments/index.js";
import { PACKAGE_ROOT } from "./kernel-command.js";
import {
  isNotReproducible,
  type Notebook,
  NotebookFileError,
  notebookName,
  readNotebook,
} from "./notebook.js";
import type { Commission, RunFailure } from "./notebook-run.js";
import {
  checkNames,
  checkTypes,
  injectedValues,
  injectParameters,
  listParameters,
  type Overrides,
  overridesOf,
  type Parameter,
  parameterValues,
  readParameters,
} from "./parameters.js";
import { unescaped } from "./shell-text.js";
import { sumLine } from "./sum-line.js";
import { UsageError } from "./usage-error.js";

/** The folder of the project's notebooks. */
export const LIBRARY: string = join(PACKAGE_ROOT, "notebooks");

/** A notebook to run, with its values. */
export interface PlannedNotebook {
  name: string;
  /** Folder of the notebook's file. */
  folder: string;
  /** A line of `sha256sum` for the notebook's file; inside the package its path is relative to that. */
  sha256: string;
  /** With the injected parameters. */
  notebook: Notebook;
  parameters: Overrides;
  commission: Commission;
}

interface ReadNotebook {
  name: string;
  path: string;
  folder: string;
  sha256: string;
  notebook: Notebook;
  parameters: Parameter[];
}

/** A requested notebook that cannot be run. */
export interface UnfitNotebook {
  name: string;
  failure: RunFailure;
}

/**
 * Finds the files of the requested notebooks.
 *
 * @param wanted - paths, or names in `library`: for 01-baseline also `01`, `baseline` or an unambiguous beginning of these;
 * empty for all of `library`
 * @param library - folder of the project's notebooks
 * @param base - folder that relative paths start from
 * @throws UsageError when one does not exist or is ambiguous, or two would have the same report
 */
export function findNotebooks(wanted: readonly string[], library: string, base: string): string[] {
  const known = readdirSync(library)
    .filter((file) => file.endsWith(".ipynb"))
    .sort();
  if (wanted.length === 0 && known.length === 0) throw new UsageError(`there are no notebooks in ${library}`);
  const files = wanted.length === 0 ? known : wanted;
  const paths = [...new Set(files.map((file) => findNotebook(file, known, library, base)))];
  const names = paths.map(notebookName);
  for (const [index, name] of names.entries()) {
    const same = names.indexOf(name);
    if (same !== index) {
      throw new UsageError(`${paths[same]} and ${paths[index]} would have the same report, ${name}.html`);
    }
    if (name === "index")
      throw new UsageError(`the report of ${paths[index]} would be index.html; rename it`);
  }
  return paths;
}

function findNotebook(wanted: string, known: readonly string[], library: string, base: string): string {
  if (wanted.endsWith(".ipynb")) {
    const path = [wanted, unescaped(wanted)].map((text) => resolve(base, text)).find(existsSync);
    if (path !== undefined) return path;
  }
  const matches = wanted === basename(wanted) ? called(notebookName(wanted), known.map(notebookName)) : [];
  if (matches.length === 1) return join(library, `${matches[0]}.ipynb`);
  if (matches.length > 1) {
    throw new UsageError(`"${wanted}" is ambiguous: it matches ${matches.join(", ")}`);
  }
  const choice = known.map(notebookName).join(", ");
  throw new UsageError(`notebook must be a path or one of ${choice}, got "${wanted}"`);
}

/** Finds names by a whole name, its number, the name without its number, or the beginning of one of these. */
export function called(wanted: string, names: readonly string[]): readonly string[] {
  if (wanted === "") return [];
  const callsOf = (name: string): string[] => {
    const [, number, rest] = /^(\d+\w*)-(.+)$/.exec(name) ?? [];
    return [name, number, rest].filter((call) => call !== undefined);
  };
  const whole = names.filter((name) => callsOf(name).includes(wanted));
  return whole.length > 0
    ? whole
    : names.filter((name) => callsOf(name).some((call) => call.startsWith(wanted)));
}

/**
 * Reads notebooks and sets their values.
 *
 * @throws UsageError when an override fits no notebook, or a value is of the wrong type or out of range
 */
export function planNotebooks(
  paths: readonly string[],
  overrides: Overrides,
): (PlannedNotebook | UnfitNotebook)[] {
  const read = paths.map(readWithParameters);
  checkNames(
    read.filter((notebook) => "parameters" in notebook),
    overrides,
  );
  return read.map((notebook) => {
    if ("failure" in notebook) return notebook;
    const own = overridesOf(notebook.parameters, overrides);
    // the notebook itself checks its defaults, in the cell where a reader would look
    if (Object.keys(own).length > 0) checkOverrides(notebook, own);
    return {
      name: notebook.name,
      folder: notebook.folder,
      sha256: notebook.sha256,
      notebook: injectParameters(notebook.notebook, notebook.parameters, own),
      parameters: parameterValues(
        notebook.parameters,
        Object.keys(own).length > 0
          ? own
          : overridesOf(notebook.parameters, injectedValues(notebook.notebook)),
      ),
      commission: {
        source: sourceOf(notebook.path),
        set: own,
        report: reportName(notebook.name, own),
      },
    };
  });
}

function sourceOf(path: string): string {
  return dirname(path) === LIBRARY ? notebookName(path) : packagePath(path);
}

/** A path relative to the package's folder, where npm runs commands, if it lies inside. */
export function packagePath(path: string): string {
  const inside = relative(PACKAGE_ROOT, path);
  const isInside = !isAbsolute(inside) && inside.split(sep)[0] !== "..";
  // every shell and system takes slashes
  return (isInside ? inside : path).replaceAll(sep, "/");
}

/** A report with other values gets a name derived from these, so that it never replaces a different one. */
function reportName(name: string, set: Overrides): string {
  const entries = Object.entries(set).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return name;
  const digest = createHash("sha256").update(JSON.stringify(entries)).digest("hex");
  return `${name}.changed-${digest.slice(0, 8)}`;
}

function readWithParameters(path: string): ReadNotebook | UnfitNotebook {
  const name = notebookName(path);
  try {
    const notebook = readNotebook(path);
    const sha256 = sumLine(readFileSync(path), packagePath(path));
    return { name, path, folder: dirname(path), sha256, notebook, parameters: readParameters(notebook) };
  } catch (error) {
    if (!(error instanceof NotebookFileError)) throw error;
    return { name, failure: { cell: null, message: error.message } };
  }
}

/** The experiment of a notebook; undefined if it has none. */
export function experimentOf(name: string): AnyExperiment | undefined {
  return Object.hasOwn(experiments, name) ? experiments[name] : undefined;
}

/** Checks values with the notebook's experiment, or by the types of the defaults if it has none. */
function checkOverrides({ name, parameters }: ReadNotebook, overrides: Overrides): void {
  const experiment = experimentOf(name);
  const values = parameterValues(parameters, overrides);
  try {
    if (experiment) experiment.parameters(values);
    else checkTypes(parameters, overrides);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new UsageError(`${name}: ${error.message}\n${listParameters([{ name, parameters }])}`);
  }
}

/** Whether a notebook has cells that measure time, so that it should run alone. */
export function measuresTime(planned: PlannedNotebook | UnfitNotebook): boolean {
  return "notebook" in planned && planned.notebook.cells.some(isNotReproducible);
}

/** Number of characters of code, a rough guess of how long a notebook takes compared with others. */
export function codeLength(planned: PlannedNotebook | UnfitNotebook): number {
  if ("failure" in planned) return 0;
  return planned.notebook.cells
    .filter(({ cell_type }) => cell_type === "code")
    .reduce((sum, { source }) => sum + source.length, 0);
}

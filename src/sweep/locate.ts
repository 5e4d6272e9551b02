/**
 * Finds where an experiment is exported. A function cannot be sent to another thread, but the path of its module and
 * the name of its export can. All modules in experiments/ and timing/ are searched, so there is no list to maintain.
 */
import { basename, join, sep } from "node:path";

/** Where a function is exported. */
export interface Location {
  /** Absolute path of a CommonJS module. */
  module: string;
  /** Name of the export. */
  name: string;
}

const FOLDERS: readonly string[] = ["experiments", "timing"].map((name) => join(__dirname, "..", name) + sep);

/**
 * Finds the module that exports `experiment`; returns undefined if none does, as for a function defined in a cell.
 *
 * @param modules - absolute paths of further modules to search
 * @throws RangeError when one of these cannot be loaded
 */
export function locate(experiment: unknown, modules: readonly string[]): Location | undefined {
  // the caller holds the function, so its module is loaded
  const loaded = Object.keys(require.cache).filter((path) =>
    FOLDERS.some((folder) => path.startsWith(folder)),
  );
  // try an index last: it usually re-exports, and loads far more
  loaded.sort((a, b) => Number(basename(a) === "index.js") - Number(basename(b) === "index.js"));
  for (const module of [...loaded, ...modules]) {
    const found = Object.entries(exportsOf(module)).find(([, value]) => value === experiment);
    if (found) return { module, name: found[0] };
  }
  return undefined;
}

function exportsOf(module: string): Record<string, unknown> {
  try {
    return require(module);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `modules must hold paths of modules that can be loaded, got ${JSON.stringify(module)}: ${why}`;
    throw new RangeError(message, { cause });
  }
}

/** Loads an experiment in a worker. */
export function load({ module, name }: Location): (point: unknown) => unknown {
  return require(module)[name];
}

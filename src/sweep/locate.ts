/**
 * Says where a worker finds an experiment. A function cannot be sent to another thread; the path of its
 * module and the name it is exported under can. Every module in experiments/ and timing/ is known as it stands:
 * there is no list to keep.
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
 * Finds the module that exports `experiment`; undefined when none does, as for a function that a cell defines.
 *
 * @param modules - absolute paths of further modules to look into
 */
export function locate(experiment: unknown, modules: readonly string[]): Location | undefined {
  // whoever holds such a function has loaded its module
  const loaded = Object.keys(require.cache).filter((path) =>
    FOLDERS.some((folder) => path.startsWith(folder)),
  );
  // an index only passes on what another module exports, and has far more to load; unless it is its own
  loaded.sort((a, b) => Number(basename(a) === "index.js") - Number(basename(b) === "index.js"));
  for (const module of [...loaded, ...modules]) {
    const found = Object.entries<unknown>(require(module)).find(([, value]) => value === experiment);
    if (found) return { module, name: found[0] };
  }
  return undefined;
}

/** Looks an experiment up again, in the worker. */
export function load({ module, name }: Location): (point: unknown) => unknown {
  return require(module)[name];
}

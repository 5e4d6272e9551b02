/**
 * Says where a worker finds an experiment. A function cannot be sent to another thread; the path of its
 * module and the name it is exported under can. Every module in experiments/ is known as it stands: there is
 * no list to keep.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Where a function is exported. */
export interface Location {
  /** Absolute path of a CommonJS module. */
  module: string;
  /** Name of the export. */
  name: string;
}

const EXPERIMENTS: string = join(__dirname, "..", "experiments");

/**
 * Finds the module that exports `experiment`.
 *
 * @param modules - absolute paths of further modules to look into
 * @throws TypeError when none exports it; the message lists what is exported
 */
export function locate(experiment: unknown, modules: readonly string[]): Location {
  const known = [...experimentModules(), ...modules].flatMap(functionsOf);
  const found = known.find(({ value }) => value === experiment);
  if (found) return { module: found.module, name: found.name };
  const got =
    typeof experiment === "function" ? experiment.name || "a function without a name" : typeof experiment;
  throw new TypeError(
    `experiment must be a function that a module in experiments/, or one of \`modules\`, exports, for a worker has to find it; ` +
      `got ${got}, known are ${known.map(({ name }) => name).join(", ")}`,
  );
}

/** Looks an experiment up again, in the worker. */
export function load({ module, name }: Location): (point: unknown) => unknown {
  return require(module)[name];
}

function experimentModules(): string[] {
  return readdirSync(EXPERIMENTS, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .map((file) => join(EXPERIMENTS, file));
}

function functionsOf(module: string): (Location & { value: unknown })[] {
  return Object.entries<unknown>(require(module))
    .filter(([, value]) => typeof value === "function")
    .map(([name, value]) => ({ module, name, value }));
}

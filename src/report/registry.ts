/** The experiments as the commands know them: what checks a notebook's parameters, and what says how they read. */
import type * as z from "zod/mini";
import { experiments } from "../experiments/index.js";

/** What stands behind a notebook. */
export interface Registered {
  /**
   * Fills in the values that are left out, and checks all.
   *
   * @throws RangeError or TypeError that names the parameter, the allowed range and the value that came
   */
  parameters?(values: Readonly<Record<string, unknown>>): unknown;
  /** What the parameters are allowed to be, with words for each. */
  schema?: z.ZodMiniType;
  /** Their values in the notebook, in its order. */
  defaults?: object;
}

/** Experiments by the name of their notebook. */
export type Registry = Readonly<Record<string, Registered>>;

/** The experiment of a notebook; undefined where it has none. */
export function experimentOf(name: string, registry: Registry = experiments): Registered | undefined {
  return Object.hasOwn(registry, name) ? registry[name] : undefined;
}

/** The experiments as the commands use them: to check and to describe a notebook's parameters. */
import type * as z from "zod/mini";
import { experiments } from "../experiments/index.js";

/** The part of an experiment that the commands use. */
export interface Registered {
  /**
   * Fills in missing values and checks all.
   *
   * @throws RangeError or TypeError naming the parameter, the allowed range and the value given
   */
  parameters?(values: Readonly<Record<string, unknown>>): unknown;
  /** The allowed values of the parameters, with a description of each. */
  schema?: z.ZodMiniType;
  /** The published values, in the notebook's order. */
  defaults?: object;
}

/** Experiments by notebook. */
export type Registry = Readonly<Record<string, Registered>>;

/** The experiment of a notebook; undefined if it has none. */
export function experimentOf(name: string, registry: Registry = experiments): Registered | undefined {
  return Object.hasOwn(registry, name) ? registry[name] : undefined;
}

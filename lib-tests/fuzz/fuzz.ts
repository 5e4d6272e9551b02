/**
 * Fuzzing: how often, from which seed, and within what time. `npm test` tries a little from a fixed seed; `npm run test:fuzz` much,
 * from a seed of the day. GLASS_HOUSE_FUZZ_SEED and GLASS_HOUSE_FUZZ_RUNS repeat a failure: each suite's name says both.
 */
import assert from "node:assert/strict";
import { createContext, Script } from "node:vm";
import * as fc from "fast-check";

const setting = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

export const SEED: number = setting("GLASS_HOUSE_FUZZ_SEED", 1);
export const RUNS: number = setting("GLASS_HOUSE_FUZZ_RUNS", 50);

/** Stands behind the name of a suite. */
export const repeatable: string = `(GLASS_HOUSE_FUZZ_SEED=${SEED} GLASS_HOUSE_FUZZ_RUNS=${RUNS})`;

/** A test of a property; `share` is below 1 where a try takes long. */
export function fuzz<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  property: (input: T) => void,
  share = 1,
): void {
  it(name, () => {
    const numRuns = Math.max(1, Math.ceil(RUNS * share));
    fc.assert(fc.property(inputs, property), { seed: SEED, numRuns, interruptAfterTimeLimit: 120_000 });
  });
}

/** In ms; what takes longer hangs. */
const LIMIT = 10_000;

const context = createContext({});
const script = new Script("call()");

/** Calls a function; one that never ends is ended, and fails. Once may be the machine's fault, which did something else meanwhile. */
export function inTime<T>(call: () => T): T {
  context.call = call;
  try {
    return script.runInContext(context, { timeout: LIMIT });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return script.runInContext(context, { timeout: LIMIT });
  }
}

function isTimeout(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}

/** What a call ended in. */
export type Outcome = { value: unknown } | { error: unknown };

/** Calls a function in time, and catches what it throws. */
export function outcomeOf(call: () => unknown): Outcome {
  try {
    return { value: inTime(call) };
  } catch (error) {
    if (isTimeout(error)) throw error;
    return { error };
  }
}

/** What our getters and proxies throw: it is nobody's to catch. */
export const OWN = "thrown by the argument itself";

/** Whether an error says which argument is wrong, what is allowed and what came. */
export function isNamed(error: unknown, names?: readonly string[]): boolean {
  if (!(error instanceof RangeError || error instanceof TypeError)) return false;
  const { message } = error;
  const [name] = /^[A-Za-z_]\w*/.exec(message) ?? [];
  const isOurs =
    / must .+, got .+/s.test(message) || / has no option named .*; its options are /s.test(message);
  return isOurs && name !== undefined && (names?.includes(name) ?? true);
}

/** Fails unless a call ended in a value, which is returned, or in an error that names what is wrong. */
export function named(outcome: Outcome, names?: readonly string[]): { value: unknown } | undefined {
  if ("value" in outcome) return outcome;
  const { error } = outcome;
  if (error instanceof Error && error.message === OWN) return undefined;
  if (!isNamed(error, names)) {
    assert.fail(`no argument, no range: ${error instanceof Error ? error.stack : String(error)}`);
  }
  return undefined;
}

/** The path of a NaN in plain data; undefined where there is none. */
export function nanIn(value: unknown, path = "result", depth = 0): string | undefined {
  if (typeof value === "number") return Number.isNaN(value) ? path : undefined;
  if (typeof value === "string") return /\bNaN\b|undefined|\[object/.test(value) ? path : undefined;
  if (typeof value !== "object" || value === null || depth > 6) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = nanIn(item, `${path}.${key}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

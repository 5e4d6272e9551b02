/** What make_reference_engines.ts asks every engine: its own functions of `Math`, and the project's, at the same inputs. */
import { cos, exp, expm1, log, log1p, sin, tanh } from "../../src/core/elementary.js";
import { randomStream } from "../../src/core/random.js";

/** A function of `Math`, where it is asked, and what the project has in its place. */
export interface Asked {
  of: (x: number, y: number) => number;
  range: readonly [from: number, to: number];
  /** That of the second argument. */
  second?: readonly [from: number, to: number];
  own?: (x: number) => number;
}

/** The functions, by name. */
export const ASKED: Readonly<Record<string, Asked>> = {
  exp: { of: Math.exp, range: [-20, 20], own: exp },
  expm1: { of: Math.expm1, range: [-2, 2], own: expm1 },
  log: { of: Math.log, range: [0, 100], own: log },
  log1p: { of: Math.log1p, range: [-1, 10], own: log1p },
  sin: { of: Math.sin, range: [-10, 10], own: sin },
  cos: { of: Math.cos, range: [-10, 10], own: cos },
  tanh: { of: Math.tanh, range: [-3, 3], own: tanh },
  pow: { of: Math.pow, range: [0, 10], second: [-5, 5] },
  sqrt: { of: Math.sqrt, range: [0, 100] },
};

/** How many inputs each has. */
export const INPUTS = 100_000;

/** The inputs of a function: uniform over its range. */
export function inputsOf(name: string): [x: number, y: number][] {
  const { range, second = [0, 0] } = ASKED[name];
  const random = randomStream(`engines/${name}`, 1);
  const within = ([from, to]: readonly [number, number]): number => from + (to - from) * random.uniform();
  return Array.from({ length: INPUTS }, () => [within(range), within(second)]);
}

/** The bits of its results, 16 hexadecimal digits each: of this engine's, or of the project's. */
export function results(name: string, whose: "engine" | "own"): string {
  const { of, own = of } = ASKED[name];
  const f = whose === "own" ? own : of;
  const values = Float64Array.from(inputsOf(name), ([x, y]) => f(x, y));
  const words = new Uint32Array(values.buffer);
  return Array.from(words, (_, k) => words[k ^ 1].toString(16).padStart(8, "0")).join("");
}

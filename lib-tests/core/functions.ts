/** The functions of core/elementary.ts by their names. */
import { cos, exp, expm1, log, log1p, sin, tanh } from "../../src/core/elementary.js";

export type FunctionName = "exp" | "expm1" | "tanh" | "log" | "log1p" | "sin" | "cos";

export const functions: Readonly<Record<FunctionName, (x: number) => number>> = {
  exp,
  expm1,
  tanh,
  log,
  log1p,
  sin,
  cos,
};

export const functionNames: readonly FunctionName[] = Object.keys(functions) as FunctionName[];

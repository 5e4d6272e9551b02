/** Activation functions, each with its derivative beside it. */
import type { Round } from "../arithmetic/arithmetic.js";
import { exp } from "../elementary.js";

/** An activation a = f(z) and its derivative da/dz, number by number, rounded after each operation. */
export interface Activation {
  /** a = f(z). */
  f(z: number, round: Round): number;
  /** da/dz at z, where a = f(z) is known already. */
  df(z: number, a: number, round: Round): number;
}

/** max(0, z); at the kink z = 0 the derivative is taken to be 0. */
const relu: Activation = {
  f: (z) => Math.max(z, 0),
  df: (z) => (z > 0 ? 1 : 0),
};

/** 1 / (1 + e^-z), arranged so that e is never raised to a positive power and cannot overflow. */
const sigmoid: Activation = {
  f: (z, round) => {
    const e = round(exp(-Math.abs(z)));
    const denominator = round(1 + e);
    return round((z < 0 ? e : 1) / denominator);
  },
  df: (_z, a, round) => round(a * round(1 - a)),
};

/** z itself. */
const identity: Activation = {
  f: (z) => z,
  df: () => 1,
};

/** The name of an activation. */
export type ActivationName = "relu" | "sigmoid" | "identity";

/** Every activation by its name. */
export const activations: Readonly<Record<ActivationName, Activation>> = { relu, sigmoid, identity };

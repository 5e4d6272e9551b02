/** Activation functions, each with its derivative beside it. */
import type { Round } from "../arithmetic/arithmetic.js";
import { exp, tanh } from "../elementary.js";

/** An activation a = f(z) and its derivative da/dz, number by number, rounded after each operation. */
export interface Activation {
  /** a = f(z). */
  f(z: number, round: Round): number;
  /** da/dz where f(z) = a: of all functions here the value tells the slope. */
  df(a: number, round: Round): number;
}

/** max(0, z); at the kink z = 0 the derivative is taken to be 0. */
const relu: Activation = {
  f: (z) => Math.max(z, 0),
  df: (a) => (a > 0 ? 1 : 0),
};

/** The hyperbolic tangent. */
const hyperbolicTangent: Activation = {
  f: (z, round) => round(tanh(z)),
  df: (a, round) => round(1 - round(a * a)),
};

/** 1 / (1 + e^-z), arranged so that e is never raised to a positive power and cannot overflow. */
const sigmoid: Activation = {
  f: (z, round) => {
    const e = round(exp(-Math.abs(z)));
    const denominator = round(1 + e);
    return round((z < 0 ? e : 1) / denominator);
  },
  df: (a, round) => round(a * round(1 - a)),
};

/** The name of an activation of hidden neurons. */
export type HiddenActivation = "relu" | "tanh";

/** The name of an activation. */
export type ActivationName = HiddenActivation | "sigmoid";

/** Every activation by its name. */
export const activations: Readonly<Record<ActivationName, Activation>> = {
  relu,
  tanh: hyperbolicTangent,
  sigmoid,
};

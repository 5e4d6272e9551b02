/** Activation functions, each with its derivative beside it. */
import type { Round } from "../arithmetic/arithmetic.js";
import { exp, expm1, log1p, tanh } from "../elementary.js";

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

/** Slope of {@link leakyRelu} below 0: a power of two near the usual 0.01, because every format has it. */
export const LEAK: number = 1 / 128;

/** max(z, z/128) (Maas, Hannun and Ng 2013, Rectifier nonlinearities, 2.1): never quite silent. */
const leakyRelu: Activation = {
  f: (z, round) => Math.max(z, round(z * LEAK)),
  df: (a) => (a > 0 ? 1 : LEAK),
};

/** log(1 + e^z) = max(z, 0) + log(1 + e^-|z|), a ReLU without the kink (Dugas et al. 2001). */
const softplus: Activation = {
  f: (z, round) => round(Math.max(z, 0) + round(log1p(round(exp(-Math.abs(z)))))),
  // the sigmoid of z, which is 1 - e^-a
  df: (a, round) => round(-expm1(-a)),
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
export type HiddenActivation = "relu" | "leaky-relu" | "softplus" | "tanh";

/** The name of an activation. */
export type ActivationName = HiddenActivation | "sigmoid";

/** Every activation by its name. */
export const activations: Readonly<Record<ActivationName, Activation>> = {
  relu,
  "leaky-relu": leakyRelu,
  softplus,
  tanh: hyperbolicTangent,
  sigmoid,
};

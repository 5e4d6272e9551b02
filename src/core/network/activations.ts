/** Activation functions, with their derivatives. */
import type { Matrix } from "ml-matrix";
import type { Arithmetic, Operand } from "../arithmetic/arithmetic.js";
import type { Layer, Matrices } from "./layer.js";

/** An activation a = f(z), element by element. */
export interface ActivationRules {
  /** a = f(z). */
  f(arithmetic: Arithmetic, z: Matrix): Matrix;
  /** da/dz, given a = f(z) and z. */
  df(arithmetic: Arithmetic, a: Matrix, z: Matrix): Matrix;
  /** R{da/dz} = f''(z) R{z}, given a, R{a} and z; only needed for the Hessian. */
  d2f?(arithmetic: Arithmetic, a: Matrix, ra: Matrix, z: Matrix): Operand;
}

/** An activation as a layer without parameters. */
export interface Activation extends Layer, ActivationRules {}

/**
 * Makes an activation: a layer that applies f to each element.
 *
 * @param kind - the name of the activation
 * @param rules - f and its derivatives
 */
export function activation(kind: string, rules: ActivationRules): Activation {
  const { f, df, d2f } = rules;
  return {
    kind,
    ...rules,
    parameters: {},
    forward: (arithmetic, _, z) => ({ output: f(arithmetic, z) }),
    // dL/dz = dL/da ∘ f'(z)
    backward: (arithmetic, _, { input, output }, delta) =>
      arithmetic.multiply(delta, df(arithmetic, output, input)),
    gradient: (): Matrices => ({}),
    ...(d2f && {
      curvature: {
        // R{a} = R{z} ∘ f'(z)
        forward: (arithmetic, _, { input, output }, { rInput }) =>
          arithmetic.multiply(rInput, df(arithmetic, output, input)),
        // R{dL/dz} = R{dL/da} ∘ f'(z) + dL/da ∘ R{f'(z)}
        backward(arithmetic, _, { input, output }, { rInput, delta, rDelta }) {
          const { multiply, add } = arithmetic;
          const slope = df(arithmetic, output, input);
          const change = d2f(arithmetic, output, multiply(rInput, slope), input);
          return add(multiply(rDelta, slope), multiply(delta, change));
        },
        gradient: (): Matrices => ({}),
      },
    }),
  };
}

/** Whether a layer is an activation. */
export function isActivation(layer: Layer): layer is Activation {
  return "df" in layer;
}

/** max(0, z); its derivative at the kink z = 0 is defined as 0. */
export const relu: Activation = activation("relu", {
  f: ({ maximum }, z) => maximum(z, 0),
  df: ({ greater }, a) => greater(a, 0),
  d2f: () => 0,
});

/** Slope of {@link leakyRelu} below 0: a power of two near the usual 0.01, which is exact in every format. */
export const LEAK: number = 1 / 128;

/** max(z, z/128) (Maas, Hannun and Ng 2013, Rectifier nonlinearities, 2.1), whose gradient never vanishes. */
export const leakyRelu: Activation = activation("leaky-relu", {
  f: ({ maximum, multiply }, z) => maximum(z, multiply(z, LEAK)),
  df: ({ select, greater }, a) => select(greater(a, 0), 1, LEAK),
  d2f: () => 0,
});

/** log(1 + e^z) = max(z, 0) + log(1 + e^-|z|), a ReLU without the kink (Dugas et al. 2001). */
export const softplus: Activation = activation("softplus", {
  f: ({ add, maximum, log1p, exp, negate, abs }, z) => add(maximum(z, 0), log1p(exp(negate(abs(z))))),
  // sigmoid(z) = 1 - e^-a
  df: ({ negate, expm1 }, a) => negate(expm1(negate(a))),
  d2f: ({ multiply, exp, negate }, a, ra) => multiply(exp(negate(a)), ra),
});

/** The hyperbolic tangent. */
export const tanh: Activation = activation("tanh", {
  f: (arithmetic, z) => arithmetic.tanh(z),
  df: ({ subtract, multiply }, a) => subtract(1, multiply(a, a)),
  d2f: ({ multiply }, a, ra) => multiply(multiply(-2, a), ra),
});

/** 1 / (1 + e^-z), written so that the exponent is never positive, so that e^… cannot overflow. */
export const sigmoid: Activation = activation("sigmoid", {
  f({ divide, select, greater, add, exp, negate, abs }, z) {
    const e = exp(negate(abs(z)));
    return divide(select(greater(0, z), e, 1), add(1, e));
  },
  df: ({ multiply, subtract }, a) => multiply(a, subtract(1, a)),
  d2f: ({ multiply, subtract }, a, ra) => multiply(subtract(1, multiply(2, a)), ra),
});

/** The name of an activation of hidden neurons. */
export type HiddenActivation = "relu" | "leaky-relu" | "softplus" | "tanh";

/** The activations of hidden neurons by name. */
export const hiddenActivations: Readonly<Record<HiddenActivation, Activation>> = {
  relu,
  "leaky-relu": leakyRelu,
  softplus,
  tanh,
};

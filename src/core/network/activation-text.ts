/** What activations.ts does, as text, for the program of the fast path. */
import type { RoundingText } from "../arithmetic/rounding-text.js";
import { type HiddenActivation, LEAK } from "./activations.js";

/** An activation and its derivative as expressions. */
export interface ActivationText {
  /** f of the expression z. */
  f(z: string, round: RoundingText): string;
  /** f' where f is the expression a, which has no side effect. */
  df(a: string, round: RoundingText): string;
  /** Whether f' is 0 or 1, so that a product with it needs no rounding. */
  isSwitch: boolean;
}

/**
 * The activations of hidden neurons by their names. The functions in the text are those of elementary.ts, the
 * variable v is the program's.
 */
export const activationTexts: Readonly<Record<HiddenActivation, ActivationText>> = {
  relu: {
    f: (z) => `Math.max(${z}, 0)`,
    df: (a) => `(${a} > 0 ? 1 : 0)`,
    isSwitch: true,
  },
  "leaky-relu": {
    f: (z, round) => `(v = ${z}, Math.max(v, ${round(`v * ${LEAK}`)}))`,
    df: (a) => `(${a} > 0 ? 1 : ${LEAK})`,
    isSwitch: false,
  },
  softplus: {
    f: (z, round) =>
      `(v = ${z}, ${round(`Math.max(v, 0) + ${round(`log1p(${round("exp(-Math.abs(v))")})`)}`)})`,
    df: (a, round) => round(`-expm1(-${a})`),
    isSwitch: false,
  },
  tanh: {
    f: (z, round) => round(`tanh(${z})`),
    df: (a, round) => round(`1 - ${round(`${a} * ${a}`)}`),
    isSwitch: false,
  },
};

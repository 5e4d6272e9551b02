/** What activations.ts does, as text, for the program of the fast path. */
import type { RoundingText } from "../arithmetic/rounding-text.js";
import type { HiddenActivation } from "./activations.js";

/** An activation and its derivative as expressions. */
export interface ActivationText {
  /** f of the expression z. */
  f(z: string, round: RoundingText): string;
  /** f' where f is the expression a, which has no side effect. */
  df(a: string, round: RoundingText): string;
  /** Whether f' is 0 or 1, so that a product with it needs no rounding. */
  isSwitch: boolean;
}

/** The activations of hidden neurons by their names; `tanh` in the text is that of elementary.ts. */
export const activationTexts: Readonly<Record<HiddenActivation, ActivationText>> = {
  relu: {
    f: (z) => `Math.max(${z}, 0)`,
    df: (a) => `(${a} > 0 ? 1 : 0)`,
    isSwitch: true,
  },
  tanh: {
    f: (z, round) => round(`tanh(${z})`),
    df: (a, round) => round(`1 - ${round(`${a} * ${a}`)}`),
    isSwitch: false,
  },
};

/** What loss.ts does, as text, for the program of the fast path. */
import type { RoundingText } from "../arithmetic/rounding-text.js";
import type { LossForm } from "./loss.js";

/** A loss and its derivative, as statements. */
export interface LossText {
  /**
   * Statements that declare `value`, L for the logit z[i], the probability p and the class y[i]. `tail` is the
   * expression e^-|z[i]|, and `exact` a rounding that is only for whoever counts.
   */
  f(round: RoundingText, exact: RoundingText, tail: string): string;
  /** Statements that declare `pull`, dL/dz for the probability p and y[i]. */
  df(round: RoundingText): string;
}

/** The loss in a form; `log` and `log1p` in the text are those of elementary.ts. */
export function lossText({ value, derivative, epsilon }: LossForm): LossText {
  return {
    f: value === "logit" ? ofLogit : ofProbability(epsilon),
    df: derivative === "fused" ? fused : chain(epsilon),
  };
}

const ofLogit: LossText["f"] = (round, exact, tail) => `
    const rest = ${round(`log1p(${tail})`)};
    const hinge = ${round(`Math.max(z[i], 0) - ${exact("z[i] * y[i]")}`)};
    const value = ${round("hinge + rest")};`;

const ofProbability =
  (epsilon: number): LossText["f"] =>
  (round) =>
    `
    const one = ${round(`y[i] * ${round(`log(${round(`p + ${epsilon}`)})`)}`)};
    const rest = ${round(`${round("1 - p")} + ${epsilon}`)};
    const other = ${round(`${round("1 - y[i]")} * ${round(`log(rest)`)}`)};
    const value = -${round("one + other")};`;

const fused: LossText["df"] = (round) => `
    let pull = ${round("p - y[i]")};`;

const chain =
  (epsilon: number): LossText["df"] =>
  (round) =>
    `
    const rest = ${round("1 - p")};
    const other = ${round(`${round("1 - y[i]")} / ${round(`rest + ${epsilon}`)}`)};
    const one = ${round(`y[i] / ${round(`p + ${epsilon}`)}`)};
    let pull = ${round(`${round("other - one")} * ${round("p * rest")}`)};`;

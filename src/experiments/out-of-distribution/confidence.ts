/**
 * How sure a network is, from the logit z and not from the probability: p rounds to exactly 1 near z = 37,
 * and from there on 1 - p is 0, however far one goes. The logit keeps growing.
 */
import { exp, log, log1p } from "../../core/elementary.js";
import { CLASS_NAMES } from "../../core/moons.js";

/** Confidence max(p, 1 - p) above which we call a network certain. */
export const CERTAIN = 0.99;

/** The size of the logit at which the confidence is {@link CERTAIN}: log 99. */
export const CERTAIN_LOGIT: number = log(99);

const LN_10 = log(10);

/** 1 - confidence = 1 / (1 + e^|z|), without the cancellation of 1 - p; from 1/2 down to 0. */
export function doubt(logit: number): number {
  const e = exp(-Math.abs(logit));
  return e / (1 + e);
}

/** log10 of 1 - confidence, for any size of the logit: no underflow, however certain. */
export function log10Doubt(logit: number): number {
  return -negativeLogDoubt(logit) / LN_10;
}

/** 1 - confidence in words, from its log10: `0.27`, `10⁻²⁷`. */
export function doubtText(exponent: number): string {
  if (exponent > -3) return exp(exponent * LN_10).toPrecision(2);
  if (exponent === Number.NEGATIVE_INFINITY) return "0";
  const digits = String(-Math.round(exponent)).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]);
  return Number.isNaN(exponent) ? "not a number" : `10⁻${digits}`;
}

/** How sure a network is, and of which class: `certain of Blue (1 − confidence: 10⁻²⁷)`. */
export function confidenceText(logit: number): string {
  if (Number.isNaN(logit)) return "lost (its logit is not a number)";
  const name = CLASS_NAMES[logit > 0 ? 1 : 0];
  return isCertain(logit)
    ? `certain of ${name} (1 − confidence: ${doubtText(log10Doubt(logit))})`
    : `in doubt (${(100 * probabilityOf(Math.abs(logit))).toFixed(1)}% for ${name})`;
}

/** -log(1 - confidence) = |z| + log(1 + e^-|z|), in nats; it grows with the confidence. */
export function negativeLogDoubt(logit: number): number {
  const size = Math.abs(logit);
  return size + log1p(exp(-size));
}

/** Whether the confidence is above {@link CERTAIN}; never for a logit that is not a number. */
export function isCertain(logit: number): boolean {
  return Math.abs(logit) > CERTAIN_LOGIT;
}

/** The probability of class 1. */
export function probabilityOf(logit: number): number {
  return logit > 0 ? 1 - doubt(logit) : doubt(logit);
}

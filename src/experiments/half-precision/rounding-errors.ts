/** Notebook 05: rounding, number by number. Nothing is trained here. */
import { Matrix } from "ml-matrix";
import { type Format, type FormatName, formats, ulp } from "../../core/arithmetic/formats.js";
import { phaseArithmetics, toPrecision } from "../../core/arithmetic/precision.js";
import { roundToNearest } from "../../core/arithmetic/rounding.js";
import { log } from "../../core/elementary.js";
import { sigmoid } from "../../core/network/activations.js";
import { crossEntropy, lossIn, usualLossForm } from "../../core/network/loss.js";

/** The numbers of a format from `low` to `high`, at most `most` of them; undefined where there are more. */
export function numbersBetween(
  format: Format,
  low: number,
  high: number,
  most: number,
): number[] | undefined {
  const round = roundToNearest(format);
  const numbers: number[] = [];
  let next = round(low);
  if (next < low) next = round(next + ulp(next, format));
  while (next <= high) {
    if (numbers.length === most) return undefined;
    numbers.push(next);
    next = round(next + ulp(next, format));
  }
  return numbers;
}

/** The loss of one Blue point (class 1) and its derivative, step by step as a format computes them. */
export interface LossAnatomy {
  logit: number;
  /** p = sigmoid(z). */
  probability: number;
  /** fl(1 - p). */
  rest: number;
  /** fl(ε). */
  epsilon: number;
  /** -y log(p + ε) - (1 - y) log(1 - p + ε), y = 1. */
  lossOfProbability: number;
  /** max(z, 0) - z y + log(1 + e^-|z|). */
  lossOfLogit: number;
  /** dL/dp * dp/dz. */
  chain: number;
  /** p - y. */
  fused: number;
}

/** The loss of a Blue point (class 1) for several logits, in every form; rounded to nearest. */
export function lossAnatomy(name: FormatName, logits: readonly number[], epsilon: number): LossAnatomy[] {
  const arithmetic = phaseArithmetics(toPrecision(name)).arithmetics.evaluation;
  const textbook = lossIn({ ...usualLossForm, value: "probability", derivative: "chain", epsilon });
  const z = arithmetic.convert(Matrix.columnVector([...logits]));
  const p = sigmoid.f(arithmetic, z);
  const answers = { logits: z, probabilities: p };
  const ones = Matrix.ones(z.rows, 1);
  const columns = {
    logit: z,
    probability: p,
    rest: arithmetic.subtract(1, p),
    epsilon: arithmetic.multiply(arithmetic.convert(epsilon), ones),
    lossOfProbability: textbook.value(arithmetic, answers, ones),
    lossOfLogit: crossEntropy.value(arithmetic, answers, ones),
    chain: textbook.gradient(arithmetic, answers, ones),
    fused: crossEntropy.gradient(arithmetic, answers, ones),
  };
  const names = Object.keys(columns) as (keyof LossAnatomy)[];
  return logits.map(
    (_, i) => Object.fromEntries(names.map((of) => [of, columns[of].get(i, 0)])) as unknown as LossAnatomy,
  );
}

/** The mean of equal losses, as a format sums them. */
export interface SummedMeans {
  format: FormatName;
  counts: number[];
  /** fl(fl(sum) / n) for each n. */
  means: number[];
}

const COUNTS = [250, 500, 1000, 2000, 5000, 10_000];

/** log 2, the loss of a network that knows nothing. */
export const CHANCE_LOSS: number = log(2);

/**
 * The mean over n points that all have the loss log 2, summed one by one in a format: exact arithmetic
 * gives log 2 for any n.
 *
 * @param counts - values of n, ascending
 */
export function summedMeans(name: FormatName, counts: readonly number[] = COUNTS): SummedMeans {
  const round = roundToNearest(formats[name]);
  const loss = round(CHANCE_LOSS);
  const means: number[] = [];
  let [sum, done] = [0, 0];
  for (const count of counts) {
    for (; done < count; done++) sum = round(sum + loss);
    means.push(round(sum / round(count)));
  }
  return { format: name, counts: [...counts], means };
}

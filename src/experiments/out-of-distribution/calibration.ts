/** Does a confidence of 90% mean right nine times in ten? The diagram, the error, and the temperature that reduces it. */
import { doubt, probabilityOf } from "./confidence.js";

/** Bins between a confidence of 1/2, the least that a guess between two classes can have, and 1. */
export const RELIABILITY_BINS = 10;

/** The points with a confidence in one interval, as sums: those of several sets can be added. */
export interface ReliabilityBin {
  /** Number of points. */
  count: number;
  /** How many of them are wrong. */
  wrong: number;
  /** The sum of 1 - confidence: how many would be wrong if the confidence were true. */
  doubt: number;
}

const NO_POINTS: ReliabilityBin = { count: 0, wrong: 0, doubt: 0 };

/**
 * The reliability diagram (Niculescu-Mizil and Caruana 2005, Predicting good probabilities with supervised
 * learning, section 4) of max(p, 1 - p), in {@link RELIABILITY_BINS} bins of equal width from 1/2 to 1. The upper end of
 * a bin belongs to it, and 1/2 to the first.
 *
 * @param logits - one for each point; points whose logit is NaN are left out
 * @param labels - the classes of the points, 0 or 1
 * @throws RangeError when there are not as many labels as logits, or one is not a class
 */
export function reliabilityDiagram(logits: readonly number[], labels: readonly number[]): ReliabilityBin[] {
  checkLabels(logits, labels);
  const bins = Array.from({ length: RELIABILITY_BINS }, () => ({ ...NO_POINTS }));
  logits.forEach((logit, i) => {
    const own = doubt(logit);
    const bin = bins.find((_, k) => 1 - own <= 0.5 + (k + 1) * (0.5 / RELIABILITY_BINS));
    if (bin === undefined) return; // not a number
    bin.count++;
    if (logit > 0 !== (labels[i] === 1)) bin.wrong++;
    bin.doubt += own;
  });
  return bins;
}

function checkLabels(logits: readonly number[], labels: readonly number[]): void {
  if (labels.length !== logits.length) {
    throw new RangeError(`labels must hold ${logits.length} classes, one a logit, got ${labels.length}`);
  }
  const other = labels.find((label) => label !== 0 && label !== 1);
  if (other !== undefined) throw new RangeError(`labels must hold 0 or 1, got ${other}`);
}

/**
 * One diagram from several: all their points together.
 *
 * @throws RangeError when there is none
 */
export function pooledReliability(diagrams: readonly (readonly ReliabilityBin[])[]): ReliabilityBin[] {
  if (diagrams.length === 0) throw new RangeError("diagrams must hold at least 1 diagram, got none");
  return diagrams[0].map((_, k) => total(diagrams.map((diagram) => diagram[k])));
}

/**
 * Expected calibration error: the mean distance between confidence and accuracy over the bins, weighted by
 * their points (Guo et al. 2017, On calibration of modern neural networks, eq. 3). NaN without points.
 */
export function expectedCalibrationError(diagram: readonly ReliabilityBin[]): number {
  return diagram.reduce((sum, { wrong, doubt }) => sum + Math.abs(doubt - wrong), 0) / total(diagram).count;
}

/** How often a network is wrong, and how often it would be if its confidence were true; NaN without points. */
export function errorsAndDoubt(diagram: readonly ReliabilityBin[]): { wrong: number; admitted: number } {
  const { count, wrong, doubt } = total(diagram);
  return { wrong: wrong / count, admitted: doubt / count };
}

function total(bins: readonly ReliabilityBin[]): ReliabilityBin {
  return bins.reduce(
    (sum, { count, wrong, doubt }) => ({
      count: sum.count + count,
      wrong: sum.wrong + wrong,
      doubt: sum.doubt + doubt,
    }),
    NO_POINTS,
  );
}

/** Temperatures are sought between 2^-20 and 2^20. */
const MOST_HALVINGS = 20;

/**
 * The temperature T > 0 for which the logits z / T have the lowest mean cross-entropy (Guo et al. 2017, section
 * 4.2). The loss is convex in β = 1 / T, with dL/dβ = mean((sigmoid(β z) - y) z): one zero at most, found by
 * bisection of log β. Where there is none the better end of 2^-20 to 2^20 is returned, and 1 where the loss is the same at
 * both. Infinite logits are the limit of ever larger ones: right, such a one decides nothing; wrong, the answer is 2^20.
 * NaN when a logit is.
 *
 * @param logits - of held-out points: on training points the loss would ask for more confidence still
 * @param labels - their classes, 0 or 1
 * @throws RangeError when there is no logit, there are not as many labels, or one is not a class
 */
export function fitTemperature(logits: readonly number[], labels: readonly number[]): number {
  if (logits.length === 0) throw new RangeError("logits must hold at least 1 number, got none");
  checkLabels(logits, labels);
  if (logits.some(Number.isNaN)) return Number.NaN;
  const slope = (inverse: number): number =>
    logits.reduce((sum, z, i) => {
      // for y = 1 the residual p - 1 is -sigmoid(-βz), which does not cancel
      const residual = labels[i] === 1 ? -probabilityOf(-inverse * z) : probabilityOf(inverse * z);
      return residual === 0 ? sum : sum + residual * z; // 0 times an infinite logit would be NaN
    }, 0);
  let [low, high] = [1 / (1 << MOST_HALVINGS), 1 << MOST_HALVINGS];
  if (slope(low) > 0) return 1 / low;
  if (slope(high) <= 0) return slope(low) < 0 ? 1 / high : 1;
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(low * high);
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  return 1 / Math.sqrt(low * high);
}

/**
 * Does a confidence of 90% mean right nine times in ten? The reliability diagram and the expected calibration
 * error, and the temperature that mends the latter.
 */
import { doubt, probabilityOf } from "./confidence.js";

/** Bins between a confidence of 1/2, the least that a guess between two classes can have, and 1. */
export const RELIABILITY_BINS = 10;

/** The points whose confidence falls into one interval. */
export interface ReliabilityBin {
  /** Ends of the interval; the upper one belongs to it, and 1/2 to the first. */
  low: number;
  high: number;
  /** Number of points. */
  count: number;
  /** Their mean confidence; NaN without points. */
  confidence: number;
  /** Share of them guessed right; NaN without points. */
  accuracy: number;
}

/**
 * The reliability diagram (Niculescu-Mizil and Caruana 2005, Predicting good probabilities with supervised
 * learning, section 4) of max(p, 1 - p), in {@link RELIABILITY_BINS} bins of equal width.
 *
 * @param logits - one a point; points whose logit is NaN are left out
 * @param labels - the classes of the points, 0 or 1
 * @throws RangeError when there are not as many labels as logits, or one is not a class
 */
export function reliabilityDiagram(logits: readonly number[], labels: readonly number[]): ReliabilityBin[] {
  checkLabels(logits, labels);
  const width = 0.5 / RELIABILITY_BINS;
  const bins = Array.from({ length: RELIABILITY_BINS }, (_, k) => ({
    low: 0.5 + k * width,
    high: 0.5 + (k + 1) * width,
    count: 0,
    confidence: 0,
    right: 0,
  }));
  logits.forEach((logit, i) => {
    const confidence = 1 - doubt(logit);
    const bin = bins.find(({ high }) => confidence <= high);
    if (bin === undefined) return; // not a number
    bin.count++;
    bin.confidence += confidence;
    if (logit > 0 === (labels[i] === 1)) bin.right++;
  });
  return bins.map(({ low, high, count, confidence, right }) => ({
    low,
    high,
    count,
    confidence: confidence / count,
    accuracy: right / count,
  }));
}

function checkLabels(logits: readonly number[], labels: readonly number[]): void {
  if (labels.length !== logits.length) {
    throw new RangeError(`labels must hold ${logits.length} classes, one a logit, got ${labels.length}`);
  }
  const other = labels.find((label) => label !== 0 && label !== 1);
  if (other !== undefined) throw new RangeError(`labels must hold 0 or 1, got ${other}`);
}

/**
 * One diagram from several: their points thrown together.
 *
 * @throws RangeError when there is none
 */
export function pooledReliability(diagrams: readonly (readonly ReliabilityBin[])[]): ReliabilityBin[] {
  if (diagrams.length === 0) throw new RangeError("diagrams must hold at least 1 diagram, got none");
  return diagrams[0].map(({ low, high }, k) => {
    const filled = diagrams.map((diagram) => diagram[k]).filter((bin) => bin.count > 0);
    const total = (of: (bin: ReliabilityBin) => number): number =>
      filled.reduce((sum, bin) => sum + of(bin), 0);
    const count = total((bin) => bin.count);
    return {
      low,
      high,
      count,
      confidence: total((bin) => bin.count * bin.confidence) / count,
      accuracy: total((bin) => bin.count * bin.accuracy) / count,
    };
  });
}

/**
 * Expected calibration error: the mean distance between confidence and accuracy over the bins, weighted by
 * their points (Guo et al. 2017, On calibration of modern neural networks, eq. 3). NaN without points.
 */
export function expectedCalibrationError(diagram: readonly ReliabilityBin[]): number {
  const filled = diagram.filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return Number.NaN;
  return filled.reduce(
    (sum, { count, confidence, accuracy }) => sum + (count / total) * Math.abs(confidence - accuracy),
    0,
  );
}

/** How often a network is wrong, and how often it ought to be if its confidence were true; NaN without points. */
export function errorsAndDoubt(diagram: readonly ReliabilityBin[]): { wrong: number; admitted: number } {
  const filled = diagram.filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  const mean = (of: (bin: ReliabilityBin) => number): number =>
    filled.reduce((sum, bin) => sum + bin.count * of(bin), 0) / total;
  return { wrong: mean((bin) => 1 - bin.accuracy), admitted: mean((bin) => 1 - bin.confidence) };
}

/** Temperatures are sought between 2^-20 and 2^20. */
const MOST_HALVINGS = 20;

/**
 * The temperature T > 0 for which the logits z / T have the lowest mean cross-entropy (Guo et al. 2017, section
 * 4.2). The loss is convex in β = 1 / T, with dL/dβ = mean((sigmoid(β z) - y) z): one zero at most, found by
 * bisection of log β. Where all points are right any sharpening helps, and where the logits say nothing any
 * flattening does; then the nearer end of 2^-20 to 2^20 is returned, and 1 where the loss is the same at both. Infinite
 * logits are the limit of ever larger ones: where it is right such a one costs nothing at any temperature and decides
 * nothing; where it is wrong no flattening is enough, and the answer is 2^20. NaN when a logit is.
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

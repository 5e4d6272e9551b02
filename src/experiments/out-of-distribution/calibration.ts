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
 */
export function reliabilityDiagram(logits: readonly number[], labels: readonly number[]): ReliabilityBin[] {
  const width = 0.5 / RELIABILITY_BINS;
  const sums = Array.from({ length: RELIABILITY_BINS }, () => ({ count: 0, confidence: 0, right: 0 }));
  logits.forEach((logit, i) => {
    if (Number.isNaN(logit)) return;
    const confidence = 1 - doubt(logit);
    const place = Math.ceil((confidence - 0.5) / width) - 1;
    const bin = sums[Math.max(0, Math.min(RELIABILITY_BINS - 1, place))];
    bin.count++;
    bin.confidence += confidence;
    if (logit > 0 === (labels[i] === 1)) bin.right++;
  });
  return sums.map(({ count, confidence, right }, k) => ({
    low: 0.5 + k * width,
    high: 0.5 + (k + 1) * width,
    count,
    confidence: confidence / count,
    accuracy: right / count,
  }));
}

/** One diagram from several: their points thrown together. */
export function pooledReliability(diagrams: readonly (readonly ReliabilityBin[])[]): ReliabilityBin[] {
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
 * flattening does; then the nearer end of 2^-20 to 2^20 is returned. NaN when a logit is.
 *
 * @param logits - of held-out points: on training points the loss would ask for more confidence still
 * @param labels - their classes, 0 or 1
 */
export function fitTemperature(logits: readonly number[], labels: readonly number[]): number {
  // for y = 1 the residual p - 1 is -sigmoid(-βz), which does not cancel
  const residual = (z: number, label: number): number =>
    label === 1 ? -probabilityOf(-z) : probabilityOf(z);
  const slope = (inverse: number): number =>
    logits.reduce((sum, z, i) => sum + residual(inverse * z, labels[i]) * z, 0);
  if (Number.isNaN(slope(1))) return Number.NaN;
  let [low, high] = [1 / (1 << MOST_HALVINGS), 1 << MOST_HALVINGS];
  if (slope(high) <= 0) return 1 / high; // 0: each term underflows, and none was ever positive
  if (slope(low) > 0) return 1 / low;
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(low * high);
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  return 1 / Math.sqrt(low * high);
}

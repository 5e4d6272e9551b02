/** Notebook 05: what came out, in words, for whatever came out. */
import { type FormatName, formats } from "../../core/arithmetic/formats.js";
import { shareOf } from "../statistics.js";
import type { Variation } from "../study.js";
import { MOST, shareText } from "../verdict.js";
import type { GradientLoss } from "./gradient-sizes.js";
import { finalLoss, isAsGood, isFlat, isNetworkAsGood, type PrecisionRun } from "./half-precision.js";
import type { ShapeResult } from "./quantized-inference.js";
import { checkPredictions, type RemedyCell } from "./remedies.js";
import { CHANCE_LOSS, type SummedMeans } from "./rounding-errors.js";

/** A training in a format, beside the same in binary64. */
export function describeTraining(format: FormatName, run: PrecisionRun, reference: PrecisionRun): string {
  const fate =
    run.brokenFrom === undefined
      ? `The loss of ${format} ${isFlat(run) ? "is a flat line that ends" : "ends"} at ${lossText(finalLoss(run))}`
      : `The loss of ${format} is first no finite number after epoch ${run.brokenFrom}, and ends at ${lossText(finalLoss(run))}`;
  const weights = run.weightsFinite
    ? `its weights, put through binary64, have a loss of ${lossText(run.trueLoss)} and get ${percentText(run.trueAccuracy)} of the test points right`
    : "its weights are no longer numbers";
  return (
    `Binary64 takes the training loss from ${lossText(reference.losses[0])} to ${lossText(finalLoss(reference))} nats and gets ` +
    `${percentText(reference.accuracy)} of the test points right. ${fate}; ${weights}. ` +
    judgement(run, reference)
  );
}

function judgement(run: PrecisionRun, reference: PrecisionRun): string {
  if (!isAsGood(run, reference) && isNetworkAsGood(run, reference)) {
    return "Only the curve fails: the network is as good as binary64's.";
  }
  return `By the measure of this notebook that is ${isAsGood(run, reference) ? "as good as" : "not as good as"} binary64.`;
}

/** Which derivatives a format has lost at the last of some moments, and why. */
export function describeVanishing(moments: Readonly<Record<string, GradientLoss>>): string {
  const names = Object.keys(moments);
  const lost = ({ saturated, flushed }: GradientLoss): number => saturated + flushed;
  const shares = names.map((name) => `${partText(lost(moments[name]), moments[name].nonzero)} at ${name}`);
  const last = moments[names[names.length - 1]];
  const whose =
    lost(last) === 0
      ? ""
      : ` Of those lost at the end, ${partText(last.saturated, lost(last))} belong to points whose p is exactly 0 or 1, and ` +
        `${partText(last.flushed, lost(last))} to products that were flushed.`;
  return `Of the derivatives that binary64 has, the format is left with 0 for ${shares.join(", ")}.${whose}`;
}

/** Which of the predictions about remedies came out. */
export function describePredictions(cells: readonly RemedyCell[]): string {
  const predictions = checkPredictions(cells);
  if (predictions.length === 0) return "No remedy was tried.";
  const wrong = predictions.filter(({ asPredicted, n }) => asPredicted < n);
  const listed = wrong
    .map(({ failure, remedy, asPredicted, n }) => `${remedy} against ${failure} (${asPredicted} of ${n})`)
    .join(", ");
  return (
    `${predictions.length - wrong.length} of ${predictions.length} predictions come out in every seed tried` +
    `${wrong.length === 0 ? "" : `; not: ${listed}`}.`
  );
}

/** What cures each failure in most of the seeds, other formats apart. */
export function describeCures(cells: readonly RemedyCell[]): string {
  const cures = [...new Set(cells.map(({ failure }) => failure))].map((name) => {
    const named = cells
      .filter(({ failure, isAlreadySo }) => failure === name && !isAlreadySo)
      .filter(({ remedy, cured, n }) => !(remedy in formats) && cured >= MOST * n)
      .map(({ remedy }) => remedy);
    // what is as good with nothing done about it does not fail
    return named[0] === "nothing"
      ? `${name} is no failure here`
      : `${name} by ${named.join(", ") || "none of them"}`;
  });
  return `Of the remedies that keep the format these cure in three of four seeds or more: ${cures.join("; ")}.`;
}

/** What the mean of equal losses comes out as, and where a training that says 1/2 everywhere ends by it. */
export function describeSums({ format, counts, means }: SummedMeans, run: PrecisionRun): string {
  const parts = counts.flatMap((count, i) => (count >= 250 ? [`${means[i].toFixed(4)} of ${count}`] : []));
  return (
    `In ${format} the mean of equal losses of log 2 = ${CHANCE_LOSS.toFixed(4)} comes out as ${parts.join(", ")}. ` +
    `The training above ends at ${lossText(finalLoss(run))} by its own sum, and its weights have a loss of ${run.trueLoss.toFixed(4)} in binary64.`
  );
}

/** What became of the flat line in wider and deeper networks, and what was not tested. */
export function describeScale(shapes: readonly Variation<ShapeResult>[]): string {
  const flat = shapes.map(({ name, results }) => {
    const share = shareOf(results, ({ isFlat }) => isFlat);
    return `${name} hidden neurons in ${shareText(share)}`;
  });
  return `The loss is a flat line or not a number with ${flat.join(", with ")}. Larger networks were not tested here.`;
}

function lossText(loss: number): string {
  return Number.isFinite(loss) ? loss.toPrecision(3) : String(loss);
}

function percentText(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function partText(count: number, total: number): string {
  return total === 0 ? "none" : percentText(count / total);
}

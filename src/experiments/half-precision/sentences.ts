/** What notebook 05 says about its results, in sentences that are true of any results. */
import { type FormatName, formats } from "../../core/arithmetic/formats.js";
import type { Variation } from "../study.js";
import { MOST, percent } from "../verdict.js";
import { essayName } from "./essay-name.js";
import type { GradientLoss } from "./gradient-sizes.js";
import { finalLoss, isAsGood, isFlat, isNetworkAsGood, type PrecisionRun } from "./half-precision.js";
import { checkPredictions, type RemedyCell } from "./remedies.js";
import { CHANCE_LOSS, type SummedMeans } from "./rounding-errors.js";
import { rescueOf, type UnaskedResult } from "./underflow.js";

/** A training in a format, beside the same training in float64. */
export function describeTraining(format: FormatName, run: PrecisionRun, reference: PrecisionRun): string {
  const fate =
    run.brokenFrom === undefined
      ? `In ${essayName(format)} the loss ${isFlat(run) ? "is a flat line that ends" : "ends"} at ${lossText(finalLoss(run))}`
      : `In ${essayName(format)} the loss stops being a finite number at epoch ${run.brokenFrom} and ends at ${lossText(finalLoss(run))}`;
  const weights = run.weightsFinite
    ? `Computed in float64, its weights have a loss of ${lossText(run.trueLoss)} and get ${percent(run.trueAccuracy)} of the test points right`
    : "Its weights are no longer numbers";
  return (
    `Float64 takes the training loss from ${lossText(reference.losses[0])} to ${lossText(finalLoss(reference))} nats and gets ` +
    `${percent(reference.accuracy)} of the test points right. ${fate}. ${weights}. ` +
    judgement(run, reference)
  );
}

function judgement(run: PrecisionRun, reference: PrecisionRun): string {
  if (!isAsGood(run, reference) && isNetworkAsGood(run, reference)) {
    return "Only the curve fails: the network is as good as the one in float64.";
  }
  return `By this notebook's measure that is ${isAsGood(run, reference) ? "as good as" : "not as good as"} float64.`;
}

/** How many derivatives a format loses at some moments, and why at the last of them. */
export function describeVanishing(moments: Readonly<Record<string, GradientLoss>>): string {
  const names = Object.keys(moments);
  const lost = ({ saturated, flushed }: GradientLoss): number => saturated + flushed;
  const shares = names.map((name) => `${partText(lost(moments[name]), moments[name].nonzero)} at ${name}`);
  const last = moments[names[names.length - 1]];
  const whose =
    lost(last) === 0
      ? ""
      : ` Of those lost at the end, ${partText(last.saturated, lost(last))} belong to points whose p is exactly 0 or 1, ` +
        `${partText(last.flushed, lost(last))} to products that were flushed.`;
  return `Derivatives that become 0, of those not 0 in float64: ${shares.join(", ")}.${whose}`;
}

/** Which predictions about remedies came true. */
export function describePredictions(cells: readonly RemedyCell[]): string {
  const predictions = checkPredictions(cells);
  if (predictions.length === 0) return "No remedy was tried.";
  const wrong = predictions.filter(({ asPredicted, n }) => asPredicted < n);
  const listed = wrong
    .map(
      ({ failure, remedy, asPredicted, n }) =>
        `${essayName(remedy)} against ${failure} (${asPredicted} of ${n})`,
    )
    .join(", ");
  return (
    `${predictions.length - wrong.length} of ${predictions.length} predictions come true in every seed` +
    `${wrong.length === 0 ? "" : `. Those that do not: ${listed}`}.`
  );
}

/** What cures each failure in most seeds, apart from other formats. */
export function describeCures(cells: readonly RemedyCell[]): string {
  const cures = [...new Set(cells.map(({ failure }) => failure))].map((name) => {
    const named = cells
      .filter(({ failure, isAlreadySo }) => failure === name && !isAlreadySo)
      .filter(({ remedy, cured, n }) => !(remedy in formats) && cured >= MOST * n)
      .map(({ remedy }) => essayName(remedy));
    // what is as good with nothing done about it does not fail
    return named[0] === "nothing"
      ? `${name} is no failure here`
      : `${name} by ${named.join(", ") || "none of them"}`;
  });
  return `These remedies keep the format and cure at least three of four seeds: ${cures.join("; ")}.`;
}

/** The mean of equal losses as a format computes it, and the final loss of a training that says 1/2 everywhere. */
export function describeSums({ format, counts, means }: SummedMeans, run: PrecisionRun): string {
  const parts = counts.map((count, i) => `${means[i].toFixed(4)} for ${count} points`);
  return (
    `In ${essayName(format)}, the mean of equal losses of log 2 = ${CHANCE_LOSS.toFixed(4)} comes out as ${parts.join(", ")}. ` +
    `By its own sum the training above ends at ${lossText(finalLoss(run))}; in float64 its weights have a loss of ${run.trueLoss.toFixed(4)}.`
  );
}

/** What a loss scale does in wider and deeper networks, and what was not tested. */
export function describeUnasked(format: FormatName, found: readonly Variation<UnaskedResult>[]): string {
  const { n, plain, scaled, rescued, spoiled } = rescueOf(found.flatMap(({ results }) => results));
  const name = essayName(format);
  return (
    `Of ${n} trainings of networks with up to 8 layers and 32 neurons in each that learn in float64, ${plain} learn in ${name} with ` +
    `float32 master weights and ${scaled} with a loss scale as well: ${rescued} only with the scale, ${spoiled} only without. ` +
    "Larger networks were not tested here."
  );
}

function lossText(loss: number): string {
  return Number.isFinite(loss) ? loss.toPrecision(3) : String(loss);
}

function partText(count: number, total: number): string {
  return total === 0 ? "none" : percent(count / total);
}

/** Notebook 05: what became of the claim, line by line. */
import type { FormatName } from "../../core/arithmetic/formats.js";
import { allOf, type Line, shareAbove, verdictOf } from "../grading.js";
import { meanInterval, quantile, shareOf, wilsonInterval } from "../statistics.js";
import type { FindingsOf, Variation } from "../study.js";
import { MOST, meanText, type Outcome, shareText, type Verdict } from "../verdict.js";
import type { FailureName, OrdinaryResult, PairedResult } from "./failures.js";
import {
  AS_GOOD,
  finalLoss,
  type HalfPrecisionParameters,
  isAsGood,
  isFlat,
  type PrecisionResult,
} from "./half-precision.js";
import type { QuantizedInference } from "./quantized-inference.js";
import { checkPredictions, type RemedyCell } from "./remedies.js";
import { describeCures, describePredictions, describeScale } from "./sentences.js";
import type { HalfPrecisionStudies } from "./studies.js";

/** The essay's claim, of a format. */
export function claimOf(format: FormatName): string {
  const name = format === "binary16" ? "half precision (float16, binary16)" : format;
  return `Trained in ${name}, the network is brain-dead: its loss is a flat line, because its gradients underflow to zero.`;
}

/**
 * Share of the derivatives that must be flushed before we say that the gradients underflow, and of the updates that
 * must be swallowed before we say so; the latter set after a look at the seeds 1001 to 1004, before any others.
 */
const MANY = 0.1;

/** Share of the predictions that must change before we say that rounding a trained network harms it. */
const HARM = 0.01;

/** How often something has to be seen, in the words of a line. */
const IN_MOST = "in three of four networks or more";

/** What became of the claim, as far as the studies tell. */
export function halfPrecisionVerdict(
  { seeds = [], failures = [], remedies, inference, scale }: Partial<FindingsOf<HalfPrecisionStudies>>,
  { format }: HalfPrecisionParameters,
): Verdict {
  return verdictOf({
    claim: claimOf(format),
    lines: [
      ...ordinaryLines(format, seeds),
      ...failures.map((one) => failureLine(format, one, seeds)),
      ...(remedies ? [remedyLine(remedies)] : []),
      ...(inference ? [inferenceLine(format, inference)] : []),
    ],
    ...(remedies && { defence: describeCures(remedies) }),
    ...(scale && { scale: describeScale(scale) }),
    summarise(stamp, rows) {
      const conditional = rows.filter(({ outcome }) => outcome === "holds only if").length;
      const ways =
        conditional > 0
          ? ` Few bits can stop a training, in ${conditional} of the ${failures.length} ways that were tried, each on a condition of its own.`
          : "";
      return `${summaryOf(stamp, format, seeds)}${ways}`;
    },
  });
}

function summaryOf(stamp: Outcome, format: FormatName, seeds: readonly OrdinaryResult[]): string {
  const flat = shareOf(seeds, ({ own }) => isFlat(own));
  const broken = seeds.filter(({ own }) => isBroken(own)).length;
  const shown = `in ${format} the loss is a flat line in ${shareText(flat)}${broken > 0 ? `, and no number at some time in ${broken}` : ""}`;
  const summaries: Record<Outcome, string> = {
    holds: `The claim holds with these parameters: ${shown}.`,
    "holds only if": "The claim holds on a condition only; see its lines.",
    "does not hold": `As told the claim does not hold with these parameters: ${shown}.`,
    undecided: `The claim is not decided: ${shown}.`,
    "not tested": "Nothing was trained, and so nothing was tested.",
  };
  return summaries[stamp];
}

function isBroken({ brokenFrom }: PrecisionResult): boolean {
  return brokenFrom !== undefined;
}

function ordinaryLines(format: FormatName, seeds: readonly OrdinaryResult[]): Line[] {
  const flat = shareOf(seeds, ({ own }) => isFlat(own));
  const broken = seeds.filter(({ own }) => isBroken(own)).length;
  const worse = shareOf(seeds, ({ own, double }) => !isAsGood(own, double));
  const gains = seeds.map(({ own, double }) => own.accuracy - double.accuracy);
  const gain = gains.length === 0 ? "none" : meanText(meanInterval(gains, [-1, 1]), 2, 100, " points");
  const falls = seeds.flatMap(({ own }) => (isBroken(own) ? [] : [finalLoss(own) / own.losses[0]]));
  const fall =
    falls.length === 0
      ? ""
      : ` In the median seed the loss ends at ${percentText(quantile(falls, 0.5))} of where it began${broken > 0 ? ", of those where it stays a number" : ""}.`;
  const flushed = seeds.map((result) => result.flushed + result.underflown);
  const underflowing = shareOf(flushed, (share) => share > MANY);
  const lost = seeds.map(({ atEnd }) => atEnd.saturated + atEnd.flushed);
  const vanishing = shareOf(lost, (share, i) => share > 0.5 && !isFlat(seeds[i].own));
  const atEnd = (share: (end: OrdinaryResult["atEnd"]) => number): string =>
    sharesText(seeds.map((result) => share(result.atEnd)));
  return [
    {
      claim: `Trained in ${format}, the loss is a flat line, ${IN_MOST}.`,
      measured: `Flat in ${shareText(flat)}${broken > 0 ? `; not a number in ${broken}` : ""}.${fall}`,
      finding: shareAbove(flat, MOST),
      isPrimary: true,
    },
    {
      claim: `Training in ${format} makes a worse network than binary64, ${IN_MOST}.`,
      measured: `Worse in ${shareText(worse)}. Test accuracy minus that of binary64: ${gain}.`,
      finding: shareAbove(worse, MOST),
    },
    {
      claim: `The gradients underflow, so that training cannot begin: more than ${percentText(MANY)} of them, ${IN_MOST}.`,
      measured:
        `In ${shareText(underflowing)}. At the first weights ${sharesText(flushed)} of the derivatives that are not 0 in ` +
        "binary64 underflow.",
      finding: shareAbove(underflowing, MOST),
    },
    {
      claim: `Gradients do vanish, once the loss has fallen: more than half of them, ${IN_MOST}.`,
      measured:
        `In ${shareText(vanishing)}. At the last weights ${sharesText(lost)} of the derivatives of single points that binary64 ` +
        `still has are 0: ${atEnd(({ saturated, underflown }) => saturated - underflown)} because p has rounded to 1, ` +
        `${atEnd(({ underflown }) => underflown)} because p has underflowed to 0, ` +
        `${atEnd((end) => end.flushed)} because a product was flushed.`,
      finding: shareAbove(vanishing, MOST),
    },
  ];
}

/** A way to fail: what shows it in a training, and what has to be so beforehand. */
interface FailureSigns {
  claim: string;
  shows: (result: PairedResult) => boolean;
  condition: string;
  also: (results: readonly PairedResult[]) => string;
}

const SIGNS: Readonly<Record<FailureName, FailureSigns>> = {
  underflow: {
    claim: "A flat line from underflow: the loss stays where it began and the gradient is flushed to zero",
    shows: ({ own, double, flushed }) => isFlat(own) && !isFlat(double) && flushed > 0.5,
    condition: "the weights start near 10⁻⁶ and the mean is taken before the products",
    also: (results) =>
      `At the first weights ${sharesText(results.map(({ flushed }) => flushed))} of the derivatives are flushed.`,
  },
  stall: {
    claim: `A training that stalls: finite, but more than ${AS_GOOD.loss} nats or ${100 * AS_GOOD.accuracy} points behind binary64, more than ${percentText(MANY)} of its first updates swallowed`,
    shows: ({ own, double, swallowed }) =>
      own.weightsFinite && own.brokenFrom === undefined && !isAsGood(own, double) && swallowed > MANY,
    condition: "the steps are below half a gap of the weights: a small learning rate on large weights",
    also: (results) =>
      `At the first weights ${sharesText(results.map(({ swallowed }) => swallowed))} of the updates are swallowed.`,
  },
  "weights NaN": {
    claim: "A network that dies: its weights become NaN",
    shows: ({ own, double }) => !own.weightsFinite && double.weightsFinite,
    condition: "dL/dz is computed as dL/dp · dp/dz with an ε that rounds to 0",
    also: brokenText,
  },
  "loss NaN": {
    claim: "A loss curve that dies while the network lives",
    shows: ({ own, double }) =>
      own.brokenFrom !== undefined && own.weightsFinite && own.trueLoss <= double.trueLoss + AS_GOOD.loss,
    condition: "the loss is computed from the probability with an ε that rounds to 0",
    also: brokenText,
  },
};

/** A failure in the regime made to show it, and in the training of the parameters. */
function failureLine(
  format: FormatName,
  { name, results }: Variation<PairedResult>,
  seeds: readonly OrdinaryResult[],
): Line {
  const { claim, shows, condition, also } = SIGNS[name as FailureName];
  const [inRegime, elsewhere] = [shareOf(results, shows), shareOf(seeds, shows)];
  return {
    claim: `${claim}, ${IN_MOST}.`,
    measured:
      `In its regime, in ${format}: ${shareText(inRegime)}. ${also(results)} ` +
      `With the notebook's own parameters: ${shareText(elsewhere)}.`,
    finding: shareAbove(inRegime, MOST),
    unless: { condition, finding: shareAbove(elsewhere, MOST) },
  };
}

function remedyLine(cells: readonly RemedyCell[]): Line {
  const predictions = checkPredictions(cells);
  return {
    claim:
      "The remedies name the causes: each failure yields to what reaches its cause and not to what does not, every prediction " +
      `${IN_MOST}.`,
    measured: describePredictions(cells),
    finding: allOf(predictions.map(({ asPredicted, n }) => shareAbove(wilsonInterval(asPredicted, n), MOST))),
  };
}

function inferenceLine(format: FormatName, inference: readonly Variation<QuantizedInference>[]): Line {
  const { results = [] } = inference.find(({ name }) => name === format) ?? {};
  const changed = results.map((result) => result.changed);
  const harmed = shareOf(changed, (share) => share > HARM);
  return {
    claim: `Rounding a trained network to ${format} harms it: more than ${percentText(HARM)} of its guesses change, ${IN_MOST}.`,
    measured: `In ${shareText(harmed)}; ${sharesText(changed, 2)} of the guesses change.`,
    finding: shareAbove(harmed, MOST),
  };
}

function brokenText(results: readonly PairedResult[]): string {
  const epochs = results.flatMap(({ own }) => own.brokenFrom ?? []);
  if (epochs.length === 0) return "No seed came to a NaN.";
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)];
  return first === last ? `NaN from epoch ${first} on.` : `NaN from epoch ${first} to ${last} on, by seed.`;
}

/** The mean of shares, in percent. */
function sharesText(shares: readonly number[], digits = 1): string {
  return shares.length === 0 ? "none" : meanText(meanInterval(shares, [0, 1]), digits, 100, "%");
}

function percentText(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`;
}

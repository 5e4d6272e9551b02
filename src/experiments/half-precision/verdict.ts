/** Notebook 05: what became of the claim, line by line. */
import type { FormatName } from "../../core/arithmetic/formats.js";
import { allOf, type Line, shareAbove, verdictOf } from "../grading.js";
import { meanInterval, quantile, shareOf, wilsonInterval } from "../statistics.js";
import { MOST, meanText, type Outcome, shareText, type Verdict } from "../verdict.js";
import type { FailureName, FailureRuns, OrdinaryRun, StartedRun } from "./failures.js";
import type { GradientLoss } from "./gradient-sizes.js";
import { AS_GOOD, finalAccuracy, finalLoss, isAsGood, isFlat, type PrecisionRun } from "./half-precision.js";
import type { QuantizedInference } from "./quantized-inference.js";
import { checkPredictions, type RemedyCell } from "./remedies.js";
import { describePredictions } from "./sentences.js";

/** What the verdict rests on; all lists over the same seeds, but for the remedies. */
export interface HalfPrecisionEvidence {
  format: FormatName;
  /** The training of the parameters. */
  ordinary: readonly OrdinaryRun[];
  /** The same in binary64. */
  double: readonly PrecisionRun[];
  failures: readonly FailureRuns[];
  remedies: readonly RemedyCell[];
  /** One list a seed. */
  inference: readonly (readonly QuantizedInference[])[];
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

/** The lines of the verdict. */
export function halfPrecisionVerdict(evidence: HalfPrecisionEvidence): Verdict {
  const { format } = evidence;
  const [flat, worse, starting, ...late] = ordinaryLines(evidence);
  return verdictOf({
    claim: `Trained in ${format}, the network is brain-dead: its loss is a flat line, because gradients underflow to zero.`,
    lines: [
      { ...flat, isPrimary: true },
      worse,
      starting,
      ...late,
      ...failureLines(evidence),
      remedyLine(evidence.remedies),
      inferenceLine(evidence),
    ],
    summarise(stamp, rows) {
      const conditional = rows.filter(({ outcome }) => outcome === "holds only if").length;
      const ways =
        conditional > 0
          ? ` Few bits can stop a training, in ${conditional} of the ${evidence.failures.length} ways that were tried, each on a condition of its own.`
          : "";
      return `${summaries(format)[stamp]}${ways}`;
    },
  });
}

function summaries(format: FormatName): Record<Outcome, string> {
  return {
    holds: `With these parameters a training in ${format} is dead from the start, for the reason that the claim gives.`,
    "holds only if": "The claim holds on a condition only; see its lines.",
    "does not hold": `As told the claim does not hold for ${format} with these parameters.`,
    undecided: "The claim is not decided; its lines say what would decide it.",
    "not tested": "Nothing was trained, and so nothing was tested.",
  };
}

function ordinaryLines({ format, ordinary, double }: HalfPrecisionEvidence): Line[] {
  const flat = shareOf(ordinary, isFlat);
  const broken = ordinary.filter(({ brokenFrom }) => brokenFrom !== undefined).length;
  const worse = shareOf(ordinary, (run, i) => !isAsGood(run, double[i]));
  const difference = meanInterval(
    ordinary.map((run, i) => finalAccuracy(run) - finalAccuracy(double[i])),
    [-1, 1],
  );
  const fall = quantile(
    ordinary.map((run) => (run.brokenFrom === undefined ? finalLoss(run) / run.losses[0] : 1)),
    0.5,
  );
  const flushed = ordinary.map(({ gradients: g }) => ratio(g.flushed + g.underflown, g.nonzero));
  const underflowing = shareOf(flushed, (share) => share > MANY);
  const atEnd = (count: (gradients: GradientLoss) => number): number[] =>
    ordinary.map((run) => ratio(count(run.atEnd), run.atEnd.nonzero));
  const lost = atEnd((gradients) => gradients.saturated + gradients.flushed);
  const vanishing = shareOf(lost, (share, i) => share > 0.5 && !isFlat(ordinary[i]));
  return [
    {
      claim: `Trained in ${format}, the loss is a flat line, ${IN_MOST}.`,
      measured:
        `Flat in ${shareText(flat)}${broken > 0 ? `; not a number in ${broken}` : ""}. ` +
        `In the median seed the loss ends at ${percentText(fall)} of where it began.`,
      finding: shareAbove(flat, MOST),
    },
    {
      claim: `Training in ${format} makes a worse network than binary64, ${IN_MOST}.`,
      measured: `Worse in ${shareText(worse)}. Test accuracy minus that of binary64: ${meanText(difference, 2, 100, " points")}.`,
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
        `still has are 0: ${sharesText(atEnd((g) => g.saturated - g.underflown))} because p has rounded to 1, ` +
        `${sharesText(atEnd((g) => g.underflown))} because p has underflowed to 0, ` +
        `${sharesText(atEnd((g) => g.flushed))} because a product was flushed.`,
      finding: shareAbove(vanishing, MOST),
    },
  ];
}

/** A way to fail: what shows it in a training, and what has to be so beforehand. */
interface FailureSigns {
  claim: string;
  shows: (run: StartedRun, reference: PrecisionRun) => boolean;
  condition: string;
  also: (runs: readonly StartedRun[]) => string;
}

const SIGNS: Readonly<Record<FailureName, FailureSigns>> = {
  underflow: {
    claim: "A flat line from underflow: the loss stays where it began and the gradient is flushed to zero",
    shows: (run, reference) =>
      isFlat(run) && !isFlat(reference) && ratio(run.gradients.flushed, run.gradients.nonzero) > 0.5,
    condition: "the weights start near 10⁻⁶ and the mean is taken before the products",
    also: (runs) =>
      `At the first weights ${sharesText(runs.map(({ gradients: g }) => ratio(g.flushed, g.nonzero)))} of the derivatives are flushed.`,
  },
  stall: {
    claim: `A training that stalls: finite, but more than ${AS_GOOD.loss} nats or ${100 * AS_GOOD.accuracy} points behind binary64, more than ${percentText(MANY)} of its first updates swallowed`,
    shows: (run, reference) =>
      run.weightsFinite &&
      run.brokenFrom === undefined &&
      !isAsGood(run, reference) &&
      ratio(run.updates.swallowed, run.updates.nonzero) > MANY,
    condition: "the steps are below half a gap of the weights: a small learning rate on large weights",
    also: (runs) =>
      `At the first weights ${sharesText(runs.map(({ updates: u }) => ratio(u.swallowed, u.nonzero)))} of the updates are swallowed.`,
  },
  "weights NaN": {
    claim: "A network that dies: its weights become NaN",
    shows: (run, reference) => !run.weightsFinite && reference.weightsFinite,
    condition: "dL/dz is computed as dL/dp · dp/dz with an ε that rounds to 0",
    also: brokenText,
  },
  "loss NaN": {
    claim: "A loss curve that dies while the network lives",
    shows: (run, reference) =>
      run.brokenFrom !== undefined && run.weightsFinite && run.trueLoss <= reference.trueLoss + AS_GOOD.loss,
    condition: "the loss is computed from the probability with an ε that rounds to 0",
    also: brokenText,
  },
};

/** Each failure in the regime made to show it, and in the training of the parameters. */
function failureLines({ format, ordinary, double, failures }: HalfPrecisionEvidence): Line[] {
  return failures.map(({ failure: { name }, reduced, reference }) => {
    const { claim, shows, condition, also } = SIGNS[name];
    const inRegime = shareOf(reduced, (run, i) => shows(run, reference[i]));
    const elsewhere = shareOf(ordinary, (run, i) => shows(run, double[i]));
    return {
      claim: `${claim}, ${IN_MOST}.`,
      measured:
        `In its regime, in ${format}: ${shareText(inRegime)}. ${also(reduced)} ` +
        `With the notebook's own parameters: ${shareText(elsewhere)}.`,
      finding: shareAbove(inRegime, MOST),
      unless: { condition, finding: shareAbove(elsewhere, MOST) },
    };
  });
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

function inferenceLine({ format, inference }: HalfPrecisionEvidence): Line {
  const changed = inference.flatMap((all) => all.find((one) => one.format === format)?.changed ?? []);
  const harmed = shareOf(changed, (share) => share > HARM);
  return {
    claim: `Rounding a trained network to ${format} harms it: more than ${percentText(HARM)} of its guesses change, ${IN_MOST}.`,
    measured: `In ${shareText(harmed)}; ${sharesText(changed, 2)} of the guesses change.`,
    finding: shareAbove(harmed, MOST),
  };
}

function brokenText(runs: readonly PrecisionRun[]): string {
  const epochs = runs.flatMap(({ brokenFrom }) => (brokenFrom === undefined ? [] : [brokenFrom]));
  if (epochs.length === 0) return "No seed came to a NaN.";
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)];
  return first === last ? `NaN from epoch ${first} on.` : `NaN from epoch ${first} to ${last} on, by seed.`;
}

function ratio(count: number, total: number): number {
  return total === 0 ? 0 : count / total;
}

/** The mean of shares, in percent. */
function sharesText(shares: readonly number[], digits = 1): string {
  return shares.length === 0 ? "none" : meanText(meanInterval(shares, [0, 1]), digits, 100, "%");
}

function percentText(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`;
}

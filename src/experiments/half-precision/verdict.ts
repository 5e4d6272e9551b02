/** Notebook 05: what became of the claim, line by line. */
import type { FormatName } from "../../arithmetic/formats.js";
import { meanInterval, quantile, type ShareInterval, wilsonInterval } from "../../statistics.js";
import {
  gradeShare,
  type Outcome,
  reservation,
  shareText,
  type Verdict,
  type VerdictRow,
} from "../verdict.js";
import type { FailedRun, FailureName, FailureRuns, OrdinaryRun } from "./failures.js";
import type { GradientLoss } from "./gradient-sizes.js";
import { finalAccuracy, finalLoss, isAsGood, isFlat, type PrecisionRun } from "./half-precision.js";
import type { QuantizedInference } from "./quantized-inference.js";
import { checkPredictions, type RemedyCell } from "./remedies.js";

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

/** Share of the derivatives that must be flushed before we say that the gradients underflow. */
const MANY = 0.1;

/** Share of the predictions that must change before we say that rounding a trained network harms it. */
const HARM = 0.01;

/** The lines of the verdict. */
export function halfPrecisionVerdict(evidence: HalfPrecisionEvidence): Verdict {
  const { format } = evidence;
  const rows = [
    ...ordinaryRows(evidence),
    ...failureRows(evidence),
    remedyRow(evidence.remedies),
    inferenceRow(evidence),
  ];
  const [flat] = rows;
  const contrived = rows.filter(({ outcome }) => outcome === "holds only if").length;
  return {
    claim: `Trained in ${format}, the network is brain-dead: its loss is a flat line, because gradients underflow to zero.`,
    stamp: "undecided", // TRANSITIONAL
    rows,
    summary:
      flat.outcome === "does not hold"
        ? `As told the claim does not hold: at settings that learn well ${format} learns too. ` +
          (contrived > 0
            ? "What it gets right is that few bits can stop a training; but that takes settings or formulas of its own, and underflow is only one of the ways."
            : "And none of the ways to stop it that are tried here did.")
        : `With these parameters a training in ${format} is not safe from a flat line; see which line says why.`,
  };
}

function ordinaryRows({ format, ordinary, double }: HalfPrecisionEvidence): VerdictRow[] {
  const n = ordinary.length;
  const flat = shareOf(ordinary, (run) => isFlat(run));
  const broken = ordinary.filter(({ brokenFrom }) => brokenFrom !== undefined).length;
  const worse = wilsonInterval(ordinary.filter((run, i) => !isAsGood(run, double[i])).length, n);
  const difference = meanInterval(
    ordinary.map((run, i) => 100 * (finalAccuracy(run) - finalAccuracy(double[i]))),
  );
  const fall = quantile(
    ordinary.map((run) => (run.brokenFrom === undefined ? finalLoss(run) / run.losses[0] : 1)),
    0.5,
  );
  const flushed = ordinary.map(({ atStart }) => ratio(atStart.flushed + atStart.underflown, atStart.nonzero));
  const atEnd = (count: (gradients: GradientLoss) => number): number[] =>
    ordinary.map((run) => ratio(count(run.atEnd), run.atEnd.nonzero));
  const lost = atEnd((gradients) => gradients.saturated + gradients.flushed);
  const zeros = wilsonInterval(lost.filter((share, i) => share > 0.5 && !isFlat(ordinary[i])).length, n);
  return [
    graded(
      {
        claim: `Trained in ${format}, the loss is a flat line.`,
        measured:
          `Flat in ${shareText(flat)}${broken > 0 ? `; not a number in ${broken}` : ""}. ` +
          `In the median seed the loss ends at ${percentText(fall)} of where it began.`,
        n,
      },
      flat,
    ),
    graded(
      {
        claim: `Training in ${format} makes a worse network than binary64.`,
        measured:
          `Worse in ${shareText(worse)}. Test accuracy minus that of binary64: ` +
          `${difference.mean.toFixed(2)} points ${intervalText(difference.low, difference.high)}.`,
        n,
      },
      worse,
    ),
    graded(
      {
        claim: "The gradients underflow, so that training cannot begin.",
        measured: `At the first weights ${meanText(flushed)} of the derivatives that are not 0 in binary64 underflow.`,
        n,
      },
      wilsonInterval(flushed.filter((share) => share > MANY).length, n),
    ),
    graded(
      {
        claim: "Gradients do vanish, once the loss has fallen.",
        measured:
          `At the last weights ${meanText(lost)} of the derivatives of single points that binary64 still has are 0: ` +
          `${meanText(atEnd((g) => g.saturated - g.underflown))} because p has rounded to 1, ` +
          `${meanText(atEnd((g) => g.underflown))} because p has underflowed to 0, both of points that are learnt; ` +
          `${meanText(atEnd((g) => g.flushed))} because a product was flushed.`,
        n,
      },
      zeros,
    ),
  ];
}

function failureRows({ format, failures }: HalfPrecisionEvidence): VerdictRow[] {
  const about: Record<
    FailureName,
    {
      claim: string;
      shows: (run: FailedRun, reference: PrecisionRun) => boolean;
      condition: string;
      also: (runs: readonly FailedRun[]) => string;
    }
  > = {
    underflow: {
      claim: "A flat line from underflow: the loss stays at log 2 and the gradient is flushed to zero.",
      shows: (run, reference) =>
        isFlat(run) && !isFlat(reference) && ratio(run.gradients.flushed, run.gradients.nonzero) > 0.5,
      condition: "the weights start near 10⁻⁶ and the mean is taken before the products",
      also: (runs) =>
        `At the first weights ${meanText(runs.map(({ gradients: g }) => ratio(g.flushed, g.nonzero)))} of the derivatives are flushed.`,
    },
    stall: {
      claim: "A training that stalls: finite, but far from where binary64 gets, its updates swallowed.",
      shows: (run, reference) =>
        run.weightsFinite &&
        run.brokenFrom === undefined &&
        !isAsGood(run, reference) &&
        ratio(run.updates.swallowed, run.updates.nonzero) > 0.5,
      condition: "the steps are below half a gap of the weights: a small learning rate on large weights",
      also: (runs) =>
        `At the last weights ${meanText(runs.map(({ updates: u }) => ratio(u.swallowed, u.nonzero)))} of the updates are swallowed.`,
    },
    "weights NaN": {
      claim: "A network that dies: its weights become NaN.",
      shows: (run, reference) => !run.weightsFinite && reference.weightsFinite,
      condition: "dL/dz is computed as dL/dp · dp/dz with an ε that rounds to 0",
      also: (runs) => brokenText(runs),
    },
    "loss NaN": {
      claim: "A loss curve that dies while the network lives.",
      shows: (run, reference) =>
        run.brokenFrom !== undefined && run.weightsFinite && run.trueLoss <= reference.trueLoss + 0.05,
      condition: "the loss is computed from the probability with an ε that rounds to 0",
      also: (runs) => brokenText(runs),
    },
  };
  return failures.map(({ failure: { name }, reduced, reference }) => {
    const { claim, shows, condition, also } = about[name];
    const share = wilsonInterval(reduced.filter((run, i) => shows(run, reference[i])).length, reduced.length);
    const grade = gradeShare(share);
    // a regime made to show it: at best it holds there
    const outcome: Outcome = grade === "holds" ? "holds only if" : grade;
    return {
      claim,
      measured: `In its regime, in ${format}: seen in ${shareText(share)}. ${also(reduced)}`,
      n: reduced.length,
      outcome,
      ...(outcome === "holds only if" && {
        condition: grade === "holds" ? condition : `${condition}; ${reservation(share)}`,
      }),
    };
  });
}

function remedyRow(cells: readonly RemedyCell[]): VerdictRow {
  const predictions = checkPredictions(cells);
  const right = predictions.filter(({ asPredicted, n }) => asPredicted === n);
  const wrong = predictions.filter(({ asPredicted, n }) => asPredicted < n);
  const trainings = predictions.reduce((sum, { n }) => sum + n, 0);
  const { low } = wilsonInterval(right.length, Math.max(1, predictions.length));
  return {
    claim:
      "The remedies name the causes: each failure yields to what reaches its cause, and to nothing else.",
    measured:
      `${right.length} of ${predictions.length} predictions come out in every seed` +
      (wrong.length === 0
        ? "."
        : `; not: ${wrong.map(({ failure, remedy, asPredicted, n }) => `${remedy} against ${failure} (${asPredicted} of ${n})`).join(", ")}.`),
    n: trainings,
    outcome: wrong.length === 0 ? "holds" : low > 0.5 ? "holds only if" : "does not hold",
    ...(wrong.length > 0 && low > 0.5 && { condition: "those are left out" }),
  };
}

function inferenceRow({ format, inference }: HalfPrecisionEvidence): VerdictRow {
  const changed = inference.map((all) => all.find((one) => one.format === format)?.changed ?? 0);
  const harmed = wilsonInterval(changed.filter((share) => share > HARM).length, changed.length);
  return graded(
    {
      claim: `Rounding a trained network to ${format} harms it.`,
      measured: `${meanText(changed, 2)} of the predictions change; more than ${percentText(HARM)} of them in ${shareText(harmed)}.`,
      n: changed.length,
    },
    harmed,
  );
}

function graded(row: Omit<VerdictRow, "outcome">, share: ShareInterval): VerdictRow {
  const outcome = gradeShare(share);
  return { ...row, outcome, ...(outcome === "holds only if" && { condition: reservation(share) }) };
}

function shareOf<T>(items: readonly T[], shows: (item: T) => boolean): ShareInterval {
  return wilsonInterval(items.filter(shows).length, items.length);
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

function meanText(shares: readonly number[], digits = 1): string {
  const { n, mean, low, high } = meanInterval(shares.map((share) => 100 * share));
  const text = `${mean.toFixed(digits)}%`;
  return n === 1 ? text : `${text} ${intervalText(Math.max(0, low), Math.min(100, high), digits)}`;
}

function intervalText(low: number, high: number, digits = 2): string {
  return `[${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}

function percentText(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`;
}

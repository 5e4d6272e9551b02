/** What became of notebook 04's claim. */
import { meanInterval, type ShareInterval, wilsonInterval } from "../../statistics.js";
import {
  gradeShare,
  type Outcome,
  reservation,
  shareText,
  type Verdict,
  type VerdictRow,
} from "../verdict.js";
import { type ButterflyParameters, PARTED, type Parting } from "./butterfly.js";
import type { TwinDefence } from "./defences.js";
import { BAND, isInBand, type ScaleResult, type StabilityCell } from "./map.js";
import type { Cause, SeedPartings } from "./seeds.js";

/** "Hundreds of epochs" begin here. */
export const LONG = 100;

/** Growth up to which nothing has happened yet. */
const QUIET = 10;

/** Share of the answers from which two networks say something else. */
const OTHER_ANSWERS = 0.05;

/** What the verdict is read off. */
export interface ButterflyMeasurements {
  parameters: ButterflyParameters;
  /** The sweep over the seeds, at the hyperparameters of the parameters. */
  partings: readonly SeedPartings[];
  /** The same at a calm setting. */
  calm: readonly SeedPartings[];
  /** The map. */
  cells: readonly StabilityCell[];
  /** What defends; the first is what all are compared with. */
  defences?: readonly TwinDefence[];
  /** Networks from the smallest to the largest, at one learning rate after the other. */
  scale?: readonly ScaleResult[];
}

/** The share of the seeds whose two trainings ended parted. */
export function partedShare(partings: readonly SeedPartings[], cause: Cause): ShareInterval {
  return wilsonInterval(partings.filter(({ causes }) => isParted(causes[cause])).length, partings.length);
}

function isParted({ distance }: Parting): boolean {
  return distance >= PARTED;
}

/** Grades the claim line by line. */
export function butterflyVerdict(measurements: ButterflyMeasurements): Verdict {
  const { parameters, partings, calm, cells, defences = [], scale = [] } = measurements;
  const n = partings.length;
  const parted = partings.filter(({ causes }) => isParted(causes.nudge));
  const visible = partings.filter(({ causes }) => causes.nudge.visible !== null);
  const late = wilsonInterval(
    visible.filter(({ causes }) => (causes.nudge.visible as number) >= LONG).length,
    n,
  );
  const rows: VerdictRow[] = [
    {
      claim: `The losses are the same for hundreds of epochs, and then part.`,
      measured:
        `At learning rate ${parameters.learningRate}, ${batchText(parameters.batchSize)}, two loss curves can be told apart at all in ` +
        `${shareText(wilsonInterval(visible.length, n))}, and only after ${LONG} epochs or more in ${shareText(late)}.`,
      n,
      ...withCondition(gradeShare(late), reservation(late)),
    },
    suddenRow(visible),
    anywhereRow(cells),
    completeRow(parted, {
      claim: "They diverge completely: the weights.",
      what: "the weights end at least half as far apart as with another order of the points",
      isComplete: ({ causes, otherOrder }) =>
        causes.nudge.relativeDistance >= otherOrder.relativeDistance / 2,
      numbers: {
        "Distance in % of the weights' length": ({ causes }) => 100 * causes.nudge.relativeDistance,
        "with another order": ({ otherOrder }) => 100 * otherOrder.relativeDistance,
      },
    }),
    completeRow(parted, {
      claim: "They diverge completely: what the networks answer.",
      what: `at least ${100 * OTHER_ANSWERS}% of the test points change class`,
      isComplete: ({ causes }) => causes.nudge.churn >= OTHER_ANSWERS,
      numbers: {
        "Churn in % of the test points": ({ causes }) => 100 * causes.nudge.churn,
        "with another order": ({ otherOrder }) => 100 * otherOrder.churn,
        "difference of the accuracies in points": ({ causes: { nudge } }) =>
          100 * Math.abs(nudge.accuracy[0] - nudge.accuracy[1]),
      },
    }),
    hardwareRow(partings, calm),
    sameRow([...partings, ...calm]),
  ];
  const holds = rows.filter(({ outcome }) => outcome === "holds").length;
  return {
    claim:
      "A perturbation of 1e-14 of one initial weight leaves the loss the same for hundreds of epochs; then the two trainings diverge completely. Different hardware does the same.",
    stamp: "undecided", // TRANSITIONAL
    rows,
    summary:
      holds === rows.length
        ? "Here the claim holds as it stands."
        : `Of ${rows.length} lines ${holds === 0 ? "none holds" : `${holds} hold${holds === 1 ? "s" : ""}`} without a condition. ${bandText(cells)}`,
    ...(defences.length > 0 && { defence: defenceText(defences) }),
    ...(scale.length > 0 && { scale: scaleText(scale) }),
  };
}

/** How many seeds still part, and what it does to the accuracy, against the first. */
function defenceText([base, ...others]: readonly TwinDefence[]): string {
  const n = base.results.length;
  const partedOf = ({ results }: TwinDefence): number => results.filter(({ isParted }) => isParted).length;
  const texts = others.map((defence) => {
    const gains = defence.results.map(
      ({ last }, i) => 100 * (last.testAccuracy - base.results[i].last.testAccuracy),
    );
    return `${defence.name}: ${partedOf(defence)} (accuracy ${meanText(gains)} points)`;
  });
  const churn = (which: "last" | "averaged"): string =>
    meanText(base.results.map((result) => 100 * result[which].churn));
  return (
    `Seeds that part, of ${n}: ${base.name}: ${partedOf(base)}; ${texts.join("; ")}. ` +
    `Averaging the weights takes the churn from ${churn("last")}% to ${churn("averaged")}%. ` +
    "A fixed order of summation defends against the hardware, and not against a nudge."
  );
}

/** The smallest and the largest network, at each learning rate. */
function scaleText(scale: readonly ScaleResult[]): string {
  const rates = [...new Set(scale.map(({ learningRate }) => learningRate))];
  const texts = rates.map((rate) => {
    const [first, ...rest] = scale.filter(({ learningRate }) => learningRate === rate);
    const last = rest[rest.length - 1] ?? first;
    const text = ({ hiddenLayers, exponent }: ScaleResult): string =>
      `${exponent ? Number((100 * exponent.mean).toPrecision(2)) : "not finite"} for ${hiddenLayers.join(" × ")}`;
    return `at learning rate ${Number(rate.toPrecision(2))}: ${text(first)}, ${text(last)}`;
  });
  return `E-foldings in 100 epochs over ${scale[0].results.length} seeds: ${texts.join("; ")}. Larger than that was not tested.`;
}

function suddenRow(visible: readonly SeedPartings[]): VerdictRow {
  const claim = "Until then nothing happens.";
  const factors = visible.flatMap(({ causes }) => causes.nudge.grownHalfway ?? []);
  if (factors.length === 0) {
    return {
      claim,
      measured: "No curves parted after the start.",
      n: 0,
      outcome: "does not hold",
      condition: "(not tested)",
    };
  }
  const quiet = wilsonInterval(factors.filter((factor) => factor < QUIET).length, factors.length);
  const sorted = [...factors].sort((a, b) => a - b);
  return {
    claim,
    measured:
      `Half-way to the epoch at which the curves part, the distance had grown by a factor of less than ${QUIET} in ` +
      `${shareText(quiet)}; median factor ${sorted[Math.floor(sorted.length / 2)].toExponential(1)}.`,
    n: factors.length,
    ...withCondition(gradeShare(quiet), reservation(quiet)),
  };
}

function anywhereRow(cells: readonly StabilityCell[]): VerdictRow {
  const learning = cells.filter(({ learnt }) => learnt.share > 0.5);
  const band = cells.filter(isInBand);
  const most = learning.filter(({ both }) => both.share > 0.5);
  const outcome: Outcome =
    band.length === 0 ? "does not hold" : most.length === learning.length ? "holds" : "holds only if";
  return {
    claim: "It happens to any training that learns.",
    measured: `Of ${cells.length} pairs of batch size and learning rate ${learning.length} learn with most of ${cells[0].results.length} seeds; in ${band.length} pairs at least ${100 * BAND}% of the seeds learn and part all the same, in ${most.length} more than half.`,
    n: cells.length * cells[0].results.length,
    ...withCondition(outcome, bandCondition(band)),
  };
}

/** The learning rates of the band, by batch size. */
function bandCondition(band: readonly StabilityCell[]): string {
  const sizes = [...new Set(band.map(({ batchSize }) => batchSize))];
  return `the steps are large: ${sizes
    .map((size) => {
      const rates = band
        .filter(({ batchSize }) => batchSize === size)
        .map(({ learningRate }) => learningRate);
      return `${batchText(size)} at learning rate ${rates.join(", ")}`;
    })
    .join("; ")}`;
}

function bandText(cells: readonly StabilityCell[]): string {
  const band = cells.filter(isInBand);
  return band.length === 0
    ? "In the map no setting learns and parts."
    : `What parts and still learns is a band: ${bandCondition(band)}.`;
}

interface Completeness {
  claim: string;
  what: string;
  isComplete: (seed: SeedPartings) => boolean;
  /** Means to be given with it, by their names. */
  numbers: Readonly<Record<string, (seed: SeedPartings) => number>>;
}

function completeRow(
  parted: readonly SeedPartings[],
  { claim, what, isComplete, numbers }: Completeness,
): VerdictRow {
  if (parted.length === 0) {
    return { claim, measured: "No seed parted.", n: 0, outcome: "does not hold", condition: "(not tested)" };
  }
  const share = wilsonInterval(parted.filter(isComplete).length, parted.length);
  const means = Object.entries(numbers).map(([name, of]) => `${name}: ${meanText(parted.map(of))}`);
  return {
    claim,
    measured: `Of the seeds that part, ${what} in ${shareText(share)}. ${means.join("; ")}.`,
    n: parted.length,
    ...withCondition(gradeShare(share), "the seed is one of these"),
  };
}

function hardwareRow(partings: readonly SeedPartings[], calm: readonly SeedPartings[]): VerdictRow {
  const causes: readonly (readonly [Cause, string])[] = [
    ["reversed", "a sum reversed"],
    ["engine", "another engine's cosine"],
    ["reversed32", "a sum reversed in binary32"],
  ];
  const here = causes.map(([cause, name]) => `${name} ${shareText(partedShare(partings, cause))}`);
  const there = causes.map(([cause]) => partedShare(calm, cause).count);
  const reversed = partedShare(partings, "reversed");
  const isCalm = there.every((count) => count === 0);
  const isAlways = gradeShare(reversed) === "holds" && gradeShare(partedShare(calm, "reversed")) === "holds";
  const outcome: Outcome = reversed.count === 0 ? "does not hold" : isAlways ? "holds" : "holds only if";
  return {
    claim: "It takes no nudge: different hardware is enough.",
    measured: `Parted by ${here.join(", by ")}. At the calm setting: ${there.join(", ")} of ${calm.length}.`,
    n: partings.length,
    ...withCondition(
      outcome,
      isCalm ? "the training is one that a nudge can part as well" : "rounding is coarse or steps are large",
    ),
  };
}

function sameRow(all: readonly SeedPartings[]): VerdictRow {
  const same = all.filter(({ causes }) => causes.nothing.isIdentical).length;
  return {
    claim: "Even on one machine the same seed, order and arithmetic need not give the same result.",
    measured: `Identical to the bit, at every look, in ${shareText(wilsonInterval(same, all.length))}.`,
    n: all.length,
    ...withCondition(
      same === all.length ? "does not hold" : same === 0 ? "holds" : "holds only if",
      "the seed is not one of these",
    ),
  };
}

function withCondition(outcome: Outcome, condition: string): Pick<VerdictRow, "outcome" | "condition"> {
  return outcome === "holds only if" ? { outcome, condition } : { outcome };
}

function batchText(batchSize: StabilityCell["batchSize"]): string {
  if (batchSize === "full") return "full batch";
  return batchSize === 1 ? "single samples" : `batches of ${batchSize}`;
}

function meanText(values: readonly number[]): string {
  const { mean, low, high } = meanInterval(values);
  return Number.isNaN(low) ? mean.toFixed(2) : `${mean.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

/** The verdict of notebook 05. */
import type { FormatName } from "../../core/arithmetic/formats.js";
import { allOf, type Line, meanAbove, NOT_TRIED, shareAbove, verdictOf } from "../grading.js";
import {
  meanInterval,
  meanOf,
  quantile,
  type ShareInterval,
  shareOf,
  wilsonInterval,
} from "../statistics.js";
import type { FindingsOf, Variation } from "../study.js";
import { MOST, meanText, shareText, type Verdict } from "../verdict.js";
import { essayName } from "./essay-name.js";
import type { FailureName, OrdinaryResult, PairedResult } from "./failures.js";
import {
  AS_GOOD,
  finalLoss,
  type HalfPrecisionParameters,
  isAsGood,
  isFlat,
  type PrecisionResult,
} from "./half-precision.js";
import { mapOfBlocks, type PrecisionMap, settingsLearnt } from "./map.js";
import type { QuantizedInference } from "./quantized-inference.js";
import { checkPredictions, type RemedyCell } from "./remedies.js";
import type { ScriptResult } from "./script.js";
import { describeCures, describePredictions, describeUnasked } from "./sentences.js";
import type { HalfPrecisionStudies } from "./studies.js";
import { rescueOf, type UnaskedResult } from "./underflow.js";

/** The essay's claim about a format. */
export function claimOf(format: FormatName): string {
  const name = format === "binary16" ? "half precision (float16)" : essayName(format);
  return `Training in ${name} means brain death: the loss is a flat line because the gradients underflow to zero.`;
}

/**
 * Share of the derivatives that must be flushed before we say that the gradients underflow, and share of the updates that
 * must be swallowed before we say that they are; the latter was set after a look at seeds 1001 to 1004, before any others.
 */
const MANY = 0.1;

/** Share of the predictions that must change before we say that rounding a trained network harms it. */
const HARM = 0.01;

/** The bar of a share, in the words of a line. */
const IN_MOST = "in at least three of four networks";

/** Judges the claim by the studies at hand. */
export function halfPrecisionVerdict(
  findings: Partial<FindingsOf<HalfPrecisionStudies>>,
  { format }: HalfPrecisionParameters,
): Verdict {
  const { seeds = [], failures = [], remedies, inference, blocks, script, underflow } = findings;
  const provoked = failures.map((one) => failureLine(format, one, seeds));
  return verdictOf({
    claim: claimOf(format),
    lines: [
      ...ordinaryLines(format, seeds),
      ...provoked,
      ...(remedies ? [remedyLine(remedies)] : []),
      ...(inference ? [inferenceLine(format, inference)] : []),
      ...(script ? scriptLines(script) : []),
      ...(underflow ? [underflowLine(format, underflow)] : []),
      ...(blocks ? blockLines(blocks) : []),
    ],
    ...(remedies && { defence: describeCures(remedies) }),
    ...(underflow && { scale: describeUnasked(format, underflow) }),
    summarise(stamp, rows) {
      const conditional = rows.filter(
        ({ claim, outcome }) => outcome === "holds only if" && provoked.some((line) => line.claim === claim),
      ).length;
      const ways =
        conditional > 0
          ? `; ${conditional} of ${failures.length} provoked failures occur, each only under its own condition`
          : "";
      return stamp === "not tested" ? NOT_TESTED : `${summaryOf(format, seeds)}${ways}.`;
    },
  });
}

const NOT_TESTED = "No network was trained, so nothing was tested.";

/** How often the line is flat; that says enough of every outcome. */
function summaryOf(format: FormatName, seeds: readonly OrdinaryResult[]): string {
  const flat = shareOf(seeds, ({ own }) => isFlat(own));
  const broken = seeds.filter(({ own }) => isBroken(own)).length;
  return (
    `In ${essayName(format)} the loss is a flat line in ${flat.count} of ${flat.n} seeds` +
    (broken > 0 ? ` and not a number at some time in ${broken}` : "")
  );
}

function isBroken({ brokenFrom }: PrecisionResult): boolean {
  return brokenFrom !== undefined;
}

function ordinaryLines(format: FormatName, seeds: readonly OrdinaryResult[]): Line[] {
  const name = essayName(format);
  const flat = shareOf(seeds, ({ own }) => isFlat(own));
  const broken = seeds.filter(({ own }) => isBroken(own)).length;
  const worse = shareOf(seeds, ({ own, double }) => !isAsGood(own, double));
  const gains = seeds.map(({ own, double }) => own.accuracy - double.accuracy);
  const gain = gains.length === 0 ? "none" : meanText(meanInterval(gains, [-1, 1]), 2, 100, " points");
  const falls = seeds.flatMap(({ own }) => (isBroken(own) ? [] : [finalLoss(own) / own.losses[0]]));
  const fall =
    falls.length === 0
      ? ""
      : ` In the median ${broken > 0 ? "of the other seeds" : "seed"}, the loss ends at ${percentText(quantile(falls, 0.5))} of its first value.`;
  const flushed = seeds.map((result) => result.flushed + result.underflown);
  const underflowing = shareOf(flushed, (share) => share > MANY);
  const lost = seeds.map(({ atEnd }) => atEnd.saturated + atEnd.flushed);
  const vanishing = shareOf(lost, (share, i) => share > 0.5 && !isFlat(seeds[i].own));
  const atEnd = (share: (end: OrdinaryResult["atEnd"]) => number): string =>
    sharesText(seeds.map((result) => share(result.atEnd)));
  return [
    {
      claim: `In ${name} the loss is a flat line, ${IN_MOST}.`,
      measured: `Flat in ${shareText(flat)}${broken > 0 ? `; not a number in ${broken}` : ""}.${fall}`,
      finding: shareAbove(flat, MOST),
      isPrimary: true,
    },
    {
      claim: `Training in ${name} makes a worse network than float64, ${IN_MOST}.`,
      measured: `Worse in ${shareText(worse)}. Test accuracy minus that of float64: ${gain}.`,
      finding: shareAbove(worse, MOST),
    },
    {
      claim: `The gradients underflow and training cannot start: more than ${percentText(MANY)} of the derivatives underflow, ${IN_MOST}.`,
      measured:
        `In ${shareText(underflowing)}. Derivatives that underflow at the first weights, of those not 0 in float64: ` +
        `${sharesText(flushed)}.`,
      finding: shareAbove(underflowing, MOST),
    },
    {
      claim: `Gradients do vanish, but only after the loss has fallen: more than half of the derivatives become 0, ${IN_MOST}.`,
      measured:
        `In ${shareText(vanishing)}. Derivatives of single points that are 0 at the last weights, though not in float64: ` +
        `${sharesText(lost)}. Causes: p rounded to 1 (${atEnd(({ saturated, underflown }) => saturated - underflown)}), ` +
        `p underflowed to 0 (${atEnd(({ underflown }) => underflown)}), ` +
        `a product was flushed (${atEnd((end) => end.flushed)}).`,
      finding: shareAbove(vanishing, MOST),
    },
  ];
}

/** A way to fail: what shows it in a training, and the condition to be met beforehand. */
interface FailureSigns {
  claim: string;
  shows: (result: PairedResult) => boolean;
  condition: string;
  also: (results: readonly PairedResult[]) => string;
}

const SIGNS: Readonly<Record<FailureName, FailureSigns>> = {
  underflow: {
    claim:
      "Underflow makes a flat line: the loss stays at its first value and the gradient is flushed to zero",
    shows: ({ own, double, flushed }) => isFlat(own) && !isFlat(double) && flushed > 0.5,
    condition: "the weights start near 10⁻⁶ and the mean is taken before the products",
    also: (results) =>
      `Derivatives flushed at the first weights: ${sharesText(results.map(({ flushed }) => flushed))}.`,
  },
  stall: {
    claim: `Training stalls: the loss is finite but the network ends more than ${AS_GOOD.loss} nats or ${100 * AS_GOOD.accuracy} points behind float64, and more than ${percentText(MANY)} of its first updates are swallowed`,
    shows: ({ own, double, swallowed }) =>
      own.weightsFinite && own.brokenFrom === undefined && !isAsGood(own, double) && swallowed > MANY,
    condition:
      "the steps are smaller than half the gap between numbers at the weights: a small learning rate on large weights",
    also: (results) =>
      `Updates swallowed at the first weights: ${sharesText(results.map(({ swallowed }) => swallowed))}.`,
  },
  "weights NaN": {
    claim: "The network dies: its weights become NaN",
    shows: ({ own, double }) => !own.weightsFinite && double.weightsFinite,
    condition: "dL/dz is computed as dL/dp · dp/dz, with an ε that rounds to 0",
    also: brokenText,
  },
  "loss NaN": {
    claim: "The loss curve dies while the network lives",
    shows: ({ own, double }) =>
      own.brokenFrom !== undefined && own.weightsFinite && own.trueLoss <= double.trueLoss + AS_GOOD.loss,
    condition: "the loss is computed from the probability, with an ε that rounds to 0",
    also: brokenText,
  },
};

/** A failure in the regime made to show it, and in training with the notebook's parameters. */
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
      `In its regime, in ${essayName(format)}: ${shareText(inRegime)}. ${also(results)} ` +
      `With the notebook's own parameters: ${shareText(elsewhere)}.`,
    finding: shareAbove(inRegime, MOST),
    unless: { condition, finding: shareAbove(elsewhere, MOST) },
  };
}

function remedyLine(cells: readonly RemedyCell[]): Line {
  const predictions = checkPredictions(cells);
  return {
    claim:
      "The remedies reveal the causes: each failure yields to the remedies that reach its cause and to no others, every prediction " +
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
    claim: `Rounding a trained network to ${essayName(format)} harms it: more than ${percentText(HARM)} of its answers change, ${IN_MOST}.`,
    measured: `In ${shareText(harmed)}. Answers that change: ${sharesText(changed, 2)}.`,
    finding: shareAbove(harmed, MOST),
  };
}

/** A literal script, by its usual training; what it shows and what it is. */
function scriptLines([{ results }, ...others]: readonly Variation<ScriptResult>[]): Line[] {
  const isWorse = ({ script, double }: ScriptResult): boolean => !isAsGood(script, double);
  const hides = ({ script, double, textbookBrokenFrom }: ScriptResult): boolean =>
    textbookBrokenFrom !== undefined && isAsGood(script, double);
  const [worse, hidden] = [shareOf(results, isWorse), shareOf(results, hides)];
  const flat = shareOf(results, ({ script }) => isFlat(script));
  const elsewhere = (is: (result: ScriptResult) => boolean): string =>
    others.map((other) => ` With ${other.name}: ${shareText(shareOf(other.results, is))}.`).join("");
  return [
    {
      claim: `A literal NumPy script in float16 is brain-dead: not as good as float64, ${IN_MOST}.`,
      measured: `Not as good in ${shareText(worse)}; a flat line in ${flat.count}.${elsewhere(isWorse)}`,
      finding: shareAbove(worse, MOST),
    },
    {
      claim: `It only looks dead: with the textbook loss and ε = 10⁻⁸ the loss that it shows becomes NaN while the network is as good as float64, ${IN_MOST}.`,
      measured: `In ${shareText(hidden)}.${elsewhere(hides)}`,
      finding: shareAbove(hidden, MOST),
    },
  ];
}

/** Share of the trainings that a loss scale must decide before we say that it saves them. */
const SAVED = 0.1;

function underflowLine(format: FormatName, found: readonly Variation<UnaskedResult>[]): Line {
  const seeds = found[0].results.map((_, i) => found.map(({ results }) => results[i]));
  const able = seeds.map(rescueOf).filter(({ n }) => n > 0);
  const gains = able.map(({ n, rescued, spoiled }) => (rescued - spoiled) / n);
  const gain = gains.length === 0 ? undefined : meanInterval(gains, [-1, 1]);
  const flushed = (moment: 0 | 1): string =>
    sharesText(seeds.map((row) => meanOf(row.map((result) => result.flushed[moment]))));
  return {
    claim:
      "Gradients underflow unasked, and it matters: of deeper and wider networks that learn in float64 at ordinary settings, those that learn " +
      `in ${essayName(format)} only with a loss scale outnumber those that learn only without, by ${percentText(SAVED)}.`,
    measured:
      `${gain ? `Only with a scale, minus only without: ${meanText(gain, 1, 100, "%")}` : "No network learnt in float64"}. ` +
      `Derivatives flushed without a scale: ${flushed(0)} at the first weights, ${flushed(1)} at the last.`,
    finding: gain ? meanAbove(gain, SAVED) : NOT_TRIED,
  };
}

/** Line by line: blocks of E4M3 without and with scales, and the two ways to round a scale. */
function blockLines(maps: readonly PrecisionMap[]): Line[] {
  const [none, down, up] = (["none", "down", "up"] as const).map((scale) =>
    mapOfBlocks(maps, { element: "e4m3", scale }),
  );
  const SMALLEST = 0;
  const stuck = (map: PrecisionMap): ShareInterval =>
    shareOf(settingsLearnt(map, SMALLEST), (count) => count === 0);
  const [stuckWithout, stuckWith] = [none, down].map(stuck);
  const [byDown, byUp] = [down, up].map((map) => settingsLearnt(map));
  const gain = meanInterval(byUp.map((count, i) => count - byDown[i]));
  const total = down.cells.flat().length;
  return [
    {
      claim: `Eight bits cannot begin: with products in E4M3 and initial weights times ${down.scales[SMALLEST]}, no rate of the map learns, ${IN_MOST}.`,
      measured: `Without scales in ${shareText(stuckWithout)}, with scales in ${shareText(stuckWith)}.`,
      finding: shareAbove(stuckWithout, MOST),
      unless: {
        condition: "the elements have no scale in common",
        finding: shareAbove(stuckWith, MOST),
      },
    },
    {
      claim: `How a scale is rounded decides whether E4M3 learns: rounded up, it learns at one setting of ${total} more than rounded down, in the mean.`,
      measured: `Up minus down: ${meanText(gain, 2)} settings. Down: ${meanText(meanInterval(byDown))}.`,
      finding: meanAbove(gain, 1),
    },
  ];
}

function brokenText(results: readonly PairedResult[]): string {
  const epochs = results.flatMap(({ own }) => own.brokenFrom ?? []);
  if (epochs.length === 0) return "No seed reached a NaN.";
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)];
  return first === last
    ? `NaN from epoch ${first} on.`
    : `NaN from an epoch between ${first} and ${last} on, by seed.`;
}

/** The mean of shares, in percent. */
function sharesText(shares: readonly number[], digits = 1): string {
  return shares.length === 0 ? "none" : meanText(meanInterval(shares, [0, 1]), digits, 100, "%");
}

function percentText(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`;
}

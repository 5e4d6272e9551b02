/** What notebook 06 says about the theft: the lines of its verdict, a sentence and a table. */
import { allOf, anyOf, type Finding, type Line, meanAbove, NOT_TRIED, shareAbove } from "../grading.js";
import { meanInterval, quantile, shareOf } from "../statistics.js";
import { MOST, meanText, shareText } from "../verdict.js";
import { CHANNELS } from "./channels.js";
import { AFFORDABLE } from "./frontier.js";
import { EXACT, type Stolen } from "./line-errors.js";
import type { Agreement, Defended, TheftResult } from "./theft.js";

/** Share of the points at which a copy has to agree, over the box and near the moons. */
const COPIED = 0.99;

/** What is said of networks that the thief does not know. */
const UNTRIED = "Only networks of one hidden layer of plain ReLUs are stolen here.";

/** Whether all lines through the box were found, no others, and the copy agrees. */
function isCopied({ lines, count, copy: { agreement } }: TheftResult): boolean {
  const isComplete = count.found === lines && count.wrong === 0;
  return isComplete && [agreement.box, agreement.square, agreement.test].every((share) => share >= COPIED);
}

/** The count against the network. */
export function theftLine(thefts: readonly TheftResult[]): Line {
  const copied = shareOf(thefts, isCopied);
  const readings = thefts.map(({ count }) => count.readings);
  return {
    id: "theft",
    claim:
      `How many neurons fire gives the network away: a thief who chooses inputs in a box finds every line that crosses it to ${EXACT.toExponential(0)}, and, with labels, ` +
      `a copy that agrees on ${100 * COPIED}% of the box, of the moons' square and of the test points, in at least three of four networks.`,
    measured:
      thefts.length > 0
        ? `In ${shareText(copied)}. Readings of the count: ${quantile(readings, 0.5).toFixed(0)} (median).`
        : UNTRIED,
    finding: thefts.length > 0 ? shareAbove(copied, MOST) : NOT_TRIED,
  };
}

/** Share of the work saved by plain ReLU that a defence has to leave. */
const STILL_SAVED = 0.5;

/** Whether a defence stops the thief, saves half as much work as plain ReLU, and costs at most 2 points of accuracy. */
function stops(thefts: readonly TheftResult[], index: number): Finding {
  const over = (of: (defended: Defended, theft: TheftResult) => number) =>
    meanInterval(
      thefts.map((theft) => of(theft.defences[index], theft)),
      [-1, 1],
    );
  return allOf([
    shareAbove(
      shareOf(thefts, ({ defences }) => defences[index].found === 0),
      MOST,
    ),
    meanAbove(
      over(({ saved }, own) => saved - STILL_SAVED * own.saved),
      0,
    ),
    meanAbove(
      over(({ accuracy }, own) => accuracy - own.accuracy),
      -AFFORDABLE,
    ),
  ]);
}

/** The defences against the thief. */
export function thiefDefenceLine(thefts: readonly TheftResult[]): Line {
  const findings = (thefts[0]?.defences ?? []).map(({ name }, i) => ({ name, i, finding: stops(thefts, i) }));
  const [best] = [...findings].sort((a, b) => b.finding.deviate - a.finding.deviate || 0);
  const bestText = (): string => {
    const own = thefts.map(({ defences }) => defences[best.i]);
    const unfound = shareOf(own, ({ found }) => found === 0);
    const over = (values: readonly number[]) => meanText(meanInterval(values, [0, 1]), 1, 100, "%");
    return (
      `The likeliest of ${findings.length} is “${best.name}”: no line is found in ${shareText(unfound)}; it saves ` +
      `${over(own.map(({ saved }) => saved))} of the work, plain ReLU ${over(thefts.map(({ saved }) => saved))}.`
    );
  };
  return {
    id: "thief-defence",
    claim:
      "Thrift and secrecy go together: one of the defences leaves the thief without a single line in at least three of four networks, still saves half as " +
      `much work as plain ReLU, and costs at most ${100 * AFFORDABLE} points of accuracy.`,
    measured: best ? bestText() : UNTRIED,
    finding: anyOf(findings.map(({ finding }) => finding)),
  };
}

/** How good the copies are, and how good without the count. */
export function theftText(thefts: readonly TheftResult[]): string {
  if (thefts.length === 0) return UNTRIED;
  const middle = (of: (theft: TheftResult) => number): number => quantile(thefts.map(of), 0.5);
  const agreeing = (of: (theft: TheftResult) => Agreement, where: keyof Agreement): string =>
    `${(100 * middle((theft) => of(theft)[where])).toFixed(2)}%`;
  const told = (of: (theft: TheftResult) => Agreement): string =>
    `${agreeing(of, "box")} of the box, ${agreeing(of, "square")} of the moons' square and ${agreeing(of, "test")} of the test points`;
  const hidden = thefts.reduce((sum, { outside }) => sum + outside, 0);
  const open = thefts.filter(({ copy }) => copy.open > 1).length;
  return (
    `**Medians over ${thefts.length} networks.** The angle of the worst line found by the count is wrong by ` +
    `${middle(({ count }) => count.angle).toExponential(0)} radians, its offset by ${middle(({ count }) => count.offset).toExponential(0)} moon radii; ` +
    `${hidden === 0 ? "no line misses the box" : `${hidden} ${hidden === 1 ? "line misses" : "lines miss"} the box and ${hidden === 1 ? "stays" : "stay"} hidden`}. ` +
    `With ${middle(({ copy }) => copy.labels).toFixed(0)} labels more, the copy agrees on ${told(({ copy }) => copy.agreement)}. ` +
    `A network trained on ${middle(({ labelsOnly }) => labelsOnly.labels).toFixed(0)} labels from the moons' square, without the count, agrees on ${told(({ labelsOnly }) => labelsOnly.agreement)}. ` +
    `No label tells the factor on the logit; with the right one, the copy's test loss is off by ` +
    `${middle(({ copy, loss }) => Math.abs(copy.loss - loss)).toExponential(0)} nats. In ${open} of the networks the boundary leaves more than this factor open.`
  );
}

/** Channels and defences, a row each. */
export function theftTable(thefts: readonly TheftResult[]): [columns: string[], rows: (string | number)[][]] {
  type Row = { name: string; stolen: (Stolen & { lines: number })[]; saved?: number[] };
  const over = (of: (theft: TheftResult) => Stolen): Row["stolen"] =>
    thefts.map((theft) => ({ lines: theft.lines, ...of(theft) }));
  const rows: Row[] = [
    {
      name: CHANNELS.count.name,
      stolen: over(({ count }) => count),
      saved: thefts.map(({ saved }) => saved),
    },
    { name: CHANNELS.noise1.name, stolen: over(({ noise1 }) => noise1) },
    { name: CHANNELS.noise4.name, stolen: over(({ noise4 }) => noise4) },
    { name: CHANNELS.weight.name, stolen: over(({ weight }) => weight) },
    ...(thefts[0]?.defences ?? []).map(({ name }, i) => ({
      name,
      stolen: over(({ defences }) => defences[i]),
      saved: thefts.map(({ defences }) => defences[i].saved),
    })),
  ];
  const sum = (stolen: Row["stolen"], of: "found" | "wrong" | "lines"): number =>
    stolen.reduce((total, one) => total + one[of], 0);
  const columns: Record<string, (row: Row) => string | number> = {
    "the thief sees": ({ name }) => name,
    "readings (median)": ({ stolen }) =>
      quantile(
        stolen.map(({ readings }) => readings),
        0.5,
      ).toFixed(0),
    "lines found": ({ stolen }) => `${sum(stolen, "found")} of ${sum(stolen, "lines")}`,
    wrong: ({ stolen }) => sum(stolen, "wrong"),
    "no line in": ({ stolen }) => `${stolen.filter(({ found }) => found === 0).length} of ${stolen.length}`,
    "saved (%)": ({ saved }) => (saved ? (100 * meanInterval(saved, [0, 1]).mean).toFixed(1) : ""),
  };
  const shown = thefts.length > 0 ? rows : [];
  return [Object.keys(columns), shown.map((row) => Object.values(columns).map((cell) => cell(row)))];
}

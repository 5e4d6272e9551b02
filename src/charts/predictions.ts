/** What each notebook asks before one of its charts. Where nothing was measured that could be asked for, nothing is. */
import { type FormatName, formats } from "../core/arithmetic/formats.js";
import type { EpochRecord } from "../core/network/train.js";
import { PARTED } from "../experiments/butterfly-effect/butterfly-effect.js";
import type { Timeline } from "../experiments/butterfly-effect/timelines.js";
import { CERTAIN, CERTAIN_LOGIT } from "../experiments/out-of-distribution/confidence.js";
import type { PlaneGrid } from "../experiments/plane.js";
import type { PoisoningParameters, PoisoningResult } from "../experiments/poisoning/poisoning.js";
import type { ByClass } from "../experiments/side-channel/attacker.js";
import { meanInterval } from "../experiments/statistics.js";
import type { Variation } from "../experiments/study.js";
import type { Figure } from "./figure.js";
import { numberText } from "./guess.js";
import type { ClassPrediction, LinePrediction, SharePrediction } from "./prediction.js";

/** Notebook 01, before {@link trainingFigure}: how the loss goes on at points that are never learnt from. */
export function lossPrediction(history: readonly EpochRecord[]): LinePrediction | undefined {
  const truth = lineOf(
    history.map(({ epoch }) => epoch),
    history.map(({ test }) => test?.loss ?? Number.NaN),
  );
  return (
    truth && {
      kind: "line",
      question:
        `Before the first epoch the loss on the test points, which the network never learns from, is ${numberText(truth.y[0])} nats. ` +
        `Draw how it goes on over ${truth.x[truth.x.length - 1]} epochs.`,
      truth,
      unit: "nats",
      axes: { x: "x", y: "y" },
    }
  );
}

/** Notebook 02, before {@link voidFigure}: how much of the plane the network is in doubt about. */
export function doubtPrediction({ x, y, values }: PlaneGrid): SharePrediction | undefined {
  const all = values.flat();
  if (all.some(Number.isNaN)) return undefined;
  const width = x[x.length - 1] - x[0];
  return {
    kind: "share",
    question:
      `The plane below is ${numberText(width)} moon radii wide, and the data fill a small heap in its middle. On what share of it is the ` +
      `network in doubt, that is, less than ${100 * CERTAIN}% sure?`,
    truth: (100 * all.filter((logit) => Math.abs(logit) < CERTAIN_LOGIT).length) / all.length,
    of: "of the plane",
    place: { x: [x[0], x[x.length - 1]], y: [y[0], y[y.length - 1]] },
  };
}

/** Notebook 03, before {@link damageFigure}: what another order of the points does, without any lie. */
export function orderPrediction(
  results: readonly PoisoningResult[],
  { flips }: PoisoningParameters,
  figure: Figure,
): SharePrediction | undefined {
  const control = "another order";
  const mean = (of: (result: PoisoningResult) => number): number => meanInterval(results.map(of)).mean;
  const truth = 100 * mean(({ controls }) => controls[control].plane);
  const row = rowOf(figure, control);
  if (Number.isNaN(truth) || row === undefined) return undefined;
  const lies = 100 * mean(({ attacks }) => attacks.cluster.flipped.plane);
  return {
    kind: "share",
    question:
      `${flips} lies in a cluster change ${numberText(lies)}% of the plane in the mean. Now no lie at all: the same points with their ` +
      "true labels, met in another order. What share of the plane changes class?",
    truth,
    of: `of the plane, in the mean over ${results.length} seeds`,
    place: { row },
  };
}

/** Notebook 04, before {@link timelinesFigure}: how far apart two trainings get. */
export function distancePrediction({ epochs, distance }: Timeline): LinePrediction | undefined {
  const truth = lineOf(epochs, distance);
  return (
    truth && {
      kind: "line",
      question:
        `The parameters of the two trainings are ${numberText(truth.y[0])} apart at the start. Draw their distance over ` +
        `${truth.x[truth.x.length - 1]} epochs; from ${numberText(PARTED)} on the trainings count as parted.`,
      truth,
      unit: "",
      axes: { x: "x", y: "y2" },
      level: PARTED,
    }
  );
}

/** Notebook 05, before the accuracies in every format: how much is left with the fewest bits. */
export function formatPrediction(
  everyFormat: readonly Variation<{ testAccuracy: number }>[],
  figure: Figure,
): SharePrediction | undefined {
  const name: FormatName = "e4m3";
  const results = everyFormat.find((variation) => variation.name === name)?.results ?? [];
  const row = rowOf(figure, name);
  if (results.length === 0 || row === undefined) return undefined;
  const truth = 100 * meanInterval(results.map(({ testAccuracy }) => testAccuracy)).mean;
  if (Number.isNaN(truth)) return undefined;
  return {
    kind: "share",
    question:
      `Half of 16 bits: every number and every operation in ${formats[name].name}, whose numbers have 8 bits, and nothing to help. ` +
      "What share of the test points does the network still get right? A coin gets 50%.",
    truth,
    of: `of the test points, in the mean over ${results.length} seeds`,
    place: { row },
  };
}

/** Notebook 06, before {@link countDistributionFigure}: what the commonest count says of the class. */
export function countPrediction(counts: ByClass, neurons: number): ClassPrediction | undefined {
  const all = counts.flat();
  if (counts.some((own) => own.length === 0)) return undefined;
  const howMany = (list: readonly number[], count: number): number =>
    list.filter((one) => one === count).length;
  const values = [...new Set(all)].sort((a, b) => a - b);
  const common = values.reduce((best, count) => (howMany(all, count) > howMany(all, best) ? count : best));
  const truth = counts.map((own) => howMany(own, common));
  return {
    kind: "class",
    question: `At a test point ${common} of the ${neurons} hidden neurons fire. You are told nothing else. Is the point Red or Blue?`,
    truth: [truth[0], truth[1]],
    of: `test points at which ${common} neurons fire`,
    place: [common, 1.08 * Math.max(...truth.map((count, label) => (100 * count) / counts[label].length))],
  };
}

/** What can be drawn on a logarithmic axis, from the start on; none where that is too little to ask for. */
function lineOf(x: readonly number[], y: readonly number[]): LinePrediction["truth"] | undefined {
  const isDrawn = (value: number): boolean => value > 0 && value < Number.POSITIVE_INFINITY;
  const kept = x.map((_, i) => i).filter((i) => isDrawn(y[i]));
  if (kept.length < 2 || kept[0] !== 0) return undefined;
  return { x: kept.map((i) => x[i]), y: kept.map((i) => Number(y[i].toPrecision(4))) };
}

/** The row of that name in a chart of rows. */
function rowOf({ layout: { yaxis } }: Figure, name: string): number | undefined {
  const { ticktext = [], tickvals = [] } = (yaxis ?? {}) as { ticktext?: string[]; tickvals?: number[] };
  const i = ticktext.indexOf(name);
  return i < 0 ? undefined : tickvals[i];
}

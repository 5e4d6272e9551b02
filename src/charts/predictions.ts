/** What each notebook asks before one of its charts. Where nothing was measured that could be asked for, nothing is. */
import type { FormatName } from "../core/arithmetic/formats.js";
import type { EpochRecord } from "../core/network/train.js";
import { PARTED } from "../experiments/butterfly-effect/butterfly-effect.js";
import type { Timeline } from "../experiments/butterfly-effect/timelines.js";
import { essayName } from "../experiments/half-precision/essay-name.js";
import type { WatchedRun } from "../experiments/half-precision/half-precision.js";
import type { VoidResult } from "../experiments/out-of-distribution/out-of-distribution.js";
import { type Point, placeText } from "../experiments/out-of-distribution/rays.js";
import type { PoisoningParameters, PoisoningResult } from "../experiments/poisoning/poisoning.js";
import type { ByClass } from "../experiments/side-channel/attacker.js";
import { meanInterval } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { numberText } from "./guess.js";
import type { ClassPrediction, LinePrediction, SharePrediction } from "./prediction.js";
import { rounded } from "./style.js";

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

/** Notebook 02, before {@link pointLogitsFigure}: which class many networks name at the point. */
export function bluePrediction(
  results: readonly Pick<VoidResult, "pointLogit">[],
  point: Point,
): SharePrediction | undefined {
  const logits = results.map(({ pointLogit }) => pointLogit).filter((logit) => !Number.isNaN(logit));
  if (logits.length === 0) return undefined;
  return {
    kind: "share",
    question:
      `${logits.length} networks, trained alike on moons and initial weights of their own, are asked about the point ${placeText(point)}. ` +
      "How many of them call it Blue? The rest call it Red.",
    truth: (100 * logits.filter((logit) => logit > 0).length) / logits.length,
    of: `of the networks, ${logits.filter((logit) => logit > 0).length} of ${logits.length}`,
    place: { marks: rounded(logits) },
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
      `${flips} lies in a cluster change ${numberText(lies)}% of the plane on average. Now no lie at all: the same points with their ` +
      "true labels, met in another order. What share of the plane changes class?",
    truth,
    of: `of the plane, on average over ${results.length} seeds`,
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
        `${truth.x[truth.x.length - 1]} epochs; from ${numberText(PARTED)} on the trainings have diverged.`,
      truth,
      unit: "",
      axes: { x: "x", y: "y2" },
      level: PARTED,
    }
  );
}

/** Notebook 05, before {@link failureFigure}: how much of a trained network's gradient underflows. */
export function flushedPrediction({ views }: WatchedRun, format: FormatName): SharePrediction | undefined {
  const last = views[views.length - 1];
  const truth = 100 * (last?.counters.flushed ?? Number.NaN);
  if (Number.isNaN(truth)) return undefined;
  return {
    kind: "share",
    question:
      `The claim is that in ${essayName(format)} the gradients underflow to 0. Count every result of the backward pass, over one epoch at ` +
      "the end of this training: what share is too small for the format and becomes 0?",
    truth,
    of: "of the results",
    place: { axes: { x: "x", y: "y2" }, from: views[0].epoch, to: last.epoch },
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

/** Notebook 05: does training in half precision flatten the loss, and if so, why? */
import * as z from "zod/mini";
import { failureFigure } from "../../charts/failure.js";
import { gradientSizesFigure } from "../../charts/magnitudes.js";
import { toPrecision } from "../../core/arithmetic/precision.js";
import type { Gradual } from "../../core/network/gradual.js";
import type { LossForm } from "../../core/network/loss.js";
import type { Network } from "../../core/network/network.js";
import type { Snapshot, Training } from "../../core/network/train.js";
import { documented } from "../../core/validate.js";
import { type Experiment, experiment } from "../experiment.js";
import { madeOf, mapped, trainedGradually, wishesOf } from "../gradual.js";
import type { Overridden, Panel } from "../panel.js";
import { drawTask, type Task } from "../task.js";
import { countText, epochText, lossText, shareText } from "../words.js";
import { essayName } from "./essay-name.js";
import { exercises } from "./exercises.js";
import {
  type Failure,
  type FailureName,
  failureNames,
  failurePoint,
  failures,
  type Pair,
} from "./failures.js";
import { evenlySpread, type GradientLoss, gradientMoments } from "./gradient-sizes.js";
import {
  finalLoss,
  formatNames,
  type HalfPrecisionParameters,
  halfPrecisionSchema,
  type InsideView,
  inDouble,
  isAsGood,
  isFlat,
  type PrecisionPoint,
  type PrecisionRun,
  precisionPoint,
  trainPrecision,
  watchPrecision,
} from "./half-precision.js";
import { type RemedyName, remedyFor, remedyNames, withRemedy } from "./remedies.js";
import { type HalfPrecisionStudies, studies } from "./studies.js";
import { claimOf, halfPrecisionVerdict } from "./verdict.js";

export { failurePairs, type Pair, watchPair } from "./failures.js";
export { gradientLoss, gradientMoments, updateMoments } from "./gradient-sizes.js";
export { inDouble, lastNetwork, precisionPoint } from "./half-precision.js";
export { boundaryViews } from "./quantized-inference.js";
export { summedMeans } from "./rounding-errors.js";
export { describePredictions, describeSums, describeTraining, describeVanishing } from "./sentences.js";
export {
  anatomyTable,
  failuresTable,
  inferenceTable,
  limitsTable,
  regimesTable,
  unaskedTable,
} from "./tables.js";

/** What the panel offers besides the notebook's parameters. */
interface Choices {
  /** The regime of one of the four failures in the place of the training of the parameters. */
  failure: FailureName | "none";
  /** What is tried against it. */
  remedy: RemedyName;
}

const choicesSchema: z.ZodMiniType<Choices> = z.strictObject({
  failure: documented(
    z.enum(["none", ...failureNames]),
    "A failure; its settings replace learningRate, batchSize, epochs, initialisation, initialScale and the form of the loss",
  ),
  remedy: documented(z.enum([...remedyNames]), "A remedy; it replaces the parameter that it sets"),
});

/** A training beside the same in binary64, as far as both are. */
interface Watched {
  own: PrecisionPoint;
  /** What was drawn for it. */
  task: Task;
  run: PrecisionRun;
  double: PrecisionRun;
  /** What was seen inside at the epochs that are looked into. */
  views: InsideView[];
  /** The same, and what is to be seen there now. */
  viewsToNow(): InsideView[];
}

/** `watchPair`, epoch by epoch. */
function watchedGradually({ own, double }: Pair): Gradual<Watched> {
  const task = drawTask(own.task);
  const lean = [own, double].map(withoutTest);
  const views = new Map<Network, InsideView>();
  /** What was seen inside after an epoch does not change any more. */
  const viewOf = (training: Training, snapshot: Snapshot): InsideView => {
    const known =
      views.get(snapshot.network) ??
      madeOf(watchPrecision.steps(lean[0]), [{ ...training, snapshots: [snapshot] }]).views[0];
    views.set(snapshot.network, known);
    return known;
  };
  const wishes = [watchPrecision.steps(own), watchPrecision.steps({ ...double, views: 0 })].flatMap(wishesOf);
  return mapped(trainedGradually(wishes), (trainings) => {
    const [run, reference] = trainings.map(
      (training, i) => madeOf(trainPrecision.steps(lean[i]), [training]).run,
    );
    const [training] = trainings;
    const { network, history, snapshots } = training;
    const { epoch } = history[history.length - 1];
    const seen = (all: readonly Snapshot[]): InsideView[] =>
      all.map((snapshot) => viewOf(training, snapshot));
    const isSeen = snapshots[snapshots.length - 1].epoch === epoch;
    return {
      own,
      task,
      run,
      double: reference,
      views: seen(snapshots),
      viewsToNow: () => seen(isSeen ? snapshots : [...snapshots, { epoch, network }]),
    };
  });
}

/** A summary goes through all test points once more, for a number that no panel shows. */
function withoutTest(point: PrecisionPoint): PrecisionPoint {
  return { ...point, task: { ...point.task, testPoints: 2 } };
}

/** One training in a format, beside the same in binary64; a failure and a remedy to choose. */
const panel: Panel<HalfPrecisionParameters & Choices, Watched> = {
  invitation:
    "Pick a failure and see how training stops in 16 bits but goes on in 64. Then pick a remedy that you trust: " +
    "does it reach the cause?",
  extras: { schema: choicesSchema, defaults: { failure: "none", remedy: "nothing" } satisfies Choices },
  controls: [
    { name: "failure" },
    { name: "remedy" },
    { name: "format" },
    { name: "learningRate", slider: { from: -4, to: 1, step: 0.05, scale: "log" } },
    { name: "masterWeights" },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  presets: [
    {
      name: "loss NaN",
      says: "The loss is NaN, and yet the network learns: only the number that is looked at is broken. Remedy: loss of the logit.",
      values: { failure: "loss NaN" },
    },
    {
      name: "weights NaN",
      says: "0 / 0 in one derivative, and soon every weight is NaN. Remedy: fused p − y.",
      values: { failure: "weights NaN" },
    },
    {
      name: "stall",
      says: "Steps too small for 16 bits are swallowed: the loss comes to rest above that of float64. Remedy: binary32 master weights.",
      values: { failure: "stall" },
    },
    {
      name: "underflow",
      says: "The essay's flat line, made on purpose with tiny initial weights: the gradients underflow to zero. Remedy: loss scale 1024.",
      values: { failure: "underflow" },
    },
    {
      name: "underflow, scaled",
      says: "The same, with the loss multiplied by 1024 on its way back: float16 learns as float64 does.",
      values: { failure: "underflow", remedy: "loss scale 1024" },
    },
  ],
  looks: [],
  overridden({ failure, remedy, ...parameters }) {
    const regime = regimeOf(failure, parameters);
    const { arithmetic, lossForm } = remedyFor(precisionPoint(parameters), remedy);
    const byName = new Map<string, Overridden>();
    const set = (by: string, values: [string, unknown][]): void => {
      for (const [name, value] of values) byName.set(name, { name, value, by });
    };
    set(`the failure "${failure}"`, settings(regime?.lossForm, regime?.change));
    set(`the remedy "${remedy}"`, settings(lossForm, arithmetic));
    return [...byName.values()];
  },
  train: (parameters) => watchedGradually(trainingsOf(parameters)),
  read({ own: point, task: drawn, double, ...seen }, _, isMoving = false) {
    const { task } = point;
    const { format } = toPrecision(point.arithmetic);
    const own = { ...seen.run, views: isMoving ? seen.views : seen.viewsToNow() };
    const [begin, end] = [own.views[0], own.views[own.views.length - 1]];
    const isSparing = isMoving && task.batchSize === 1;
    const train = isSparing ? evenlySpread(drawn.data.train, 25) : drawn.data.train;
    const moments = gradientMoments(
      isMoving ? [begin, end] : own.views,
      { ...drawn, data: { ...drawn.data, train } },
      point,
    );
    const found = Object.values(moments);
    const [first, last] = [found[0], found[found.length - 1]];
    const { counters } = end;
    const isGood = isAsGood(own, double);
    const [lostFirst, lostLast] = [
      share(first, "flushed", "underflown"),
      share(last, "flushed", "saturated"),
    ];
    return {
      pictures: [
        {
          name: "training",
          figure: failureFigure(own, format.name, double, task.epochs),
          ghost: ["float64", ...formatNames.map((name) => `${essayName(name)}, as it sees itself`)],
        },
        ...(isMoving ? [] : [{ name: "gradients", figure: gradientSizesFigure(moments, format) }]),
      ],
      quantities: [
        { name: "learning rate", value: task.learningRate },
        { name: "training loss before (nats)", value: own.losses[0], words: lossText(own.losses[0]) },
        {
          isMain: true,
          name: "training loss after (nats)",
          value: finalLoss(own),
          words: isFlat(own) && own.losses.length > 1 ? "a flat line" : lossText(finalLoss(own)),
        },
        {
          name: "… of the same weights, in float64 (nats)",
          value: own.trueLoss,
          words: lossText(own.trueLoss),
        },
        {
          isMain: true,
          name: "… trained in float64 (nats)",
          value: finalLoss(double),
          words: lossText(finalLoss(double)),
        },
        {
          isMain: true,
          name: "test accuracy (%)",
          value: 100 * own.accuracy,
          words: countText(own.accuracy, task.testPoints),
        },
        {
          isMain: true,
          name: "… trained in float64 (%)",
          value: 100 * double.accuracy,
          words: countText(double.accuracy, task.testPoints),
        },
        { name: "as good as float64 (1 yes, 0 no)", value: Number(isGood), words: isGood ? "yes" : "no" },
        {
          name: "first epoch with a loss of NaN or infinity",
          value: own.brokenFrom ?? null,
          absent: "never",
          words:
            own.brokenFrom === undefined ? "a number throughout" : epochText("not a number", own.brokenFrom),
        },
        {
          name: "derivatives that underflow at the first weights, of those not 0 in float64 (%)",
          value: lostFirst,
          words: lostFirst === null ? "all are 0 in float64" : shareText(lostFirst / 100),
        },
        {
          name: "derivatives that are 0 at the last weights, of those not 0 in float64 (%)",
          value: lostLast,
          words: lostLast === null ? "all are 0 in float64" : shareText(lostLast / 100),
        },
        {
          name: "updates swallowed at the first weights (%)",
          value: 100 * begin.counters.swallowed,
          words: shareText(begin.counters.swallowed),
        },
        {
          name: "operations that overflow at the last weights (%)",
          value: 100 * counters.overflow,
          words: shareText(counters.overflow),
        },
        {
          name: "operations that give NaN at the last weights (%)",
          value: 100 * counters.nan,
          words: shareText(counters.nan),
        },
      ],
    };
  },
  // no line rests on the first; the others take too long for a page
  without: ["formats", "blocks", "underflow"],
  reserve:
    "The lines about scales in eight bits, and about wider and deeper networks, take longer than a page should: the notebook has them.",
  exercises,
};

/** The training of the parameters or of the chosen failure, with the remedy, and what it is compared with. */
function trainingsOf({ failure, remedy, ...parameters }: HalfPrecisionParameters & Choices): Pair {
  const asked = precisionPoint(parameters);
  const regime = regimeOf(failure, parameters);
  if (regime === undefined) return { own: withRemedy(asked, remedy), double: inDouble(asked) };
  return {
    own: withRemedy(failurePoint(parameters, regime, asked.arithmetic), remedy),
    double: failurePoint(parameters, regime, "binary64"),
  };
}

function regimeOf(
  failure: Choices["failure"],
  { stallEpochs }: HalfPrecisionParameters,
): Failure | undefined {
  return failures(stallEpochs).find(({ name }) => name === failure);
}

/** What a regime and a remedy set, by the name of the parameter. */
function settings({ value, ...form }: Partial<LossForm> = {}, others: object = {}): [string, unknown][] {
  return Object.entries({ ...others, ...(value !== undefined && { lossValue: value }), ...form });
}

/** Share in % of the derivatives that binary64 has. */
function share(gradients: GradientLoss, ...lost: ("flushed" | "underflown" | "saturated")[]): number {
  const count = lost.reduce((sum, kind) => sum + gradients[kind], 0);
  return (100 * count) / gradients.nonzero;
}

const defaults: HalfPrecisionParameters = {
  seed: 1,
  noise: 0.15,
  trainPoints: 250,
  testPoints: 500,
  hiddenLayers: [10],
  initialisation: "he",
  initialScale: 1,
  learningRate: 0.2,
  batchSize: 1,
  epochs: 500,
  format: "binary16",
  rounding: "nearest",
  accumulator: "same",
  masterWeights: "same",
  lossScale: 1,
  compensated: false,
  lossValue: "logit",
  derivative: "fused",
  epsilon: 0,
  mean: "last",
  stallEpochs: 1000,
  sweepSeeds: 24,
  firstSeed: 510_001,
};

/** Notebook 05. */
export const halfPrecision: Experiment<HalfPrecisionParameters, HalfPrecisionStudies> = experiment({
  name: "05-half-precision",
  claim: claimOf(defaults.format),
  level: "intermediate",
  minutes: 35,
  schema: halfPrecisionSchema,
  defaults,
  studies,
  verdict: halfPrecisionVerdict,
  panel,
});

/** Notebook 05: does training in half precision flatten the loss, and if so, why? */
import * as z from "zod/mini";
import { failureFigure } from "../../charts/failure.js";
import { gradientSizesFigure } from "../../charts/magnitudes.js";
import type { Format } from "../../core/arithmetic/formats.js";
import { toPrecision } from "../../core/arithmetic/precision.js";
import type { LossForm } from "../../core/network/loss.js";
import { documented } from "../../core/validate.js";
import { type Experiment, experiment } from "../experiment.js";
import { mapped, measuredGradually } from "../gradual.js";
import { together } from "../measurement.js";
import type { Overridden, Panel } from "../panel.js";
import { drawTask, type TaskParameters } from "../task.js";
import { exercises } from "./exercises.js";
import {
  type Failure,
  type FailureName,
  failureNames,
  failurePoint,
  failures,
  type Pair,
} from "./failures.js";
import { type GradientLoss, gradientMoments } from "./gradient-sizes.js";
import {
  finalLoss,
  type HalfPrecisionParameters,
  halfPrecisionSchema,
  inDouble,
  isAsGood,
  type PrecisionRun,
  precisionPoint,
  type WatchedRun,
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
  shapesTable,
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
    "The settings in which a training fails, in the place of learningRate, batchSize, epochs, initialisation, initialScale and how the loss is written down",
  ),
  remedy: documented(
    z.enum([...remedyNames]),
    "One thing changed, in the place of the parameter that sets it",
  ),
});

/** The training that is looked at. */
interface Watched {
  task: TaskParameters;
  /** Of its numbers, a remedy included. */
  format: Format;
  own: WatchedRun;
  double: PrecisionRun;
  /** What became of the gradients; the first weights first, the last last. */
  moments: Record<string, GradientLoss>;
}

/** One training in a format, beside the same in binary64; a failure and a remedy to choose. */
const panel: Panel<HalfPrecisionParameters & Choices, Watched> = {
  invitation:
    "Pick a failure, and see what ends in 16 bits and goes on in 64. Then pick the remedy that you would trust: " +
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
  train(parameters) {
    const pair = trainingsOf(parameters);
    const { own } = pair;
    const task = drawTask(own.task);
    return mapped(
      // as watchPair does, but side by side
      measuredGradually(() =>
        together([own, { ...pair.double, views: 0 }].map((point) => watchPrecision.steps(point))),
      ),
      ([run, reference]) => ({
        task: own.task,
        format: toPrecision(own.arithmetic).format,
        own: run,
        double: reference,
        moments: gradientMoments(run.views, task, own),
      }),
    );
  },
  read({ task, format, own, double, moments }) {
    const found = Object.values(moments);
    const [first, last] = [found[0], found[found.length - 1]];
    const { counters } = own.views[own.views.length - 1];
    return {
      pictures: [
        { name: "training", figure: failureFigure(own, format.name, double), isLight: true },
        { name: "gradients", figure: gradientSizesFigure(moments, format) },
      ],
      quantities: [
        { name: "learning rate", value: task.learningRate },
        { name: "training loss before (nats)", value: own.losses[0] },
        { name: "training loss after (nats)", value: finalLoss(own) },
        { name: "… of the same weights, in binary64 (nats)", value: own.trueLoss },
        { name: "… all in binary64 (nats)", value: finalLoss(double) },
        { name: "test accuracy (%)", value: 100 * own.accuracy },
        { name: "… all in binary64 (%)", value: 100 * double.accuracy },
        { name: "as good as binary64 (1 yes, 0 no)", value: Number(isAsGood(own, double)) },
        { name: "the loss is no finite number from epoch", value: own.brokenFrom ?? null, absent: "never" },
        {
          name: "of the derivatives not 0 in binary64: underflow at the first weights (%)",
          value: share(first, "flushed", "underflown"),
        },
        {
          name: "of the derivatives not 0 in binary64: 0 at the last weights (%)",
          value: share(last, "flushed", "saturated"),
        },
        {
          name: "updates swallowed at the first weights (%)",
          value: 100 * own.views[0].counters.swallowed,
        },
        { name: "operations that overflow at the last weights (%)", value: 100 * counters.overflow },
        { name: "operations that give NaN there (%)", value: 100 * counters.nan },
      ],
    };
  },
  // no line rests on them
  without: ["formats", "ladder", "map"],
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

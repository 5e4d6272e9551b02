/** Notebook 05 in a page: one training in a format, beside the same in binary64; a failure and a remedy to choose. */
import * as z from "zod/mini";
import { failureFigure } from "../../charts/failure.js";
import { gradientSizesFigure } from "../../charts/magnitudes.js";
import type { Format } from "../../core/arithmetic/formats.js";
import { toPrecision } from "../../core/arithmetic/precision.js";
import type { LossForm } from "../../core/network/loss.js";
import { documented, parse } from "../../core/validate.js";
import {
  type FailureName,
  failurePoint,
  failuresOverSeeds,
  ordinaryOverSeeds,
  shortFailures,
} from "../../experiments/half-precision/failures.js";
import { type GradientLoss, gradientMoments } from "../../experiments/half-precision/gradient-sizes.js";
import {
  finalAccuracy,
  finalLoss,
  formatsOverSeeds,
  type HalfPrecisionParameters,
  halfPrecisionParameters,
  halfPrecisionSchema,
  inDouble,
  isAsGood,
  type PrecisionPoint,
  type PrecisionRun,
  precisionPoint,
  type WatchedRun,
  watchPrecision,
} from "../../experiments/half-precision/half-precision.js";
import { inferenceOverSeeds } from "../../experiments/half-precision/quantized-inference.js";
import {
  type RemedyName,
  remedyFor,
  remedyMatrix,
  remedyNames,
  withRemedy,
} from "../../experiments/half-precision/remedies.js";
import { halfPrecisionVerdict } from "../../experiments/half-precision/verdict.js";
import type { Overridden } from "../../experiments/panel.js";
import { drawTask, type TaskParameters } from "../../experiments/task.js";
import type { Demonstration } from "../demonstration.js";

/** What the panel offers besides the notebook's parameters. */
interface Choices {
  /** The regime of one of the four failures in the place of the training of the parameters. */
  failure: FailureName | "none";
  /** What is tried against it. */
  remedy: RemedyName;
}

const choicesSchema: z.ZodMiniType<Choices> = z.strictObject({
  failure: documented(
    z.enum(["none", ...shortFailures(1).map(({ name }) => name)]),
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

/** Notebook 05. */
export const demonstration: Demonstration<HalfPrecisionParameters & Choices, Watched> = {
  notebook: "05-half-precision",
  invitation:
    "Pick a failure, and see what ends in 16 bits and goes on in 64. Then pick the remedy that you would trust: " +
    "does it reach the cause?",
  schemas: [halfPrecisionSchema, choicesSchema],
  extras: { failure: "none", remedy: "nothing" } satisfies Choices,
  controls: [
    { name: "failure" },
    { name: "remedy" },
    { name: "format" },
    { name: "learningRate", slider: { from: -4, to: 1, step: 0.05, scale: "log" } },
    { name: "masterWeights" },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  looks: ["sweepSeeds", "firstSeed"],
  check({ failure, remedy, ...values }) {
    return {
      ...halfPrecisionParameters(values as unknown as HalfPrecisionParameters),
      ...parse(choicesSchema, { failure, remedy }),
    };
  },
  overridden({ failure, remedy, ...parameters }) {
    const regime = shortFailures(parameters.stallEpochs).find(({ name }) => name === failure);
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
    const { point, double } = trainingsOf(parameters);
    const own = watchPrecision(point);
    return {
      task: point.task,
      format: toPrecision(point.arithmetic).format,
      own,
      double: watchPrecision({ ...double, views: 0 }),
      moments: gradientMoments(own.views, drawTask(point.task), point),
    };
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
        { name: "test accuracy (%)", value: 100 * finalAccuracy(own) },
        { name: "… all in binary64 (%)", value: 100 * finalAccuracy(double) },
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
  async judge(parameters, run) {
    const { format } = parameters;
    const ordinary = await ordinaryOverSeeds(parameters, run);
    const double =
      format === "binary64" ? ordinary : (await formatsOverSeeds(parameters, ["binary64"], run))[0].runs;
    const failures = await failuresOverSeeds(parameters, run);
    const remedies = await remedyMatrix(parameters, run);
    const inference = await inferenceOverSeeds(parameters, run);
    return halfPrecisionVerdict({ format, ordinary, double, failures, remedies, inference });
  },
};

/** The training of the parameters or of the chosen failure, with the remedy, and what it is compared with. */
function trainingsOf({ failure, remedy, ...parameters }: HalfPrecisionParameters & Choices): {
  point: PrecisionPoint;
  double: PrecisionPoint;
} {
  const asked = precisionPoint(parameters);
  const regime = shortFailures(parameters.stallEpochs).find(({ name }) => name === failure);
  if (regime === undefined) return { point: withRemedy(asked, remedy), double: inDouble(asked) };
  return {
    point: withRemedy(failurePoint(parameters, regime, asked.arithmetic), remedy),
    double: failurePoint(parameters, regime, "binary64"),
  };
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

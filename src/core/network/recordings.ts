/** Records a training: calls its functions once, with matrices that record the operations on them. */
import type { RoundingPhase } from "../arithmetic/counters.js";
import type { Format } from "../arithmetic/formats.js";
import {
  hasMasterWeights,
  type PhaseArithmetics,
  type Precision,
  phaseArithmetics,
} from "../arithmetic/precision.js";
import { newRecorder, type Recorder } from "../compile/recorder.js";
import { type Recording, textOf } from "../compile/recording.js";
import { forward } from "./forward-backward.js";
import type { Mode } from "./layer.js";
import { smoothLabels } from "./loss.js";
import { listedNames } from "./network.js";
import { gradientOf, meanLoss, type Objective, toOperands, withPenalties } from "./objective.js";
import { type StepRule, startOf, takeStep } from "./step.js";
import type { TrainerOptions } from "./trainer.js";
import { mapState, namedMatrices, type TrainingState } from "./training-state.js";

/** Everything that a recording depends on besides the number of points. */
export interface Model {
  /** The initial state, which gives the names and shapes of the numbers kept from step to step. */
  start: TrainingState;
  /** Number of columns of the points. */
  inputs: number;
  objective: Objective;
  rule: StepRule;
  precision: Precision;
  phases: PhaseArithmetics;
  /** Rounded to the format of the master weights. */
  learningRate: number;
}

/** The model of a training. */
export function modelOf({
  initial,
  train,
  objective,
  rule,
  precision,
  counters,
  learningRate,
}: TrainerOptions): Model {
  const phases = phaseArithmetics(precision, counters);
  const network = toOperands(initial, phases.arithmetics.update);
  const start = { network, kept: startOf(rule, network, phases.arithmetics.update) };
  const inputs = train.points.columns;
  const rate = phases.roundings.update.convert(learningRate);
  return { start, inputs, objective, rule, precision, phases, learningRate: rate };
}

/** The points and target labels of a training, row by row. */
export function tablesOf(
  { phases }: Model,
  { train, labelSmoothing }: TrainerOptions,
): Record<"points" | "labels", Float64Array> {
  const { evaluation } = phases.arithmetics;
  return {
    points: Float64Array.from(evaluation.convert(train.points).to1DArray()),
    labels: Float64Array.from(smoothLabels(evaluation, train.labels, labelSmoothing).to1DArray()),
  };
}

function recorderFor({ phases: { roundings, arithmetics, numbers, isCounted } }: Model): Recorder {
  const names = Object.fromEntries(
    Object.entries(numbers).map(([phase, one]) => [phase, JSON.stringify(one)]),
  );
  return newRecorder(
    (phase: RoundingPhase) => roundings[phase].convert,
    (phase) => arithmetics[phase].name,
    isCounted ? undefined : (phase) => names[phase],
  );
}

/**
 * Records a step on `size` points, in sections: `gradient` takes `points`, `labels` and, if there is one, the `loss scale`;
 * `update` takes the `learning rate`. Numbers kept from step to step have the names of `namedMatrices`. With `hasLoss`, a
 * section `loss` in between computes `loss` and `logits` for `classes`; it is valid if evaluation rounds and sums as training
 * does.
 *
 * Counted steps also give `probabilities` and `change of …` each parameter matrix; steps that may be rejected give
 * `gradient of …`.
 *
 * @throws TypeError when functions do something else when called again, such as with a counter or random numbers: the
 * recording would repeat the first call for ever
 */
export function recordStep(model: Model, size: number, hasLoss: boolean): Recording {
  const recording = recordOnce(model, size, hasLoss);
  const text = textOf(recording);
  if (repeatable.has(text) || text === textOf(recordOnce(model, size, hasLoss))) {
    if (repeatable.size >= MOST_TEXTS) repeatable.clear();
    repeatable.add(text);
    return recording;
  }
  throw new TypeError(
    "The functions of layers, penalties and the step rule must do the same at every call, and these did not. They are called " +
      "once, and what they did is repeated at every step. Keep what changes from step to step in the layer's state, or in " +
      'what the rule keeps; or train with path: "eager", which calls them at every step.',
  );
}

/** Texts of recordings known to be repeatable, at most MOST_TEXTS. */
const MOST_TEXTS = 64;
const repeatable = new Set<string>();

function recordOnce(model: Model, size: number, hasLoss: boolean): Recording {
  const { start, inputs, objective, rule, precision, phases } = model;
  const { input, output, carry, section, arithmetic, recording } = recorderFor(model);
  const arithmetics = {
    forward: arithmetic("forward"),
    backward: arithmetic("backward"),
    update: arithmetic("update"),
  };
  const batch = { points: input("points", size, inputs), labels: input("labels", size, 1) };
  const lossScale = precision.lossScale === 1 ? 1 : input("loss scale", 1, 1);
  const learningRate = input("learning rate", 1, 1);
  const before = mapState(start, ({ rows, columns }, name) => input(name, rows, columns));
  const carryChanges = (from: TrainingState, to: TrainingState): void => {
    const next = namedMatrices(to);
    for (const [name, matrix] of Object.entries(namedMatrices(from))) {
      if (next[name] !== matrix) carry(name, next[name]);
    }
  };
  const parameters = listedNames(start.network);

  section("gradient");
  const { network } = before;
  const options = { arithmetics, lossScale, withMasterWeights: hasMasterWeights(precision) };
  const found = gradientOf(network, batch, objective, options);
  const met = { ...before, network: found.network };
  carryChanges(before, met);
  if (phases.isCounted) output("probabilities", found.pass.probabilities);
  if (precision.lossScale === "dynamic") {
    for (const { l, name } of parameters) output(`gradient of ${l}.${name}`, found.gradients[l][name]);
  }

  if (hasLoss) {
    section("loss");
    output("logits", found.pass.logits);
    output("loss", meanLoss(found.pass, input("classes", size, 1), objective.loss, arithmetic("loss")));
  }

  section("update");
  const gradients = withPenalties(arithmetics.update, network, found.gradients, objective.penalties);
  const stepped = takeStep(arithmetics.update, rule, met.network, gradients, learningRate, met.kept);
  carryChanges(met, stepped);
  if (phases.isCounted) {
    for (const { l, name } of parameters) output(`change of ${l}.${name}`, stepped.changes[l][name]);
  }
  return recording();
}

/** The formats of a recording's inputs: operands for data, master weights for numbers kept from step to step. */
export function inputFormats({ start, precision, phases }: Model): Record<string, Format> {
  const { format, master, lossScale } = precision;
  const going = Object.keys(namedMatrices(start)).map((name) => [name, master]);
  const isOperand =
    typeof lossScale === "number" && phases.roundings.forward.convert(lossScale) === lossScale;
  return {
    points: format,
    labels: format,
    classes: format,
    ...(isOperand && { "loss scale": format }),
    "learning rate": master,
    ...Object.fromEntries(going),
  };
}

/**
 * Records the evaluation of `points` and `labels` in a section `look`, which gives `logits` and the mean `loss`.
 *
 * @param rows - number of points
 * @param mode - passed to the layers; `inference` by default
 */
export function recordLook(
  model: Model,
  rows: number,
  lossPhase: "loss" | "evaluation",
  mode: Mode = "inference",
): Recording {
  const { start, inputs, objective, precision } = model;
  const { input, output, section, arithmetic, recording } = recorderFor(model);
  const looking = arithmetic("evaluation");
  const points = input("points", rows, inputs);
  const labels = input("labels", rows, 1);
  const { network } = mapState(start, ({ rows, columns }, name) => input(name, rows, columns));
  section("look");
  const pass = forward(
    hasMasterWeights(precision) ? toOperands(network, looking) : network,
    points,
    looking,
    mode,
  );
  output("logits", pass.logits);
  output("loss", meanLoss(pass, labels, objective.loss, arithmetic(lossPhase)));
  return recording();
}

/** The functions of a training, called once with matrices that record what is done to them. */
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

/** All that a recording depends on beside the number of points. */
export interface Model {
  /** Of which kind and shape the numbers are that go on from step to step. */
  start: TrainingState;
  /** Columns of the points. */
  inputs: number;
  objective: Objective;
  rule: StepRule;
  precision: Precision;
  phases: PhaseArithmetics;
  /** A number of the master weights' format. */
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
  return { start, inputs, objective, rule, precision, phases, learningRate: phases.toMaster(learningRate) };
}

/** The points of a training and what is aimed at, row by row, as batches take them. */
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
 * A step on so many points, in sections: `gradient` takes `points` and `labels`, and the `loss scale` where there is one;
 * `update` takes the `learning rate`. The numbers that go on have the names of `namedMatrices`. Between the two, where
 * looking rounds and adds as training does, `loss` makes `loss` and `logits` of what is there, for `classes`.
 *
 * Where steps are counted, there are `probabilities` and `change of …` each matrix of parameters; where they may be
 * rejected, `gradient of …`.
 *
 * @throws TypeError when functions do something else when they are called again, as with a counter or a draw of their own:
 * the recording would repeat the first for ever
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

/** Texts of what was recorded twice alike; so many at most. */
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

/** The formats of what is given to either recording: data in that of the operands, what goes on in that of the master weights. */
export function inputFormats({ start, precision, phases }: Model): Record<string, Format> {
  const { format, master, lossScale } = precision;
  const going = Object.keys(namedMatrices(start)).map((name) => [name, master]);
  const isOperand = typeof lossScale === "number" && phases.toOperand(lossScale) === lossScale;
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
 * Looking at so many `points` and `labels`, in the section `look`: `logits` and the mean `loss`.
 *
 * @param mode - what the layers are told; `inference` by default
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

/** Trains from recordings: the functions of a step are called once, and their operations are repeated at every step. */
import { countSaturated, countUpdates } from "../arithmetic/counters.js";
import type { Program } from "../compile/interpreter.js";
import { prepare } from "../compile/program.js";
import { textOf } from "../compile/recording.js";
import { accuracyOf, type Evaluation } from "./evaluate.js";
import type { Layer } from "./layer.js";
import { newLooks } from "./looks.js";
import { newLossScaler } from "./loss-scaler.js";
import { listedNames, type Network } from "./network.js";
import { inputFormats, type Model, modelOf, recordLook, recordStep, tablesOf } from "./recordings.js";
import type { Trainer, TrainerOptions } from "./trainer.js";
import { namedMatrices, withNamed } from "./training-state.js";

/** Maximal number of sections in the queue. */
const MOST_DUE = 64;

/** Makes a trainer that uses recordings. */
export function machineTrainer(options: TrainerOptions): Trainer {
  const { train, precision, counters } = options;
  const model = modelOf(options);
  const { start, phases, learningRate } = model;
  const { evaluation } = phases.arithmetics;
  const scaler = newLossScaler(precision.lossScale);
  const isScaled = precision.lossScale !== 1;
  const isDrawing = precision.rounding === "stochastic";
  const isRejecting = precision.lossScale === "dynamic";
  const current = Object.fromEntries(
    Object.entries(namedMatrices(start)).map(([name, matrix]) => [
      name,
      Float64Array.from(matrix.to1DArray()),
    ]),
  );
  const names = Object.keys(current);
  const parameters = listedNames(start.network);
  const tables = tablesOf(model, options);
  const look = newLooks(model);
  const inOrder = Int32Array.from({ length: train.labels.rows }, (_, i) => i);
  let lookingAlike: boolean | undefined;
  /** Whether evaluation equals the forward pass of training: then a full-batch gradient also gives the loss. */
  const isLookingAlike = (): boolean => {
    lookingAlike ??=
      !counters &&
      !isDrawing &&
      precision.summation === "sequential" &&
      start.network.layers.every(({ state }) => !state) &&
      isModeless(model, inOrder.length);
    return lookingAlike;
  };
  /** Whether the last step used all points in their order: then the next one probably will too. */
  let isFullBatch = false;
  /** Whether the gradient of the next such step was already computed to evaluate the loss. */
  let isAhead = false;
  /** Whether the inputs of such a step already hold all points in their order. */
  let isInPlace = false;

  const steps = new Map<number, Program>();
  /** The program that holds the latest numbers; `current` is updated on request. */
  let holder: Program | undefined;
  /** Queued sections of the holder: running many at once costs less. */
  let due: string[] = [];
  const catchUp = (...sections: readonly string[]): void => {
    due.push(...sections);
    if (due.length > 0) holder?.run(...due);
    due = [];
  };
  const bringUpToDate = (): void => {
    catchUp();
    if (holder) for (const name of names) current[name].set(holder.values[name]);
  };
  const areFinite = ({ values }: Program): boolean =>
    parameters.every(({ l, name }) => values[`gradient of ${l}.${name}`].every(Number.isFinite));

  /** A step that may be rejected or is counted. */
  function watchedStep(program: Program, order: Int32Array, from: number, to: number): void {
    const { values } = program;
    program.setKey(phases.nextStep());
    if (isScaled) values["loss scale"][0] = scaler.scale;
    program.runBatches(["gradient"], tables, order, from, to);
    if (counters) countSaturated(counters, values.probabilities);
    if (!scaler.accepts(!isRejecting || areFinite(program))) return;
    const before = counters && parameters.map(({ l, name }) => values[`${l}.${name}`].slice());
    program.run("update");
    if (!counters || !before) return;
    parameters.forEach(({ l, name }, k) => {
      countUpdates(counters, values[`change of ${l}.${name}`], before[k], values[`${l}.${name}`]);
    });
  }

  function stepOf(size: number): Program {
    const program = steps.get(size) ?? begin(size);
    if (program !== holder) {
      bringUpToDate();
      for (const name of names) program.values[name].set(current[name]);
      holder = program;
    }
    if (isScaled) program.values["loss scale"][0] = scaler.scale;
    return program;
  }

  function begin(size: number): Program {
    const isWhole = size === inOrder.length && isLookingAlike();
    const options = { inputs: inputFormats(model), rows: inOrder.length };
    const program = prepare(recordStep(model, size, isWhole), phases, options);
    program.values["learning rate"][0] = learningRate;
    if (isWhole) program.values.classes.set(evaluation.convert(train.labels).to1DArray());
    steps.set(size, program);
    return program;
  }

  function runBatches(order: Int32Array, from: number, to: number, size: number): void {
    if (from === to) return;
    const program = stepOf(size);
    if (!isFullBatch) catchUp();
    if (isFullBatch && !isRejecting) {
      due.push(...gradientOfAll(program), "update");
      if (due.length > MOST_DUE) catchUp();
    } else if (isRejecting || counters) {
      for (let at = from; at < to; at += size) watchedStep(program, order, at, at + size);
    } else {
      const keys = isDrawing ? Int32Array.from({ length: (to - from) / size }, phases.nextStep) : undefined;
      program.runBatches(["gradient", "update"], tables, order, from, to, keys);
    }
    isAhead = false;
    isInPlace &&= isFullBatch;
  }

  /** The sections that compute the full-batch gradient, unless it is already there. */
  function gradientOfAll({ values }: Program): string[] {
    if (!isInPlace) {
      values.points.set(tables.points);
      values.labels.set(tables.labels);
      isInPlace = true;
    }
    return isAhead ? [] : ["gradient"];
  }

  /** {@link Trainer.evaluate} for all points, by the first half of the probable next step. */
  function lookAhead(): Evaluation {
    const program = stepOf(inOrder.length);
    catchUp(...gradientOfAll(program), "loss");
    isAhead = true;
    const { loss, logits, classes } = program.values;
    return { loss: loss[0], accuracy: accuracyOf(logits, classes) };
  }

  return {
    run(order, from, to, batchSize) {
      const isWhole = batchSize === inOrder.length && order.length === inOrder.length;
      isFullBatch = isWhole && isLookingAlike() && isInOrder(order);
      const end = to - ((to - from) % batchSize);
      runBatches(order, from, end, batchSize);
      runBatches(order, end, to, to - end);
    },
    evaluate(data) {
      if (data === train && isFullBatch) return lookAhead();
      bringUpToDate();
      return look(data, current, data === train ? "loss" : "evaluation");
    },
    network(): Network {
      bringUpToDate();
      return withNamed(start, current).network;
    },
  };
}

/** Forward functions known to be the same in training and inference. */
const modeless = new WeakSet<Layer["forward"]>();

function isModeless(model: Model, points: number): boolean {
  const { layers } = model.start.network;
  const isKnown = layers.every((layer) => modeless.has(layer.forward));
  const [used, trained] = isKnown ? [] : MODES.map((mode) => textOf(recordLook(model, points, "loss", mode)));
  if (used !== trained) return false;
  for (const layer of layers) modeless.add(layer.forward);
  return true;
}

const MODES = ["inference", "training"] as const;

function isInOrder(order: Int32Array): boolean {
  for (let i = 0; i < order.length; i++) if (order[i] !== i) return false;
  return true;
}

/** Training by recordings: the functions of a step are called once, and what they do is done again for every step. */
import { countSaturated, countUpdates } from "../arithmetic/counters.js";
import { phaseArithmetics } from "../arithmetic/precision.js";
import type { Program } from "../compile/interpreter.js";
import { prepare } from "../compile/program.js";
import type { Dataset } from "../moons.js";
import { accuracyOf, type Evaluation } from "./evaluate.js";
import { smoothLabels } from "./loss.js";
import { newLossScaler } from "./loss-scaler.js";
import { listedNames, type Network } from "./network.js";
import { toOperands } from "./objective.js";
import { inputFormats, type Model, recordLook, recordStep } from "./recordings.js";
import { startOf } from "./step.js";
import type { Trainer, TrainerOptions } from "./trainer.js";
import { namedMatrices, type TrainingState, withNamed } from "./training-state.js";

/** Makes a trainer that runs recordings. */
export function machineTrainer(options: TrainerOptions): Trainer {
  const { initial, train, objective, rule, precision, counters } = options;
  const phases = phaseArithmetics(precision, counters);
  const { arithmetics, nextStep } = phases;
  const { update, evaluation } = arithmetics;
  const scaler = newLossScaler(precision.lossScale);
  const isScaled = precision.lossScale !== 1;
  const isDrawing = precision.rounding === "stochastic";
  const isRejecting = precision.lossScale === "dynamic";
  const master = toOperands(initial, update);
  const start: TrainingState = { network: master, kept: startOf(rule, master) };
  const current = Object.fromEntries(
    Object.entries(namedMatrices(start)).map(([name, matrix]) => [
      name,
      Float64Array.from(matrix.to1DArray()),
    ]),
  );
  const parameters = listedNames(master);
  const tables = {
    points: Float64Array.from(evaluation.convert(train.points).to1DArray()),
    labels: Float64Array.from(smoothLabels(evaluation, train.labels, options.labelSmoothing).to1DArray()),
  };
  const model: Model = { start, inputs: train.points.columns, objective, rule, precision, phases };
  const inOrder = Int32Array.from({ length: train.labels.rows }, (_, i) => i);
  /** Where looking rounds and adds as training does, the gradient of all points knows their loss. */
  const isLookingAlike =
    !counters &&
    !isDrawing &&
    precision.summation === "sequential" &&
    start.network.layers.every(({ state }) => !state);
  /** Whether the last step was on all points in their order: then the next one is likely to be as well. */
  let isFullBatch = false;
  /** Whether the gradient of such a step is there already, from when the loss was looked at. */
  let isAhead = false;

  const steps = new Map<number, Program>();
  const looks = new Map<Dataset, Program>();
  const fetch = (program: Program): void => {
    for (const name of Object.keys(current)) program.values[name].set(current[name]);
  };
  const areFinite = ({ values }: Program): boolean =>
    parameters.every(({ l, name }) => values[`gradient of ${l}.${name}`].every(Number.isFinite));

  /** A step that somebody looks into: at what it rejects, or what it counts. */
  function watchedStep(program: Program, order: Int32Array, from: number, to: number): void {
    const { values } = program;
    program.setKey(nextStep());
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
    const known = steps.get(size);
    const program =
      known ??
      prepare(recordStep(model, size, isLookingAlike && size === inOrder.length), phases, {
        inputs: inputFormats(model),
        rows: train.points.rows,
      });
    if (!known) {
      steps.set(size, program);
      program.values["learning rate"].set(update.convert(options.learningRate).to1DArray());
      program.values.classes?.set(train.labels.to1DArray());
    }
    fetch(program);
    if (isScaled) program.values["loss scale"][0] = scaler.scale;
    return program;
  }

  function lookAt(data: Dataset): Program {
    const known = looks.get(data);
    if (known) return known;
    const recording = recordLook(model, data.points.rows, data === train ? "loss" : "evaluation");
    const program = prepare(recording, phases, { inputs: inputFormats(model), rows: 0 });
    program.values.points.set(evaluation.convert(data.points).to1DArray());
    program.values.labels.set(data.labels.to1DArray());
    looks.set(data, program);
    return program;
  }

  function runBatches(order: Int32Array, from: number, to: number, size: number): void {
    if (from === to) return;
    const program = stepOf(size);
    if (isAhead && isFullBatch && !isRejecting) program.run("update");
    else if (isRejecting || counters) {
      for (let at = from; at < to; at += size) watchedStep(program, order, at, at + size);
    } else {
      const keys = isDrawing ? Int32Array.from({ length: (to - from) / size }, nextStep) : undefined;
      program.runBatches(["gradient", "update"], tables, order, from, to, keys);
    }
    isAhead = false;
    for (const name of Object.keys(current)) current[name].set(program.values[name]);
  }

  /** {@link Trainer.evaluate} of all points by the first half of the step that is likely to follow. */
  function lookAhead(): Evaluation {
    const program = stepOf(inOrder.length);
    program.runBatches(["gradient", "loss"], tables, inOrder, 0, inOrder.length);
    isAhead = true;
    const { loss, logits } = program.values;
    return { loss: loss[0], accuracy: accuracyOf(logits, train.labels) };
  }

  return {
    run(order, from, to, batchSize) {
      isFullBatch = isLookingAlike && batchSize === inOrder.length && order.every((i, n) => i === n);
      const end = to - ((to - from) % batchSize);
      runBatches(order, from, end, batchSize);
      runBatches(order, end, to, to - end);
    },
    evaluate(data) {
      if (data === train && isFullBatch) return lookAhead();
      const program = lookAt(data);
      fetch(program);
      program.run("look");
      const { loss, logits } = program.values;
      return { loss: loss[0], accuracy: accuracyOf(logits, data.labels) };
    },
    network: (): Network => withNamed(start, current).network,
  };
}

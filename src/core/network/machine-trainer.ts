/** Training by recordings: the functions of a step are called once, and what they do is done again for every step. */
import { countSaturated, countUpdates } from "../arithmetic/counters.js";
import type { Program } from "../compile/interpreter.js";
import { prepare } from "../compile/program.js";
import { textOf } from "../compile/recording.js";
import { accuracyOf, type Evaluation } from "./evaluate.js";
import { newLooks } from "./looks.js";
import { newLossScaler } from "./loss-scaler.js";
import { listedNames, type Network } from "./network.js";
import { inputFormats, modelOf, recordLook, recordStep, tablesOf } from "./recordings.js";
import type { Trainer, TrainerOptions } from "./trainer.js";
import { namedMatrices, withNamed } from "./training-state.js";

/** Makes a trainer that runs recordings. */
export function machineTrainer(options: TrainerOptions): Trainer {
  const { train, precision, counters } = options;
  const model = modelOf(options);
  const { start, phases, learningRate } = model;
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
  const parameters = listedNames(start.network);
  const tables = tablesOf(model, options);
  const look = newLooks(model);
  const inOrder = Int32Array.from({ length: train.labels.rows }, (_, i) => i);
  let lookingAlike: boolean | undefined;
  /** Whether looking does what training does on its way forward: then the gradient of all points knows their loss. */
  const isLookingAlike = (): boolean => {
    lookingAlike ??=
      !counters &&
      !isDrawing &&
      precision.summation === "sequential" &&
      start.network.layers.every(({ state }) => !state) &&
      textOf(recordLook(model, inOrder.length, "loss", "training")) ===
        textOf(recordLook(model, inOrder.length, "loss"));
    return lookingAlike;
  };
  /** Whether the last step was on all points in their order: then the next one is likely to be as well. */
  let isFullBatch = false;
  /** Whether the gradient of such a step is there already, from when the loss was looked at. */
  let isAhead = false;

  const steps = new Map<number, Program>();
  const fetch = (program: Program): void => {
    for (const name of Object.keys(current)) program.values[name].set(current[name]);
  };
  const areFinite = ({ values }: Program): boolean =>
    parameters.every(({ l, name }) => values[`gradient of ${l}.${name}`].every(Number.isFinite));

  /** A step that somebody looks into: at what it rejects, or what it counts. */
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
    const known = steps.get(size);
    const program =
      known ??
      prepare(recordStep(model, size, size === inOrder.length && isLookingAlike()), phases, {
        inputs: inputFormats(model),
        rows: train.points.rows,
      });
    if (!known) {
      steps.set(size, program);
      program.values["learning rate"][0] = learningRate;
      program.values.classes?.set(train.labels.to1DArray());
    }
    fetch(program);
    if (isScaled) program.values["loss scale"][0] = scaler.scale;
    return program;
  }

  function runBatches(order: Int32Array, from: number, to: number, size: number): void {
    if (from === to) return;
    const program = stepOf(size);
    if (isAhead && isFullBatch && !isRejecting) program.run("update");
    else if (isRejecting || counters) {
      for (let at = from; at < to; at += size) watchedStep(program, order, at, at + size);
    } else {
      const keys = isDrawing ? Int32Array.from({ length: (to - from) / size }, phases.nextStep) : undefined;
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
      isFullBatch =
        batchSize === inOrder.length &&
        order.length === inOrder.length &&
        isLookingAlike() &&
        order.every((i, n) => i === n);
      const end = to - ((to - from) % batchSize);
      runBatches(order, from, end, batchSize);
      runBatches(order, end, to, to - end);
    },
    evaluate(data) {
      if (data === train && isFullBatch) return lookAhead();
      return look(data, current, data === train ? "loss" : "evaluation");
    },
    network: (): Network => withNamed(start, current).network,
  };
}

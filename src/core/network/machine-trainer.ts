/** Training by recordings: the functions of a step are called once, and what they do is done again for every step. */
import { countSaturated, countUpdates, type RoundingPhase } from "../arithmetic/counters.js";
import { phaseArithmetics } from "../arithmetic/precision.js";
import type { Program } from "../compile/interpreter.js";
import { prepare } from "../compile/program.js";
import { newRecorder } from "../compile/recorder.js";
import type { Dataset } from "../moons.js";
import { accuracyOf, type Evaluation } from "./evaluate.js";
import { forward } from "./forward-backward.js";
import { smoothLabels } from "./loss.js";
import { newLossScaler } from "./loss-scaler.js";
import { listedNames, type Network } from "./network.js";
import { gradientOf, meanLoss, toOperands, withPenalties } from "./objective.js";
import { startOf, takeStep } from "./step.js";
import type { Trainer, TrainerOptions } from "./trainer.js";
import { mapState, namedMatrices, type TrainingState, withNamed } from "./training-state.js";

/** Makes a trainer that runs recordings. */
export function machineTrainer(options: TrainerOptions): Trainer {
  const { initial, train, objective, rule, precision, counters } = options;
  const phases = phaseArithmetics(precision, counters);
  const { roundings, arithmetics, nextStep } = phases;
  const { update, evaluation } = arithmetics;
  const scaler = newLossScaler(precision.lossScale);
  const isScaled = precision.lossScale !== 1;
  const isDrawing = precision.rounding === "stochastic";
  const isRejecting = precision.lossScale === "dynamic";
  const isMasterApart = precision.master !== precision.format;
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
  const recorder = () => newRecorder((phase: RoundingPhase) => roundings[phase].convert);

  function recordStep(size: number): Program {
    const { input, output, carry, section, arithmetic, recording } = recorder();
    const parts = {
      forward: arithmetic("forward"),
      backward: arithmetic("backward"),
      update: arithmetic("update"),
    };
    const batch = { points: input("points", size, train.points.columns), labels: input("labels", size, 1) };
    const lossScale = isScaled ? input("loss scale", 1, 1) : 1;
    const before = mapState(start, ({ rows, columns }, name) => input(name, rows, columns));
    const carryChanges = (from: TrainingState, to: TrainingState): void => {
      const next = namedMatrices(to);
      for (const [name, matrix] of Object.entries(namedMatrices(from))) {
        if (next[name] !== matrix) carry(name, next[name]);
      }
    };

    section("gradient");
    const { network } = before;
    const found = gradientOf(network, batch, objective, { arithmetics: parts, lossScale, isMasterApart });
    const met = { ...before, network: found.network };
    carryChanges(before, met);
    output("probabilities", found.pass.probabilities);
    for (const { l, name } of parameters) output(`gradient of ${l}.${name}`, found.gradients[l][name]);

    if (size === inOrder.length && isLookingAlike) {
      section("loss");
      output("logits", found.pass.logits);
      output("loss", meanLoss(found.pass, input("classes", size, 1), objective.loss, arithmetic("loss")));
    }

    section("update");
    const gradients = withPenalties(parts.update, network, found.gradients, objective.penalties);
    const learningRate = parts.update.convert(options.learningRate);
    const stepped = takeStep(parts.update, rule, met.network, gradients, learningRate, met.kept);
    carryChanges(met, stepped);
    for (const { l, name } of parameters) output(`change of ${l}.${name}`, stepped.changes[l][name]);
    return prepare(recording(), phases, train.points.rows);
  }

  function recordLook(data: Dataset): Program {
    const { input, output, section, arithmetic, recording } = recorder();
    const looking = arithmetic("evaluation");
    const points = input("points", data.points.rows, data.points.columns);
    const labels = input("labels", data.labels.rows, 1);
    const { network } = mapState(start, ({ rows, columns }, name) => input(name, rows, columns));
    section("look");
    const pass = forward(isMasterApart ? toOperands(network, looking) : network, points, looking);
    output("logits", pass.logits);
    output("loss", meanLoss(pass, labels, objective.loss, data === train ? arithmetic("loss") : looking));
    const program = prepare(recording(), phases, 0);
    program.values.points.set(evaluation.convert(data.points).to1DArray());
    program.values.labels.set(data.labels.to1DArray());
    return program;
  }

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
    const program = steps.get(size) ?? recordStep(size);
    steps.set(size, program);
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
      const keys = isDrawing ? Int32Array.from({ length: (to - from) / size }, nextStep) : undefined;
      program.runBatches(["gradient", "update"], tables, order, from, to, keys);
    }
    isAhead = false;
    for (const name of Object.keys(current)) current[name].set(program.values[name]);
  }

  /** {@link Trainer.evaluate} of all points by the first half of the step that is likely to follow. */
  function lookAhead(): Evaluation {
    const program = stepOf(inOrder.length);
    program.values.classes.set(train.labels.to1DArray());
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
      const program = looks.get(data) ?? recordLook(data);
      looks.set(data, program);
      fetch(program);
      program.run("look");
      const { loss, logits } = program.values;
      return { loss: loss[0], accuracy: accuracyOf(logits, data.labels) };
    },
    network: (): Network => withNamed(start, current).network,
  };
}

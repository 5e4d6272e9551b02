/** Trains several networks side by side in the lanes of one machine, with the same bits as one by one. */
import { compileLanes, type LaneProgram } from "../compile/machine.js";
import { isSupported } from "../compile/module.js";
import { textOf } from "../compile/recording.js";
import { newLooks } from "./looks.js";
import { machineTrainer } from "./machine-trainer.js";
import { type Network, parameterCount } from "./network.js";
import { inputFormats, type Model, modelOf, recordLook, recordStep, tablesOf } from "./recordings.js";
import type { Trainer, TrainerOptions } from "./trainer.js";
import { namedMatrices, withNamed } from "./training-state.js";

/** Above these numbers of points in a batch or parameters, they fill a machine's vectors better than lanes do (measured). */
const MOST_POINTS = 4;
const MOST_PARAMETERS = 400;

/**
 * Names what trainings must share to run side by side: recordings, arithmetic, and the number of points. Returns undefined for
 * a training that must run alone, because it is counted, may reject steps, or is large enough to fill a machine's vectors.
 *
 * @param size - points in a batch
 * @param points - points to learn from
 */
export function laneKind(trainer: TrainerOptions, size: number, points: number): string | undefined {
  const { precision, counters, train } = trainer;
  const isLarge = size > MOST_POINTS || parameterCount(trainer.initial) > MOST_PARAMETERS;
  const isAlone = counters || precision.lossScale === "dynamic" || isLarge;
  if (isAlone || !isSupported()) return undefined;
  const { seed: _, ...numbers } = precision;
  const model = modelOf(trainer);
  const rest = points % size;
  return JSON.stringify([
    textOf(recordStep(model, size, false)),
    rest > 0 && textOf(recordStep(model, rest, false)),
    // all are evaluated with the first one's recordings
    textOf(recordLook(model, train.labels.rows, "evaluation")),
    numbers,
    points,
    train.labels.rows,
  ]);
}

/** Several trainings in progress together. */
export interface TrainersTogether {
  /** Evaluate each training. */
  trainers: readonly Omit<Trainer, "run">[];
  /** Like `Trainer.run`, with an order for each training; those without one have ended. */
  run(orders: readonly (Int32Array | undefined)[], from: number, to: number, batchSize: number): void;
  /** Restarts a training from a network of the same kind. */
  restart(lane: number, initial: Network): void;
}

/** Starts several trainings together, in lanes if they are of one kind. */
export function trainersTogether(all: readonly TrainerOptions[], size: number): TrainersTogether {
  const [kind, ...others] = all.map((own) => laneKind(own, size, own.train.labels.rows));
  if (kind !== undefined && others.every((other) => other === kind)) return laneTrainers(all);
  const trainers = all.map(machineTrainer);
  return {
    trainers,
    run(orders, from, to, batchSize) {
      orders.forEach((order, lane) => {
        if (order) trainers[lane].run(order, from, to, batchSize);
      });
    },
    restart(lane, initial) {
      trainers[lane] = machineTrainer({ ...all[lane], initial });
    },
  };
}

/** Starts trainings of one kind, see {@link laneKind}. */
export function laneTrainers(all: readonly TrainerOptions[]): TrainersTogether {
  const lanes = all.map(newLane);
  const [{ model, rows }] = lanes;
  const names = Object.keys(namedMatrices(model.start));
  const inputs = inputFormats(model);
  const programs = new Map<number, LaneProgram>();
  const look = newLooks(model);
  /** The program that holds the present numbers of all trainings. */
  let current: LaneProgram | undefined;

  const start = (size: number): LaneProgram => {
    const program = compileLanes(recordStep(model, size, false), model.phases.numbers, lanes.length, {
      inputs,
      rows,
    });
    programs.set(size, program);
    lanes.forEach(({ model }, lane) => {
      program.write(lane, "learning rate", [model.learningRate]);
      const { lossScale } = model.precision;
      if (lossScale !== 1) program.write(lane, "loss scale", [Number(lossScale)]);
    });
    return program;
  };
  const numbersOf = (lane: number, name: string): ArrayLike<number> =>
    current ? current.read(lane, name) : namedMatrices(lanes[lane].model.start)[name].to1DArray();
  const runBatches = (orders: readonly Int32Array[], from: number, to: number, size: number): void => {
    if (from === to) return;
    const program = programs.get(size) ?? start(size);
    if (program !== current) {
      for (let lane = 0; lane < lanes.length; lane++) {
        for (const name of names) program.write(lane, name, numbersOf(lane, name));
      }
      current = program;
    }
    const batches = lanes.map(({ tables, nextStep, isDrawing }, lane) => ({
      tables,
      order: orders[lane],
      ...(isDrawing && { keys: Int32Array.from({ length: (to - from) / size }, nextStep) }),
    }));
    program.runBatches(["gradient", "update"], batches, from, to);
  };

  return {
    trainers: lanes.map((_, lane) => {
      const read = (): Record<string, Float64Array> =>
        Object.fromEntries(names.map((name) => [name, Float64Array.from(numbersOf(lane, name))]));
      return {
        evaluate: (data) => look(data, read(), "evaluation"),
        network: () => withNamed(lanes[lane].model.start, read()).network,
      };
    }),
    run(orders, from, to, batchSize) {
      const one = orders.find((order) => order !== undefined);
      if (!one) return;
      const whole = orders.map((order) => order ?? one);
      const end = to - ((to - from) % batchSize);
      runBatches(whole, from, end, batchSize);
      runBatches(whole, end, to, to - end);
    },
    restart(lane, initial) {
      lanes[lane] = newLane({ ...all[lane], initial });
      for (const [name, matrix] of Object.entries(namedMatrices(lanes[lane].model.start))) {
        current?.write(lane, name, matrix.to1DArray());
      }
    },
  };
}

interface Lane {
  model: Model;
  /** Number of points. */
  rows: number;
  tables: Record<"points" | "labels", Float64Array>;
  nextStep: () => number;
  isDrawing: boolean;
}

function newLane(options: TrainerOptions): Lane {
  const model = modelOf(options);
  return {
    model,
    rows: options.train.labels.rows,
    tables: tablesOf(model, options),
    nextStep: model.phases.nextStep,
    isDrawing: model.precision.rounding === "stochastic",
  };
}

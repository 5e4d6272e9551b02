/** Notebook 05: four ways in which a format with few bits stops a training, each in the regime that shows it. */
import type { FormatName } from "../../core/arithmetic/formats.js";
import type { PrecisionChoice } from "../../core/arithmetic/precision.js";
import type { Dataset } from "../../core/moons.js";
import { type LossForm, usualLossForm } from "../../core/network/loss.js";
import type { Network } from "../../core/network/network.js";
import { type Measurement, measurement, type Steps } from "../measurement.js";
import type { Runner } from "../runner.js";
import { seedsOf, type TaskParameters } from "../task.js";
import {
  evenlySpread,
  type GradientLoss,
  gradientLoss,
  type UpdateSizes,
  updateSizes,
} from "./gradient-sizes.js";
import {
  type HalfPrecisionParameters,
  measurePrecision,
  type PrecisionPoint,
  type PrecisionRun,
  precisionPoint,
  taskOf,
  trainPrecision,
} from "./half-precision.js";

/** Points whose gradients are looked at in a sweep, where each is a step by itself. */
const MOST_POINTS = 100;

/** A training, with what its first steps would have done. */
export interface StartedRun extends PrecisionRun {
  /** What became of the gradients at the initial weights. */
  gradients: GradientLoss;
  /** What became of the updates at the initial weights. */
  updates: UpdateSizes;
}

/** The training of the parameters, with what became of the gradients at its end as well. */
export interface OrdinaryRun extends StartedRun {
  atEnd: GradientLoss;
}

/** Trains once and holds the gradients at the first and at the last weights against the format. */
export const measureOrdinary: Measurement<[point: PrecisionPoint], OrdinaryRun> = measurement(
  function* (point) {
    const { network, some, started } = yield* start(point);
    return { ...started, atEnd: gradientLoss(network, some, point) };
  },
);

/** Trains once and holds the first gradients and updates against the format. */
export const measureFailure: Measurement<[point: PrecisionPoint], StartedRun> = measurement(
  function* (point) {
    return (yield* start(point, NAN_EPOCHS)).started;
  },
);

function* start(
  point: PrecisionPoint,
  looks?: number,
): Steps<{ network: Network; some: Dataset; started: StartedRun }> {
  const { data, initial, network, run } = yield* trainPrecision.steps(point, looks);
  // all points where they are one step, else a part of them, evenly spread
  const some = point.task.batchSize === "full" ? data.train : evenlySpread(data.train, MOST_POINTS);
  const [gradients, updates] = [gradientLoss(initial, some, point), updateSizes(initial, some, point)];
  return { network, some, started: { ...run, gradients, updates } };
}

/** The training of the parameters over the seeds of the sweep. */
export async function ordinaryOverSeeds(
  parameters: HalfPrecisionParameters,
  run: Runner,
): Promise<OrdinaryRun[]> {
  const seeds = seedsOf(parameters);
  return run(
    seeds.map((seed) => precisionPoint({ ...parameters, seed })),
    measureOrdinary,
  );
}

/** The names of the failures. */
export type FailureName = "loss NaN" | "weights NaN" | "stall" | "underflow";

/** A regime in which a training fails in few bits and not in binary64. */
export interface Failure {
  name: FailureName;
  /** What goes wrong, in half a sentence. */
  cause: string;
  /** What is changed of the task; the data and the layers stay those of the parameters. */
  change: Pick<TaskParameters, "learningRate" | "batchSize" | "epochs" | "initialisation" | "initialScale">;
  /** How the loss is written down. */
  lossForm: LossForm;
}

const ordinary = { learningRate: 0.2, batchSize: 1, initialisation: "he", initialScale: 1 } as const;

/** Epochs of the regimes that end in NaN, which they do within the first few; the cured are to calm down. */
const NAN_EPOCHS = 80;

/** The four regimes; the stall as long as sweeps can afford: half the way, in `stallEpochs` epochs. */
export function shortFailures(stallEpochs: number): Failure[] {
  return failures(stallEpochs, 1 / 2);
}

/**
 * The four regimes.
 *
 * @param stallEpochs - epochs of the stall regime
 * @param stallPath - its learning rate times its epochs: how far all steps together lead, whatever their number
 */
export function failures(stallEpochs: number, stallPath = 1): Failure[] {
  return [
    {
      name: "loss NaN",
      cause: "1 − p rounds to 0, and 0 · log 0 is NaN",
      change: { ...ordinary, epochs: NAN_EPOCHS },
      lossForm: { ...usualLossForm, value: "probability", epsilon: 1e-12 },
    },
    {
      name: "weights NaN",
      cause: "1 − p rounds to 0, and 0 / 0 inside dL/dp is NaN",
      change: { ...ordinary, epochs: NAN_EPOCHS },
      lossForm: { ...usualLossForm, derivative: "chain", epsilon: 1e-12 },
    },
    {
      name: "stall",
      cause: "the step is below half a unit in the last place of the weight",
      change: {
        learningRate: stallPath / stallEpochs,
        batchSize: 1,
        epochs: stallEpochs,
        initialisation: "normal",
        initialScale: 2,
      },
      lossForm: usualLossForm,
    },
    {
      name: "underflow",
      cause: "the products of the backward pass are below half the smallest number",
      change: {
        learningRate: 2,
        batchSize: "full",
        epochs: 250,
        initialisation: "normal",
        initialScale: 1e-6,
      },
      lossForm: { ...usualLossForm, mean: "first" },
    },
  ];
}

/** The training of a regime in some arithmetic; in a format alone it has nothing that helps. */
export function failurePoint(
  parameters: HalfPrecisionParameters,
  { change, lossForm }: Failure,
  arithmetic: PrecisionChoice,
): PrecisionPoint {
  return { task: { ...taskOf(parameters), ...change }, arithmetic, lossForm };
}

/** A regime over the seeds, in binary64 and in the format of the parameters; paired. */
export interface FailureRuns {
  failure: Failure;
  reference: PrecisionRun[];
  reduced: StartedRun[];
}

/** Every failure over the seeds of the sweep, in binary64 and in the format of the parameters. */
export async function failuresOverSeeds(
  parameters: HalfPrecisionParameters,
  run: Runner,
): Promise<FailureRuns[]> {
  const seeds = seedsOf(parameters);
  const all = shortFailures(parameters.stallEpochs);
  const grid = (format: FormatName): PrecisionPoint[] =>
    all.flatMap((failure) => seeds.map((seed) => failurePoint({ ...parameters, seed }, failure, format)));
  const reference = await run(grid("binary64"), measurePrecision);
  const reduced = await run(grid(parameters.format), measureFailure);
  return all.map((failure, i) => ({
    failure,
    reference: reference.slice(i * seeds.length, (i + 1) * seeds.length),
    reduced: reduced.slice(i * seeds.length, (i + 1) * seeds.length),
  }));
}

/** The stall regime with larger and smaller steps, their sum always the same. */
export interface StallLadder {
  format: FormatName;
  epochs: number[];
  runs: PrecisionRun[];
}

/** Trains the stall regime with several numbers of epochs, the learning rate 1 / epochs, in several formats. */
export async function stallLadder(
  parameters: HalfPrecisionParameters,
  names: readonly FormatName[],
  epochs: readonly number[],
  run: Runner,
): Promise<StallLadder[]> {
  const grid = names.flatMap((format) =>
    epochs.map((count) => {
      const stall = failures(count).find(({ name }) => name === "stall") as Failure;
      return failurePoint(parameters, stall, format);
    }),
  );
  const runs = await run(grid, measurePrecision);
  return names.map((format, i) => ({
    format,
    epochs: [...epochs],
    runs: runs.slice(i * epochs.length, (i + 1) * epochs.length),
  }));
}

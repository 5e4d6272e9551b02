/**
 * The fast path: the program of kernel-source.ts, made and run. It does the same operations in the same order
 * within each sum as the readable path and ends on the same bits; a test compares them parameter by
 * parameter.
 */
import { Matrix } from "ml-matrix";
import type { Round } from "../arithmetic/arithmetic.js";
import type { Phase } from "../arithmetic/counters.js";
import {
  type PhaseArithmetics,
  type Precision,
  phaseArithmetics,
  toPrecision,
} from "../arithmetic/precision.js";
import { nearestText, type RoundingText } from "../arithmetic/rounding-text.js";
import { exp, expm1, log, log1p, tanh } from "../elementary.js";
import type { Dataset } from "../moons.js";
import { type Network, toParameters, withParameters } from "./architecture.js";
import { type KernelProgram, kernelSource, type LayerShape, type PhaseText } from "./kernel-source.js";
import { roundedLossForm, smoothLabels } from "./loss.js";
import { newLossScaler } from "./loss-scaler.js";
import { EPSILON, runningMean, unbiased } from "./normalization.js";
import type { Evaluation, Trainer, TrainerOptions } from "./trainer.js";

/**
 * What the program offers. Parameters and gradients are listed as by `toParameters`; z and e have a place for
 * each point, for its logit and e^-|logit|. w are the parameters as the operands see them.
 */
interface Kernel {
  /** Mean and variance of each neuron in the batch of the last gradient, where there is batch normalization. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** Fills z and e; with the given mean and spread of each neuron where there is batch normalization. */
  logits(
    w: Float64Array,
    points: Float64Array,
    z: Float64Array,
    e: Float64Array,
    means: Float64Array,
    spreads: Float64Array,
  ): void;
  /** Loss and accuracy, given z and e of all points. */
  evaluation(labels: Float64Array, z: Float64Array, e: Float64Array): Evaluation;
  /**
   * Makes g the sum of the gradients of the points order[from] to order[to - 1], times `scale`, and fills in
   * z and e of these points; with the factors of the penalties on activity and imbalance.
   */
  sumGradients(
    w: Float64Array,
    g: Float64Array,
    points: Float64Array,
    labels: Float64Array,
    z: Float64Array,
    e: Float64Array,
    order: Int32Array,
    from: number,
    to: number,
    scale: number,
    activity: number,
    balance: number,
  ): void;
  /** Makes the sum a mean over `count` points and takes `scale` out of it. */
  finishGradient(g: Float64Array, count: number, scale: number): void;
  /**
   * Changes the master parameters m by a step along g, to which the penalty's share is added: `weightDecay`
   * times the weights.
   */
  descend(
    m: Float64Array,
    g: Float64Array,
    lost: Float64Array,
    learningRate: number,
    weightDecay: number,
  ): void;
}

/** The names that a program may use, and what they stand for. */
type Names = Record<string, unknown>;

/** The fast path, for networks as `createNetwork` makes them. */
export function fusedTrainer({ initial, train, precision, counters, ...options }: TrainerOptions): Trainer {
  const phases = phaseArithmetics(precision, counters);
  const { toOperand, toMaster, nextStep } = phases;
  const activityPenalty = toOperand(options.activityPenalty ?? 0);
  const balancePenalty = toOperand(options.balancePenalty ?? 0);
  const model: Model = {
    layers: shapesOf(initial),
    lossForm: roundedLossForm(options.lossForm, toOperand),
    hasActivityPenalty: activityPenalty !== 0,
    hasBalancePenalty: balancePenalty !== 0,
  };
  const looking = quietKernel(model, precision);
  const isQuiet = !counters && precision.rounding === "nearest";
  const isLookingAlike = isQuiet && precision.summation === "sequential";
  const training = isQuiet ? looking : tellingKernel(model, precision, phases, counters);
  const learningRate = toMaster(options.learningRate);
  const weightDecay = toMaster(options.weightDecay ?? 0);
  const scaler = newLossScaler(precision.lossScale);

  const master = toParameters(initial).map(toMaster);
  const isMasterApart = precision.master !== precision.format;
  const operands = isMasterApart ? master.map(toOperand) : master;
  const gradient = new Float64Array(master.length);
  const lost = new Float64Array(master.length);

  const seen = new Map<Dataset, FlatDataset>();
  const flat = (data: Dataset): FlatDataset => {
    const known = seen.get(data) ?? flatten(data, toOperand);
    seen.set(data, known);
    return known;
  };
  const learnt = flat(train);
  const goals = Float64Array.from(
    smoothLabels(train.labels, options.labelSmoothing ?? 0, toOperand).to1DArray(),
  );
  const inOrder = Int32Array.from(learnt.labels, (_, i) => i);

  function sumGradients(order: Int32Array, from: number, to: number): void {
    if (precision.summation === "pairwise" && to - from > 1) sumInPairs(order, from, to);
    else sumInRow(gradient, order, from, to);
  }

  function sumInRow(sum: Float64Array, order: Int32Array, from: number, to: number): void {
    const { points, z, e } = learnt;
    training.sumGradients(
      operands,
      sum,
      points,
      goals,
      z,
      e,
      order,
      from,
      to,
      scaler.scale,
      activityPenalty,
      balancePenalty,
    );
  }

  /** Sums of 2^k points that wait for a neighbour of their size, the largest first; kept for the next batch. */
  const waiting = [gradient];

  /** The tree of summation.ts, grown from left to right; for what a point does by itself, see `train`. */
  function sumInPairs(order: Int32Array, from: number, to: number): void {
    const { accumulate } = phases.roundings.backward;
    let count = 0;
    const joinLastTwo = (): void => {
      count--;
      const [left, right] = [waiting[count - 1], waiting[count]];
      for (let k = 0; k < left.length; k++) left[k] = accumulate(left[k] + right[k]);
    };
    for (let place = from; place < to; place++) {
      if (count === waiting.length) waiting.push(new Float64Array(gradient.length));
      sumInRow(waiting[count++], order, place, place + 1);
      for (let done = place - from + 1; done % 2 === 0; done /= 2) joinLastTwo();
    }
    while (count > 1) joinLastTwo();
  }

  const running = newRunningMeans(initial, phases.roundings.update.round, toOperand);

  /** Whether the last step was on all points in their order: then the next one is likely to be as well. */
  let isFullBatch = false;
  /** Whether the gradient of such a step is there already, from when the loss was looked at. */
  let isAhead = false;

  return {
    step(order, from, to) {
      nextStep();
      // only where looking rounds and adds as training does can one forward pass serve both
      isFullBatch =
        isLookingAlike && !running && to - from === inOrder.length && order.every((i, n) => i === inOrder[n]);
      if (!(isAhead && isFullBatch)) sumGradients(order, from, to);
      isAhead = false;
      running?.meet(training, to - from);
      training.finishGradient(gradient, to - from, scaler.scale);
      // a static scale accepts every step, and need not look
      if (!scaler.accepts(precision.lossScale !== "dynamic" || gradient.every(Number.isFinite))) return;
      training.descend(master, gradient, lost, learningRate, weightDecay);
      if (isMasterApart) for (let k = 0; k < master.length; k++) operands[k] = toOperand(master[k]);
    },
    evaluate(data) {
      const { points, labels, z, e } = flat(data);
      if (data === train && isFullBatch) {
        sumGradients(inOrder, 0, inOrder.length);
        isAhead = true;
      } else {
        looking.logits(operands, points, z, e, ...(running?.statistics() ?? NONE));
      }
      return (data === train ? training : looking).evaluation(labels, z, e);
    },
    network: () => withParameters(running?.into(initial) ?? initial, master),
  };
}

/**
 * The logits of points in double precision, those of `forward` to the bit; for who looks at many points of many
 * networks.
 *
 * @param points - n x inputs
 * @returns n logits
 */
export function fusedLogits(network: Network, points: Matrix): Float64Array {
  const exact: Round = (value) => value;
  const model: Model = {
    layers: shapesOf(network),
    lossForm: roundedLossForm(undefined, exact),
    hasActivityPenalty: false,
    hasBalancePenalty: false,
  };
  const kernel = quietKernel(model, toPrecision("binary64"));
  const { points: flat, z, e } = flatten({ points, labels: Matrix.zeros(points.rows, 1) }, exact);
  const running = newRunningMeans(network, exact, exact);
  kernel.logits(toParameters(network), flat, z, e, ...(running?.statistics() ?? NONE));
  return z;
}

const NONE: [Float64Array, Float64Array] = [new Float64Array(0), new Float64Array(0)];

/** The running means of batch normalization, for each neuron, the inputs counted first. */
interface RunningMeans {
  /** Takes in the batch of the last gradient. */
  meet(kernel: Kernel, points: number): void;
  /** Mean and spread of each neuron for looking at the network. */
  statistics(): [means: Float64Array, spreads: Float64Array];
  /** A copy of a network with these running means. */
  into(network: Network): Network;
}

/** Undefined where there is no batch normalization. */
function newRunningMeans(initial: Network, round: Round, toOperand: Round): RunningMeans | undefined {
  if (!initial.layers.some(({ normalization }) => normalization?.kind === "batch")) return undefined;
  const listed = (of: "means" | "variances"): Float64Array => {
    const perLayer = initial.layers.map(({ weights, normalization }) =>
      normalization?.kind === "batch" ? normalization[of].to1DArray() : new Array(weights.columns).fill(0),
    );
    return Float64Array.from([...new Array(initial.layers[0].weights.rows).fill(0), ...perLayer.flat()]);
  };
  const sizes = [initial.layers[0].weights.rows, ...initial.layers.map(({ weights }) => weights.columns)];
  const normalized = sizes.flatMap((size, l) => {
    const first = sizes.slice(0, l).reduce((sum, before) => sum + before, 0);
    const isBatch = l > 0 && initial.layers[l - 1].normalization?.kind === "batch";
    return isBatch ? Array.from({ length: size }, (_, j) => first + j) : [];
  });
  const means = listed("means");
  const variances = listed("variances");
  return {
    meet(kernel, points) {
      for (const k of normalized) {
        means[k] = runningMean(means[k], kernel.means[k], round);
        variances[k] = runningMean(variances[k], unbiased(kernel.variances[k], points, round), round);
      }
    },
    statistics: () => [
      means.map(toOperand),
      variances.map((variance) => toOperand(Math.sqrt(toOperand(toOperand(variance) + EPSILON)))),
    ],
    into(network) {
      let next = network.layers[0].weights.rows;
      return {
        layers: network.layers.map((layer) => {
          const from = next;
          next += layer.weights.columns;
          const { normalization } = layer;
          if (normalization?.kind !== "batch") return layer;
          const row = (values: Float64Array): Matrix => Matrix.rowVector([...values.subarray(from, next)]);
          return {
            ...layer,
            normalization: { ...normalization, means: row(means), variances: row(variances) },
          };
        }),
      };
    },
  };
}

/** What a program is for. */
type Model = Pick<KernelProgram, "layers" | "lossForm" | "hasActivityPenalty" | "hasBalancePenalty">;

/** A kernel with a training's own rounding functions, which it calls: for what draws or is counted. */
function tellingKernel(
  model: Model,
  precision: Precision,
  phases: PhaseArithmetics,
  counters: TrainerOptions["counters"],
): Kernel {
  const names: Names = {
    tellProbability: (p: number) => {
      if (counters && (p === 0 || p === 1)) counters.forward.saturated++;
    },
    tellUpdate: (change: number, before: number, after: number) => {
      if (counters && change !== 0) {
        counters.update.updates++;
        if (after === before) counters.update.swallowed++;
      }
    },
  };
  const call = (name: string, round: Round): RoundingText => {
    names[name] = round;
    return (expression) => `${name}(${expression})`;
  };
  const quiet = quietTexts(precision);
  const phase = (name: Phase): PhaseText => ({
    ...quiet[name],
    round: call(`round_${name}`, phases.roundings[name].round),
    accumulate: call(`accumulate_${name}`, phases.roundings[name].accumulate),
  });
  const texts = {
    ...quiet,
    forward: phase("forward"),
    loss: phase("loss"),
    backward: phase("backward"),
    update: phase("update"),
  };
  return instantiate(sourceOf(model, precision, texts, counters !== undefined), names);
}

/**
 * Kernels that depend on nothing but model and arithmetic, by a description of these: they are written,
 * compiled and optimised by the engine once.
 */
const quietKernels = new Map<string, Kernel>();

/** The kernel that rounds to nearest and tells nobody. */
function quietKernel(model: Model, precision: Precision): Kernel {
  // what else a precision says, such as a seed, is no part of the program
  const { format, accumulator, master, compensated, summation } = precision;
  const description = JSON.stringify([model, format, accumulator, master, compensated, summation]);
  const kernel =
    quietKernels.get(description) ??
    instantiate(sourceOf(model, precision, quietTexts(precision), false), {});
  quietKernels.set(description, kernel);
  return kernel;
}

function shapesOf({ layers }: Network): LayerShape[] {
  return layers.map(({ weights, activation, normalization, winners }) => ({
    fanIn: weights.rows,
    fanOut: weights.columns,
    activation,
    normalization: normalization?.kind ?? "none",
    winners,
  }));
}

function sourceOf(
  model: Model,
  { accumulator, format, compensated }: Precision,
  texts: PhaseTexts,
  isCounted: boolean,
): string {
  return kernelSource({
    ...model,
    ...texts,
    isAccumulatorApart: accumulator !== format,
    isCompensated: compensated,
    isCounted,
  });
}

type PhaseTexts = Record<Phase | "evaluation", PhaseText>;

/** Rounding to nearest in every phase, written out. */
function quietTexts(precision: Precision): PhaseTexts {
  const round = nearestText(precision.format);
  const accumulate = precision.accumulator === precision.format ? round : nearestText(precision.accumulator);
  const update = nearestText(precision.master);
  const operands = { round, accumulate };
  const { summation } = precision;
  return {
    forward: { ...operands, summation },
    loss: operands,
    backward: { ...operands, summation },
    evaluation: operands,
    update: { round: update, accumulate: update },
  };
}

function instantiate(source: string, names: Names): Kernel {
  const all = { exp, expm1, log, log1p, tanh, fround: Math.fround, ...names };
  return new Function(...Object.keys(all), source)(...Object.values(all));
}

interface FlatDataset {
  /** Row by row. */
  points: Float64Array;
  labels: Float64Array;
  /** See {@link Kernel}. */
  z: Float64Array;
  e: Float64Array;
}

function flatten({ points, labels }: Dataset, toOperand: Round): FlatDataset {
  return {
    points: Float64Array.from(points.to1DArray(), toOperand),
    labels: Float64Array.from(labels.to1DArray()),
    z: new Float64Array(labels.rows),
    e: new Float64Array(labels.rows),
  };
}

/**
 * The arithmetic of a training: which format its numbers have, how they are rounded, and what helps them. A
 * policy, chosen by one field of the hyperparameters.
 */
import * as z from "zod/mini";
import { seedSchema } from "../random.js";
import { parse } from "../validate.js";
import type { Arithmetic, Round } from "./arithmetic.js";
import { type Counters, counted, newCounters, type Phase } from "./counters.js";
import { newDither } from "./dither.js";
import { float64 } from "./float64.js";
import { type Format, type FormatName, formats, makeFormat } from "./formats.js";
import { roundedArithmetic } from "./rounded.js";
import { type RoundingMode, roundStochastically, roundToNearest } from "./rounding.js";
import { SUMMATIONS, type Summation } from "./summation.js";

/**
 * A loss scale: a factor on the loss before the backward pass, taken out of the gradient again before the
 * update.
 */
export type LossScale =
  /** Always the same; 1 is none. */
  | number
  /**
   * Halved after a step whose gradient is not finite, which is then left out; doubled after 200 good steps in
   * a row.
   */
  | "dynamic";

/** The arithmetic of a training. */
export interface PrecisionOptions {
  /** Format of data, weights, activations and gradients: its name, or one made by `makeFormat`. */
  format: FormatName | Format;
  /** `nearest` (the default) or `stochastic`. */
  rounding?: RoundingMode;
  /** Format in which sums are kept on their way; that of the operands by default. */
  accumulator?: FormatName | Format;
  /** Format of the parameters and of their updates; the network computes with copies in `format`. */
  masterWeights?: FormatName | Format;
  /** 1 by default. */
  lossScale?: LossScale;
  /**
   * Whether an update carries along what the last ones lost (Kahan 1965, Further remarks on reducing
   * truncation errors).
   */
  compensated?: boolean;
  /**
   * The order in which training adds: over the neurons of a layer, and over the points of a batch, in the order
   * in which the batch lists them. Looking at the network, loss included, always adds one by one, so that
   * records differ only where networks do. `sequential` by default.
   */
  summation?: Summation;
  /** Seed of stochastic rounding; 0 by default. */
  seed?: number;
}

/** What numbers a training is done in: a name for the format with nothing else, or all the options. */
export type PrecisionChoice = FormatName | PrecisionOptions;

/** A precision with everything filled in. */
export interface Precision {
  format: Format;
  accumulator: Format;
  master: Format;
  rounding: RoundingMode;
  lossScale: LossScale;
  compensated: boolean;
  summation: Summation;
  seed: number;
}

/** Rounding in one phase of a training. */
export interface PhaseRounding {
  /** Of an operation's result. */
  round: Round;
  /** Of a sum on its way. */
  accumulate: Round;
}

/** The arithmetic of each phase of a training. */
export interface PhaseArithmetics {
  /** For `update` it is that of the master weights. The loss is rounded to nearest in either mode. */
  roundings: Readonly<Record<Phase, PhaseRounding>>;
  arithmetics: Readonly<Record<Phase, Arithmetic>>;
  /** For looking at the network: rounded to nearest, never counted. */
  evaluation: Arithmetic;
  /** To the nearest number of the operands' format. */
  toOperand: Round;
  /** To the nearest number of the master weights' format. */
  toMaster: Round;
  /** To be called before each step: from then on stochastic rounding falls anew. */
  nextStep: () => void;
}

const formatSchema = z.union([
  z.enum(Object.keys(formats) as FormatName[]),
  z
    .custom<Format>((value) => typeof (value as Format)?.precision === "number")
    .check(z.meta({ title: "a format made by makeFormat" })),
]);

const schema = z.strictObject({
  format: formatSchema,
  rounding: z._default(z.enum(["nearest", "stochastic"]), "nearest"),
  accumulator: z.optional(formatSchema),
  masterWeights: z.optional(formatSchema),
  lossScale: z._default(z.union([z.number().check(z.gt(0)), z.literal("dynamic")]), 1),
  compensated: z._default(z.boolean(), false),
  summation: z._default(z.enum(SUMMATIONS), "sequential"),
  seed: z._default(seedSchema, 0),
});

/**
 * Fills in what a choice leaves open.
 *
 * @throws RangeError or TypeError when an option is not as described
 */
export function toPrecision(choice: PrecisionChoice): Precision {
  const options = parse(schema, typeof choice === "string" ? { format: choice } : choice, "arithmetic");
  const format = toFormat(options.format);
  return {
    format,
    accumulator: options.accumulator === undefined ? format : toFormat(options.accumulator),
    master: options.masterWeights === undefined ? format : toFormat(options.masterWeights),
    rounding: options.rounding,
    lossScale: options.lossScale,
    compensated: options.compensated,
    summation: options.summation,
    seed: options.seed,
  };
}

/** The format itself, also where only a copy of it came, as over a thread's border. */
function toFormat(choice: FormatName | Format): Format {
  if (typeof choice === "string") return formats[choice];
  const { max: _follows, ...options } = choice;
  const named = Object.values(formats).find((format) => isSame(format, choice));
  return named ?? makeFormat(options);
}

function isSame(a: Format, b: Format): boolean {
  return (Object.keys(a) as (keyof Format)[]).every((key) => a[key] === b[key]);
}

/**
 * The arithmetic of each phase.
 *
 * @param counters - where each phase is counted; nothing is counted without
 */
export function phaseArithmetics(
  precision: Precision,
  counters?: Readonly<Record<Phase, Counters>>,
): PhaseArithmetics {
  const { format, accumulator, master } = precision;
  const dither = newDither(precision.seed);
  const isStochastic = precision.rounding === "stochastic";
  const roundingOf = (phase: Phase): PhaseRounding => {
    const rounding = (target: Format): Round => {
      const round =
        isStochastic && phase !== "loss" ? roundStochastically(target, dither) : roundToNearest(target);
      return counters ? counted(round, target, counters[phase]) : round;
    };
    const round = rounding(phase === "update" ? master : format);
    const isApart = phase !== "update" && accumulator !== format;
    return { round, accumulate: isApart ? rounding(accumulator) : round };
  };
  const roundings = {
    forward: roundingOf("forward"),
    loss: roundingOf("loss"),
    backward: roundingOf("backward"),
    update: roundingOf("update"),
  };
  const isDouble = [format, accumulator, master].every(({ precision: bits }) => bits === 53);
  const arithmeticOf = (phase: Phase): Arithmetic => {
    const summation = phase === "loss" ? "sequential" : precision.summation;
    return isDouble && !counters && summation === "sequential"
      ? float64
      : roundedArithmetic((phase === "update" ? master : format).name, { ...roundings[phase], summation });
  };
  return {
    roundings,
    arithmetics: {
      forward: arithmeticOf("forward"),
      loss: arithmeticOf("loss"),
      backward: arithmeticOf("backward"),
      update: arithmeticOf("update"),
    },
    evaluation: isDouble
      ? float64
      : roundedArithmetic(format.name, {
          round: roundToNearest(format),
          ...(accumulator !== format && { accumulate: roundToNearest(accumulator) }),
        }),
    toOperand: roundToNearest(format),
    toMaster: roundToNearest(master),
    nextStep: isStochastic ? dither.next : () => {},
  };
}

/** Counters of every phase, at 0. */
export function newPhaseCounters(): Record<Phase, Counters> {
  return { forward: newCounters(), loss: newCounters(), backward: newCounters(), update: newCounters() };
}

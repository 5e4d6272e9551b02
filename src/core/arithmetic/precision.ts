/**
 * The arithmetic of a training: which format its numbers have, how they are rounded, and what helps them. A
 * policy, chosen by one field of the hyperparameters.
 */
import * as z from "zod/mini";
import { seedSchema } from "../random.js";
import { parse } from "../validate.js";
import type { Arithmetic, Round } from "./arithmetic.js";
import { counted, type PhaseCounters, type RoundingPhase } from "./counters.js";
import { newDither } from "./dither.js";
import { float64 } from "./float64.js";
import { type Format, type FormatName, formats, makeFormat } from "./formats.js";
import { type Roundings, roundedArithmetic } from "./rounded.js";
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

/** The numbers of a phase, as plain data. */
export interface PhaseNumbers {
  /** Format of results. */
  format: Format;
  /** Format of products and sums on their way. */
  accumulator: Format;
  summation: Summation;
  isStochastic: boolean;
}

/** The arithmetic of each phase of a training, and that of looking at the network: rounded to nearest, never counted. */
export interface PhaseArithmetics {
  /** For `update` it is that of the master weights. The loss is rounded to nearest in either mode. */
  roundings: Readonly<Record<RoundingPhase, Required<Roundings>>>;
  arithmetics: Readonly<Record<RoundingPhase, Arithmetic>>;
  /** To the nearest number of the operands' format. */
  toOperand: Round;
  /** To the nearest number of the master weights' format. */
  toMaster: Round;
  /** The same as plain data. */
  numbers: Readonly<Record<RoundingPhase, PhaseNumbers>>;
  /** Whether anybody counts. */
  isCounted: boolean;
  /** To be called before each step: from then on stochastic rounding falls anew, as the key says that it returns. */
  nextStep: () => number;
  /** Goes to the step of a key. */
  setKey: (key: number) => void;
}

const PHASES: readonly RoundingPhase[] = ["forward", "loss", "backward", "update", "evaluation"];

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

/** Whether there are master weights, in a format of their own, of which the network computes with copies. */
export function hasMasterWeights({ format, master }: Precision): boolean {
  return master !== format;
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

function byPhase<T>(of: (phase: RoundingPhase) => T): Record<RoundingPhase, T> {
  return Object.fromEntries(PHASES.map((phase) => [phase, of(phase)])) as Record<RoundingPhase, T>;
}

/**
 * The arithmetic of each phase.
 *
 * @param counters - where each phase is counted; nothing is counted without
 */
export function phaseArithmetics(precision: Precision, counters?: PhaseCounters): PhaseArithmetics {
  const { format, accumulator, master } = precision;
  const dither = newDither(precision.seed);
  const numbersOf = (phase: RoundingPhase): PhaseNumbers => {
    const isLooking = phase === "loss" || phase === "evaluation";
    return {
      format: phase === "update" ? master : format,
      accumulator: phase === "update" ? master : accumulator,
      summation: isLooking ? "sequential" : precision.summation,
      isStochastic: precision.rounding === "stochastic" && !isLooking,
    };
  };
  const numbers = byPhase(numbersOf);
  const roundings = byPhase((phase): Required<Roundings> => {
    const { format: own, accumulator: wide, summation, isStochastic } = numbers[phase];
    const rounding = (target: Format): Round => {
      const round = isStochastic ? roundStochastically(target, dither) : roundToNearest(target);
      return counters && phase !== "evaluation" ? counted(round, target, counters[phase]) : round;
    };
    const round = rounding(own);
    return {
      round,
      accumulate: wide === own ? round : rounding(wide),
      convert: roundToNearest(own),
      summation,
    };
  });
  const isDouble = [format, accumulator, master].every(({ precision: bits }) => bits === 53);
  const arithmeticOf = (phase: RoundingPhase): Arithmetic => {
    const isPlain = isDouble && roundings[phase].summation === "sequential";
    if (isPlain && (!counters || phase === "evaluation")) return float64;
    return roundedArithmetic((phase === "update" ? master : format).name, roundings[phase]);
  };
  return {
    roundings,
    arithmetics: byPhase(arithmeticOf),
    numbers,
    isCounted: counters !== undefined,
    toOperand: roundToNearest(format),
    toMaster: roundToNearest(master),
    nextStep: precision.rounding === "stochastic" ? dither.next : () => 0,
    setKey(key) {
      dither.key = key;
    },
  };
}

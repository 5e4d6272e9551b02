/**
 * The arithmetic of a training: the format of its numbers, their rounding, and remedies for narrow formats.
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
 * A loss scale: a factor on the loss before the backward pass, divided out of the gradient before the update.
 */
export type LossScale =
  /** A constant; 1 means no scaling. */
  | number
  /**
   * Halved when the gradient is not finite, and that step skipped; doubled after 200 good steps in a row.
   */
  | "dynamic";

/** The arithmetic of a training. */
export interface PrecisionOptions {
  /** Format of data, weights, activations and gradients: its name, or one made by `makeFormat`. */
  format: FormatName | Format;
  /** `nearest` (the default) or `stochastic`. */
  rounding?: RoundingMode;
  /** Format of products and partial sums; `format` by default. */
  accumulator?: FormatName | Format;
  /** Format of the parameters and their updates, while the network computes with copies in `format`; `format` by default. */
  masterWeights?: FormatName | Format;
  /** See {@link LossScale}; 1 by default. */
  lossScale?: LossScale;
  /**
   * Whether updates carry along what rounding lost in earlier ones (Kahan 1965, Further remarks on reducing truncation
   * errors); false by default.
   */
  compensated?: boolean;
  /**
   * The order in which training sums over the neurons of a layer and over the points of a batch; `sequential` by default.
   * Evaluation, including the recorded loss, is always sequential, so that records differ only if networks do.
   */
  summation?: Summation;
  /** Seed of stochastic rounding; 0 by default. */
  seed?: number;
}

/** The arithmetic of a training: the name of a format, or options. */
export type PrecisionChoice = FormatName | PrecisionOptions;

/** Complete precision options. */
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

/** The arithmetic of a phase, as plain data. */
export interface PhaseNumbers {
  /** Format of results. */
  format: Format;
  /** Format of products and partial sums. */
  accumulator: Format;
  summation: Summation;
  isStochastic: boolean;
}

/** The arithmetic of each phase of a training, and of evaluation, which rounds to nearest and is never counted. */
export interface PhaseArithmetics {
  /** `update` uses the format of the master weights. The loss is always rounded to nearest. */
  roundings: Readonly<Record<RoundingPhase, Required<Roundings>>>;
  arithmetics: Readonly<Record<RoundingPhase, Arithmetic>>;
  /** The same as `roundings`, as plain data. */
  numbers: Readonly<Record<RoundingPhase, PhaseNumbers>>;
  /** Whether operations are counted. */
  isCounted: boolean;
  /** Call before each step: draws a new key for stochastic rounding, and returns it. */
  nextStep: () => number;
  /** Sets the key of stochastic rounding. */
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
 * Fills in default options.
 *
 * @throws RangeError or TypeError when an option is not as described
 */
export function toPrecision(choice: PrecisionChoice): Precision {
  const options = typeof choice === "string" ? { format: choice } : choice;
  const { accumulator, masterWeights, ...own } = parse(schema, options, "arithmetic");
  const format = toFormat(own.format);
  return {
    ...own,
    format,
    accumulator: accumulator === undefined ? format : toFormat(accumulator),
    master: masterWeights === undefined ? format : toFormat(masterWeights),
  };
}

/** Whether there are master weights in another format, so that the network computes with rounded copies. */
export function hasMasterWeights({ format, master }: Precision): boolean {
  return master !== format;
}

/** The format object itself, even if given a copy, as from another thread. */
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
 * Makes the arithmetic of each phase.
 *
 * @param counters - receives the counts of each phase; without it nothing is counted
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
    nextStep: precision.rounding === "stochastic" ? dither.next : () => 0,
    setKey(key) {
      dither.key = key;
    },
  };
}

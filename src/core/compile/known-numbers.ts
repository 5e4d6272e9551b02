/** Finds out which numbers of a recording need no rounding because they already are numbers of the format. */

import type { RoundingPhase } from "../arithmetic/counters.js";
import { type Format, formats, makeFormat } from "../arithmetic/formats.js";
import type { PhaseNumbers } from "../arithmetic/precision.js";
import { roundToNearest } from "../arithmetic/rounding.js";
import type { Primitive, Recording, ValueView } from "./recording.js";

/** What is known about numbers. */
export interface KnownNumbers {
  /** Whether all are numbers of a format. */
  isNumber(view: ValueView, format: Format): boolean;
  /** Whether all are 0 or 1. */
  isBit(view: ValueView): boolean;
  /** Whether everything can be computed in singles with the same bits. */
  fitSingles: boolean;
}

/** A text that identifies the set of a format's numbers. */
export function numbersOf({ precision, minExponent, maxExponent, subnormals, overflow }: Format): string {
  return [precision, minExponent, maxExponent, subnormals, overflow].join(" ");
}

/**
 * Analyses a recording.
 *
 * @param given - formats of inputs, by name
 */
export function knownNumbers(
  recording: Recording,
  phases: Readonly<Record<RoundingPhase, Pick<PhaseNumbers, "format" | "accumulator">>>,
  given: Readonly<Record<string, Format>>,
): KnownNumbers {
  const { constants, sections, names } = recording;
  const constantOf = new Map(constants.map(({ value, number }) => [value, number]));
  /** Formats of values; null for values that are 0 or 1. */
  const known = new Map<number, Format | null | undefined>();
  const isBit = ({ value }: ValueView): boolean => known.get(value) === null;
  const keeps = (format: Format, number: number): boolean =>
    Object.is(roundToNearest(format)(number), number);
  const isNumber = ({ value }: ValueView, format: Format): boolean => {
    const number = constantOf.get(value);
    if (number !== undefined) return keeps(format, number);
    const ofValue = known.get(value);
    if (ofValue === undefined) return false;
    return ofValue === null ? keeps(format, 1) : numbersOf(ofValue) === numbersOf(format);
  };
  const resultOf = ({ operation, operands, phase }: Primitive): Format | null | undefined => {
    const { format } = phases[phase];
    switch (operation) {
      case "greater":
        return null;
      case "rank":
      case "count":
        return undefined;
      case "select":
      case "maximum":
      case "abs":
      case "negate": {
        const chosen = operation === "select" ? operands.slice(1) : operands;
        // a format that contains all of them
        const candidates = [format, ...chosen.map(({ value }) => known.get(value))];
        return candidates.find((one) => one && chosen.every((view) => isNumber(view, one))) ?? undefined;
      }
      default:
        return format;
    }
  };
  for (const [name, format] of Object.entries(given)) known.set(names[name], format);
  const all = Object.values(sections);
  for (const { primitives } of all) {
    for (const primitive of primitives) known.set(primitive.result, resultOf(primitive));
  }
  const isKept = all.every(({ carries }) =>
    carries.every(({ from, to }) => {
      const format = known.get(to);
      return !format || isNumber(from, format);
    }),
  );
  // a carried value has another format: nothing is known about inputs
  if (!isKept) return knownNumbers(recording, phases, {});

  const isShortView = (view: ValueView): boolean => {
    const number = constantOf.get(view.value);
    if (number !== undefined) return keeps(SHORT, number);
    const format = known.get(view.value);
    return format === null || (format !== undefined && isShort(format));
  };
  const fits = ({ operation, operands, phase }: Primitive): boolean => {
    const { format, accumulator } = phases[phase];
    if (!isSingle(format) || !isSingle(accumulator)) return false;
    switch (operation) {
      case "product":
      case "sumRows":
      case "sumColumns":
        return !isShort(accumulator) || operands.every(isShortView);
      case "add":
      case "subtract":
      case "multiply":
      case "divide":
      case "sqrt":
        return !isShort(format) || operands.every(isShortView);
      default:
        return true; // nothing is rounded, or it is rounded from a double
    }
  };
  const computed = new Set(all.flatMap(({ primitives }) => primitives.map(({ result }) => result)));
  const fitSingles =
    constants.every(({ number }) => keeps(formats.binary32, number)) &&
    Object.values(names).every((value) => {
      const format = known.get(value);
      return (
        computed.has(value) ||
        constantOf.has(value) ||
        (format !== undefined && format !== null && isSingle(format))
      );
    }) &&
    all.every(({ primitives }) => primitives.every(fits));
  return { isNumber, isBit, fitSingles };
}

/** Formats of p bits with 2p + 2 <= 24, whose operations stay within the range of singles. */
const SHORT: Format = makeFormat({ name: "short", precision: 11, maxExponent: 30, minExponent: -30 });

function isShort({ precision, minExponent, maxExponent }: Format): boolean {
  return precision <= SHORT.precision && minExponent >= SHORT.minExponent && maxExponent <= SHORT.maxExponent;
}

function isSingle(format: Format): boolean {
  return isShort(format) || numbersOf(format) === numbersOf(formats.binary32);
}

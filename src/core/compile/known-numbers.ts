/** What a recording lets know about its numbers, so that nothing is rounded that is a number of the format already. */
import type { Primitive, Recording, ValueView } from "./recording.js";
import type { PhaseCode, RoundingCode } from "./section-code.js";

/** What is known of a value: the name of the rounding it comes from, or that it is 0 or 1. */
type Known = string | "bit" | undefined;

/** Whether all numbers of a view are such as a rounding leaves as they are. */
export type IsNumber = (view: ValueView, rounding: RoundingCode) => boolean;

/** Goes through a recording. */
export function knownNumbers(
  { constants, sections }: Recording,
  phases: Readonly<Record<Primitive["phase"], PhaseCode>>,
): { isNumber: IsNumber; isBit: (view: ValueView) => boolean } {
  const known = new Map<number, Known>();
  const numbers = new Map(constants.map(({ value, number }) => [value, number]));
  const isBit = ({ value }: ValueView): boolean => known.get(value) === "bit";
  const isNumber: IsNumber = (view, rounding) => {
    const number = numbers.get(view.value);
    if (number !== undefined) return rounding.keeps(number);
    return isBit(view) ? rounding.keeps(1) : known.get(view.value) === rounding.name;
  };
  const resultOf = ({ operation, operands, phase }: Primitive): Known => {
    const { round, convert } = phases[phase];
    switch (operation) {
      case "greater":
        return "bit";
      case "rank":
      case "count":
        return undefined;
      case "convert":
        return convert.name;
      case "select":
      case "maximum":
      case "abs":
      case "negate": {
        const chosen = operation === "select" ? operands.slice(1) : operands;
        return chosen.every((view) => isNumber(view, round)) ? round.name : undefined;
      }
      default:
        return round.name;
    }
  };
  for (const { primitives } of Object.values(sections)) {
    for (const primitive of primitives) known.set(primitive.result, resultOf(primitive));
  }
  return { isNumber, isBit };
}

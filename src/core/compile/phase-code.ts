/** Writes the rounding of each phase as instructions. */

import type { RoundingPhase } from "../arithmetic/counters.js";
import type { Format } from "../arithmetic/formats.js";
import type { PhaseNumbers } from "../arithmetic/precision.js";
import type { Summation } from "../arithmetic/summation.js";
import { Code } from "./code.js";
import { type ElementaryName, writeElementary } from "./elementary-code.js";
import { BASE, type Layout } from "./elements.js";
import { numbersOf } from "./known-numbers.js";
import type { Memory, Shape } from "./memory.js";
import { isExact, roundToNearest, stochasticRounding } from "./rounding-code.js";

/** Code that rounds the numbers on the stack. */
export interface RoundingCode {
  format: Format;
  /** @param place - the role of the value in a sum, whose terms are numbers of the same format */
  write(code: Code, place?: "alone" | "term" | "sum"): void;
  /** Approximate number of instructions. */
  length: number;
}

/** How a phase rounds. */
export interface PhaseCode {
  round: RoundingCode;
  accumulate: RoundingCode;
  convert: RoundingCode;
  summation: Summation;
  /** Writes code that replaces the numbers on the stack by a function's rounded values. */
  writeElementary(name: ElementaryName, code: Code): void;
}

/**
 * Makes the code of each phase.
 *
 * @param key - address of the key of stochastic rounding
 * @param addFunction - adds a function to the module and returns its index
 */
export function phaseCodes(
  numbers: Readonly<Record<RoundingPhase, PhaseNumbers>>,
  { shape, trainings }: Layout,
  memory: Memory,
  key: number,
  addFunction: (code: Code) => number,
): Record<RoundingPhase, PhaseCode> {
  const indices = new Map<string, number>();
  const callOf = (name: string, write: () => Code): ((code: Code) => void) => {
    return (code) => {
      const index = indices.get(name) ?? addFunction(write());
      indices.set(name, index);
      code.call(index);
    };
  };
  const roundingCode = (format: Format, isStochastic: boolean, lanes: Shape): RoundingCode => {
    const name = numbersOf(format);
    if (isExact(format, lanes)) return { format, length: 0, write: () => {} };
    if (isStochastic) {
      const call = callOf(`stochastic ${name}`, () => stochasticRounding(memory, format, key, trainings));
      const write = (code: Code): void => {
        if (trainings > 1) code.get(BASE);
        call(code);
      };
      return { format, length: 6, write };
    }
    return {
      format,
      length: 12,
      write(code, place = "alone") {
        const circumstances = {
          // a sum starts from 0 and, with subnormals, is 0 only if it is exactly 0, so it is never -0
          anyZero: format.subnormals && place !== "alone",
          isBounded: place === "sum" || (place === "term" && lanes === "f32x4"),
        };
        code.macro(`${name} ${lanes} ${place}`, () =>
          roundToNearest(code, memory, format, lanes, circumstances),
        );
      },
    };
  };
  const phaseCode = ({ format, accumulator, summation, isStochastic }: PhaseNumbers): PhaseCode => {
    const round = roundingCode(format, isStochastic, shape);
    const isApart = numbersOf(accumulator) !== numbersOf(format);
    const fromDoubles = roundingCode(format, isStochastic, "f64x2");
    return {
      round,
      accumulate: isApart ? roundingCode(accumulator, isStochastic, shape) : round,
      convert: roundingCode(format, false, shape),
      summation,
      writeElementary(name, code) {
        const write = callOf(name, () => {
          const body = new Code(["v128"], ["v128"]);
          body.get(0);
          writeElementary(name, body, memory);
          return body;
        });
        const rounded = (): void => {
          write(code);
          fromDoubles.write(code);
        };
        if (shape === "f64x2") rounded();
        else inHalves(code, rounded);
      },
    };
  };
  return Object.fromEntries(Object.entries(numbers).map(([phase, one]) => [phase, phaseCode(one)])) as Record<
    RoundingPhase,
    PhaseCode
  >;
}

/** Applies code for two doubles to four singles, in two halves. */
function inHalves(code: Code, body: () => void): void {
  const [all, low] = [code.local(), code.local()];
  code.tee(all);
  code.op("f64x2.promote_low_f32x4");
  body();
  code.op("f32x4.demote_f64x2_zero");
  code.set(low);
  code.get(all);
  code.get(all);
  code.shuffle([2, 3, 2, 3]);
  code.op("f64x2.promote_low_f32x4");
  body();
  code.op("f32x4.demote_f64x2_zero");
  code.set(all);
  code.get(low);
  code.get(all);
  code.shuffle([0, 1, 4, 5]);
}

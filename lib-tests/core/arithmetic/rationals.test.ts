/** Formats, rounding, operations and scaled blocks against exact rationals: lib-tests/reference/make_reference_formats.py. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Matrix } from "ml-matrix";
import { decode, encode, widthOf } from "../../../src/core/arithmetic/encoding.js";
import { type Format, type FormatName, formats } from "../../../src/core/arithmetic/formats.js";
import { roundedArithmetic } from "../../../src/core/arithmetic/rounded.js";
import { roundStochastically, roundToNearest } from "../../../src/core/arithmetic/rounding.js";
import { toScaledBlocks } from "../../../src/core/arithmetic/scaled-blocks.js";
import { exponentOf } from "../../../src/core/powers.js";

type Reference = {
  /** The numbers from 0 to the largest; of 8-bit formats. */
  values: number[] | null;
} & Record<
  "patterns" | "nearest" | "stochastic" | "add" | "subtract" | "multiply" | "divide" | "root",
  string
>;

const reference: {
  formats: Partial<Record<FormatName, Reference>>;
  blocks: Partial<Record<FormatName, Record<"down" | "up", string>>>;
} = JSON.parse(
  readFileSync(resolve(__dirname, "../../../../lib-tests/reference/reference_formats.json"), "utf8"),
);

/** Upper halves of the script's generator. */
function* randomWords(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    yield state >>> 16;
  }
}

function digest(patterns: Iterable<number>): string {
  return createHash("sha256").update(Uint16Array.from(patterns)).digest("hex");
}

/** The pattern of each number of a format, and the format's first NaN for NaN. */
function patternsOf(format: Format): (value: number) => number {
  const numbers = Array.from({ length: 2 ** widthOf(format) }, (_, i) => decode(BigInt(i), format));
  const known = new Map(numbers.map((number, i) => [Object.is(number, -0) ? "-0" : number, i]));
  known.set(Number.NaN, numbers.findIndex(Number.isNaN));
  return (value) => {
    const pattern = known.get(Object.is(value, -0) ? "-0" : value);
    assert.ok(pattern !== undefined, `${value} is no number of ${format.name}`);
    return pattern;
  };
}

function pairsOf({ precision }: Format, width: number): [number, number][] {
  if (width === 8) return Array.from({ length: 65_536 }, (_, i) => [i >> 8, i & 255]);
  const words = randomWords(width + precision - 1);
  return Array.from({ length: 6000 }, (_, i) => {
    const [a, b] = [words.next().value, words.next().value];
    const near = (a & 0x7fff) ^ ((b & (2 ** (precision + 1) - 1)) | (b & 0x8000));
    return [a, i % 2 === 1 ? near : b];
  });
}

function doublesOf({ precision, minExponent }: Format, width: number): number[] {
  const bits = precision + 6;
  const bias = 1 - minExponent;
  const lowest = 2 - bias - precision - bits - 2;
  const exponents = 2 * bias + precision + 7;
  const words = randomWords(width);
  return Array.from({ length: 20_000 }, () => {
    const drawn = words.next().value * 2 ** 16 + words.next().value;
    const size =
      (2 ** (bits - 1) + (drawn % 2 ** (bits - 1))) * 2 ** (lowest + (words.next().value % exponents));
    return words.next().value % 2 === 1 ? -size : size;
  });
}

describe("against exact rationals", () => {
  for (const [name, expected] of Object.entries(reference.formats) as [FormatName, Reference][]) {
    const format = formats[name];
    const width = widthOf(format);
    const patternOf = patternsOf(format);
    const numbers = Array.from({ length: 2 ** width }, (_, i) => decode(BigInt(i), format));
    const round = roundToNearest(format);

    it(`${name} has the same numbers for all patterns`, () => {
      if (expected.values) assert.deepEqual(numbers.slice(0, expected.values.length), expected.values);
      assert.equal(digest(numbers.map(patternOf)), expected.patterns);
      for (const [i, number] of numbers.entries()) {
        if (!Number.isNaN(number)) assert.equal(Number(encode(number, format)), i);
      }
    });

    it(`${name} rounds 20,000 doubles to the same`, () => {
      const doubles = doublesOf(format, width);
      assert.equal(digest(doubles.map((x) => patternOf(round(x)))), expected.nearest);
      const draws = randomWords(1);
      let draw = 0;
      const stochastic = roundStochastically(format, { at: () => draw });
      const results = doubles.map((x) => {
        draw = draws.next().value / 2 ** 16;
        return patternOf(stochastic(x));
      });
      assert.equal(digest(results), expected.stochastic);
    });

    it(`${name} has the same sums, differences, products, quotients and roots`, () => {
      const pairs = pairsOf(format, width).map(([a, b]) => [numbers[a], numbers[b]]);
      const digestOf = (f: (a: number, b: number) => number) =>
        digest(pairs.map(([a, b]) => patternOf(round(f(a, b)))));
      const { add, subtract, multiply, divide, root } = expected;
      assert.equal(
        digestOf((a, b) => a + b),
        add,
      );
      assert.equal(
        digestOf((a, b) => a - b),
        subtract,
      );
      assert.equal(
        digestOf((a, b) => a * b),
        multiply,
      );
      assert.equal(
        digestOf((a, b) => a / b),
        divide,
      );
      const operands = numbers.filter((_, i) => width === 8 || i % 7 === 0);
      assert.equal(digest(operands.map((a) => patternOf(round(Math.sqrt(Math.abs(a)))))), root);
    });
  }

  const float32 = roundedArithmetic("binary32", { round: Math.fround });
  for (const [element, expected] of Object.entries(reference.blocks) as [
    FormatName,
    Record<"down" | "up", string>,
  ][]) {
    it(`blocks of ${element} have the same scales and elements`, () => {
      const patternOf = patternsOf(formats[element]);
      for (const scale of ["down", "up"] as const) {
        const words = randomWords(formats[element].precision - 1);
        const word = (): number => words.next().value;
        const patterns = Array.from({ length: 300 }, () => {
          const spread = 1 + (word() % 40);
          const block = Array.from({ length: 1 + (word() % 32) }, () => {
            const sign = word() % 2 === 1 ? -1 : 1;
            const size = (2 ** 23 + ((word() * 2 ** 16 + word()) % 2 ** 23)) * 2 ** (-33 - (word() % spread));
            return word() % 10 > 0 ? sign * size : 0;
          });
          const { elements, scales } = toScaledBlocks(float32, new Matrix([block]), { element, scale });
          const exponent = exponentOf((scales as Matrix).get(0, 0)) + 127;
          return [exponent, ...elements.to1DArray().map((x) => patternOf(x + 0))];
        });
        assert.equal(digest(patterns.flat()), expected[scale]);
      }
    });
  }
});

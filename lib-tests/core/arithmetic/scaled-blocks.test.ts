import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import type { Arithmetic } from "../../../src/core/arithmetic/arithmetic.js";
import { float64 } from "../../../src/core/arithmetic/float64.js";
import { type FormatName, formats } from "../../../src/core/arithmetic/formats.js";
import { roundedArithmetic } from "../../../src/core/arithmetic/rounded.js";
import { roundToNearest } from "../../../src/core/arithmetic/rounding.js";
import {
  inScaledBlocks,
  type ScaledBlocks,
  type ScaleRounding,
  toScaledBlocks,
} from "../../../src/core/arithmetic/scaled-blocks.js";
import { randomStream } from "../../../src/core/random.js";

const float32 = roundedArithmetic("binary32", { round: Math.fround });
const wides: readonly Arithmetic[] = [float32, float64];

/** One block worked out on paper. */
interface Example {
  name: string;
  element: FormatName;
  block: number[];
  /** By the rounding of the scale: the scale, and the elements. */
  expected: Partial<Record<ScaleRounding, [scale: number, elements: number[]]>>;
}

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const allNaN: [number, number[]] = [nan, [nan, nan]];

const examples: readonly Example[] = [
  {
    // the largest is 1.5625 · 2^6, and 6 - 8 = -2; 1.2 lies between 1.125 and 1.25, 400 half way between 384 and 416
    name: "rounds elements to nearest, ties to even",
    element: "e4m3",
    block: [1, -0.3, 100, 3.9],
    expected: { down: [2 ** -2, [4, -1.25, 384, 16]], up: [2 ** -2, [4, -1.25, 384, 16]] },
  },
  {
    // 120 / 2^-2 = 480 is above 448
    name: "saturates where the scale is rounded down, and not where it is rounded up",
    element: "e4m3",
    block: [-120, 4.5, 0],
    expected: { down: [2 ** -2, [-448, 18, 0]], up: [2 ** -1, [-240, 9, 0]] },
  },
  {
    name: "needs no larger scale at exactly the largest element",
    element: "e4m3",
    block: [112, 1],
    expected: { down: [2 ** -2, [448, 4]], up: [2 ** -2, [448, 4]] },
  },
  {
    name: "needs one just above it",
    element: "e4m3",
    block: [112 + 2 ** -17, 1],
    expected: { down: [2 ** -2, [448, 4]], up: [2 ** -1, [224, 2]] },
  },
  {
    // multiples of 2^-9: half, one and a half, a little more than half
    name: "has elements that are subnormal or 0",
    element: "e4m3",
    block: [256, 2 ** -10, 3 * 2 ** -10, 1.25 * 2 ** -10, -(2 ** -11)],
    expected: { down: [1, [256, 0, 2 ** -8, 2 ** -9, -0]] },
  },
  {
    // 1.9 · 2^15 = 62259.2; 1.9 · 2^14 = 31129.6 between 28672 and 32768
    name: "has more range in E5M2, and fewer digits",
    element: "e5m2",
    block: [1.9, 2 ** -31, 2 ** -32],
    expected: { down: [2 ** -15, [57344, 2 ** -16, 0]], up: [2 ** -14, [32768, 0, 0]] },
  },
  {
    name: "gives zeros the smallest scale",
    element: "e4m3",
    block: [0, 0],
    expected: { down: [2 ** -127, [0, 0]], up: [2 ** -127, [0, 0]] },
  },
  {
    // 2^-130 would want 2^-138
    name: "has no scale below 2^-127",
    element: "e4m3",
    block: [2 ** -130, -(2 ** -137)],
    expected: { down: [2 ** -127, [2 ** -3, -0]], up: [2 ** -127, [2 ** -3, -0]] },
  },
  {
    name: "reaches the largest numbers of binary32",
    element: "e4m3",
    block: [-(2 ** 127) * 1.5, 2 ** 110],
    expected: { down: [2 ** 119, [-384, 2 ** -9]], up: [2 ** 119, [-384, 2 ** -9]] },
  },
  { name: "is NaN if one is", element: "e4m3", block: [nan, 1], expected: { down: allNaN, up: allNaN } },
  {
    name: "is NaN if one is infinite",
    element: "e5m2",
    block: [1, -infinity],
    expected: { down: allNaN, up: allNaN },
  },
  {
    name: "without scales keeps what fits, and saturates",
    element: "e4m3",
    block: [120, 1000, -infinity, 2 ** -10, nan],
    expected: { none: [1, [120, 448, -448, 0, nan]] },
  },
];

/** The values of a list in blocks of 32, by the definition and with our other functions. */
function byDefinition(list: readonly number[], { element, scale }: ScaledBlocks): number[] {
  const format = formats[element];
  const round = roundToNearest(format);
  const sized = (block: readonly number[]): number => {
    const largest = Math.max(...block.map(Math.abs));
    let exponent = Math.floor(Math.log2(largest));
    if (2 ** exponent > largest) exponent--; // Math.log2 may round up
    const down = exponent - format.maxExponent;
    return 2 ** Math.max(-127, scale === "up" && largest > format.max * 2 ** down ? down + 1 : down);
  };
  return list.flatMap((_, from) => {
    if (from % 32 > 0) return [];
    const block = list.slice(from, from + 32);
    const s = sized(block);
    return block.map((x) => s * round(Math.max(-format.max, Math.min(format.max, x / s))));
  });
}

function valuesOf(wide: Arithmetic, list: number[], blocks: ScaledBlocks): number[] {
  const { elements, scales } = toScaledBlocks(wide, new Matrix([list]), blocks);
  return wide.multiply(elements, scales).to1DArray();
}

describe("scaled blocks", () => {
  for (const { name, element, block, expected } of examples) {
    it(`${element}: a block ${name}`, () => {
      for (const wide of wides) {
        for (const [rounding, [scale, elements]] of Object.entries(expected)) {
          const found = toScaledBlocks(wide, new Matrix([block]), {
            element,
            scale: rounding as ScaleRounding,
          });
          const scales = typeof found.scales === "number" ? found.scales : found.scales.get(0, 0);
          assert.deepEqual([rounding, scales + 0], [rounding, scale]);
          const plain = (x: number) => x + 0; // a zero's sign is not kept
          assert.deepEqual(found.elements.to1DArray().map(plain), elements.map(plain));
        }
      }
    });
  }

  it("agree with their definition in random blocks of every length", () => {
    const random = randomStream("scaled blocks", 1);
    for (let i = 0; i < 600; i++) {
      const centre = random.below(60) - 30;
      const spread = 1 + random.below(40);
      const list = Array.from({ length: 1 + random.below(i % 8 === 0 ? 100 : 12) }, () => {
        const size = (1 + random.uniform()) * 2 ** (centre - random.below(spread));
        return Math.fround(random.uniform() < 0.5 ? -size : size);
      });
      for (const element of ["e4m3", "e5m2"] as const) {
        for (const scale of ["down", "up"] as const) {
          const blocks = { element, scale };
          for (const wide of wides)
            assert.deepEqual(
              valuesOf(wide, list, blocks).map((x) => x + 0),
              byDefinition(list, blocks).map((x) => x + 0),
            );
        }
      }
    }
  });

  it("begin anew after 32 numbers", () => {
    const list = [256, ...Array.from({ length: 31 }, () => 2 ** -10), 2 ** -10];
    const values = valuesOf(float32, list, { element: "e4m3", scale: "down" });
    assert.deepEqual(values, [256, ...Array.from({ length: 31 }, () => 0), 2 ** -10]);
  });

  it("run along the sum in a product, and the sum is wide", () => {
    // in the rows of a and the columns of b: 17 becomes 16, and 2^-20 becomes 0 beside 256
    const a = new Matrix([
      [17, 1],
      [0, 2 ** -20],
    ]);
    const b = new Matrix([
      [256, 2 ** -20],
      [2 ** -20, 2 ** -20],
    ]);
    const { product } = inScaledBlocks(float32, { element: "e4m3", scale: "down" });
    assert.deepEqual(product(a, b).to2DArray(), [
      [4096, 17 * 2 ** -20],
      [0, 2 ** -40],
    ]);
    // beside 4, a sum in E4M3 would lose each of the others
    const small = new Matrix([[4, ...Array.from({ length: 39 }, () => 2 ** -4)]]).transpose();
    assert.equal(product(Matrix.ones(1, 40), small).get(0, 0), 4 + 39 / 16);
  });

  it("have no scale above 2^127", () => {
    const { elements, scales } = toScaledBlocks(float64, new Matrix([[2 ** 140, 2 ** 130]]), {
      element: "e4m3",
      scale: "up",
    });
    assert.deepEqual([scales, elements.to1DArray()], [new Matrix([[2 ** 127]]), [448, 8]]);
  });

  it("refuse what they cannot hold exactly", () => {
    const a = new Matrix([[1]]);
    const half = roundedArithmetic("binary16", { round: roundToNearest(formats.binary16) });
    assert.throws(() => toScaledBlocks(half, a, { element: "e4m3", scale: "down" }), {
      name: "RangeError",
      message: "arithmetic of scaled blocks must be binary32 or binary64, got binary16",
    });
    assert.throws(() => toScaledBlocks(float64, a, { element: "binary32", scale: "down" }), {
      name: "RangeError",
      message: "element must be a format of at most 12 bits of precision, got binary32",
    });
  });
});

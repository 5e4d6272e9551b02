/**
 * Products of matrices in scaled blocks, the MX formats of the Open Compute Project's Microscaling specification 1.0 (2023): up
 * to 32 neighbouring terms of a sum are elements of few bits with one power of two as their common scale. Elements, scales and
 * products are exact in binary32 and in binary64, where the terms are also summed, as tensor cores do; so everything is written
 * with the operations of a wide arithmetic, which can therefore record it.
 */
import type { Matrix } from "ml-matrix";
import { powerOfTwo } from "../powers.js";
import type { Arithmetic, Operand } from "./arithmetic.js";
import { type Format, type FormatName, finfo, formats } from "./formats.js";

/** How the scale of a block follows from its largest size m; E is the largest element, 2^e its power of two. */
export type ScaleRounding =
  /** 2^(floor(log2 m) - e), as the specification converts: sizes above E times the scale saturate. */
  | "down"
  /** The smallest power of two at which nothing saturates (Mishra et al. 2025, Recipes for pre-training LLMs with MXFP8). */
  | "up"
  /** 1, for comparison: elements without scales, which saturate. */
  | "none";

/** Blocks of numbers. */
export interface ScaledBlocks {
  /** Format of the elements: `e4m3` for MXFP8 E4M3, `e5m2` for MXFP8 E5M2. */
  element: FormatName;
  scale: ScaleRounding;
}

/** Number of elements that share a scale; the last block of a sum may be shorter. */
const BLOCK = 32;

/** The smallest and the largest scale: those of E8M0, which has 8 bits of exponent and nothing else. */
const SCALES = [powerOfTwo(-127), powerOfTwo(127)] as const;

/** Numbers in scaled blocks: the elements times their scales. */
export interface Blocked {
  elements: Matrix;
  /** The scale of each element; n x 1 if each row is one block, a number if there are no scales. */
  scales: Operand;
}

/**
 * Returns a copy of a wide arithmetic whose products are those of scaled blocks along the dimension that is summed. The other
 * operations stay as they are.
 *
 * @throws RangeError when the arithmetic is neither binary32 nor binary64, or the elements are too wide for exact products
 */
export function inScaledBlocks(wide: Arithmetic, blocks: ScaledBlocks): Arithmetic {
  const { multiply, transpose, product } = wide;
  const quantized = (a: Matrix): Matrix => {
    const { elements, scales } = toScaledBlocks(wide, a, blocks);
    return multiply(elements, scales);
  };
  return { ...wide, product: (a, b) => product(quantized(a), transpose(quantized(transpose(b)))) };
}

/**
 * Converts a matrix to scaled blocks along its rows.
 *
 * @throws RangeError as {@link inScaledBlocks}
 */
export function toScaledBlocks(wide: Arithmetic, a: Matrix, { element, scale }: ScaledBlocks): Blocked {
  const format = formats[element];
  if (wide.name !== "binary32" && wide.name !== "binary64") {
    throw new RangeError(`arithmetic of scaled blocks must be binary32 or binary64, got ${wide.name}`);
  }
  const { precision } = formats[wide.name];
  if (2 * format.precision > formats.binary32.precision) {
    throw new RangeError(`element must be a format of at most 12 bits of precision, got ${element}`);
  }
  const scales = scale === "none" ? 1 : scalesOf(wide, precision, wide.abs(a), format, scale);
  return { elements: toElements(wide, precision, wide.divide(a, scales), format), scales };
}

/** Rounds to the nearest numbers of a format, ties to even, and saturates; see `roundToNearest`. */
function toElements(wide: Arithmetic, precision: number, a: Matrix, format: Format): Matrix {
  const { add, subtract, multiply, select, greater, abs } = wide;
  const { smallestNormal, smallestSubnormal, max } = finfo(format);
  const within = clamp(wide, a, -max, max);
  const spread = multiply(within, powerOfTwo(precision - format.precision) + 1);
  const magic = 1.5 * powerOfTwo(precision - 1) * smallestSubnormal;
  return select(
    greater(smallestNormal, abs(within)),
    subtract(add(within, magic), magic),
    subtract(spread, subtract(spread, within)),
  );
}

/**
 * The scale of each element, n x k, or n x 1 if they are the same in each row. A block of zeros has the smallest scale; a block
 * with a NaN or an infinity has the scale NaN, which makes all of it NaN.
 */
function scalesOf(
  wide: Arithmetic,
  precision: number,
  sizes: Matrix,
  { max, maxExponent }: Format,
  rounding: "down" | "up",
): Matrix {
  const { multiply, select, greater, column, maximum } = wide;
  const scaleOf = (from: number): Matrix => {
    let largest = column(sizes, from);
    for (let j = from + 1; j < Math.min(from + BLOCK, sizes.columns); j++) {
      largest = maximum(largest, column(sizes, j));
    }
    const down = multiply(leadingPower(wide, precision, largest), powerOfTwo(-maxExponent));
    const isTooSmall = greater(largest, multiply(down, max));
    return clamp(wide, rounding === "up" ? multiply(down, select(isTooSmall, 2, 1)) : down, ...SCALES);
  };
  let scales = scaleOf(0);
  for (let from = BLOCK; from < sizes.columns; from += BLOCK) {
    scales = select(greater(columnIndex(wide, sizes), from - 1), scaleOf(from), scales);
  }
  return scales;
}

/**
 * The largest power of two that is not above m (the unit in the first place of Rump, Ogita and Oishi 2008,
 * Accurate floating-point summation, part I); 0 of 0, NaN of infinity. First m is moved to where nothing overflows.
 */
function leadingPower(
  { multiply, subtract, select, greater }: Arithmetic,
  precision: number,
  m: Matrix,
): Matrix {
  const isLarge = greater(m, 1);
  const moved = multiply(m, select(isLarge, powerOfTwo(-64), powerOfTwo(64)));
  const q = multiply(moved, powerOfTwo(precision - 1) + 1);
  const power = subtract(q, multiply(q, 1 - powerOfTwo(-precision)));
  return multiply(power, select(isLarge, powerOfTwo(64), powerOfTwo(-64)));
}

/** 0, 1, 2, … for the columns of a matrix (1 x k): the ranks among equals. */
function columnIndex({ rank, greater, sumRows }: Arithmetic, a: Matrix): Matrix {
  const row = sumRows(a);
  return rank(greater(row, row));
}

function clamp({ maximum, negate }: Arithmetic, a: Operand, least: number, most: number): Matrix {
  return negate(maximum(negate(maximum(a, least)), -most));
}

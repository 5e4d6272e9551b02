/**
 * Signs without rounding or tolerance. A rounded sum that is larger than its error could be has the right sign already
 * (Shewchuk 1997, Adaptive precision floating-point arithmetic and fast robust geometric predicates); any other is added up
 * again in whole numbers, for doubles are whole numbers times a power of two.
 */
import { exponentOf, powerOfTwo } from "../../core/powers.js";

/** Half of the ulp of 1: the relative error of one operation. */
const ROUNDING = powerOfTwo(-53);

/** Below this size a product may have lost more than its rounding: bits fall off the small end of the doubles. */
const SMALL = powerOfTwo(-900);

/**
 * The sign of Σ Π factors: -1, 0 or 1.
 *
 * @param products - the factors of each product, finite
 * @throws RangeError when a factor is not finite
 */
export function signOfSum(products: readonly (readonly number[])[]): number {
  let sum = 0;
  let size = 0;
  let operations = products.length;
  let isSmall = false;
  for (const factors of products) {
    let product = 1;
    for (const factor of factors) {
      product *= factor;
      isSmall ||= Math.abs(product) < SMALL && factor !== 0;
    }
    sum += product;
    size += Math.abs(product);
    operations += factors.length;
  }
  const isSure = !isSmall && Math.abs(sum) > size * operations * ROUNDING;
  // where something overflowed, neither side of the comparison is a number that is larger
  return isSure ? Math.sign(sum) : exactSign(products);
}

function exactSign(products: readonly (readonly number[])[]): number {
  const wholes = products.map((factors) => factors.map(wholeOf));
  const powers = wholes.map((factors) => factors.reduce((sum, { power }) => sum + power, 0));
  const least = Math.min(...powers);
  const total = wholes.reduce(
    (sum, factors, i) =>
      sum + (factors.reduce((product, { whole }) => product * whole, 1n) << BigInt(powers[i] - least)),
    0n,
  );
  return total > 0n ? 1 : total < 0n ? -1 : 0;
}

/** A double as a whole number times 2^power. */
function wholeOf(value: number): { whole: bigint; power: number } {
  if (!Number.isFinite(value)) throw new RangeError(`products must hold finite numbers, got ${value}`);
  if (value === 0) return { whole: 0n, power: 0 };
  // subnormal numbers are multiples of 2^-1074
  const power = Math.max(-1074, exponentOf(Math.abs(value)) - 52);
  // in two steps, for no double holds 2^1074
  const half = Math.floor(-power / 2);
  return { whole: BigInt(value * powerOfTwo(half) * powerOfTwo(-power - half)), power };
}

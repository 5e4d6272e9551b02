/** Exact powers of two and exponents; Math.pow and Math.log2 need not be exact. */

/** 2^k for k = -1074 … 1023, all powers of two in binary64. Doubling and halving are exact. */
const POWERS: Float64Array = new Float64Array(1074 + 1 + 1023);
const INDEX_OF_ONE = 1074;
POWERS[INDEX_OF_ONE] = 1;
for (let i = INDEX_OF_ONE + 1; i < POWERS.length; i++) POWERS[i] = POWERS[i - 1] * 2;
for (let i = INDEX_OF_ONE - 1; i >= 0; i--) POWERS[i] = POWERS[i + 1] / 2;

/** 2^k for a whole number k from -1074 to 1023. */
export function powerOfTwo(k: number): number {
  return POWERS[k + INDEX_OF_ONE];
}

const word = new DataView(new ArrayBuffer(8));

/** The exponent e with 2^e <= |x| < 2^(e+1), for a finite x other than 0. */
export function exponentOf(x: number): number {
  word.setFloat64(0, x);
  const field = (word.getUint16(0) >> 4) & 0x7ff;
  if (field !== 0) return field - 1023;
  return exponentOf(x * powerOfTwo(54)) - 54; // a subnormal double
}

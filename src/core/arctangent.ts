/**
 * The angle of a direction, with the same bits on every engine: as in elementary.ts, only operations that ECMAScript defines
 * exactly (the square root is one). Errors are measured as there.
 */

/**
 * The angle of (x, y) from the first axis, in radians, from -π to π. Error below 6 ulps (most found: 4.825). NaN where a
 * coordinate is, or both are infinite; 0 for the origin.
 */
export function atan2(y: number, x: number): number {
  const [width, height] = [Math.abs(x), Math.abs(y)];
  if (width === 0 && height === 0) return 0;
  const first = height <= width ? arctangent(height / width) : Math.PI / 2 - arctangent(width / height);
  const upper = x < 0 ? Math.PI - first : first;
  return y < 0 ? -upper : upper;
}

/** The angle from 0 to π whose cosine is `x`: 0 above 1, π below -1. Error below 6 ulps (most found: 4.988). */
export function acos(x: number): number {
  if (x >= 1) return 0;
  if (x <= -1) return Math.PI;
  return atan2(Math.sqrt((1 - x) * (1 + x)), x);
}

/** arctan x for 0 <= x <= 1: halved twice, by arctan x = 2 arctan(x / (1 + √(1 + x²))), then its series. */
function arctangent(x: number): number {
  const half = x / (1 + Math.sqrt(1 + x * x));
  const quarter = half / (1 + Math.sqrt(1 + half * half));
  // the quarter is at most tan(π/16) < 0.2, and 0.2^25 / 25 below 2^-60 of it
  const z = quarter * quarter;
  let sum = 0;
  for (let k = 12; k >= 1; k--) sum = z * ((k % 2 === 0 ? 1 : -1) / (2 * k + 1) + sum);
  return 4 * (quarter + quarter * sum);
}

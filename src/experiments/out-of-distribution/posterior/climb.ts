/** Climbs to a top of a density. */
import type { Density } from "./hamiltonian.js";

/** Where the climb ended. */
export interface Top {
  place: Float64Array;
  /** The logarithm of the density. */
  height: number;
  /** The length of its gradient: 0 at a smooth top; on a ridge, where the gradient jumps, it stays larger. */
  slope: number;
}

/** Most steps of a climb. */
const MOST_STEPS = 2000;

/** A gradient shorter than this ends it: there is nothing to gain that a double would show. */
const FLAT = 1e-7;

/**
 * Climbs by the method of Broyden, Fletcher, Goldfarb and Shanno, with a line search for the weak conditions of Wolfe by
 * bisection, which also works where the gradient jumps (Lewis and Overton 2013, Nonsmooth optimization via quasi-Newton
 * methods). It ends where the gradient is flat, or where no step gains anything any more.
 */
export function climb({ logDensity, gradient }: Density, start: Float64Array): Top {
  const n = start.length;
  // of the downhill side, -log density: its slope, and an estimate of the inverse of its Hessian, row by row
  const slopeAt = (place: Float64Array): Float64Array => gradient(place).map((value) => -value);
  let at = { place: start.slice(), depth: -logDensity(start), slope: slopeAt(start) };
  let inverse = identity(n, 1 / Math.max(1, length(at.slope)));
  for (let step = 0; step < MOST_STEPS && length(at.slope) > FLAT; step++) {
    const direction = times(inverse, at.slope).map((value) => -value);
    const descent = dot(direction, at.slope);
    if (!(descent < 0)) break;
    let [low, high, size] = [0, Number.POSITIVE_INFINITY, 1];
    let next: typeof at | undefined;
    for (let turn = 0; turn < 60; turn++) {
      const place = at.place.map((value, k) => value + size * direction[k]);
      const depth = -logDensity(place);
      if (!(depth <= at.depth + 1e-4 * size * descent)) high = size;
      else {
        next = { place, depth, slope: slopeAt(place) };
        if (dot(direction, next.slope) >= 0.9 * descent) break;
        low = size;
      }
      size = high === Number.POSITIVE_INFINITY ? 2 * size : (low + high) / 2;
    }
    if (next === undefined || !(next.depth < at.depth)) break;
    const { place, slope } = next;
    const moved = place.map((value, k) => value - at.place[k]);
    const bent = slope.map((value, k) => value - at.slope[k]);
    if (dot(moved, bent) > 0) {
      if (step === 0) inverse = identity(n, dot(moved, bent) / dot(bent, bent));
      improve(inverse, moved, bent);
    }
    at = next;
  }
  return { place: at.place, height: -at.depth, slope: length(at.slope) };
}

/** The update of the inverse Hessian H after a step s that changed the gradient by y: (I - s yᵀ/sᵀy) H (I - y sᵀ/sᵀy) + s sᵀ/sᵀy. */
function improve(inverse: Float64Array[], s: Float64Array, y: Float64Array): void {
  const curvature = dot(s, y);
  const hy = times(inverse, y);
  const factor = (1 + dot(y, hy) / curvature) / curvature;
  inverse.forEach((row, i) => {
    for (let j = 0; j < row.length; j++) {
      row[j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature;
    }
  });
}

function identity(n: number, scale: number): Float64Array[] {
  return Array.from({ length: n }, (_, i) => new Float64Array(n).fill(scale, i, i + 1));
}

function times(matrix: readonly Float64Array[], vector: Float64Array): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}

function length(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

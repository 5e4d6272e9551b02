/** What every chart must be, however its training went. */
import assert from "node:assert/strict";
import type { Figure } from "../../src/charts/figure.js";

/** What tests look at of a trace. */
export interface Trace {
  type: string;
  mode?: string;
  name?: string;
  x: (number | null)[];
  y: (number | null)[];
  z?: number[][];
  text?: string[];
  fill?: string;
  line?: { color?: string };
  error_x?: { array: number[] };
  error_y?: { array: number[]; arrayminus: number[] };
  marker?: { color: string; symbol: string };
}

/** The traces of a chart. */
export function traces({ data }: Figure): Trace[] {
  return data as unknown as Trace[];
}

/**
 * Throws unless a figure is plain data, whose traces have as many values along each axis as they should and some to draw,
 * with a caption of whole sentences and another description. `empty` may be what a chart without data says instead.
 */
export function assertSound(figure: Figure, which: string, empty?: string): void {
  // a copy loses whatever is more than data: a matrix comes back without its class
  assert.deepEqual(structuredClone(figure), figure, which);
  const { caption, alt } = figure;
  assert.match(caption, /^[\p{Lu}\d(*].*[.)*]$/su, which);
  assert.match(alt, /\p{L}/u, which);
  assert.notEqual(caption, alt, which);
  assert.doesNotMatch(caption + alt, /undefined|\[object|\bnull\b/, which);
  const drawn = figure.data as readonly Partial<Trace>[];
  for (const [i, { x, y, z }] of drawn.entries()) {
    if (z === undefined && x && y) assert.equal(x.length, y.length, `${which}: trace ${i}`);
    if (z && y) assert.equal(z.length, y.length, `${which}: rows of trace ${i}`);
    if (z && x) for (const row of z) assert.equal(row.length, x.length, `${which}: a row of trace ${i}`);
  }
  const values = drawn.flatMap(({ x = [], y = [], z = [] }) => [...x, ...y, ...z.flat()]);
  const isDrawn = values.some((value) => typeof value === "number" && Number.isFinite(value));
  const notes = caption + alt + JSON.stringify(figure.layout.annotations);
  assert.ok(isDrawn || (empty !== undefined && notes.includes(empty)), which);
}

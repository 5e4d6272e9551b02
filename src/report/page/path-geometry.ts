/**
 * Lengths along SVG paths, which a browser knows and jsdom does not; Plotly asks for them to place arrow
 * heads and the labels of contour lines. Curves are taken as a few straight pieces each.
 */

/** A place in the plane of the picture. */
export interface Point {
  x: number;
  y: number;
}

/** A path as straight pieces: its corners, and how far along it each lies. */
export interface MeasuredPath {
  points: readonly Point[];
  lengths: readonly number[];
}

/** Straight pieces that stand for a curve. */
const PIECES = 12;

/** Numbers that each command takes. */
const ARITY: Record<string, number> = { M: 2, L: 2, H: 1, V: 1, Q: 4, C: 6, Z: 0 };

/**
 * Measures the `d` of a path.
 *
 * @throws Error at commands that Plotly does not use for lines: relative ones and arcs
 */
export function measurePath(d: string): MeasuredPath {
  const points: Point[] = [];
  let start: Point = { x: 0, y: 0 };
  const lengths: number[] = [];
  const add = (point: Point, isMove = false): void => {
    const last = points.at(-1);
    // what is jumped over has no length
    const step = last === undefined || isMove ? 0 : Math.hypot(point.x - last.x, point.y - last.y);
    points.push(point);
    lengths.push((lengths.at(-1) ?? 0) + step);
  };
  for (const [, command = "", list = ""] of d.matchAll(/([a-df-zA-DF-Z])([^a-df-zA-DF-Z]*)/g)) {
    const arity = ARITY[command];
    if (arity === undefined) throw new Error(`a path with the command ${command}`);
    const numbers = (list.match(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/g) ?? []).map(Number);
    const groups = arity === 0 ? [[]] : chunks(numbers, arity);
    for (const [index, group] of groups.entries()) {
      const from = points.at(-1) ?? start;
      if (command === "Z") add(start);
      else if (command === "H") add({ x: group[0] as number, y: from.y });
      else if (command === "V") add({ x: from.x, y: group[0] as number });
      else if (command === "M" || command === "L") {
        const point = pointsOf(group)[0] as Point;
        const isMove = command === "M" && index === 0;
        if (isMove) start = point;
        add(point, isMove);
      } else for (const point of curve([from, ...pointsOf(group)])) add(point);
    }
  }
  return { points, lengths };
}

function chunks(numbers: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.floor(numbers.length / size) }, (_, i) =>
    numbers.slice(i * size, (i + 1) * size),
  );
}

function pointsOf(numbers: readonly number[]): Point[] {
  return chunks(numbers, 2).map(([x = 0, y = 0]) => ({ x, y }));
}

/** Points on the Bézier curve of these control points, its end included, by de Casteljau's construction. */
function curve(controls: readonly Point[]): Point[] {
  return Array.from({ length: PIECES }, (_, i) => {
    const t = (i + 1) / PIECES;
    let level = controls;
    while (level.length > 1) level = level.slice(1).map((next, k) => between(level[k] as Point, next, t));
    return level[0] as Point;
  });
}

function between(a: Point, b: Point, t: number): Point {
  return { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) };
}

/** Length of the whole path. */
export function totalLength({ lengths }: MeasuredPath): number {
  return lengths.at(-1) ?? 0;
}

/** The place that lies so far along the path; its ends for what lies before or behind them. */
export function pointAt({ points, lengths }: MeasuredPath, length: number): Point {
  const next = lengths.findIndex((reached) => reached >= length);
  if (next < 0) return points.at(-1) ?? { x: 0, y: 0 };
  const [to, from] = [points[next] as Point, points[next - 1]];
  if (from === undefined) return to;
  const [before, after] = [lengths[next - 1] as number, lengths[next] as number];
  return after === before ? to : between(from, to, (length - before) / (after - before));
}

/** One scale for two charts that are compared: each axis that both have reaches as far as either needs. */
import type { Figure } from "../../charts/figure.js";

/** What an axis shows: from one end to the other, in powers of ten where it is logarithmic. */
export interface Extent {
  type: string;
  range: readonly [from: number, to: number];
  /** Where the figure itself puts its ticks; undefined where these have names, which are the chart's own. */
  ticks: Ticks | undefined;
}

const TICKS = ["tickvals", "dtick", "exponentformat"] as const;
type Ticks = Partial<Record<(typeof TICKS)[number], unknown>>;

/** The extents of a chart's axes by their names: `xaxis`, `yaxis2`. */
export type Extents = Readonly<Record<string, Extent>>;

type Axis = Ticks & { type?: string; range?: number[]; ticktext?: unknown };

/** The axes of a layout that Plotly has drawn: it writes the ranges that it chose into it. */
export function extentsIn(layout: object): Extents {
  const extents: Record<string, Extent> = {};
  for (const [name, axis] of Object.entries(layout)) {
    if (!/^[xy]axis\d*$/.test(name)) continue;
    const { type = "linear", range: [from, to] = [], ticktext, ...rest } = axis as Axis;
    if (!Number.isFinite(from) || !Number.isFinite(to)) continue;
    const own = TICKS.filter((key) => rest[key] !== undefined).map((key) => [key, rest[key]]);
    extents[name] = { type, range: [from, to], ticks: ticktext ? undefined : Object.fromEntries(own) };
  }
  return extents;
}

/** The axes that two charts have in common, as long as both need them; one that is of two kinds stays as it is. */
export function together(a: Extents, b: Extents): Extents {
  const extents: Record<string, Extent> = {};
  for (const [name, one] of Object.entries(a)) {
    const other = b[name];
    if (other?.type !== one.type) continue;
    const ends = [...one.range, ...other.range].sort((x, y) => x - y);
    if (one.range[0] > one.range[1]) ends.reverse();
    // ticks made for the shorter would leave the rest without any
    const longer = length(one) < length(other) ? other : one;
    const ticks = one.ticks && other.ticks && longer.ticks;
    extents[name] = { type: one.type, range: [ends[0], ends[3]], ticks };
  }
  return extents;
}

function length({ range: [from, to] }: Extent): number {
  return Math.abs(to - from);
}

/** Whether axes show what is wanted of them. */
export function show(drawn: Extents, wanted: Extents): boolean {
  return Object.entries(wanted).every(([name, { range }]) =>
    range.every((end, i) => end === drawn[name]?.range[i]),
  );
}

/** The figure with axes of these extents. */
export function withExtents(figure: Figure, extents: Extents): Figure {
  const layout = { ...figure.layout } as Record<string, object | undefined>;
  for (const [name, { range, ticks }] of Object.entries(extents)) {
    const axis: Record<string, unknown> = { ...layout[name] };
    if (ticks) for (const key of TICKS) delete axis[key];
    layout[name] = { ...axis, ...ticks, range: [...range], autorange: false };
  }
  return { ...figure, layout };
}

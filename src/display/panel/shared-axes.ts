/** One scale for two charts that are compared: each axis that both have reaches as far as either needs. */
import type { Figure } from "../../charts/figure.js";

/** What an axis shows: from one end to the other, in powers of ten where it is logarithmic. */
export interface Extent {
  type: string;
  range: readonly [from: number, to: number];
}

/** The extents of a chart's axes by their names: `xaxis`, `yaxis2`. */
export type Extents = Readonly<Record<string, Extent>>;

/** The axes of a layout that Plotly has drawn: it writes the ranges that it chose into it. */
export function extentsIn(layout: object): Extents {
  const extents: Record<string, Extent> = {};
  for (const [name, axis] of Object.entries(layout)) {
    if (!/^[xy]axis\d*$/.test(name)) continue;
    const { type = "linear", range: [from, to] = [] } = axis as { type?: string; range?: number[] };
    if (Number.isFinite(from) && Number.isFinite(to)) extents[name] = { type, range: [from, to] };
  }
  return extents;
}

/** The axes that two charts have in common, as long as both need them; one that is of two kinds stays as it is. */
export function together(a: Extents, b: Extents): Extents {
  const extents: Record<string, Extent> = {};
  for (const [name, { type, range }] of Object.entries(a)) {
    if (b[name]?.type !== type) continue;
    const ends = [...range, ...b[name].range].sort((x, y) => x - y);
    if (range[0] > range[1]) ends.reverse();
    extents[name] = { type, range: [ends[0], ends[3]] };
  }
  return extents;
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
  for (const [name, { range }] of Object.entries(extents)) {
    layout[name] = { ...layout[name], range: [...range], autorange: false };
  }
  return { ...figure, layout };
}

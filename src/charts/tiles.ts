/** Tiles on a grid of columns and rows, drawn as bars: bars need no canvas and can hold text. */
import type * as Plotly from "plotly.js-dist";
import { type Hatching, INK } from "./style.js";

/** One tile. */
export interface Tile {
  column: number;
  /** Counted from the bottom. */
  row: number;
  /** Shown when pointed at. */
  hover: string;
  /** Text in the tile. */
  text?: string;
  /** Its own colour; that of its kind by default. */
  color?: string;
}

/** The tiles of one kind, and their look. */
export interface TileKind {
  name: string;
  color: string;
  /** Hatching; none by default. */
  pattern?: Hatching;
  tiles: readonly Tile[];
  showlegend?: boolean;
  /** Axes of the panel; the first by default. */
  xaxis?: string;
  yaxis?: string;
}

/** The trace of a kind; needs `barmode: "overlay"`. The tile (column, row) is centred there and 1 x 1 large. */
export function tileTrace({
  name,
  color,
  pattern = { shape: "" },
  tiles,
  showlegend = true,
  xaxis = "x",
  yaxis = "y",
}: TileKind): Plotly.Data {
  // a kind without tiles still stands in the legend
  const none = tiles.length === 0;
  return {
    type: "bar",
    name,
    legendgroup: name,
    showlegend,
    x: none ? [null] : tiles.map(({ column }) => column),
    y: none ? [null] : tiles.map(() => 0.94),
    base: none ? [0] : tiles.map(({ row }) => row - 0.47),
    width: 0.96,
    xaxis,
    yaxis,
    marker: {
      color: tiles.some((tile) => tile.color) ? tiles.map((tile) => tile.color ?? color) : color,
      pattern,
    },
    text: tiles.map(({ text }) => text ?? ""),
    textposition: "inside",
    insidetextanchor: "middle",
    textangle: 0,
    constraintext: "none",
    insidetextfont: { color: INK, size: 12 },
    customdata: tiles.map(({ hover }) => hover),
    hovertemplate: "%{customdata}<extra></extra>",
  } as unknown as Plotly.Data;
}

/** An axis with a place for each of some names, from 0 on. */
export function indexAxis(names: readonly string[]): object {
  return {
    tickvals: [...names.keys()],
    ticktext: [...names],
    range: [-0.5, names.length - 0.5],
    zeroline: false,
  };
}

/** An axis of tiles, which need no grid between them. */
export function tileAxis(names: readonly (string | number)[]): object {
  return { ...indexAxis(names.map(String)), showgrid: false };
}

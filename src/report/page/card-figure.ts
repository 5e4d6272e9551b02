/**
 * A key figure made for a card of the index: what answers at a glance stays, at the size at which it can be read there.
 * The title goes (the card writes it below), with colour bars, legends, and the axes of maps. Data only.
 */
import type * as Plotly from "plotly.js-dist";
import type { Figure } from "../../charts/figure.js";
import { isRecord, type Json } from "../../display/json.js";

/** Size of the picture, in CSS pixels: about that of a card, so that no text shrinks. */
export const CARD_SIZE = { width: 400, height: 280 } as const;

/** The figure for a card. */
export function cardFigure(whole: Figure): Figure {
  const figure = lastMap(whole);
  const { title: _title, ...layout } = figure.layout as Json;
  const isMap = isRecord(layout.yaxis) && layout.yaxis.scaleanchor !== undefined;
  const axes = Object.entries(layout).flatMap(([name, axis]) =>
    /^[xy]axis\d*$/.test(name) && isRecord(axis) ? [[name, isMap ? hidden(axis) : sparse(axis)]] : [],
  );
  return {
    ...figure,
    data: figure.data.map(
      (trace) => ({ ...trace, ...("colorbar" in trace && { showscale: false }) }) as Plotly.Data,
    ),
    layout: {
      ...layout,
      ...Object.fromEntries(axes),
      margin: isMap ? { l: 0, r: 0, t: 0, b: 0 } : { l: 52, r: 14, t: marginAbove(layout), b: 46 },
      showlegend: false,
    },
  };
}

/** Of maps one below the other, the last: what came out. Other figures stay. */
function lastMap(figure: Figure): Figure {
  const { grid, ...layout } = figure.layout as Json & { grid?: { rows?: number } };
  const last = grid?.rows ?? 1;
  const [x, y] = [layout[`xaxis${last}`], layout[`yaxis${last}`]];
  if (last === 1 || !isRecord(x) || !isRecord(y) || y.scaleanchor === undefined) return figure;
  const own = figure.data.filter((trace) => "xaxis" in trace && trace.xaxis === `x${last}`);
  return {
    ...figure,
    data: own.map((trace) => ({ ...trace, xaxis: "x", yaxis: "y" }) as Plotly.Data),
    layout: {
      ...Object.fromEntries(Object.entries(layout).filter(([name]) => !/^[xy]axis\d+$/.test(name))),
      xaxis: x,
      yaxis: y,
    } as Partial<Plotly.Layout>,
  };
}

/** A map fills the card. */
function hidden({ scaleanchor: _bound, constrain: _how, ...axis }: Json): Json {
  return { ...axis, visible: false };
}

/** Few marks; those that the figure chose itself stay. */
function sparse(axis: Json): Json {
  return axis.tickvals === undefined && axis.dtick === undefined ? { ...axis, nticks: 5 } : axis;
}

/** Room for what is written above the plot. */
function marginAbove({ annotations }: Json): number {
  const above = Array.isArray(annotations) && annotations.some(({ y, yref }) => yref === "paper" && y > 1);
  return above ? 28 : 12;
}

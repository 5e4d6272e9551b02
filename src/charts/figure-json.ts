/**
 * A figure as JSON: what travels to the page, to VS Code and into the saved notebook. Refuses nothing that
 * Plotly can draw: typed arrays become plain ones, and NaN and the infinities become null, which Plotly
 * leaves out as a gap.
 */
import type { Figure } from "./figure.js";

/** The figure, or what holds figures, as JSON text. */
export function figureJson(figure: object): string {
  return JSON.stringify(figure, (_key, value) =>
    ArrayBuffer.isView(value) ? Array.from(value as never) : value,
  );
}

/** A copy of the figure that holds nothing but what JSON knows. */
export function plainFigure(figure: Figure): Figure {
  return JSON.parse(figureJson(figure));
}

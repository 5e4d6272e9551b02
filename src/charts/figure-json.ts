/**
 * A figure as JSON, for the page, for VS Code and for the saved notebook. It takes everything that
 * Plotly can draw: typed arrays become plain ones; NaN and the infinities become null, which Plotly
 * leaves out as a gap.
 */
import type { Figure } from "./figure.js";

/** A figure, or an object with figures, as JSON text. */
export function figureJson(figure: object): string {
  return JSON.stringify(figure, (_key, value) =>
    ArrayBuffer.isView(value) ? Array.from(value as never) : value,
  );
}

/** A copy of the figure that holds only what JSON knows. */
export function plainFigure(figure: Figure): Figure {
  return JSON.parse(figureJson(figure));
}

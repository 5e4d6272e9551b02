/**
 * The HTML of charts: strings in, strings out. A page holds {@link libraryHtml} once (twice does no harm)
 * and {@link chartHtml} for each chart, in any order: a chart waits in a queue until the library is there.
 * Nothing is loaded from a network.
 */
import type { Figure } from "../charts/figure.js";
import { figureJson } from "../charts/figure-json.js";
import { clientBundle, plotlyBundle } from "./bundles.js";
import { escapeHtml, type Scripted, scriptedHtml, scriptJson } from "./html.js";

/** Scripts that put the drawing runtime and Plotly into a page; about 2 MB. */
export function library(): Scripted {
  return { markup: "", scripts: [clientBundle(), `glassHouseCharts.load("${plotlyBundle()}")`] };
}

/** {@link library} as markup. */
export function libraryHtml(): string {
  return scriptedHtml(library());
}

/**
 * One chart: its place, its caption and the call that draws it.
 *
 * @param figure what to draw
 * @param id the id of the element that is drawn into; its own in the page
 * @param still data URI of a picture that stands there until (or unless) the script draws; without it a
 *   sentence does
 * @throws RangeError when `id` is not a plain identifier or `still` is not a data URI of an image
 */
export function chart(figure: Figure, id: string, still?: string): Scripted {
  if (!/^[A-Za-z][\w-]*$/.test(id)) {
    throw new RangeError(
      `id must be a letter followed by letters, digits, _ or -, got ${JSON.stringify(id)}`,
    );
  }
  if (still !== undefined && !still.startsWith("data:image/")) {
    throw new RangeError(`still must be a data URI of an image, got ${JSON.stringify(still.slice(0, 40))}`);
  }
  const waiting =
    still === undefined
      ? `<p>Run this notebook, or trust it, to see the chart: ${escapeHtml(figure.alt)}</p>`
      : `<img src="${escapeHtml(still)}" alt="${escapeHtml(figure.alt)}">`;
  // All elements of that id, because JupyterLab can show one output in two views of the same page.
  const call = `(window.glassHouseCharts ??= []).push({ places: document.querySelectorAll("#${id}"), figure: ${scriptJson(figureJson(figure))} })`;
  const markup = [
    `<figure class="glass-house-chart">`,
    `<div id="${id}">${waiting}</div>`,
    `<figcaption>${escapeHtml(figure.caption)}</figcaption>`,
    `</figure>`,
  ].join("\n");
  return { markup, scripts: [call] };
}

/** {@link chart} as markup. */
export function chartHtml(...of: Parameters<typeof chart>): string {
  return scriptedHtml(chart(...of));
}

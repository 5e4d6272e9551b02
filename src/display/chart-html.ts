/**
 * The HTML of charts. A page holds {@link library} once (twice does no harm) and {@link chart} for each chart, in any
 * order: charts wait in a queue for the library. Nothing is loaded from a network.
 */
import type { Figure } from "../charts/figure.js";
import { figureJson } from "../charts/figure-json.js";
import { clientBundle, plotlyBundle } from "./bundles.js";
import { escapeHtml, type Scripted, scriptJson } from "./html.js";

/** Scripts that add Plotly and the drawing code to a page; about 2 MB. */
export function library(): Scripted {
  return { markup: "", scripts: [clientBundle(), `glassHouseCharts.load("${plotlyBundle()}")`] };
}

/**
 * One chart: its place, its caption and the call that draws it.
 *
 * @param figure what to draw
 * @param id id of the element to draw into; unique in the page
 * @param still data URI of a picture to show until the script draws; a sentence by default
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
  // all elements with that id, because JupyterLab can show an output twice in the same page
  const call = `(window.glassHouseCharts ??= []).push({ places: document.querySelectorAll("#${id}"), figure: ${scriptJson(figureJson(figure))} })`;
  const markup = [
    `<figure class="glass-house-chart">`,
    `<div id="${id}">${waiting}</div>`,
    `<figcaption>${escapeHtml(figure.caption)}</figcaption>`,
    `</figure>`,
  ].join("\n");
  return { markup, scripts: [call] };
}

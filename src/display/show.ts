/** Shows charts. */
import { randomUUID } from "node:crypto";
import type { ChartMeta, Figure } from "../charts/figure.js";
import { plainFigure } from "../charts/figure-json.js";
import type { Prediction } from "../charts/prediction.js";
import { chart, library } from "./chart-html.js";
import { type Evidence, seedsText } from "./evidence.js";
import { scriptedHtml } from "./html.js";
import { output } from "./kernel-output.js";
import { PLOTLY_MIME } from "./mime.js";

/** How to show a chart. */
export interface ShowOptions {
  /** Whether this chart stands for the notebook on the index of the reports. */
  keyFigure?: boolean;
  /** What it is drawn from; the caption then says how many seeds, and how they came about. */
  evidence?: Evidence<unknown>;
  /**
   * What a reader may guess before the chart shows it, where scripts run: the page asks, and draws the guess into the chart.
   * Outputs of the same cell that follow wait for it too. Nothing is asked where there is no prediction.
   */
  predict?: Prediction | undefined;
}

/**
 * Puts the chart library into the page, once a notebook; the charts of all cells then draw themselves with
 * it.
 *
 * @throws Error outside a tslab kernel
 */
export function setUpCharts(): void {
  output(
    { "text/html": scriptedHtml(library()), "text/plain": "The charts of this notebook are ready." },
    { role: "library" },
  );
}

/**
 * Shows a chart under the cell: live where scripts run, by its data where a front end draws Plotly itself,
 * and by a sentence elsewhere.
 *
 * @throws Error outside a tslab kernel
 */
export function show(figure: Figure, { keyFigure, evidence, predict }: ShowOptions = {}): void {
  const asking = predict === undefined ? figure : withQuestion(figure, predict);
  // an empty chart shows nothing of the evidence
  const isSourced = evidence !== undefined && figure.data.length > 0;
  const shown = isSourced ? withSource(asking, evidence) : asking;
  // a fresh id each time, so that a cell run again, or a second notebook in the same page, keeps to itself
  const html = scriptedHtml(chart(shown, `chart-${randomUUID()}`));
  output(
    { "text/html": html, [PLOTLY_MIME]: plainFigure(shown), "text/plain": shown.alt },
    keyFigure ? { keyFigure } : undefined,
  );
}

function withSource(figure: Figure, { seeds, firstSeed, source }: Evidence<unknown>): Figure {
  return { ...figure, caption: `${figure.caption} (n = ${seedsText(seeds, firstSeed)}; ${source}.)` };
}

function withQuestion(figure: Figure, prediction: Prediction): Figure {
  const meta: ChartMeta = { ...figure.layout.meta, prediction };
  return { ...figure, layout: { ...figure.layout, meta } };
}

/**
 * Runs made by hand, for the tests of the pages: cells, outputs and figures as a kernel would have left them.
 */
import type { Figure } from "../../../src/charts/figure.js";
import { MARKS_KEY, type OutputMarks, PLOTLY_MIME, VERDICT_MIME } from "../../../src/display/mime.js";
import type { Verdict } from "../../../src/experiments/verdict.js";
import type { Cell, CodeCell, DisplayDataOutput, Output } from "../../../src/report/notebook.js";
import type { NotebookRun } from "../../../src/report/notebook-run.js";

/** A cell of prose. */
export function prose(source: string, ...tags: string[]): Cell {
  return { cell_type: "markdown", metadata: { tags }, source };
}

/** A code cell that was run. */
export function ran(source: string, outputs: Output[] = [], ...tags: string[]): CodeCell {
  return { cell_type: "code", metadata: { tags }, source, execution_count: 1, outputs };
}

/** Text on a stream. */
export function text(content: string, name: "stdout" | "stderr" = "stdout"): Output {
  return { output_type: "stream", name, text: content };
}

/** Something displayed. */
export function displayed(data: Record<string, unknown>, marks?: OutputMarks): DisplayDataOutput {
  return { output_type: "display_data", data, metadata: marks ? { [MARKS_KEY]: marks } : {} };
}

/** A chart as `show` leaves it. */
export function chart(figure: unknown, marks?: OutputMarks): DisplayDataOutput {
  return displayed({ [PLOTLY_MIME]: figure, "text/html": "<p>a live chart</p>" }, marks);
}

/** A verdict as `showVerdict` leaves it. */
export function verdictOutput(verdict: unknown): DisplayDataOutput {
  return displayed({ [VERDICT_MIME]: verdict, "text/markdown": "the verdict in markdown" });
}

export const verdict: Verdict = {
  claim: "It *learns*.",
  stamp: "does not hold",
  rows: [
    { id: "drops", claim: "The loss drops.", measured: "from 0.7 to 0.1", n: 20, outcome: "holds" },
    { claim: "Always.", measured: "for 15 of 20", n: 20, outcome: "holds only if", note: "noise < 0.2" },
    { claim: "Fast.", measured: "500 epochs", n: 20, outcome: "does not hold", isPrimary: true },
  ],
  summary: "It learns, but not always.",
};

/** A small chart of points. */
export function points(changes: Partial<Figure> = {}): Figure {
  return {
    data: [{ type: "scatter", mode: "markers", x: [1, 2, 3], y: [2, 3, 5], name: "the points" }],
    layout: {
      height: 300,
      xaxis: { title: { text: "epoch" } },
      yaxis: { title: { text: "loss (nats)" } },
      showlegend: true,
    },
    caption: "The points rise.",
    alt: "Three points on a rising line.",
    ...changes,
  };
}

/** A run of these cells. */
export function runOf(cells: Cell[], changes: Partial<NotebookRun> = {}): NotebookRun {
  return {
    name: "07-sample",
    folder: null,
    notebook: { nbformat: 4, nbformat_minor: 5, metadata: {}, cells },
    status: "ok",
    seconds: 12.34,
    cellStarts: cells.map((cell) => (cell.cell_type === "code" ? "2026-01-02T03:04:06.000Z" : null)),
    cellSeconds: cells.map((cell) => (cell.cell_type === "code" ? 0.5 : null)),
    parameters: { seed: 3, noise: 0.2, hiddenLayers: [10] },
    provenance: {
      commit: "0123456789abcdef0123456789abcdef01234567",
      versions: { node: "20.20.2", tslab: "1.0.22" },
    },
    startedAt: "2026-01-02T03:04:05.678Z",
    ...changes,
  };
}

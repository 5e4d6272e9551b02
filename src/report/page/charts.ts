/** The charts among a notebook's outputs: found, checked, and told which of them stands for the notebook. */
import type { Figure } from "../../charts/figure.js";
import { isRecord } from "../../display/json.js";
import { MARKS_KEY, type OutputMarks, PLOTLY_MIME, TRY_IT_MIME } from "../../display/mime.js";
import type { Notebook, Output } from "../notebook.js";
import { keptOutputs, visibilityOf } from "./visibility.js";

const figures = new WeakMap<object, Figure>();

/** The figure that an output carries, made whole where it lacks a part; null when it carries none. */
export function figureOf(output: Output): Figure | null {
  return "data" in output ? figureFrom(output.data[PLOTLY_MIME]) : null;
}

/** The picture of the panel that an output carries; null when it carries none. */
export function panelPictureOf(output: Output): Figure | null {
  const published = "data" in output ? output.data[TRY_IT_MIME] : undefined;
  return isRecord(published) ? figureFrom(published.picture) : null;
}

function figureFrom(json: unknown): Figure | null {
  if (typeof json !== "object" || json === null) return null;
  // One figure an output, so that its picture is drawn once.
  const known = figures.get(json);
  if (known !== undefined) return known;
  const { data, layout, frames, config, caption, alt } = json as Partial<Record<keyof Figure, unknown>>;
  const figure: Figure = {
    data: Array.isArray(data) ? data : [],
    layout: isRecord(layout) ? (layout as object) : {},
    ...(Array.isArray(frames) && { frames }),
    ...(isRecord(config) && { config: config as object }),
    caption: typeof caption === "string" ? caption : "",
    alt: typeof alt === "string" ? alt : "A chart without a description.",
  };
  figures.set(json, figure);
  return figure;
}

/** Our marks on an output; none on the outputs of others. */
export function marksOf(output: Output): OutputMarks {
  const marks = "metadata" in output ? output.metadata[MARKS_KEY] : undefined;
  return isRecord(marks) ? (marks as OutputMarks) : {};
}

/** All outputs of a notebook that its report shows. */
export function reportedOutputs({ cells }: Notebook): Output[] {
  return cells
    .flatMap((cell) => (cell.cell_type === "code" ? keptOutputs(cell.outputs, visibilityOf(cell)) : []))
    .filter(isReported);
}

/** Whether the report shows an output; it has its own library, and no use for progress that is over. */
export function isReported(output: Output): boolean {
  return marksOf(output).role === undefined;
}

/** All charts of a notebook, in their order. */
export function chartsOf(notebook: Notebook): Figure[] {
  return reportedOutputs(notebook).flatMap((output) => figureOf(output) ?? []);
}

/** The output with the chart that is marked as standing for the notebook, if there is one. */
export function keyOutputOf(notebook: Notebook): Output | undefined {
  return reportedOutputs(notebook).find((output) => marksOf(output).keyFigure && figureOf(output));
}

/** The chart that stands for the notebook: the one so marked, else the first. */
export function keyFigureOf(notebook: Notebook): Figure | undefined {
  const marked = keyOutputOf(notebook);
  return (marked && figureOf(marked)) ?? chartsOf(notebook)[0];
}

/** What the index page and index.json say of a run. */
import type { Verdict } from "../../display/mime.js";
import type { MadeFrom } from "../made-from.js";
import { type Commission, type NotebookRun, plainCommission, type RunFailure } from "../notebook-run.js";
import { type Change, changesIn } from "../parameters.js";
import { chartsOf, keyFigureOf, reportedOutputs } from "./charts.js";
import { cellMarkdown, newOutline } from "./markdown.js";
import { cardStill } from "./stills.js";
import { verdictOf } from "./verdict.js";
import { visibilityOf } from "./visibility.js";

/** A run in short. Everything but `keyFigure` is fit for index.json. */
export interface RunSummary {
  /** The notebook's file name without its ending: "01-baseline". */
  name: string;
  /** The report's file name without its ending: that of the notebook, unless its parameters were changed. */
  report: string;
  /** The notebook's first heading of level 1, as plain text; its name if it has none. */
  title: string;
  status: "ok" | "failed";
  /** With `failed` only. */
  failure?: RunFailure;
  /** Duration of the whole run. */
  seconds: number;
  /** Number of charts in the report. */
  charts: number;
  /** Parameters of the run, in the order of their cell. */
  parameters: Record<string, unknown>;
  /** Those of them that the notebook itself has other values for. */
  changes: readonly Change[];
  /** The claim that the notebook tests; null if the run came to no verdict. */
  claim: string | null;
  verdict: Verdict | null;
  /**
   * The still picture of the chart that stands for the notebook: an SVG as a data URI, its description, and its title,
   * which may be empty.
   */
  keyFigure: { src: string; alt: string; title: string } | null;
  /** A line of `sha256sum` for the report's file; none if this run wrote none. */
  sha256?: string;
  /** Missing if the notebook could not be read. */
  madeFrom?: MadeFrom;
}

/** The run in short; asynchronous because the key figure has to be drawn. */
export async function summarise(
  run: NotebookRun,
  { report }: Commission = plainCommission(run),
): Promise<RunSummary> {
  const { name, notebook, status, failure, seconds, parameters } = run;
  const verdict = reportedOutputs(notebook).flatMap((output) => verdictOf(output) ?? [])[0] ?? null;
  const figure = keyFigureOf(notebook);
  return {
    name,
    report,
    title: titleOf(run) ?? name,
    status,
    ...(failure && { failure }),
    seconds,
    charts: chartsOf(notebook).length,
    parameters,
    changes: changesIn(notebook),
    claim: verdict?.claim ?? null,
    verdict,
    keyFigure: figure
      ? { src: await cardStill(figure), alt: figure.alt, title: figureTitle(figure.layout.title) }
      : null,
  };
}

/** A chart's title as plain text. */
function figureTitle(title: unknown): string {
  const text = typeof title === "object" && title !== null && "text" in title ? title.text : title;
  return typeof text === "string" ? text.replace(/<br>/g, " ").replace(/<[^>]*>/g, "") : "";
}

function titleOf({ notebook }: NotebookRun): string | undefined {
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "markdown" || visibilityOf(cell).cell === "removed") continue;
    const outline = newOutline();
    cellMarkdown(cell.source, outline);
    const title = outline.headings.find(({ level }) => level === 1);
    if (title) return title.text;
  }
  return undefined;
}

/** The MIME types of a cell's output, and the marks that let the report tell plumbing from content. */

/** A Plotly figure as JSON; VS Code draws it, the report draws it, JupyterLab does not. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";

/**
 * A notebook's verdict as data (`experiments/verdict.ts`), beside its table; the report's index is built from
 * it.
 */
export const VERDICT_MIME = "application/vnd.glass-house.verdict+json";

/**
 * What a panel (`live/`) compares with, as data beside the panel itself; the report makes its own panel from it.
 */
export const TRY_IT_MIME = "application/vnd.glass-house.try-it+json";

/** Whose exercises an output shows, as `{ notebook }`; the report makes them anew. */
export const EXERCISES_MIME = "application/vnd.glass-house.exercises+json";

/** Key under which an output's metadata carries our {@link OutputMarks}. */
export const MARKS_KEY = "glass-house";

/** Marks on an output, in its metadata under {@link MARKS_KEY}. */
export interface OutputMarks {
  /**
   * `library`: puts Plotly into the page; `progress`: a progress line; `caption`: the caption of the chart
   * before it, in a notebook as committed. The report leaves all of them out.
   */
  role?: "library" | "progress" | "caption";
  /** This chart stands for the notebook on the index page. */
  keyFigure?: boolean;
}

export type { Verdict, VerdictRow } from "../experiments/verdict.js";

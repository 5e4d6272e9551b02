/** The MIME types of outputs, and the marks by which the report recognises them. */

/** A Plotly figure as JSON; VS Code and the report draw it, JupyterLab does not. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";

/**
 * A notebook's verdict as data (`experiments/verdict.ts`), beside its table; the report's index is built from
 * it.
 */
export const VERDICT_MIME = "application/vnd.glass-house.verdict+json";

/**
 * The published run that a panel (`live/`) compares with, as data beside the panel; the report makes its own panel from it.
 */
export const TRY_IT_MIME = "application/vnd.glass-house.try-it+json";

/** The key of {@link OutputMarks} in an output's metadata. */
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

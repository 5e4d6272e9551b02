/** The MIME types of outputs, and the marks by which the report recognises them. */

import type { Outcome } from "../experiments/verdict.js";

/** A Plotly figure as JSON; VS Code and the report draw it, JupyterLab does not. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";

/**
 * A notebook's verdict as data (`experiments/verdict.ts`), beside its table; the report's index is built from
 * it.
 */
export const VERDICT_MIME = "application/vnd.glass-house.verdict+json";

/** A notebook's {@link Answer} as data, beside its words; the report puts it on the first screen. */
export const ANSWER_MIME = "application/vnd.glass-house.answer+json";

/**
 * The published run that a panel (`live/`) compares with, as data beside the panel; the report makes its own panel from it.
 */
export const TRY_IT_MIME = "application/vnd.glass-house.try-it+json";

/** The exercises of a notebook, as `{ notebook }`; the report makes its own from it. */
export const EXERCISES_MIME = "application/vnd.glass-house.exercises+json";

/** What the essay concludes, graded (`closing/grade.ts`), as data beside its table. */
export const CLOSING_MIME = "application/vnd.glass-house.closing+json";

/** Key under which an output's metadata carries our {@link OutputMarks}. */
export const MARKS_KEY = "glass-house";

/** Marks on an output, in its metadata under {@link MARKS_KEY}. */
export interface OutputMarks {
  /**
   * `library`: adds Plotly to the page; `progress`: a progress line; `caption`: the caption of the chart before it, in
   * committed notebooks. The report leaves all of them out.
   */
  role?: "library" | "progress" | "caption";
  /** This chart represents the notebook on the index page. */
  keyFigure?: boolean;
}

/** The outcome of a claim in short, or why it was withdrawn. */
export type Answer = GivenAnswer | { withdrawn: string };

/** An {@link Answer} that has not been withdrawn. */
export interface GivenAnswer {
  stamp: Outcome;
  /** The outcome in one plain sentence. */
  summary: string;
  /** The seeds behind it: "1000 seeds, 1 to 1000". */
  basis: string;
  /** Whether the evidence was recorded; otherwise it was measured in this notebook. */
  isRecorded: boolean;
  /** The outcome with the published parameters, if nothing is recorded with the present ones. */
  published?: { stamp: Outcome; basis: string };
}

export type { Closing } from "../closing/grade.js";
export type { Verdict, VerdictRow } from "../experiments/verdict.js";

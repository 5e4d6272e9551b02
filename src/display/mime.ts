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

/** What came of a claim, in short; or why nothing can be said after all. */
export type Answer = GivenAnswer | { withdrawn: string };

/** An {@link Answer} that stands. */
export interface GivenAnswer {
  stamp: Outcome;
  /** The outcome in one plain sentence. */
  summary: string;
  /** What it rests on: "1000 seeds, 1 to 1000". */
  basis: string;
  /** Whether that was recorded beforehand; else it was measured in this notebook. */
  isRecorded: boolean;
  /** Where nothing is recorded of the parameters: what came of the published ones. */
  published?: { stamp: Outcome; basis: string };
}

export type { Verdict, VerdictRow } from "../experiments/verdict.js";

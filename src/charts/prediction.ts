/**
 * What a reader may guess before a chart shows it: the question, what was measured, and where the chart shows it
 * (Kim, Reinecke and Hullman, CHI 2017). Data only.
 */

/** A question with its answer. */
export type Prediction = LinePrediction | SharePrediction | ClassPrediction;

/** How does it go on? A line over the epochs, whose beginning is told. */
export interface LinePrediction {
  kind: "line";
  question: string;
  /** What was measured; all values are > 0. */
  truth: { x: readonly number[]; y: readonly number[] };
  unit: string;
  /** The axes of the chart that it is drawn on, as Plotly names them. */
  axes: { x: string; y: string };
  /** A value of interest on the way, if any. */
  level?: number;
}

/** What share is it, in percent? */
export interface SharePrediction {
  kind: "share";
  question: string;
  truth: number;
  /** What it is a share of: "of the plane". */
  of: string;
  /** Where the chart shows it. */
  place: SharePlace;
}

/**
 * Along x in a row of marks; up y, over a stretch of x; or as the share of marks beyond 0, where the guess stands at the place
 * beyond which that share lies.
 */
export type SharePlace =
  | { row: number }
  | { axes: { x: string; y: string }; from: number; to: number }
  | { marks: readonly number[] };

/** Red or Blue? */
export interface ClassPrediction {
  kind: "class";
  question: string;
  /** How many are of either class, by label. */
  truth: readonly [red: number, blue: number];
  /** What they have in common: "test points at which 5 neurons fire". */
  of: string;
  /** Where the chart shows them. */
  place: readonly [x: number, y: number];
}

/** What a reader said: a line, a share in percent, a class by its label. */
export type Guess =
  | { kind: "line"; x: readonly number[]; y: readonly number[] }
  | { kind: "share"; value: number }
  | { kind: "class"; label: 0 | 1 };

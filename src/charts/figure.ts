/**
 * What a chart is: a Plotly figure together with the words that belong to it. Data only: nothing here
 * draws, and only the types of Plotly are imported (its code needs a browser).
 */
import type * as Plotly from "plotly.js-dist";
import type { Prediction } from "./prediction.js";

/** A chart as data; as JSON it is the value of the MIME type `application/vnd.plotly.v1+json`. */
export interface Figure {
  /** Plotly traces. */
  data: Plotly.Data[];
  /** Plotly layout; `height` is in CSS pixels, the width is that of the page. */
  layout: Partial<Plotly.Layout>;
  /** Frames of an animation; the figure without them already shows the last one. */
  frames?: Partial<Plotly.Frame>[];
  /** Plotly configuration. */
  config?: Partial<Plotly.Config>;
  /** Two or three plain sentences under the chart that say what to see. */
  caption: string;
  /** What the still picture shows, for readers who cannot see it. */
  alt: string;
}

/** What a figure's `layout.meta` may say to the page it is drawn in. */
export interface ChartMeta {
  /** The width in CSS pixels below which it is unreadable; a narrower place scrolls. */
  leastWidth?: number;
  /** Whether it is made for its place already: it stays as it is where that is narrow. */
  isFitted?: boolean;
  /** What its reader may guess before it is shown. */
  prediction?: Prediction;
}

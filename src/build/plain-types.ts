/**
 * What the declarations for notebooks say in place of Plotly's and zod's types: these are over a megabyte, and a
 * kernel's compiler goes through all that it has read twice a cell. Names as there; a figure is plain data.
 */

/** A trace of a chart, as Plotly describes it: its kind, its numbers and its looks. */
export interface Data {
  type?: string;
  name?: string;
  x?: ArrayLike<unknown>;
  y?: ArrayLike<unknown>;
  z?: ArrayLike<unknown>;
  text?: string | ArrayLike<unknown>;
  mode?: string;
  marker?: object;
  line?: object;
  hovertemplate?: string | string[];
  [attribute: string]: unknown;
}

/** The layout of a chart, as Plotly describes it; sizes are in CSS pixels. */
export interface Layout {
  title?: string | { text?: string };
  width?: number;
  height?: number;
  xaxis?: object;
  yaxis?: object;
  legend?: object;
  showlegend?: boolean;
  annotations?: object[];
  shapes?: object[];
  [attribute: string]: unknown;
}

/** A frame of an animation. */
export interface Frame {
  name?: string;
  data?: object[];
  layout?: object;
  [attribute: string]: unknown;
}

/** What Plotly is told about how to draw. */
export interface Config {
  displayModeBar?: boolean | "hover";
  responsive?: boolean;
  [option: string]: unknown;
}

/** What values are allowed to be; parse throws where one is not. */
export interface ZodMiniType<Output = unknown> {
  parse(value: unknown): Output;
}

/**
 * Short stand-ins for Plotly's and zod's types in the declarations for notebooks: the originals are over a megabyte, and
 * a kernel's compiler checks everything it has read twice per cell.
 */

/** A trace of a chart, as Plotly describes it: type, numbers and style. */
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

/** Plotly's drawing options. */
export interface Config {
  displayModeBar?: boolean | "hover";
  responsive?: boolean;
  [option: string]: unknown;
}

/** A schema of allowed values; parse throws if a value is not allowed. */
export interface ZodMiniType<Output = unknown> {
  parse(value: unknown): Output;
}

/** The look of formats in all charts of notebook 05. */
import type * as Plotly from "plotly.js-dist";
import type { FormatName } from "../core/arithmetic/formats.js";
import { SERIES } from "./style.js";

/** Colour and dash of each format. */
export const FORMAT_STYLES: Readonly<Record<FormatName, { color: string; dash: Plotly.Dash }>> = {
  binary64: { color: SERIES.first, dash: "solid" },
  binary32: { color: SERIES.reference, dash: "longdash" },
  bfloat16: { color: SERIES.third, dash: "dashdot" },
  binary16: { color: SERIES.second, dash: "dash" },
  e5m2: { color: SERIES.fourth, dash: "dot" },
  e4m3: { color: "#7a68b3", dash: "longdashdot" },
};

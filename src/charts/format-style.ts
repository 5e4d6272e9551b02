/** The look of formats in all charts of notebook 05, and words that these charts share. */
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

/** 2^k as Plotly writes it. */
export function power(exponent: number): string {
  return `2<sup>${String(exponent).replace("-", "−")}</sup>`;
}

/** 2^k in plain text. */
export function plainPower(exponent: number): string {
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  return `2${String(exponent).replace(/./g, (digit) => (digit === "-" ? "⁻" : digits[Number(digit)]))}`;
}

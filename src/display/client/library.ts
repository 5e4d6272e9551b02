/** Plotly in the page: unpacked and evaluated once. */
import type * as PlotlyModule from "plotly.js-dist";
import { gunzip } from "./gunzip.js";

/** Plotly's functions. */
export type Plotly = typeof PlotlyModule.default;

/** @param gzip the library's code, gzipped, in base64 */
export async function unpack(gzip: string): Promise<Plotly> {
  return evaluate(await gunzip(gzip));
}

/**
 * Runs the code as an inline script, the kind that a page with notebook outputs allows. It says
 * `window.Plotly` whether or not there is a module loader. A Plotly that somebody else put into the page
 * stays theirs.
 */
function evaluate(code: string): Plotly {
  const page = window as unknown as { Plotly: Plotly | undefined };
  const theirs = page.Plotly;
  page.Plotly = undefined;
  const script = document.createElement("script");
  script.textContent = code;
  document.head.append(script);
  script.remove();
  const ours = page.Plotly;
  if (!ours) throw new Error("the chart library did not start");
  if (theirs) page.Plotly = theirs;
  return ours;
}

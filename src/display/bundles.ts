/** Where the build (bundle.ts) puts the browser's code, and how to read it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Plotly, minified and gzipped. */
export const PLOTLY_BUNDLE_PATH: string = join(__dirname, "plotly.min.js.gz");

/** The runtime of client/, minified. */
export const CLIENT_BUNDLE_PATH: string = join(__dirname, "client.min.js");

/** The gzipped library in base64, for a `DecompressionStream` in the page. */
export function plotlyBundle(): string {
  return readFileSync(PLOTLY_BUNDLE_PATH).toString("base64");
}

/** The runtime as the text of an inline script. */
export function clientBundle(): string {
  return readFileSync(CLIENT_BUNDLE_PATH, "utf8");
}

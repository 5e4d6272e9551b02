/** Paths of the browser code that build/panels.ts writes, and functions that read it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Plotly, minified and gzipped. */
export const PLOTLY_BUNDLE_PATH: string = join(__dirname, "plotly.min.js.gz");

/** The runtime of client/, minified. */
export const CLIENT_BUNDLE_PATH: string = join(__dirname, "client.min.js");

/** Plotly, gzipped, in base64, for a `DecompressionStream` in the page. */
export function plotlyBundle(): string {
  return readFileSync(PLOTLY_BUNDLE_PATH).toString("base64");
}

/** The runtime as the text of an inline script. */
export function clientBundle(): string {
  return readFileSync(CLIENT_BUNDLE_PATH, "utf8");
}

/** The runtime of panel/, minified. */
export const PANEL_BUNDLE_PATH: string = join(__dirname, "panel.min.js");

/** The worker of a notebook's demonstration, minified and gzipped. */
export function workerBundlePath(notebook: string): string {
  return join(__dirname, `worker-${notebook}.min.js.gz`);
}

/** The panels' runtime as the text of an inline script. */
export function panelBundle(): string {
  return readFileSync(PANEL_BUNDLE_PATH, "utf8");
}

/** The gzipped worker in base64. */
export function workerBundle(notebook: string): string {
  return readFileSync(workerBundlePath(notebook)).toString("base64");
}

/** What goes into every page, made by the build (bundle.ts): styles and the browser's script. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Names of the files that the build writes beside the compiled modules. */
export type Asset = "report.css" | "index.css" | "katex.css" | "client.js";

/** Where an asset lies. */
export function assetPath(name: Asset): string {
  return join(__dirname, name);
}

/** The text of an asset. */
export function asset(name: Asset): string {
  return readFileSync(assetPath(name), "utf8");
}

/** Where the build (bundle.ts) puts what goes into every page, and how to read it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The style of our pages, minified. */
export const PAGE_STYLE_PATH: string = join(__dirname, "page.min.css");

/** KaTeX's style with its fonts in it, about 400 kB. */
export const KATEX_STYLE_PATH: string = join(__dirname, "katex.min.css");

/** Our scripts for the browser: `head` runs before the page is painted, `page` at its end. */
export type ScriptName = "head" | "page";

/** A script's place, minified. */
export function scriptPath(name: ScriptName): string {
  return join(__dirname, `${name}.min.js`);
}

export function pageStyle(): string {
  return readFileSync(PAGE_STYLE_PATH, "utf8");
}

export function katexStyle(): string {
  return readFileSync(KATEX_STYLE_PATH, "utf8");
}

export function script(name: ScriptName): string {
  return readFileSync(scriptPath(name), "utf8");
}

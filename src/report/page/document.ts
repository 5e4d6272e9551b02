/** The HTML document around a page's content. What it needs is in it, and its policy lets nothing else in. */
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { plotlyBundle } from "../../display/bundles.js";
import { asset } from "./assets.js";
import { type Content, type Html, html, scripted, vouched } from "./html.js";
import { ownId } from "./ids.js";
import { neighboursPlace } from "./neighbours.js";

/**
 * Nothing is fetched from anywhere, and no script runs but the page's own. Charts put styles and a script (the
 * unpacked library) into the page, and make their downloads by way of a blob. A panel makes its worker from a blob
 * too, and the worker writes the training's steps as WebAssembly: only a page with a panel allows that.
 */
function policy(scripts: readonly string[], hasPanel: boolean): string {
  const own = [...new Set(scripts)].map(
    (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  return [
    "default-src 'none'",
    "img-src data: blob:",
    "font-src data:",
    "style-src 'unsafe-inline'",
    `script-src ${own.join(" ")}${hasPanel ? " 'wasm-unsafe-eval'" : ""}`,
    ...(hasPanel ? ["worker-src blob:"] : []),
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** A document's parts. */
export interface DocumentParts {
  /** For the browser's tab. */
  title: string;
  style: "report.css" | "index.css";
  /** Where we are, at the left end of the bar on top. */
  place: Html;
  /** Further controls in the bar, which scripts bring to life. */
  controls?: Html;
  /** Navigation within the page. */
  contents?: Html;
  main: Content;
  /** Whether it is one of a row of pages, and has places for links to those beside it. */
  hasNeighbours?: boolean;
  /** Whether an experiment can be run again in the page. */
  hasPanel?: boolean;
  /** Scripts for the end of the page. */
  scripts?: Html | undefined;
}

/** The whole document as text. */
export function documentText({
  title,
  style,
  place,
  controls,
  contents,
  main,
  hasNeighbours = false,
  hasPanel = false,
  scripts,
}: DocumentParts): string {
  const text = html`<main id="${ownId("text")}" tabindex="-1">
${main}
${hasNeighbours && neighboursPlace("end")}</main>`;
  const client = scripted({ markup: "", scripts: [asset("client.js")] });
  const body = html`<body>
<a class="skip" href="#${ownId("text")}">Skip to the text</a>
<header class="bar"><div class="place">${place}</div>${hasNeighbours && neighboursPlace("top")}
<div class="controls" hidden>${controls}${themeControl}</div></header>
${contents === undefined ? text : html`<div class="layout">\n${contents}\n${text}\n</div>`}
${scripts}
</body>`;
  const own = [...client.scripts, ...body.scripts, ...(scripts ? [unpackedLibrary()] : [])];
  const mathematics =
    text.text.includes('class="katex') && html`<style>${vouched(asset("katex.css"))}</style>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(own, hasPanel)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="glass-house">
<title>${title}</title>
${mathematics}
<style>${vouched(asset(style))}</style>
${client}
</head>
${body}
</html>
`.text;
}

/** The chart library as the page unpacks and runs it. */
function unpackedLibrary(): string {
  return gunzipSync(Buffer.from(plotlyBundle(), "base64")).toString();
}

const themeControl = html`<fieldset class="theme"><legend>Theme</legend>${["auto", "light", "dark"].map(
  (name) => html`<label><input type="radio" name="theme" value="${name}"><span>${name}</span></label>`,
)}</fieldset>`;

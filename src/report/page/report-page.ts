/** The page of one report: its text, code, outputs, contents and provenance put together. */
import { libraryHtml } from "../../display/chart-html.js";
import type { NotebookRun } from "../notebook-run.js";
import { cellId, cellsHtml } from "./cells.js";
import { figureOf, pageParts, type Part } from "./contents.js";
import { documentText } from "./document.js";
import { type Html, html } from "./html.js";
import type { Heading, Outline } from "./markdown.js";
import { PROVENANCE_ID, provenanceHtml } from "./provenance.js";
import { still } from "./stills.js";

/** The whole HTML of one report. */
export async function renderPage(run: NotebookRun): Promise<string> {
  const parts = pageParts(run);
  const outline: Outline = { headings: [], ids: new Set(["main", PROVENANCE_ID]) };
  const cells = await cellsHtml(parts, run, outline, still);
  const title = outline.headings.find(({ level }) => level === 1);
  const sections = outline.headings.filter((heading) => heading !== title && heading.level <= 3);
  return documentText({
    title: `${title?.text ?? run.name} · glass-house`,
    description: `Report of ${run.name}.ipynb`,
    place: html`<a href="index.html">glass-house</a> <span aria-hidden="true">/</span> ${run.name}`,
    code: parts.some((part) => part.kind === "code" && part.code !== "absent"),
    contents: contentsHtml(sections),
    main: html`${title === undefined && html`<h1>${run.name}</h1>`}${failureNote(run)}${cells}`,
    footer: provenanceHtml(run),
    library: hasCharts(parts) ? libraryHtml() : undefined,
  });
}

function hasCharts(parts: readonly Part[]): boolean {
  return parts.some(
    (part) =>
      part.kind === "code" &&
      part.shownOutputs.some((output) => "data" in output && figureOf(output.data) !== null),
  );
}

function contentsHtml(sections: readonly Heading[]): Html {
  const entries = sections.map(
    ({ level, id, content }) => html`<li class="level-${level}"><a href="#${encodeURIComponent(id)}">${content}</a></li>`,
  );
  return html`<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary>
<ol>${entries}<li class="level-2"><a href="#${PROVENANCE_ID}">Provenance</a></li></ol></details></nav>`;
}

function failureNote({ failure }: NotebookRun): Html {
  if (failure === undefined) return html``;
  const { cell, message } = failure;
  // At its cell the message stands in full; where there is no cell it stands here.
  return html`<div class="failure"><p class="label">This run failed</p>${
    cell === null
      ? html`<pre tabindex="0">${message}</pre>`
      : html`<p>It stopped at <a href="#${cellId(cell)}">code cell ${cell}</a>; what follows was not run.</p>`
  }</div>`;
}

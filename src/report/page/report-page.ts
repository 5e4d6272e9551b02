/** The page of one report: its contents, text, code, outputs and provenance put together. */
import { library } from "../../display/chart-html.js";
import { type Commission, type NotebookRun, plainCommission } from "../notebook-run.js";
import { changesIn } from "../parameters.js";
import { cellId, cellsHtml, type Warn } from "./cells.js";
import { changesHtml } from "./changes.js";
import { chartsOf, reportedOutputs } from "./charts.js";
import { documentText } from "./document.js";
import { newExplained } from "./glossary.js";
import { type Html, html, scripted } from "./html.js";
import { Lead } from "./lead.js";
import { type Heading, newOutline } from "./markdown.js";
import { provenanceHtml } from "./provenance.js";
import { publicationOf } from "./publication.js";
import { pathHtml, sectionsHtml } from "./sections.js";

/**
 * The whole HTML of one report.
 *
 * @param warn - told what is not shown as it should be, the cell named
 * @param out - the folder that the page is written to, for links to files
 */
export async function renderPage(
  run: NotebookRun,
  commission: Commission = plainCommission(run),
  warn: Warn = () => {},
  out?: string,
): Promise<string> {
  const outline = {
    ...newOutline(run.folder),
    explained: newExplained(),
    ...(run.folder !== null && out !== undefined && { moved: { from: run.folder, to: out } }),
  };
  const lead = new Lead(run.notebook);
  const pieces = await cellsHtml({ run, outline, lead, warn });
  const first = lead.html(pathHtml(pieces));
  const hasPanel = reportedOutputs(run.notebook).some((output) => publicationOf(output) !== null);
  const title = outline.headings.find(({ level }) => level === 1);
  const changes = changesHtml(changesIn(run.notebook));
  return documentText({
    title: `${title?.text ?? run.name}${changes ? " · changed parameters" : ""} · glass-house`,
    style: "report.css",
    place: html`<a href="index.html">glass-house</a> <span aria-hidden="true">/</span> <span class="name">${run.name}</span>`,
    controls: html`<button type="button" class="fold">Show code</button>`,
    contents: contentsHtml(outline.headings),
    main: html`${title === undefined && html`<h1>${run.name}</h1>`}${failureNote(run)}${changes}${first}${sectionsHtml(pieces)}${provenanceHtml(run, commission)}`,
    hasNeighbours: true,
    hasPanel,
    // last, so that the text is there to be read before it
    scripts: hasPanel || chartsOf(run.notebook).length > 0 ? scripted(library()) : undefined,
  });
}

function contentsHtml(headings: readonly Heading[]): Html {
  const entries = headings
    .filter(({ level }) => level === 2 || level === 3)
    .map(
      ({ level, id, content }) =>
        html`<li class="level-${level}"><a href="#${encodeURIComponent(id)}">${content}</a></li>\n`,
    );
  if (entries.length === 0) return html``;
  return html`<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary><ol>
${entries}</ol></details></nav>`;
}

function failureNote({ failure }: NotebookRun): Html {
  if (failure === undefined) return html``;
  const { cell, message } = failure;
  // at its cell the message stands in full; where there is no cell it stands here
  const explanation =
    cell === null
      ? html`<pre tabindex="0">${message}</pre>`
      : html`<p>It stopped at <a href="#${cellId(cell)}">code cell ${cell}</a>; what follows was not run.</p>`;
  return html`<div class="failure"><p class="label">This run failed</p>${explanation}</div>`;
}

/** The index page: one card a notebook, with its claim, its verdict and its key figure. */
import { changesHtml } from "./changes.js";
import { documentText } from "./document.js";
import { type Html, html } from "./html.js";
import { inlineMarkdown } from "./markdown.js";
import type { RunSummary } from "./summary.js";
import { lineCells, lineClaim, verdictInShort } from "./verdict.js";

/** The whole HTML of index.html. */
export function renderIndex(runs: readonly RunSummary[]): string {
  const published = runs.filter(({ changes }) => changes.length === 0);
  const changed = runs.filter(({ changes }) => changes.length > 0);
  return documentText({
    title: "glass-house",
    style: "index.css",
    place: html`<span class="name">glass-house</span>`,
    main: html`<h1>A neural network in a glass house</h1>
<p class="lead">Built from scratch, broken on purpose, and the truth about why: each notebook puts a claim to the test.</p>
${published.map(card)}
${claimsTable(published)}
${
  changed.length > 0 &&
  html`<section class="changed" aria-labelledby="changed">
<h2 id="changed">With changed parameters</h2>
<p>Runs of the same notebooks with other values; no claim in the table is judged by them. Delete a report, and the next run takes it off this list.</p>
${changed.map(card)}</section>`
}`,
  });
}

/** Every claim of every verdict, as the runs of this folder came to them with the notebooks' own values. */
function claimsTable(runs: readonly RunSummary[]): Html | false {
  const judged = runs.flatMap(({ name, report, verdict }) => (verdict ? [{ name, report, verdict }] : []));
  if (judged.length === 0) return false;
  const lines = judged.flatMap(({ name, report, verdict: { rows } }) =>
    rows.map(
      (row, i) => html`
<tr>${i === 0 && html`<th scope="rowgroup" rowspan="${rows.length}"><a href="${encodeURIComponent(report)}.html">${name}</a></th>`}
<td>${lineClaim(row)}</td>${lineCells(row)}</tr>`,
    ),
  );
  const beyond = judged.filter(({ verdict }) => verdict.defence || verdict.scale);
  return html`<section class="claims" aria-labelledby="claims">
<h2 id="claims">Claim by claim</h2>
<p>Nothing in this table is typed by hand: each line is what the notebook's verdict came to when these reports were made. Lines marked ● make up
the claim, and so its stamp.</p>
<div class="scroll" role="region" aria-label="Table: claim by claim" tabindex="0"><table>
<thead><tr><th scope="col">Notebook</th><th scope="col">Claim</th><th scope="col">What we measured</th>
<th scope="col" class="number">n</th><th scope="col">Outcome</th></tr></thead>
<tbody>${lines}</tbody></table></div>
${beyond.length > 0 && defencesTable(beyond)}</section>
`;
}

type Judged = { name: string; report: string; verdict: NonNullable<RunSummary["verdict"]> };

/** What defends, and what of it was tested at another scale. */
function defencesTable(judged: readonly Judged[]): Html {
  const lines = judged.map(
    ({ name, report, verdict: { defence, scale } }) => html`
<tr><th scope="row"><a href="${encodeURIComponent(report)}.html">${name}</a></th>
<td>${defence ? inlineMarkdown(defence) : "not asked"}</td><td>${scale ? inlineMarkdown(scale) : "not tested"}</td></tr>`,
  );
  return html`<h2 id="defences">What defends, and what is inherited at scale</h2>
<p>The largest networks here have three layers of 64 neurons. Of anything larger these notebooks say nothing of their own.</p>
<div class="scroll" role="region" aria-label="Table: what defends" tabindex="0"><table>
<thead><tr><th scope="col">Notebook</th><th scope="col">What defends</th><th scope="col">Wider and deeper networks</th></tr></thead>
<tbody>${lines}</tbody></table></div>`;
}

function card({
  name,
  report,
  changes,
  title,
  status,
  failure,
  keyFigure,
  claim,
  verdict,
  charts,
  seconds,
}: RunSummary): Html {
  const isOk = status === "ok";
  return html`<article class="card${!isOk && " failed"}" data-report="${report}">
${keyFigure && html`<img src="${keyFigure.src}" alt="${keyFigure.alt}">`}<div class="text">
<p class="label">${name}</p>
<h2>${isOk ? html`<a href="${encodeURIComponent(report)}.html">${title}</a>` : title}</h2>
${changesHtml(changes)}
${claim && html`<p class="claim"><span class="label">Claim</span> ${inlineMarkdown(claim)}</p>`}
${verdict && verdictInShort(verdict)}
${failure && failureHtml(failure)}
${isOk && html`<p class="facts">${charts} ${charts === 1 ? "chart" : "charts"}, ran in ${seconds.toFixed(1)} s</p>`}
</div></article>
`;
}

function failureHtml({ cell, message }: NonNullable<RunSummary["failure"]>): Html {
  const where =
    cell === null ? "The run failed before its first cell" : `The run failed at code cell ${cell}`;
  return html`<div class="failure"><p><strong>${where}.</strong> An earlier report of it, if there is one, is as it was.</p>
<pre tabindex="0">${message}</pre></div>`;
}

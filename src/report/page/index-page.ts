/** The index page: one card a notebook, with its claim, its verdict and its key figure. */
import { documentText } from "./document.js";
import { type Html, html } from "./html.js";
import { inlineMarkdown } from "./markdown.js";
import type { RunSummary } from "./summary.js";
import { verdictInShort } from "./verdict.js";

/** The whole HTML of index.html. */
export function renderIndex(runs: readonly RunSummary[]): string {
  return documentText({
    title: "glass-house",
    style: "index.css",
    place: html`<span class="name">glass-house</span>`,
    main: html`<h1>A neural network in a glass house</h1>
<p class="lead">Built from scratch, broken on purpose, and the truth about why: each notebook puts a claim to the test.</p>
${runs.map(card)}`,
  });
}

function card({
  name,
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
  return html`<article class="card${!isOk && " failed"}">
${keyFigure && html`<img src="${keyFigure.src}" alt="${keyFigure.alt}">`}<div class="text">
<p class="label">${name}</p>
<h2>${isOk ? html`<a href="${encodeURIComponent(name)}.html">${title}</a>` : title}</h2>
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
  return html`<div class="failure"><p><strong>${where}.</strong> What an earlier run left of it is as it was.</p>
<pre tabindex="0">${message}</pre></div>`;
}

/** The page that lists the reports: for each notebook its claim, what became of it, and one picture. */
import { chip } from "./chips.js";
import { documentText } from "./document.js";
import { count, duration } from "./format.js";
import { type Html, html } from "./html.js";
import { inlineMarkdown } from "./markdown.js";
import type { RunSummary } from "./summary.js";

/** The whole HTML of index.html. */
export function renderIndex(runs: readonly RunSummary[]): string {
  return documentText({
    title: "glass-house",
    description: "Reports on a neural network that is broken on purpose, and what became of each claim.",
    place: "",
    code: false,
    main: html`<div class="prose"><h1>glass-house</h1>
<p class="lead">A small neural network in a glass house, broken on purpose, and the truth about why.
Each report tests one claim and ends with a verdict.</p></div>
<ol class="cards">${runs.map(card)}</ol>`,
  });
}

function card(run: RunSummary): Html {
  const { keyFigure } = run;
  return html`<li class="card"><article>
${keyFigure && html`<img src="${keyFigure.src}" alt="${keyFigure.alt}">`}
<div>
<p class="label">${run.name}</p>
${run.status === "ok" ? outcome(run) : failure(run)}
</div>
</article></li>
`;
}

function outcome({ name, title, claim, verdict, seconds, charts }: RunSummary): Html {
  return html`<h2><a href="${encodeURIComponent(name)}.html">${title}</a></h2>
${claim !== null && html`<p class="claim">${inlineMarkdown(claim)}</p>`}
${
  verdict !== null &&
  html`<ul class="outcomes">${verdict.rows.map((row) => html`<li>${chip(row.outcome)} ${inlineMarkdown(row.claim)}</li>`)}</ul>
<p class="summary">${inlineMarkdown(verdict.summary)}</p>`
}
<p class="facts">${count(charts, "chart")} · ${duration(seconds)}</p>`;
}

function failure({ title, failure }: RunSummary): Html {
  const place = failure?.cell != null && `in code cell ${failure.cell}`;
  return html`<h2>${title}</h2>
<p>${chip("failed")} ${place}</p>
<pre tabindex="0">${failure?.message}</pre>`;
}

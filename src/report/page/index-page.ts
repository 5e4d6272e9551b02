/**
 * The index page: what the essay said and what is true, a card a notebook; then what the essay concludes; below, folded,
 * every line of every verdict.
 */
import type { Closing } from "../../closing/grade.js";
import type { AddressOf } from "../../display/closing.js";
import { enumerated } from "../../experiments/enumerated.js";
import { experiments } from "../../experiments/index.js";
import type { Outcome, VerdictRow } from "../../experiments/verdict.js";
import { changesHtml } from "./changes.js";
import { closingHtml } from "./closing.js";
import { documentText } from "./document.js";
import { type Content, type Html, html } from "./html.js";
import { ownId } from "./ids.js";
import { inlineMarkdown } from "./markdown.js";
import type { RunSummary } from "./summary.js";
import { chip, lineClaim, lineId, verdictInShort } from "./verdict.js";

/**
 * The whole HTML of index.html.
 *
 * @param closing - what the essay concludes, graded; left out by default
 */
export function renderIndex(runs: readonly RunSummary[], closing?: Closing): string {
  const published = runs.filter(({ changes }) => changes.length === 0);
  const changed = runs.filter(({ changes }) => changes.length > 0);
  return documentText({
    title: "glass-house: what the essay said, what is true",
    style: "index.css",
    place: html`<span class="name">glass-house</span>`,
    main: html`<h1>A neural network in a glass house</h1>
<p class="lead">The essay <cite>Stress-Testing a Tiny Neural Network</cite> builds a network of 41 parameters, breaks it on purpose and draws conclusions. Here
is the same network, built from scratch, and each conclusion put to the test. Every report is one file that needs no internet and trains again inside the page.</p>
${talliedStamps(published)}
<div class="cards">
${published.map(card)}</div>
${
  closing &&
  html`<section aria-labelledby="${ownId("closing")}">
<h2 id="${ownId("closing")}">What the essay concludes, and asks</h2>
${closingHtml(closing, addressIn(published))}</section>`
}
${beneath(published)}
${
  changed.length > 0 &&
  html`<section class="changed" aria-labelledby="changed">
<h2 id="changed">With changed parameters</h2>
<p>Runs of the same notebooks with other values; no claim above is judged by them. Delete a report, and the next run takes it off this list.</p>
<div class="cards">
${changed.map(card)}</div></section>`
}`,
  });
}

/** The places of lines in the reports that there are. */
function addressIn(published: readonly RunSummary[]): AddressOf {
  return ({ notebook, line }) => {
    const run = published.find(({ name, status }) => name === notebook && status === "ok");
    if (run === undefined) return undefined;
    const hasLine = run.verdict?.rows.some(({ id }) => id === line);
    return `${encodeURIComponent(run.report)}.html${hasLine ? `#${lineId(line)}` : ""}`;
  };
}

type Judged = RunSummary & { verdict: NonNullable<RunSummary["verdict"]> };

function judgedOf(runs: readonly RunSummary[]): Judged[] {
  return runs.filter((run): run is Judged => run.verdict !== null);
}

/** What became of so many claims, after their number. */
const FATES: readonly [Outcome, one: string, more: string][] = [
  ["holds", "holds", "hold"],
  ["holds only if", "holds only on a condition", "hold only on a condition"],
  ["does not hold", "does not hold", "do not hold"],
  ["undecided", "is undecided", "are undecided"],
  ["not tested", "was not tested", "were not tested"],
];

/** The answer to the essay as a whole. */
function talliedStamps(runs: readonly RunSummary[]): Html | false {
  const verdicts = judgedOf(runs).map(({ verdict }) => verdict);
  if (verdicts.length === 0) return false;
  const parts = FATES.flatMap(([outcome, one, more]) => {
    const count = verdicts.filter(({ stamp }) => stamp === outcome).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : more}`];
  });
  const claims = verdicts.length === 1 ? "Of 1 claim" : `Of ${verdicts.length} claims`;
  const least = Math.min(
    ...verdicts.flatMap(({ rows }) => rows.filter(({ isPrimary }) => isPrimary).map(({ n }) => n)),
  );
  const basis = Number.isFinite(least)
    ? `, ${verdicts.length === 1 ? "" : "each "}tested on ${least} networks or more,`
    : "";
  return html`<p class="tally">What the essay said, what is true: ${claims.toLowerCase()}${basis} ${enumerated(parts)}.</p>`;
}

/** What a reader may want to look up, folded: every line of every verdict, and what defends. */
function beneath(published: readonly RunSummary[]): Html | false {
  const judged = judgedOf(published);
  const beyond = judged.filter(({ verdict: { defence, scale } }) => defence || scale);
  return (
    judged.length > 0 &&
    html`<section class="tables" aria-label="In detail">
${folded(
  "Claim by claim",
  html`<p>Nothing here is typed by hand: each line is what a verdict came to when these reports were made. Lines marked ● decide the claim, and so its stamp.</p>
<table class="claims">
<thead><tr><th scope="col">Notebook</th><th scope="col">Claim</th><th scope="col">What we measured</th>
<th scope="col" class="number">n</th><th scope="col">Outcome</th></tr></thead>
${judged.map(claimRows)}</table>`,
)}
${
  beyond.length > 0 &&
  folded(
    "What defends, and what is inherited at scale",
    html`<p>The largest networks here have three layers of 64 neurons. Of anything larger these notebooks say nothing of their own.</p>
<table class="defences">
<thead><tr><th scope="col">Notebook</th><th scope="col">What defends</th><th scope="col">Wider and deeper networks</th></tr></thead>
<tbody>${beyond.map(defenceRow)}</tbody></table>`,
  )
}</section>
`
  );
}

function folded(name: string, content: Content): Html {
  return html`<details><summary><h2>${name}</h2></summary>
${content}</details>
`;
}

/** A group of rows a notebook. On a narrow screen each cell is a line of its own, and says what it is. */
function claimRows(run: Judged): Html {
  const { rows } = run.verdict;
  const line = (row: VerdictRow, i: number): Html => html`
<tr>${i === 0 && html`<th scope="rowgroup" rowspan="${rows.length}">${reportLink(run)}</th>`}
<td>${lineClaim(row)}</td><td data-is="measured">${inlineMarkdown(row.measured)}</td><td class="number" data-is="n">${row.n}</td>
<td>${chip(row.outcome)}${row.note && html` <span class="condition">${inlineMarkdown(row.note)}</span>`}</td></tr>`;
  return html`<tbody>${rows.map(line)}</tbody>
`;
}

function defenceRow(run: Judged): Html {
  const { defence, scale } = run.verdict;
  return html`
<tr><th scope="row">${reportLink(run)}</th>
<td data-is="what defends">${defence ? inlineMarkdown(defence) : "not asked"}</td><td data-is="at scale">${scale ? inlineMarkdown(scale) : "not tested"}</td></tr>`;
}

function reportLink({ report, name }: RunSummary): Html {
  return html`<a href="${encodeURIComponent(report)}.html">${name}</a>`;
}

function card(run: RunSummary): Html {
  const { report, changes, title, status, failure, keyFigure, claim, verdict } = run;
  const isOk = status === "ok";
  return html`<article class="card${!isOk && " failed"}" data-report="${report}">
<div class="text">
<h2>${isOk ? html`<a href="${encodeURIComponent(report)}.html">${title}</a>` : title}</h2>
<p class="place">${placeText(run)}</p>
${changesHtml(changes)}
${claim && html`<p class="claim"><span class="label">The essay</span> ${inlineMarkdown(claim)}</p>`}
${verdict && verdictInShort(verdict)}
${failure && failureHtml(failure)}
</div>
${keyFigure && html`<figure><img src="${keyFigure.src}" alt="${keyFigure.alt}">${keyFigure.title !== "" && html`<figcaption>${keyFigure.title}</figcaption>`}</figure>`}
</article>
`;
}

/** Where it stands among the experiments and how long it takes to read, if it is one of them; else how much there is. */
function placeText({ name, charts }: RunSummary): string {
  const names = Object.keys(experiments);
  if (!names.includes(name)) return charts === 1 ? "1 chart" : `${charts} charts`;
  const { minutes } = experiments[name];
  return `${names.indexOf(name) + 1} of ${names.length}${minutes === undefined ? "" : `, ${minutes} minutes`}`;
}

function failureHtml({ cell, message }: NonNullable<RunSummary["failure"]>): Html {
  const where =
    cell === null ? "The run failed before its first cell" : `The run failed at code cell ${cell}`;
  return html`<div class="failure"><p><strong>${where}.</strong> An earlier report of it, if there is one, is as it was.</p>
<pre tabindex="0">${message}</pre></div>`;
}

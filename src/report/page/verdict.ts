/** A verdict on a page: which claims held, in words and not in colour alone. */
import { z } from "zod";
import { VERDICT_MIME, type Verdict } from "../../display/mime.js";
import type { Output } from "../notebook.js";
import { type Html, html } from "./html.js";
import { inlineMarkdown } from "./markdown.js";

const OUTCOMES = ["holds", "holds only if", "does not hold"] as const;

const verdictSchema = z.object({
  claim: z.string(),
  rows: z.array(
    z.object({
      claim: z.string(),
      measured: z.string(),
      n: z.number(),
      outcome: z.enum(OUTCOMES),
      condition: z.string().exactOptional(),
    }),
  ),
  summary: z.string(),
  defence: z.string().exactOptional(),
  scale: z.string().exactOptional(),
});

/** The verdict that an output carries; null when it carries none, or something that only has its name. */
export function verdictOf(output: Output): Verdict | null {
  if (!("data" in output)) return null;
  return verdictSchema.safeParse(output.data[VERDICT_MIME]).data ?? null;
}

/** The whole verdict: a table of what was claimed and measured, and the summary. */
export function verdictTable({ rows, summary, defence, scale }: Verdict): Html {
  const lines = rows.map(
    ({ claim, measured, n, outcome, condition }) => html`
<tr><th scope="row">${inlineMarkdown(claim)}</th><td>${inlineMarkdown(measured)}</td><td class="number">${n}</td>
<td>${chip(outcome)}${condition && html` <span class="condition">${inlineMarkdown(condition)}</span>`}</td></tr>`,
  );
  return html`<div class="verdict">
<div class="scroll" role="region" aria-label="Verdict" tabindex="0"><table>
<thead><tr><th scope="col">Claim</th><th scope="col">What we measured</th><th scope="col" class="number">n</th><th scope="col">Outcome</th></tr></thead>
<tbody>${lines}</tbody></table></div>
<p class="summary">${inlineMarkdown(summary)}</p>
${defence && html`<p><strong>What defends.</strong> ${inlineMarkdown(defence)}</p>`}
${scale && html`<p><strong>At scale.</strong> ${inlineMarkdown(scale)}</p>`}</div>`;
}

/** The verdict in short: how many lines came to which outcome, and the summary. */
export function verdictInShort({ rows, summary }: Verdict): Html {
  const chips = OUTCOMES.map((outcome) => {
    const count = rows.filter((row) => row.outcome === outcome).length;
    return count > 0 && html`<li>${chip(outcome, count)}</li>`;
  });
  return html`<ul class="chips">${chips}</ul><p class="summary">${inlineMarkdown(summary)}</p>`;
}

/** An outcome, in words and colour; with a count, of so many lines. */
export function chip(outcome: (typeof OUTCOMES)[number], count?: number): Html {
  return html`<span class="chip ${outcome.replaceAll(" ", "-")}">${count !== undefined && `${count} `}${outcome}</span>`;
}

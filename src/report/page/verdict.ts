/** A verdict on a page: which claims held, in words and not in colour alone. */
import { z } from "zod";
import type { Grade } from "../../closing/grade.js";
import { VERDICT_MIME, type Verdict } from "../../display/mime.js";
import { GRADING_RULE } from "../../experiments/grading.js";
import { OUTCOMES, type Outcome, type VerdictRow } from "../../experiments/verdict.js";
import type { Output } from "../notebook.js";
import { carried } from "./carried.js";
import { type Html, html } from "./html.js";
import { ownId } from "./ids.js";
import { inlineMarkdown, newOutline, type Outline } from "./markdown.js";

/** A verdict as data. */
export const verdictSchema: z.ZodType<Verdict> = z.object({
  claim: z.string(),
  stamp: z.enum(OUTCOMES),
  rows: z.array(
    z.object({
      id: z.string().exactOptional(),
      claim: z.string(),
      measured: z.string(),
      n: z.number(),
      outcome: z.enum(OUTCOMES),
      note: z.string().exactOptional(),
      isPrimary: z.boolean().exactOptional(),
    }),
  ),
  summary: z.string(),
  defence: z.string().exactOptional(),
  scale: z.string().exactOptional(),
});

/** The verdict that an output carries; null when it carries none, or something that only has its name. */
export function verdictOf(output: Output): Verdict | null {
  return carried(output, VERDICT_MIME, verdictSchema);
}

/** The whole verdict: the claim with its stamp, the lines that decide it, the others folded, and what else there is to say. */
export function verdictTable(
  { claim, stamp, rows, summary, defence, scale }: Verdict,
  outline: Outline = newOutline(),
): Html {
  const deciding = rows.filter(({ isPrimary }) => isPrimary);
  const [first, others] =
    deciding.length === 0 ? [rows, []] : [deciding, rows.filter(({ isPrimary }) => !isPrimary)];
  const rule = html`<p class="rule"><strong>The rule.</strong> ${inlineMarkdown(GRADING_RULE)}</p>`;
  return html`<div class="verdict">
<p class="stamp">${chip(stamp)} ${inlineMarkdown(claim, outline)}</p>
<p class="summary">${inlineMarkdown(summary, outline)}</p>
${linesTable(first, "Verdict")}
${
  others.length > 0 &&
  html`<details class="lines"><summary>The other ${others.length === 1 ? "line" : `${others.length} lines`}, and the rule</summary>
${linesTable(others, "Other lines of the verdict")}
${rule}</details>`
}
${defence && html`<p><strong>What defends.</strong> ${inlineMarkdown(defence, outline)}</p>`}
${scale && html`<p><strong>At scale.</strong> ${inlineMarkdown(scale, outline)}</p>`}
${others.length === 0 && rule}</div>`;
}

function linesTable(rows: readonly VerdictRow[], name: string): Html {
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr><th scope="col">Claim</th><th scope="col">What we measured</th><th scope="col" class="number">n</th><th scope="col">Outcome</th></tr></thead>
<tbody>${rows.map(
    (row) => html`
<tr${row.id !== undefined && html` id="${lineId(row.id)}"`}><th scope="row">${lineClaim(row)}</th>${lineCells(row)}</tr>`,
  )}</tbody></table></div>`;
}

/** The id, in a report, of the line of a verdict that has this `id`. */
export function lineId(id: string): string {
  return ownId(`line-${id}`);
}

/** The cells of a line, after the one of its heading. */
function lineCells({ measured, n, outcome, note }: VerdictRow): Html {
  return html`<td>${inlineMarkdown(measured)}</td><td class="number">${n}</td>
<td>${chip(outcome)}${note && html` <span class="condition">${inlineMarkdown(note)}</span>`}</td>`;
}

/** The claim of a line; a dot marks those that make up the claim of the notebook. */
export function lineClaim({ claim, isPrimary }: VerdictRow): Html {
  return html`${isPrimary && "● "}${inlineMarkdown(claim)}`;
}

/** The verdict in short: the claim's stamp, and the summary. */
export function verdictInShort({ stamp, summary }: Verdict): Html {
  return html`<p class="summary">${chip(stamp)} ${inlineMarkdown(summary)}</p>`;
}

/** An outcome, in words and colour. */
export function chip(outcome: Outcome | Grade): Html {
  return html`<span class="chip ${outcome.replaceAll(" ", "-")}">${outcome}</span>`;
}

/** What the essay concludes and asks, graded, on a page. */
import { z } from "zod";
import { CLOSING_RULE, type Closing, GRADES, type Graded } from "../../closing/grade.js";
import { type AddressOf, whyMarkdown } from "../../display/closing.js";
import { CLOSING_MIME } from "../../display/mime.js";
import type { Output } from "../notebook.js";
import { carried } from "./carried.js";
import { type Content, type Html, html } from "./html.js";
import { inlineMarkdown } from "./markdown.js";
import { chip } from "./verdict.js";

const graded = z.array(
  z.object({
    sentence: z.string(),
    grade: z.enum(GRADES).exactOptional(),
    remark: z.string().exactOptional(),
    reasons: z.array(
      z.object({
        name: z.string(),
        lines: z.array(z.object({ text: z.string(), notebook: z.string(), line: z.string(), n: z.number() })),
      }),
    ),
    literature: z
      .array(z.object({ found: z.string(), address: z.url({ protocol: /^https$/ }) }))
      .exactOptional(),
  }),
);
const closingSchema: z.ZodType<Closing> = z.object({ conclusions: graded, questions: graded });

/** The closing page that an output carries; null when it carries none, or something that only has its name. */
export function closingIn(output: Output): Closing | null {
  return carried(output, CLOSING_MIME, closingSchema);
}

/** The rule, the conclusions with their grades and the questions with their answers. */
export function closingHtml({ conclusions, questions }: Closing, addressOf: AddressOf): Html {
  const why = (own: Graded): Html => inlineMarkdown(whyMarkdown(own, addressOf));
  return html`<div class="closing">
<p>${inlineMarkdown(CLOSING_RULE)}</p>
${table(
  "Conclusions",
  ["The essay concludes", "Outcome", "Why"],
  conclusions.map((own) => [own.sentence, own.grade && chip(own.grade), why(own)]),
)}
${table(
  "Open questions",
  ["The essay asks", "Answer"],
  questions.map((own) => [own.sentence, why(own)]),
)}
</div>`;
}

function table(name: string, heads: readonly string[], rows: readonly (readonly Content[])[]): Html {
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([first, ...others]) => html`
<tr><th scope="row">${first}</th>${others.map((content) => html`<td>${content}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

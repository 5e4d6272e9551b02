/** What the essay concludes and asks, graded, on a page. */
import { z } from "zod";
import { CLOSING_RULE, type Closing, GRADES, type Graded, type ToldLine } from "../../closing/grade.js";
import { FOUND, numberOf } from "../../display/closing.js";
import { CLOSING_MIME } from "../../display/mime.js";
import type { Output } from "../notebook.js";
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
  if (!("data" in output)) return null;
  return closingSchema.safeParse(output.data[CLOSING_MIME]).data ?? null;
}

/** The address of a line on a page that exists; undefined where there is none. */
export type AddressOf = (line: ToldLine) => string | undefined;

/** The rule, the conclusions with their grades and the questions with their answers. */
export function closingHtml({ conclusions, questions }: Closing, addressOf: AddressOf): Html {
  const why = (own: Graded): Html => whyHtml(own, addressOf);
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

function whyHtml({ remark, reasons, literature = [] }: Graded, addressOf: AddressOf): Html {
  return html`${remark && html`${remark} `}${reasons.map(({ name, lines }) =>
    sentence(
      name,
      lines.map((line) => lineHtml(line, addressOf(line))),
    ),
  )}${
    literature.length > 0 &&
    sentence(
      FOUND,
      literature.map(
        ({ found, address }) => html`<a href="${address}" rel="noopener noreferrer">${found}</a>`,
      ),
    )
  }`;
}

function lineHtml(line: ToldLine, address: string | undefined): Html {
  const basis = `${numberOf(line)},\u00a0n\u00a0=\u00a0${line.n}`;
  return html`${line.text} (${address === undefined ? basis : html`<a href="${address}">${basis}</a>`})`;
}

function sentence(name: string, clauses: readonly Html[]): Html {
  return html`<em>${name}:</em> ${clauses.map((clause, i) => html`${i > 0 && "; "}${clause}`)}. `;
}

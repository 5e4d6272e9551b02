/** A notebook's answer on a page: found, checked and put into words. */
import { z } from "zod";
import { basisText, publishedText, withdrawalText } from "../../display/answer-text.js";
import { ANSWER_MIME, type Answer } from "../../display/mime.js";
import { OUTCOMES } from "../../experiments/verdict.js";
import type { Output } from "../notebook.js";
import { carried } from "./carried.js";
import { type Html, html } from "./html.js";
import { inlineMarkdown } from "./markdown.js";
import { chip } from "./verdict.js";

const outcome = z.enum(OUTCOMES);
const answerSchema: z.ZodType<Answer> = z.union([
  z.object({
    stamp: outcome,
    summary: z.string(),
    basis: z.string(),
    isRecorded: z.boolean(),
    published: z.object({ stamp: outcome, basis: z.string() }).exactOptional(),
  }),
  z.object({ withdrawn: z.string() }),
]);

/** The answer that an output carries; null when it carries none, or something that only has its name. */
export function answerOf(output: Output): Answer | null {
  return carried(output, ANSWER_MIME, answerSchema);
}

/** The answer: one stamp, one sentence, and small below them what they rest on. */
export function answerHtml(answer: Answer): Html {
  if ("withdrawn" in answer) {
    return html`<p class="answer"><strong>Withdrawn.</strong> ${inlineMarkdown(withdrawalText(answer.withdrawn))}</p>`;
  }
  const { stamp, summary, published } = answer;
  return html`<p class="answer">${chip(stamp)} ${inlineMarkdown(summary)}</p>
<p class="basis">${basisText(answer)}</p>
${published && html`<p class="basis">${inlineMarkdown(publishedText(published))}</p>`}`;
}

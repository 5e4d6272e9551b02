/** Shows what the essay concludes and asks, graded by the published evidence of all notebooks. */
import { CLOSING_RULE, type Closing, closingOf, type Graded, type ToldLine } from "../closing/grade.js";
import { publishedVerdicts } from "./evidence.js";
import { output } from "./kernel-output.js";
import { tableMarkdown } from "./markdown.js";
import { CLOSING_MIME } from "./mime.js";

/**
 * Shows the essay's conclusions and open questions under the cell, each with the lines that it rests on. Only published
 * evidence counts; nothing is measured.
 *
 * @throws Error outside a tslab kernel
 */
export function showClosing(): void {
  const closing = closingOf(publishedVerdicts());
  const markdown = closingMarkdown(closing);
  output({ [CLOSING_MIME]: closing, "text/markdown": markdown, "text/plain": markdown });
}

/** The rule and both tables. */
export function closingMarkdown({ conclusions, questions }: Closing): string {
  return [
    CLOSING_RULE,
    tableMarkdown(
      ["the essay concludes", "outcome", "why"],
      conclusions.map((own) => [own.sentence, `**${own.grade}**`, whyMarkdown(own)]),
    ),
    tableMarkdown(
      ["the essay asks", "answer"],
      questions.map((own) => [own.sentence, whyMarkdown(own)]),
    ),
  ].join("\n\n");
}

function whyMarkdown({ remark, reasons, literature = [] }: Graded): string {
  return [
    ...(remark ? [remark] : []),
    ...reasons.map(({ name, lines }) => sentence(name, lines.map(lineMarkdown))),
    ...(literature.length > 0
      ? [
          sentence(
            FOUND,
            literature.map(({ found, address }) => `[${found}](${address})`),
          ),
        ]
      : []),
  ].join(" ");
}

/** What begins the list of what others found. */
export const FOUND = "Others found";

function lineMarkdown(line: ToldLine): string {
  return `${line.text} ([${numberOf(line)}](${line.notebook}.ipynb),\u00a0n\u00a0=\u00a0${line.n})`;
}

/** The notebook of a line by its number, such as `06`. */
export function numberOf({ notebook }: ToldLine): string {
  return notebook.slice(0, notebook.indexOf("-"));
}

function sentence(name: string, clauses: readonly string[]): string {
  return `*${name}:* ${clauses.join("; ")}.`;
}

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
  const why = (own: Graded): string => whyMarkdown(own, ({ notebook }) => `${notebook}.ipynb`);
  return [
    CLOSING_RULE,
    tableMarkdown(
      ["the essay concludes", "outcome", "why"],
      conclusions.map((own) => [own.sentence, `**${own.grade}**`, why(own)]),
    ),
    tableMarkdown(
      ["the essay asks", "answer"],
      questions.map((own) => [own.sentence, why(own)]),
    ),
  ].join("\n\n");
}

/** The address of a line; undefined where there is none to lead to. */
export type AddressOf = (line: ToldLine) => string | undefined;

/** What a grade or an answer rests on, in a line of markdown. */
export function whyMarkdown({ remark, reasons, literature = [] }: Graded, addressOf: AddressOf): string {
  const lineMarkdown = (line: ToldLine): string =>
    `${line.text} (${linked(numberOf(line), addressOf(line))},\u00a0n\u00a0=\u00a0${line.n})`;
  const others = literature.map(({ found, address }) => linked(found, address));
  return [
    ...(remark ? [remark] : []),
    ...reasons.map(({ name, lines }) => sentence(name, lines.map(lineMarkdown))),
    ...(others.length > 0 ? [sentence("Others found", others)] : []),
  ].join(" ");
}

/** The notebook of a line by its number, such as `06`. */
function numberOf({ notebook }: ToldLine): string {
  return notebook.slice(0, notebook.indexOf("-"));
}

function linked(text: string, address: string | undefined): string {
  return address === undefined ? text : `[${text}](${address})`;
}

function sentence(name: string, clauses: readonly string[]): string {
  return `*${name}:* ${clauses.join("; ")}.`;
}

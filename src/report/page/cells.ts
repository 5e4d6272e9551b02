/** The cells of a run as HTML: prose, code that can be folded away without scripts, outputs, the failure. */
import type { NotebookRun, RunFailure } from "../notebook-run.js";
import type { CodePart, Part } from "./contents.js";
import { count, duration } from "./format.js";
import { highlighted } from "./highlight.js";
import { type Html, html } from "./html.js";
import { cellMarkdown, type Outline } from "./markdown.js";
import { type DrawStill, outputHtml } from "./outputs.js";
import { plainText } from "./plain-text.js";

/** The id of a code cell in the page, by its number. */
export function cellId(number: number): string {
  return `cell-${number}`;
}

/** The parts one after the other; fills the outline. */
export async function cellsHtml(
  parts: readonly Part[],
  { failure, status }: NotebookRun,
  outline: Outline,
  drawStill: DrawStill,
): Promise<Html[]> {
  const cells: Html[] = [];
  for (const part of parts) {
    if (part.kind === "text") {
      const { source, attachments } = part.cell;
      cells.push(html`<div class="prose">${cellMarkdown(source, outline, attachments)}</div>\n`);
    } else {
      cells.push(await codeCell(part, status === "failed", part.failed ? failure : undefined, drawStill));
    }
  }
  return cells;
}

async function codeCell(
  part: CodePart,
  runFailed: boolean,
  failure: RunFailure | undefined,
  drawStill: DrawStill,
): Promise<Html> {
  const outputs = await Promise.all(
    part.shownOutputs
      .filter((output) => !saidBy(failure, output))
      .map((output, i) => outputHtml(output, `chart-${part.number}-${i + 1}`, drawStill)),
  );
  const skipped = runFailed && part.seconds === null && !part.failed;
  const content = html`${codeHtml(part)}
${outputsHtml(part, outputs)}${skipped && html`<p class="label">not run</p>`}${failure && failureHtml(failure)}`;
  const role = part.parameters && ` parameters ${part.parameters}`;
  return html`<section class="cell${role}" id="${cellId(part.number)}" aria-label="Code cell ${part.number}">
${part.parameters && html`<p class="label">${PARAMETERS_LABEL[part.parameters]}</p>`}
${part.whole === "folded" ? html`<details class="whole"><summary>Hidden cell</summary>${content}</details>` : content}
</section>
`;
}

const PARAMETERS_LABEL = { default: "Parameters", injected: "Parameters set for this run" };

function codeHtml({ code, cell, seconds }: CodePart): Html {
  if (code === "absent") return html``;
  const facts = [
    count(cell.source.trimEnd().split("\n").length, "line"),
    seconds === null ? null : duration(seconds),
  ];
  return html`<details class="input"${code === "open" && html` open`}><summary>
<span class="count">[${cell.execution_count ?? " "}]</span> Code <span class="facts">${facts.filter(Boolean).join(" · ")}</span>
</summary>${highlighted(cell.source.trimEnd())}</details>`;
}

function outputsHtml({ outputs }: CodePart, rendered: readonly Html[]): Html {
  if (outputs === "absent" || rendered.length === 0) return html``;
  const content = html`<div class="outputs">${rendered}</div>`;
  return outputs === "folded" ? html`<details class="output"><summary>Output</summary>${content}</details>` : content;
}

function failureHtml({ message }: RunFailure): Html {
  return html`<div class="failure"><p class="label">This cell failed</p><pre tabindex="0">${plainText(message)}</pre></div>`;
}

/** Whether the failure's message, taken from stderr, says this output already. */
function saidBy(failure: RunFailure | undefined, output: CodePart["shownOutputs"][number]): boolean {
  if (failure === undefined) return false;
  if (output.output_type === "error") return true;
  if (output.output_type !== "stream" || output.name !== "stderr") return false;
  const [firstLine] = plainText(output.text).trim().split("\n");
  return failure.message.includes(firstLine);
}

/** The cells of a run as HTML: prose, code that is folded, outputs, what went wrong. */
import { type CodeCell, hasTag, isSkipped, type MarkdownCell } from "../notebook.js";
import type { NotebookRun, RunFailure } from "../notebook-run.js";
import { isReported } from "./charts.js";
import { highlighted } from "./highlight.js";
import { type Html, html } from "./html.js";
import { ownId } from "./ids.js";
import type { Lead } from "./lead.js";
import { cellParts, type Heading, type Outline } from "./markdown.js";
import { outputHtml } from "./outputs.js";
import { plainText } from "./terminal.js";
import { ALL_OPEN, keptOutputs, type Visibility, visibilityOf } from "./visibility.js";

/** Tag of a markdown cell: from the heading that it begins with, of level 2 or 3, to the next section all is folded. */
const FOLD_SECTION = "fold-section";

/** Seconds below which a cell's time is not worth a word. */
const WORTH_TELLING = 0.1;

/** The id of a code cell in the page, by its position among the code cells, from 1. */
export function cellId(number: number): string {
  return ownId(`cell-${number}`);
}

/** Told what of a cell, named first, is not shown as it should be. */
export type Warn = (warning: string) => void;

/** What a cell gives to the page. */
export interface CellPiece {
  content: Html;
  headings: readonly Heading[];
  /** Whether all from its first heading, which is not in the content then, to the next section is to be folded. */
  isFolded: boolean;
  /** Whether it failed: nothing folds it away. */
  hasFailed: boolean;
}

/** A page in the making. */
export interface Making {
  run: NotebookRun;
  /** Gets the headings. */
  outline: Outline;
  /** Takes out what goes to the first screen. */
  lead: Lead;
  warn: Warn;
}

/** All cells one after the other. Raw cells are for other programs. */
export async function cellsHtml(making: Making): Promise<CellPiece[]> {
  const { run } = making;
  const pieces: CellPiece[] = [];
  let number = 0;
  for (const [index, cell] of run.notebook.cells.entries()) {
    if (cell.cell_type === "code") {
      number++;
      const content = await codeCellHtml(cell, number, run.cellSeconds[index] ?? null, making);
      pieces.push({ content, headings: [], isFolded: false, hasFailed: run.failure?.cell === number });
    } else if (cell.cell_type === "markdown" && visibilityOf(cell).cell !== "removed") {
      pieces.push(proseCell(cell, making));
    }
  }
  return pieces;
}

function proseCell(cell: MarkdownCell, { outline, lead }: Making): CellPiece {
  const before = outline.headings.length;
  const isTitle = lead.wantsTitle;
  const blocks = isTitle ? ["h1", "p"] : hasTag(cell, FOLD_SECTION) ? ["h2, h3"] : [];
  const { first, rest } = cellParts(cell.source, outline, cell.attachments, blocks);
  const headings = outline.headings.slice(before);
  if (isTitle) lead.takeTitle(first.length > 0 ? headings[0] : undefined, first.slice(1));
  const prose = rest.text.trim() === "" ? html`` : html`<div class="prose">${rest}</div>\n`;
  return {
    content: visibilityOf(cell).cell === "folded" ? folded("Text", prose) : prose,
    headings,
    isFolded: !isTitle && first.length > 0,
    hasFailed: false,
  };
}

async function codeCellHtml(
  cell: CodeCell,
  number: number,
  seconds: number | null,
  making: Making,
): Promise<Html> {
  const { failure, status } = making.run;
  const failed = failure?.cell === number;
  // nothing hides an error
  const visibility = failed ? ALL_OPEN : visibilityOf(cell);
  if (visibility.cell === "removed") return html``;
  const outputs = await outputsHtml(cell, number, visibility, failed ? failure : undefined, making);
  const code =
    visibility.input === "removed" || cell.source.trim() === "" ? html`` : codeHtml(cell, seconds, failed);
  if (outputs.length === 0 && code.text === "") return html``;
  const shown = html`${code}${isSkipped(cell) && skippedHtml(cell)}${visibility.output === "folded" && outputs.length > 0 ? folded("Output", outputs) : outputs}${
    failed && failureHtml(failure)
  }${status === "failed" && !failed && !isSkipped(cell) && seconds === null && html`<p class="label">not run</p>`}`;
  const role = `${kindOf(cell) ?? ""}${failed ? " failed" : ""}`;
  return html`<section class="cell ${role}" id="${cellId(number)}" aria-label="Code cell ${number}">${
    visibility.cell === "folded" ? folded("Cell", shown) : shown
  }</section>\n`;
}

function skippedHtml({ outputs }: CodeCell): Html {
  return html`<p class="label">not run, as its tag skip-execution asks${
    outputs.length > 0 && "; what it shows is from an earlier run"
  }</p>`;
}

function kindOf(cell: CodeCell): "parameters" | "injected" | undefined {
  if (hasTag(cell, "parameters")) return "parameters";
  return hasTag(cell, "injected-parameters") ? "injected" : undefined;
}

function codeHtml(cell: CodeCell, seconds: number | null, isOpen: boolean): Html {
  const labels = { parameters: "Parameters", injected: "Parameters set for this run" };
  const kind = kindOf(cell);
  const time =
    seconds !== null && seconds >= WORTH_TELLING && html`<span class="time">${seconds.toFixed(1)} s</span>`;
  return html`<details class="input"${isOpen && html` open`}><summary><span class="label">${
    kind === undefined ? "Code" : labels[kind]
  }</span>
<span class="count">[${cell.execution_count ?? " "}]</span>
${time}</summary>
${highlighted(cell.source.trimEnd())}</details>`;
}

async function outputsHtml(
  cell: CodeCell,
  number: number,
  visibility: Visibility,
  failure: RunFailure | undefined,
  { outline, lead, warn }: Making,
): Promise<Html[]> {
  const warnHere = (problem: string): void => warn(`code cell ${number}: ${problem}`);
  const shown = keptOutputs(cell.outputs, visibility).filter(
    (output) => isReported(output) && !isSaidBy(failure, output),
  );
  const contents = await Promise.all(
    shown.map((output, i) =>
      outputHtml(output, ownId(`chart-${number}-${i + 1}`), outline, warnHere).catch((error: Error) => {
        warnHere(`an output cannot be shown: ${error.message}`);
        return unshownHtml(output, number, error);
      }),
    ),
  );
  return contents.filter((content, i) => !lead.takes(shown[i], content));
}

/** What stands for an output that the page fails at: no single one may lose a run that has ended well. */
function unshownHtml(output: CodeCell["outputs"][number], number: number, { message }: Error): Html {
  const plain = "data" in output ? output.data["text/plain"] : undefined;
  return html`<div class="failure"><p class="label">An output of code cell ${number} cannot be shown: ${message}</p>${
    typeof plain === "string" && html`<pre tabindex="0">${plainText(plain)}</pre>`
  }</div>`;
}

function folded(name: string, content: Html | readonly Html[]): Html {
  return html`<details class="folded"><summary>${name}</summary>${content}</details>`;
}

function failureHtml({ message }: RunFailure): Html {
  return html`<div class="failure"><p class="label">This cell failed</p><pre tabindex="0">${plainText(message)}</pre></div>`;
}

/** Whether the failure's message, which is taken from stderr, says what this output says. */
function isSaidBy(failure: RunFailure | undefined, output: CodeCell["outputs"][number]): boolean {
  if (failure === undefined) return false;
  if (output.output_type === "error") return true;
  if (output.output_type !== "stream" || output.name !== "stderr") return false;
  return failure.message.includes(plainText(output.text).trim().split("\n")[0]);
}

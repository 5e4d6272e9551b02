/** What of a notebook its page shows: the tags obeyed, the plumbing left out. Data in, data out. */
import { z } from "zod";
import type { Figure } from "../../charts/figure.js";
import { MARKS_KEY, type OutputMarks, PLOTLY_MIME, VERDICT_MIME, type Verdict } from "../../display/mime.js";
import { type CodeCell, hasTag, type MarkdownCell, type MimeBundle, type Output } from "../notebook.js";
import type { NotebookRun } from "../notebook-run.js";

/** How a part of a cell is shown. */
export type Shown = "open" | "folded" | "absent";

/** A code cell as the page shows it. */
export interface CodePart {
  kind: "code";
  /** Position among the notebook's code cells, from 1. */
  number: number;
  cell: CodeCell;
  /** The whole cell: its folded state is apart from that of its code and outputs. */
  whole: Exclude<Shown, "absent">;
  code: Shown;
  outputs: Shown;
  /** The outputs without library and progress. */
  shownOutputs: Output[];
  /** Whether it holds the notebook's parameters, or those that the run set in their place. */
  parameters: "default" | "injected" | null;
  /** Null when it was not run. */
  seconds: number | null;
  failed: boolean;
}

/** A markdown cell as the page shows it. */
export interface TextPart {
  kind: "text";
  cell: MarkdownCell;
}

/** A part of the page, in the notebook's order. */
export type Part = CodePart | TextPart;

/** The page's parts; cells tagged `remove-cell`, raw cells and code cells with nothing to show have none. */
export function pageParts({ notebook, failure, cellSeconds }: NotebookRun): Part[] {
  let number = 0;
  return notebook.cells.flatMap((cell, index): Part[] => {
    if (cell.cell_type === "code") {
      number += 1;
      const part = codePart(cell, number, cellSeconds[index] ?? null, failure?.cell === number);
      return part.code === "absent" && part.outputs === "absent" ? [] : [part];
    }
    return cell.cell_type === "markdown" && !hasTag(cell, "remove-cell") ? [{ kind: "text", cell }] : [];
  });
}

function codePart(cell: CodeCell, number: number, seconds: number | null, failed: boolean): CodePart {
  const tagged = (...tags: string[]) => tags.some((tag) => hasTag(cell, tag));
  const shownOutputs = tagged("remove-cell", "remove-output") ? [] : cell.outputs.filter(isContent);
  const shown = (hidden: boolean, removed: boolean): Shown => (removed ? "absent" : hidden ? "folded" : "open");
  const part: CodePart = {
    kind: "code",
    number,
    cell,
    whole: tagged("hide-cell") ? "folded" : "open",
    code: shown(tagged("hide-input"), tagged("remove-cell", "remove-input") || cell.source.trim() === ""),
    outputs: shown(tagged("hide-output"), shownOutputs.length === 0),
    shownOutputs,
    parameters: tagged("injected-parameters") ? "injected" : tagged("parameters") ? "default" : null,
    seconds,
    failed,
  };
  // No tag hides an error.
  if (!failed) return part;
  return { ...part, whole: "open", code: "open", outputs: "open", shownOutputs: cell.outputs.filter(isContent) };
}

function isContent(output: Output): boolean {
  return marks(output).role === undefined;
}

/** Our marks on an output. */
export function marks(output: Output): OutputMarks {
  return ("metadata" in output ? (output.metadata[MARKS_KEY] as OutputMarks) : undefined) ?? {};
}

const record = z.record(z.string(), z.unknown());
const figureSchema = z.looseObject({
  data: z.array(record),
  layout: record.default({}),
  frames: z.array(record).optional(),
  config: record.optional(),
  caption: z.string().default(""),
  alt: z.string().default("A chart without a description"),
});

/** The figure of an output; null if it has none that Plotly could draw. */
export function figureOf(data: MimeBundle): Figure | null {
  const { data: figure } = figureSchema.safeParse(data[PLOTLY_MIME]);
  // The schema looks at as much as is needed to draw or to fail well; the rest is for Plotly to judge.
  return (figure as Figure | undefined) ?? null;
}

const verdictSchema = z.object({
  claim: z.string(),
  rows: z.array(
    z.object({
      claim: z.string(),
      measured: z.string(),
      n: z.number(),
      outcome: z.enum(["holds", "holds only if", "does not hold"]),
      condition: z.string().optional(),
    }),
  ),
  summary: z.string(),
});

/** The verdict of an output; null if it has none. */
export function verdictOf(data: MimeBundle): Verdict | null {
  const { data: verdict } = verdictSchema.safeParse(data[VERDICT_MIME]);
  return (verdict as Verdict | undefined) ?? null;
}

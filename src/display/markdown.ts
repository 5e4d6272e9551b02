/** Shows text, tables and matrices as markdown, which every front end renders and which cannot carry scripts. */
import type { Matrix } from "ml-matrix";
import type { MeanInterval } from "../experiments/statistics.js";
import { significantText, texNumber } from "./format.js";
import { output } from "./kernel-output.js";

/** The content of a table cell: text (markdown), a number, or an interval. */
export type TableCell = string | number | readonly [low: number, high: number];

/** Maximal numbers of rows and columns shown; the middle of a larger matrix is left out. */
const MOST_ROWS = 12;
const MOST_COLUMNS = 8;

/**
 * Shows markdown under the cell, with mathematics between dollar signs.
 *
 * @throws Error outside a tslab kernel
 */
export function showMarkdown(text: string): void {
  output({ "text/markdown": text, "text/plain": text });
}

/**
 * Shows a table under the cell.
 *
 * @param columns - the column headings
 * @param rows - rows with one cell per column
 * @throws RangeError when a row has more or fewer cells than there are columns
 * @throws Error outside a tslab kernel
 */
export function showTable(columns: readonly string[], rows: readonly (readonly TableCell[])[]): void {
  showMarkdown(tableMarkdown(columns, rows));
}

/**
 * Shows means over seeds with their 95% intervals, or the values themselves if they are too few for an interval.
 *
 * @param intervals - the means, by name of the quantity
 * @throws Error outside a tslab kernel
 */
export function showMeans(intervals: Readonly<Record<string, MeanInterval>>): void {
  showTable(
    ["over the seeds", "mean [95% interval], or the values", "standard deviation", "n"],
    Object.entries(intervals).map(([name, { mean, low, high, points, sd, n }]) => {
      const text = (value: number): string => (Number.isNaN(value) ? "not a number" : significantText(value));
      const around = low === high ? ` in all ${n}` : ` [${text(low)}, ${text(high)}]`;
      const interval = Number.isNaN(low) ? text(mean) : text(mean) + around;
      return [name, points?.map(text).join(", ") ?? interval, sd, n];
    }),
  );
}

/** A table as markdown; columns without text are aligned right. */
export function tableMarkdown(columns: readonly string[], rows: readonly (readonly TableCell[])[]): string {
  rows.forEach((row, i) => {
    if (row.length !== columns.length) {
      throw new RangeError(`rows[${i}] must have ${columns.length} cells, one per column, got ${row.length}`);
    }
  });
  const isNumeric = columns.map((_, j) => rows.length > 0 && rows.every((row) => typeof row[j] !== "string"));
  return [
    columns.map(cellMarkdown),
    isNumeric.map((numeric) => (numeric ? "---:" : ":---")),
    ...rows.map((row) => row.map(cellMarkdown)),
  ]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function cellMarkdown(cell: TableCell): string {
  if (typeof cell === "number") return significantText(cell);
  if (typeof cell !== "string") return `[${cell.map((end) => significantText(end)).join(", ")}]`;
  return cell.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");
}

/**
 * Shows matrices under the cell, each with its name and shape.
 *
 * @param matrices - the matrices, by name in TeX, such as `W_1`
 * @throws Error outside a tslab kernel
 */
export function showMatrices(matrices: Readonly<Record<string, Matrix>>): void {
  const blocks = Object.entries(matrices).map(([name, matrix]) => `$$${matrixTex(name, matrix)}$$`);
  showMarkdown(blocks.join("\n\n"));
}

/** A matrix in TeX, preceded by its name and followed by its shape; the middle of a large one is left out. */
export function matrixTex(name: string, matrix: Matrix): string {
  const rows = kept(matrix.rows, MOST_ROWS);
  const columns = kept(matrix.columns, MOST_COLUMNS);
  const lines = rows.map((i) =>
    columns
      .map((j) => {
        if (i === undefined) return j === undefined ? "\\ddots" : "\\vdots";
        return j === undefined ? "\\cdots" : texNumber(matrix.get(i, j));
      })
      .join(" & "),
  );
  const shape = `{\\scriptstyle ${matrix.rows} \\times ${matrix.columns}}`;
  return `\\small ${name} = \\begin{bmatrix} ${lines.join(" \\\\ ")} \\end{bmatrix} \\; ${shape}`;
}

/** The indices to show out of `count`; undefined stands for those left out. */
function kept(count: number, most: number): (number | undefined)[] {
  const all = Array.from({ length: count }, (_, i) => i);
  if (count <= most) return all;
  return [...all.slice(0, most - 2), undefined, count - 1];
}

/** Shows text, tables and matrices, as markdown: every front end typesets it, and it can carry no script. */
import type { Matrix } from "ml-matrix";
import type { MeanInterval } from "../experiments/statistics.js";
import { significantText, texNumber } from "./format.js";
import { output } from "./kernel-output.js";

/** What a table's cell may hold: text (markdown), a number, or an interval. */
export type TableCell = string | number | readonly [low: number, high: number];

/** Rows and columns of a matrix that are shown at the most; the middle of a larger one is left out. */
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
 * @param columns - the heads of the columns
 * @param rows - as many cells in each as there are columns
 * @throws RangeError when a row has more or fewer cells than there are columns
 * @throws Error outside a tslab kernel
 */
export function showTable(columns: readonly string[], rows: readonly (readonly TableCell[])[]): void {
  showMarkdown(tableMarkdown(columns, rows));
}

/**
 * Shows means over the seeds with their 95% intervals, and of too few values for an interval the values.
 *
 * @param intervals - by what was measured
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

/** A table as markdown; columns that hold numbers in every row are set flush right. */
export function tableMarkdown(columns: readonly string[], rows: readonly (readonly TableCell[])[]): string {
  rows.forEach((row, i) => {
    if (row.length !== columns.length) {
      throw new RangeError(`rows[${i}] must have ${columns.length} cells, one a column, got ${row.length}`);
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
 * @param matrices - by their names in TeX, such as `W_1`
 * @throws Error outside a tslab kernel
 */
export function showMatrices(matrices: Readonly<Record<string, Matrix>>): void {
  const blocks = Object.entries(matrices).map(([name, matrix]) => `$$${matrixTex(name, matrix)}$$`);
  showMarkdown(blocks.join("\n\n"));
}

/** A matrix in TeX with its name before and its shape after it; bounded in size. */
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

/** The indices that are shown of `count`, with one undefined in the place of those that are not. */
function kept(count: number, most: number): (number | undefined)[] {
  const all = Array.from({ length: count }, (_, i) => i);
  if (count <= most) return all;
  return [...all.slice(0, most - 2), undefined, count - 1];
}

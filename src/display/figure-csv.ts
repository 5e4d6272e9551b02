/**
 * Writes the numbers behind a figure as comma-separated values, one row per point (RFC 4180). Covers traces in a plane:
 * x, y, a z for each cell of a grid, and error bars; the figure's JSON has everything.
 */
import type { Figure } from "../charts/figure.js";

interface Trace {
  name?: string;
  x?: ArrayLike<unknown>;
  y?: ArrayLike<unknown>;
  z?: ArrayLike<ArrayLike<unknown>>;
  x0?: number;
  dx?: number;
  y0?: number;
  dy?: number;
  text?: string | ArrayLike<unknown>;
  error_y?: { array?: ArrayLike<unknown>; arrayminus?: ArrayLike<unknown> };
}

const COLUMNS = ["frame", "trace", "x", "y", "z", "text", "error_y", "error_y_minus"] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], unknown>>;

/** The points of a figure and its frames, with a header line. */
export function figureCsv(figure: Pick<Figure, "data" | "frames">): string {
  const traces = figure.data as Trace[];
  const rows: Row[] = [];
  if (figure.frames?.length) {
    for (const frame of figure.frames) {
      (frame.data ?? []).forEach((change, i) => {
        const index = frame.traces?.[i] ?? i;
        addRows(
          rows,
          { ...traces[index], ...(change as Trace) },
          { frame: frame.name, trace: label(traces, index) },
        );
      });
    }
  } else {
    traces.forEach((trace, index) => {
      addRows(rows, trace, { trace: label(traces, index) });
    });
  }
  const columns = COLUMNS.filter((column) => rows.some((row) => row[column] != null));
  return csv(
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  );
}

/** A table as comma-separated values; null and undefined become empty fields. */
export function csv(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function label(traces: Trace[], index: number): string {
  return traces[index]?.name ?? `trace ${index + 1}`;
}

function addRows(rows: Row[], trace: Trace, head: Row): void {
  const { x, y, z, text, error_y } = trace;
  if (z) {
    for (let j = 0; j < z.length; j++) {
      for (let i = 0; i < z[j].length; i++) {
        rows.push({
          ...head,
          x: place(x, i, trace.x0, trace.dx),
          y: place(y, j, trace.y0, trace.dy),
          z: z[j][i],
        });
      }
    }
    return;
  }
  const count = Math.max(x?.length ?? 0, y?.length ?? 0);
  for (let i = 0; i < count; i++) {
    rows.push({
      ...head,
      x: place(x, i, trace.x0, trace.dx),
      y: place(y, i, trace.y0, trace.dy),
      text: typeof text === "string" ? text : text?.[i],
      error_y: error_y?.array?.[i],
      error_y_minus: error_y?.arrayminus?.[i],
    });
  }
}

/** Plotly's rule for coordinates given as start and step. */
function place(values: ArrayLike<unknown> | undefined, i: number, start = 0, step = 1): unknown {
  return values ? values[i] : start + i * step;
}

function field(value: unknown): string {
  const text = value == null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

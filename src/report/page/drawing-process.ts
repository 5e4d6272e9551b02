/**
 * The process that draws charts for a {@link Drawer}. It has no network, and ends at once when the process that
 * started it does, however that came about.
 */
import { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { drawChart } from "./draw-chart.js";
import { type Answer, type Drawn, type Question, READY } from "./drawer.js";
import { loadPlotly, Refusal } from "./plotly-dom.js";

Socket.prototype.connect = () => {
  throw new Error("nothing is loaded from a network");
};

// in a thread, because the drawing itself may never come to its end
new Worker(require.resolve("./drawing-watchdog.js"));

let current: number | undefined;

function answer(id: number, drawn: Drawn, isSpoilt: boolean): void {
  if (id !== current) return;
  current = undefined;
  process.send?.({ id, isSpoilt, ...drawn } satisfies Answer);
}

function fail(id: number, error: unknown): void {
  // an error of the window's own realm is no instance of Error
  const problem = (error as Partial<Error> | null)?.message ?? String(error);
  answer(id, { problem }, !(error instanceof Refusal));
}

// What throws when nobody listens belongs, as far as one can tell, to the chart at hand.
process.on("uncaughtException", (error) => {
  if (current !== undefined) fail(current, error);
});
// Ctrl-C goes to every process of the terminal; the one that started this one decides what ends.
process.on("SIGINT", () => {});

process.on("message", async ({ id, ...drawing }: Question) => {
  current = id;
  try {
    answer(id, await drawChart(drawing), false);
  } catch (error) {
    fail(id, error);
  }
});

loadPlotly();
process.send?.(READY);

/** Shows progress in the terminal: a live line if it is interactive, otherwise a line now and then. */
import type { WriteStream } from "node:tty";
import { LiveLine } from "../../report/live-line.js";

/** Milliseconds between lines when the output is not a terminal. */
const QUIET = 60_000;

/** The progress of a command. {@link Progress.stop} must be called at the end. */
export class Progress {
  readonly #line: LiveLine;
  #shown = Number.NEGATIVE_INFINITY;

  constructor(private readonly stdout: WriteStream) {
    this.#line = new LiveLine(stdout);
  }

  /** Shows a text in place of the one before. */
  show(text: string): void {
    this.#line.show(text);
    if (!this.stdout.isTTY && performance.now() - this.#shown > QUIET) {
      this.#shown = performance.now();
      this.stdout.write(`${text}\n`);
    }
  }

  /** Writes a line that stays. */
  say(text: string): void {
    this.stop();
    this.stdout.write(`${text}\n`);
  }

  /** Removes the live line. */
  stop(): void {
    this.#line.clear();
  }
}

/** A duration in round figures: "about 40 s", "about 3 min", "about 2 h 10 min". */
export function timeText(seconds: number): string {
  if (seconds < 90) return `about ${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes} min`;
  return `about ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Tells in the terminal how far the recording is: a live line where somebody watches, a line now and then elsewhere. */
import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";

/** Milliseconds between two lines where nobody watches. */
const QUIET = 60_000;

/** The progress of a command. {@link Progress.stop} must be called at the end. */
export class Progress {
  #shown = Number.NEGATIVE_INFINITY;

  constructor(private readonly stdout: WriteStream) {}

  /** Shows how far it is, in the place of what was shown before. */
  show(text: string): void {
    if (this.stdout.isTTY) {
      this.stop();
      // a line that wraps could not be cleared; some terminals do not tell their width
      this.stdout.write(text.slice(0, (this.stdout.columns || 80) - 1));
    } else if (performance.now() - this.#shown > QUIET) {
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
    if (!this.stdout.isTTY) return;
    cursorTo(this.stdout, 0);
    clearLine(this.stdout, 0);
  }
}

/** A time as one speaks of it: "about 40 s", "about 3 min", "about 2 h 10 min". */
export function timeText(seconds: number): string {
  if (seconds < 90) return `about ${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes} min`;
  return `about ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

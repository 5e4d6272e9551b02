/** A line in the terminal that is updated in place; not shown when the output is not a terminal. */
import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";

/** A live line; shows nothing if `stdout` is not a TTY. */
export class LiveLine {
  constructor(private readonly stdout: WriteStream) {}

  /** Replaces the line. */
  show(text: string): void {
    if (!this.stdout.isTTY) return;
    this.clear();
    // a line that wraps could not be cleared; some terminals do not report their width
    this.stdout.write(text.slice(0, (this.stdout.columns || 80) - 1));
  }

  /** Removes the line. */
  clear(): void {
    if (!this.stdout.isTTY) return;
    cursorTo(this.stdout, 0);
    clearLine(this.stdout, 0);
  }
}

/** A line in the terminal that is replaced as things go on; there is none where nobody watches. */
import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";

/** The live line of an output. */
export class LiveLine {
  /** @param stdout - where it is not a TTY, no live line is shown */
  constructor(private readonly stdout: WriteStream) {}

  /** Puts a text in its place. */
  show(text: string): void {
    if (!this.stdout.isTTY) return;
    this.clear();
    // a line that wraps could not be cleared; some terminals do not tell their width
    this.stdout.write(text.slice(0, (this.stdout.columns || 80) - 1));
  }

  /** Removes it. */
  clear(): void {
    if (!this.stdout.isTTY) return;
    cursorTo(this.stdout, 0);
    clearLine(this.stdout, 0);
  }
}

/**
 * Tells in the terminal how far the runs are: a line that is kept up to date where somebody watches, and
 * nothing elsewhere; a line for every notebook that has ended in either case.
 */
import { relative } from "node:path";
import type { Writable } from "node:stream";
import type { WriteStream } from "node:tty";
import { LiveLine } from "./live-line.js";
import type { NotebookRun } from "./notebook-run.js";

/** Milliseconds between two updates of the live line. */
const INTERVAL = 200;

interface Running {
  since: number;
  doing: string;
}

/** What is told of a notebook that has ended. */
type Ended = Pick<NotebookRun, "name" | "status" | "seconds" | "failure">;

/** The progress of several notebooks. {@link Progress.stop} must be called at the end. */
export class Progress {
  readonly #running = new Map<string, Running>();
  readonly #line: LiveLine;
  readonly #timer: NodeJS.Timeout | undefined;

  /**
   * @param stdout - where it is not a TTY, no live line is shown
   * @param stderr - takes the failures
   */
  constructor(
    private readonly stdout: WriteStream,
    private readonly stderr: Writable,
  ) {
    this.#line = new LiveLine(stdout);
    if (stdout.isTTY) this.#timer = setInterval(() => this.#draw(), INTERVAL);
  }

  /** A notebook's kernel is being started. */
  start(name: string): void {
    this.#running.set(name, { since: performance.now(), doing: "starting" });
  }

  /** A notebook has come to a point: "cell 4 of 12". */
  at(name: string, doing: string): void {
    const running = this.#running.get(name);
    if (running) running.doing = doing;
  }

  /** Something of a notebook is not as it should be, and does not fail it. */
  warn(name: string, warning: string): void {
    this.#line.clear();
    this.stderr.write(`warning ${name}, ${warning.replaceAll("\n", " ")}\n`);
  }

  /** A notebook has ended: `path` is what was written of it, where anything was. */
  end({ name, status, seconds, failure }: Ended, path: string): void {
    this.#running.delete(name);
    this.#line.clear();
    const time = `${seconds.toFixed(1)} s`;
    if (status === "ok") {
      this.stdout.write(`ok      ${name}  ${time}  ${relative(process.cwd(), path)}\n`);
      return;
    }
    const place = failure?.cell == null ? "" : `, code cell ${failure.cell}`;
    const text = failure?.message.replaceAll("\n", "\n        ") ?? "";
    this.stderr.write(`failed  ${name}${place}  ${time}\n        ${text}\n`);
  }

  /** Removes the live line. */
  stop(): void {
    clearInterval(this.#timer);
    this.#line.clear();
  }

  #draw(): void {
    const parts = [...this.#running].map(([name, { since, doing }]) => {
      const seconds = Math.floor((performance.now() - since) / 1000);
      return `${name}: ${doing}, ${seconds} s`;
    });
    this.#line.show(parts.join("  |  "));
  }
}

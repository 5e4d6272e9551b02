/**
 * Shows progress in the terminal: a live line if the output is a terminal, and in any case a line for every notebook that
 * has ended.
 */
import { relative } from "node:path";
import type { Writable } from "node:stream";
import type { WriteStream } from "node:tty";
import { LiveLine } from "./live-line.js";
import type { NotebookRun } from "./notebook-run.js";

/** Milliseconds between updates of the live line. */
const INTERVAL = 200;

interface Running {
  since: number;
  doing: string;
}

/** The part of a run that is reported. */
type Ended = Pick<NotebookRun, "name" | "status" | "seconds" | "failure">;

/** The progress of several notebooks. {@link Progress.stop} must be called at the end. */
export class Progress {
  readonly #running = new Map<string, Running>();
  readonly #line: LiveLine;
  readonly #timer: NodeJS.Timeout | undefined;

  /**
   * @param stdout - shows the live line only if it is a TTY
   * @param stderr - receives failures and warnings
   */
  constructor(
    private readonly stdout: WriteStream,
    private readonly stderr: Writable,
  ) {
    this.#line = new LiveLine(stdout);
    if (stdout.isTTY) this.#timer = setInterval(() => this.#draw(), INTERVAL);
  }

  /** Reports that a notebook's kernel is starting. */
  start(name: string): void {
    this.#running.set(name, { since: performance.now(), doing: "starting" });
  }

  /** Reports how far a notebook has got: "cell 4 of 12". */
  at(name: string, doing: string): void {
    const running = this.#running.get(name);
    if (running) running.doing = doing;
  }

  /** Reports a problem that does not make the notebook fail. */
  warn(name: string, warning: string): void {
    this.#line.clear();
    this.stderr.write(`warning ${name}, ${warning.replaceAll("\n", " ")}\n`);
  }

  /**
   * Reports that a notebook has ended.
   *
   * @param path - the file written, if any
   */
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

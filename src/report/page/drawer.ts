/**
 * Draws charts in a process of its own, one after the other: a figure that never ends, takes all memory or throws
 * when nobody listens costs its picture and nothing else. The process is started with the first chart, and anew after
 * one that it did not survive.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Figure } from "../../charts/figure.js";
import { onExit } from "../clean-up.js";

/** A chart to draw. */
export interface Drawing {
  figure: Pick<Figure, "data" | "layout">;
  /** In CSS pixels. */
  width: number;
  /** In CSS pixels. */
  height: number;
  /** Characters up to which it is wanted as SVG; a larger one comes as PNG. */
  mostSvg: number;
}

/** What became of it. */
export interface Drawn {
  /** The text of an SVG document. */
  svg?: string;
  /** A PNG file in base64. */
  png?: string;
  /** What the picture lacks; with neither svg nor png, why there is none. */
  problem?: string;
}

/** What the process says first: it has loaded what it draws with. */
export const READY = "ready";

/** A message to the process. */
export type Question = Drawing & { id: number };

/** Its answer; one to an earlier question is ignored. */
export interface Answer extends Drawn {
  id: number;
  /** Whether something was left half done, which the next chart might meet. */
  isSpoilt: boolean;
}

/** Milliseconds that the process may take to load, a second on an idle machine. */
const LOADING_LIMIT = 120_000;

/** Megabytes that a chart may take. */
const MOST_MEMORY = 1500;

/** Draws, one chart at a time. */
export class Drawer {
  #child: ChildProcess | undefined;
  #isReady = false;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  /** @param milliseconds - that one chart may take */
  constructor(private readonly milliseconds: number) {}

  /** Resolves to the picture, or to why there is none; nothing is thrown. */
  draw(drawing: Drawing): Promise<Drawn> {
    const drawn = this.#last.then(() => this.#drawNext(drawing));
    this.#last = drawn;
    return drawn;
  }

  async #drawNext(drawing: Drawing): Promise<Drawn> {
    this.#child ??= start();
    this.#count++;
    const question: Question = { ...drawing, id: this.#count };
    try {
      if (!this.#isReady) await messageOf(this.#child, LOADING_LIMIT, (message) => message === READY);
      this.#isReady = true;
      this.#child.send(question);
      const answer = await messageOf(
        this.#child,
        this.milliseconds,
        (message) => idOf(message) === question.id,
      );
      const { id: _id, isSpoilt, ...drawn } = answer as Answer;
      if (isSpoilt) this.#end();
      return drawn;
    } catch (error) {
      this.#end();
      return { problem: (error as Error).message };
    }
  }

  #end(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
    this.#isReady = false;
  }
}

function start(): ChildProcess {
  const child = fork(join(__dirname, "drawing-process.js"), [], {
    execArgv: [`--max-old-space-size=${MOST_MEMORY}`],
    serialization: "advanced",
    // nothing is ever written to its stdin, whose end tells it that this process is gone
    stdio: ["pipe", "ignore", "ignore", "ipc"],
  });
  const forget = onExit(() => child.kill("SIGKILL"));
  child.on("error", () => {}).once("exit", forget);
  // it waits for charts, and nobody for it
  child.unref();
  child.channel?.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}

/**
 * Waits for a message of the process.
 *
 * @throws Error when the process is of no use any more: it ended, or is at it for too long
 */
function messageOf(
  child: ChildProcess,
  milliseconds: number,
  isIt: (message: unknown) => boolean,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      child.off("message", take).off("exit", ended).off("error", fail);
      end();
    };
    const take = (message: unknown): void => {
      if (isIt(message)) settle(() => resolve(message));
    };
    const fail = (error: Error): void => settle(() => reject(error));
    const ended = (code: number | null, signal: string | null): void =>
      fail(new Error(`the process that draws ended with ${signal ?? `exit code ${code}`}`));
    const timer = setTimeout(
      () => fail(new Error(`it took longer than ${milliseconds / 1000} s to draw`)),
      milliseconds,
    );
    child.on("message", take).once("exit", ended).once("error", fail);
  });
}

function idOf(message: unknown): number | undefined {
  return (message as Partial<Answer>).id;
}

/**
 * The stdin of a kernel. Nothing ever arrives there: Jupyter's front ends do not connect it, and tslab does not ask them
 * for input. A cell that reads would wait for ever, so reading throws at once.
 */
import { Readable } from "node:stream";

class NoInput extends Readable {
  /** For synchronous reads by number, which find the end of the file. */
  readonly fd = 0;

  override on(event: string | symbol, listener: (...args: never[]) => void): this {
    if (event === "data" || event === "readable") refuse();
    return super.on(event, listener as (...args: unknown[]) => void);
  }

  override resume(): this {
    return refuse();
  }

  override read(): never {
    return refuse();
  }
}

function refuse(): never {
  throw new Error(
    "a cell cannot ask for input, because nobody can answer it: write the answer into the cell",
  );
}

/** Replaces this process's stdin. */
export function refuseInput(): void {
  const stdin = new NoInput();
  Object.defineProperty(process, "stdin", { get: () => stdin, configurable: true });
}

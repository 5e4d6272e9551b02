/**
 * The stdin of a kernel. Nobody answers there: Jupyter's front ends give a kernel none, and tslab asks none of them for
 * input. Who waits for a line would wait for ever, so who begins to read is told so at once.
 */
import { Readable } from "node:stream";

class NoInput extends Readable {
  /** For those who read it at once, by its number: they find its end. */
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
  throw new Error("a cell asks for input, and a kernel has nobody to answer: write the answer into the cell");
}

/** Puts it in the place of this process's own. */
export function refuseInput(): void {
  const stdin = new NoInput();
  Object.defineProperty(process, "stdin", { get: () => stdin, configurable: true });
}

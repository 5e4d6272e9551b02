/**
 * The one door to the kernel: sends an output of several MIME types, with metadata, and replaces it later.
 * tslab's own `display` sends one type at a time and no metadata; this uses the function behind it.
 */
import { randomUUID } from "node:crypto";
import * as jupyter from "tslab/dist/jupyter";
import { MARKS_KEY, type OutputMarks } from "./mime.js";

/** Data of an output by MIME type; the front end shows the richest that it knows. */
export type MimeBundle = Record<string, unknown>;

/**
 * Shows an output under the cell that is running.
 *
 * @returns a function that puts another output in its place
 * @throws Error outside a tslab kernel
 */
export function output(data: MimeBundle, marks?: OutputMarks): (data: MimeBundle) => void {
  const id = randomUUID();
  const send = (bundle: MimeBundle, update: boolean): void => {
    const write = jupyter.lastWriteDisplayData;
    if (!write)
      throw new Error("outputs can be shown only by a cell of a notebook that runs in the tslab kernel");
    const metadata = marks ? { [MARKS_KEY]: marks } : {};
    // tslab's types know of text alone; what it sends is JSON, and may be any
    const content = { data: bundle, metadata, transient: { display_id: id } } as Parameters<typeof write>[0];
    write(content, update);
  };
  send(data, false);
  return (bundle) => send(bundle, true);
}

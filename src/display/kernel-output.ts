/**
 * Sends outputs to the kernel, with several MIME types and metadata, and replaces them later. tslab's own `display`
 * sends one type at a time and no metadata, so this uses the function behind it.
 */
import { randomUUID } from "node:crypto";
import * as jupyter from "tslab/dist/jupyter";
import { MARKS_KEY, type OutputMarks } from "./mime.js";

/** Data of an output by MIME type; a front end shows the richest type it knows. */
export type MimeBundle = Record<string, unknown>;

/**
 * Shows an output under the running cell.
 *
 * @returns a function that replaces the output
 * @throws Error outside a tslab kernel
 */
export function output(data: MimeBundle, marks?: OutputMarks): (data: MimeBundle) => void {
  const id = randomUUID();
  const send = (bundle: MimeBundle, update: boolean): void => {
    const write = jupyter.lastWriteDisplayData;
    if (!write) throw new Error("output can only be shown from a notebook cell in the tslab kernel");
    const metadata = marks ? { [MARKS_KEY]: marks } : {};
    // tslab's types allow only text, but it sends any JSON
    const content = { data: bundle, metadata, transient: { display_id: id } } as Parameters<typeof write>[0];
    write(content, update);
  };
  send(data, false);
  return (bundle) => send(bundle, true);
}

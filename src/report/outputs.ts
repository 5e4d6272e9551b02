/**
 * Collects the outputs of cells: turns messages from iopub into nbformat outputs, by the rules of every Jupyter front end.
 *
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-iopub-pub-sub-channel
 */
import type { Message } from "./messages.js";
import type {
  DisplayDataOutput,
  ErrorOutput,
  ExecuteResultOutput,
  MimeBundle,
  Output,
  StreamOutput,
} from "./notebook.js";
import { shortened } from "./shortened.js";

/**
 * Number of characters that are always kept of a text. A page with twice as many can still be read, and made in a second.
 */
const MOST_TEXT = 1_000_000;

interface DisplayContent {
  data: MimeBundle;
  metadata?: Record<string, unknown>;
  transient?: { display_id?: string };
  execution_count?: number | null;
}

/** The outputs of a notebook's cells. */
export class OutputCollector {
  /** Outputs by the id under which a later message, of any cell, may update them. */
  readonly #displays = new Map<string, (DisplayDataOutput | ExecuteResultOutput)[]>();
  /** Lists to be emptied by the next output (`clear_output` with `wait`). */
  readonly #clearing = new Set<Output[]>();

  /** Adds a message to the outputs of its cell. */
  handle(outputs: Output[], { header, content }: Message): void {
    switch (header.msg_type) {
      case "stream":
        this.#appendText(outputs, content as unknown as Omit<StreamOutput, "output_type">);
        break;
      case "display_data":
      case "execute_result":
        this.#appendDisplay(outputs, header.msg_type, content as unknown as DisplayContent);
        break;
      case "update_display_data":
        this.#update(content as unknown as DisplayContent);
        break;
      case "error":
        this.#append(outputs, {
          ...(content as unknown as Omit<ErrorOutput, "output_type">),
          output_type: "error",
        });
        break;
      case "clear_output":
        if (content.wait) this.#clearing.add(outputs);
        else outputs.length = 0;
        break;
    }
  }

  #append(outputs: Output[], output: Output): void {
    if (this.#clearing.delete(outputs)) outputs.length = 0;
    outputs.push(output);
  }

  /** Joins consecutive texts of one stream into one output; leaves out the middle of a very long one. */
  #appendText(outputs: Output[], { name, text }: Omit<StreamOutput, "output_type">): void {
    const last = this.#clearing.has(outputs) ? undefined : outputs.at(-1);
    if (last?.output_type !== "stream" || last.name !== name) {
      this.#append(outputs, { output_type: "stream", name, text: shortened(text, MOST_TEXT) });
      return;
    }
    last.text += text;
    // only now and then, because shortening takes time in proportion to the whole text
    if (last.text.length > 2 * MOST_TEXT) last.text = shortened(last.text, MOST_TEXT);
  }

  #appendDisplay(
    outputs: Output[],
    type: "display_data" | "execute_result",
    { data, metadata = {}, transient, execution_count = null }: DisplayContent,
  ): void {
    const output: DisplayDataOutput | ExecuteResultOutput =
      type === "display_data"
        ? { output_type: type, data, metadata }
        : { output_type: type, execution_count, data, metadata };
    this.#append(outputs, output);
    const id = transient?.display_id;
    if (id === undefined) return;
    const shown = this.#displays.get(id);
    if (shown) shown.push(output);
    else this.#displays.set(id, [output]);
  }

  #update({ data, metadata = {}, transient }: DisplayContent): void {
    for (const output of this.#displays.get(transient?.display_id ?? "") ?? []) {
      output.data = data;
      output.metadata = metadata;
    }
  }
}

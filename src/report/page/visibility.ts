/**
 * What a cell's author, or a front end, wants to be seen of it: by the tags of Jupyter Book, and of nbconvert's
 * documentation, which writes them with underscores; and by the metadata that JupyterLab, the classic Notebook and
 * papermill's report mode keep of folded outputs.
 *
 * https://jupyterbook.org/en/stable/interactive/hiding.html
 * https://nbformat.readthedocs.io/en/latest/format_description.html#cell-metadata
 */
import type { Cell, Output } from "../notebook.js";

/** Whether a part is seen, folded away, or left out. */
export type Shown = "open" | "folded" | "removed";

/** How the parts of a cell are shown. */
export interface Visibility {
  cell: Shown;
  /** Code is folded until it is asked for. */
  input: "folded" | "removed";
  output: Shown;
  /** Streams of which no text is shown. */
  removedStreams: readonly string[];
}

/** A cell of which all is seen. */
export const ALL_OPEN: Visibility = { cell: "open", input: "folded", output: "open", removedStreams: [] };

/** How a cell wants to be shown; where two wishes meet, the one that shows less counts. */
export function visibilityOf({ metadata }: Cell): Visibility {
  const tags = new Set(metadata.tags?.map((tag) => tag.replaceAll("_", "-")));
  const shown = (part: string, isFolded = false): Shown => {
    if (tags.has(`remove-${part}`)) return "removed";
    return tags.has(`hide-${part}`) || isFolded ? "folded" : "open";
  };
  const { outputs_hidden } = (metadata.jupyter ?? {}) as Record<string, unknown>;
  return {
    cell: shown("cell"),
    input: tags.has("remove-input") ? "removed" : "folded",
    output: shown("output", outputs_hidden === true || metadata.collapsed === true),
    removedStreams: ["stdout", "stderr"].filter((stream) => tags.has(`remove-${stream}`)),
  };
}

/** The outputs of a cell that are not left out. */
export function keptOutputs(
  outputs: readonly Output[],
  { cell, output, removedStreams }: Visibility,
): Output[] {
  if (cell === "removed" || output === "removed") return [];
  return outputs.filter((one) => one.output_type !== "stream" || !removedStreams.includes(one.name));
}

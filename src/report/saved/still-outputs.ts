/**
 * The still pictures in committed notebooks, for places that run no scripts: GitHub, and JupyterLab before a notebook is
 * run or trusted. Each chart gets a PNG picture with alt text, and a separate caption below, because the live chart's
 * caption is part of its HTML.
 */
import type { Figure } from "../../charts/figure.js";
import { MARKS_KEY, type OutputMarks } from "../../display/mime.js";
import {
  type Cell,
  codeCellNumber,
  type DisplayDataOutput,
  type Notebook,
  type Output,
} from "../notebook.js";
import { figureOf, marksOf } from "../page/charts.js";
import { STILL_WIDTH, stillHeight, stillPng } from "../page/stills.js";
import { COLOUR_TYPE, pngHeader } from "../png.js";
import { DENSITY } from "../raster.js";

const PNG = "image/png";

/** An output with a MIME bundle. */
type BundleOutput = Exclude<Output, { output_type: "stream" } | { output_type: "error" }>;

/**
 * Returns a copy of the notebook in which every chart has its picture and caption.
 *
 * @param notebook - in normal form
 * @param warn - called for each chart that cannot be drawn; a picture that says so replaces it
 */
export async function withStills(
  notebook: Notebook,
  warn: (warning: string) => void = () => {},
): Promise<Notebook> {
  const pictures = new Map<Figure, string>();
  for (const [index, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code") continue;
    for (const figure of cell.outputs.flatMap((output) => figureOf(output) ?? [])) {
      const { picture, problem } = await stillPng(figure);
      pictures.set(figure, picture);
      if (problem === undefined) continue;
      warn(`code cell ${codeCellNumber(notebook, index)}: a chart has no complete still picture: ${problem}`);
    }
  }
  return mapOutputs(notebook, (output) => {
    const figure = figureOf(output);
    if (figure === null) return [output];
    const { data, metadata } = output as BundleOutput;
    const pictured = {
      ...output,
      data: { ...data, [PNG]: pictures.get(figure) },
      metadata: { ...metadata, [PNG]: pictureMetadata(figure) },
    } as BundleOutput;
    return figure.caption === "" ? [pictured] : [pictured, captionOutput(figure.caption)];
  });
}

/** Returns a copy of the notebook in which `change` replaces each output by any number of others. */
function mapOutputs(notebook: Notebook, change: (output: Output) => Output[]): Notebook {
  const cells = notebook.cells.map(
    (cell): Cell => (cell.cell_type === "code" ? { ...cell, outputs: cell.outputs.flatMap(change) } : cell),
  );
  return { ...notebook, cells };
}

/** nbconvert uses `alt` as the picture's alt text; JupyterLab and others use its width in CSS pixels. */
function pictureMetadata({ alt }: Figure): Record<string, unknown> {
  return { alt, width: STILL_WIDTH };
}

function captionOutput(caption: string): DisplayDataOutput {
  const marks: OutputMarks = { role: "caption" };
  return {
    output_type: "display_data",
    data: { "text/markdown": escapeMarkdown(caption), "text/plain": caption },
    metadata: { [MARKS_KEY]: marks },
  };
}

/** Escapes plain text so that Markdown shows it verbatim. */
function escapeMarkdown(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_[\]$|~#]/g, "\\$&");
}

/** Returns a copy of the notebook without what {@link withStills} adds. */
export function withoutStills(notebook: Notebook): Notebook {
  return mapOutputs(notebook, (output) => {
    if (isCaption(output)) return [];
    if (figureOf(output) === null) return [output];
    const { [PNG]: _picture, ...data } = (output as BundleOutput).data;
    const { [PNG]: _about, ...metadata } = (output as BundleOutput).metadata;
    return [{ ...output, data, metadata } as BundleOutput];
  });
}

function isCaption(output: Output): boolean {
  return marksOf(output).role === "caption";
}

/**
 * Lists problems with the still pictures in a cell's outputs, one sentence each. Checks presence, palette, size and texts;
 * does not compare with a new drawing.
 */
export function stillProblems(outputs: readonly Output[]): string[] {
  return outputs.flatMap((output, index) => {
    const figure = figureOf(output);
    if (figure === null) return [];
    const problem =
      pictureProblem(output as BundleOutput, figure) ?? captionProblem(outputs[index + 1], figure.caption);
    return problem === undefined ? [] : [`output ${index + 1}: ${problem}`];
  });
}

function pictureProblem({ data, metadata }: BundleOutput, figure: Figure): string | undefined {
  const picture = data[PNG];
  const header = typeof picture === "string" ? pngHeader(Buffer.from(picture, "base64")) : null;
  if (header === null) return "the chart has no still picture";
  const [width, height] = [DENSITY * STILL_WIDTH, DENSITY * stillHeight(figure)];
  if (header.width !== width || header.height !== height) {
    return `the still picture has ${header.width} x ${header.height} pixels instead of ${width} x ${height}`;
  }
  if (header.colourType !== COLOUR_TYPE.palette) return "the still picture has no palette";
  const about = metadata[PNG] as Record<string, unknown> | undefined;
  return about?.alt === figure.alt ? undefined : "the still picture's alt text differs from the figure's";
}

function captionProblem(next: Output | undefined, caption: string): string | undefined {
  if (caption === "") return undefined;
  const isThere = next !== undefined && isCaption(next) && "data" in next;
  return isThere && next.data["text/plain"] === caption
    ? undefined
    : "the chart's caption is missing below its still picture";
}

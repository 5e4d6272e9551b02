/**
 * Still pictures of charts, for pages whose scripts are off, for print, for the index and for notebooks as
 * committed: drawn by Plotly itself, as SVG, in the size that the page gives them. The figure is taken as it stands: of an animation
 * the picture shows what it shows before it plays.
 */
import type { Figure } from "../../charts/figure.js";
import { escapeHtml } from "../../display/html.js";
import { themed } from "../../display/theme.js";
import { drawSvg } from "./plotly-dom.js";

/** Width of a chart in the page at full width, in CSS pixels. */
export const STILL_WIDTH = 720;
const DEFAULT_HEIGHT = 450;

/** A chart drawn as SVG, and its size in CSS pixels. */
export interface Still {
  svg: string;
  width: number;
  height: number;
}

const drawn = new WeakMap<Figure, Promise<Still>>();

/**
 * Draws a chart. Each figure is drawn once: a report and the index share it.
 *
 * @throws Error when it cannot be drawn here: it needs WebGL, or is no proper figure
 */
export function drawStill(figure: Figure): Promise<Still> {
  const picture = drawn.get(figure) ?? draw(figure);
  drawn.set(figure, picture);
  return picture;
}

/** The chart as the data URI of an SVG picture; one that says so where it cannot be drawn. */
export async function still(figure: Figure): Promise<string> {
  try {
    return dataUri((await drawStill(figure)).svg);
  } catch (error) {
    return dataUri(placeholder(stillHeight(figure), error instanceof Error ? error.message : String(error)));
  }
}

/** Height of a chart's picture, in CSS pixels. */
export function stillHeight({ layout }: Figure): number {
  const height = layout?.height;
  return typeof height === "number" && height >= 10 && height <= 4000 ? Math.round(height) : DEFAULT_HEIGHT;
}

async function draw(figure: Figure): Promise<Still> {
  const height = stillHeight(figure);
  // A copy, because Plotly writes into what it is given; without buttons, which a picture doesn't have.
  const { data, layout } = structuredClone({ data: figure.data, layout: figure.layout ?? {} });
  delete layout.updatemenus;
  const svg = await drawSvg({ data, layout: themed(layout, "light") }, STILL_WIDTH, height);
  return { svg: compact(svg), width: STILL_WIDTH, height };
}

/** Coordinates to a hundredth of a pixel: half the size, and nothing that an eye could see. */
function compact(svg: string): string {
  return svg.replace(
    / (d|transform|x|y|width|height)="([^"]*)"/g,
    (_all, name, value: string) =>
      ` ${name}="${value.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (x) => String(Number(Number(x).toFixed(2))))}"`,
  );
}

function placeholder(height: number, problem: string): string {
  const lines = ["This chart has no still picture; a browser with scripts draws it.", problem.slice(0, 100)];
  const text = lines.map(
    (line, i) => `<text x="${STILL_WIDTH / 2}" y="${height / 2 + 24 * i}">${escapeHtml(line)}</text>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${STILL_WIDTH} ${height}" ` +
    `width="${STILL_WIDTH}" height="${height}" font-family="sans-serif" font-size="15" text-anchor="middle" ` +
    `fill="#555"><rect x="1" y="1" width="${STILL_WIDTH - 2}" height="${height - 2}" rx="6" fill="none" ` +
    `stroke="#bbb" stroke-dasharray="6 5"/>${text.join("")}</svg>`
  );
}

/** Percent-encodes only what a data URI, or an attribute in double quotes, would not give back as it was. */
function dataUri(svg: string): string {
  const encoded = svg.replace(/[%#"<>\r\n\t]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `data:image/svg+xml;charset=utf-8,${encoded}`;
}

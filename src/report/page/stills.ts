/**
 * Still pictures of charts, for pages whose scripts are off, for print, for the index and for notebooks as
 * committed: drawn by Plotly itself in the size that the page gives them. The figure is taken as it stands: of an
 * animation the picture shows what it shows before it plays. Where a chart cannot be drawn, a picture says so.
 */
import type { Figure } from "../../charts/figure.js";
import { escapeHtml } from "../../display/html.js";
import { CARD_SIZE, cardFigure } from "./card-figure.js";
import { Drawer, type Drawn } from "./drawer.js";
import { wellFormedXml } from "./well-formed.js";

/** Width of a chart in the page at full width, in CSS pixels. */
export const STILL_WIDTH = 720;
const DEFAULT_HEIGHT = 450;

/** Milliseconds that a chart may take to draw: far more than any of ours does on a busy machine. */
const TIME_LIMIT = 30_000;

/** Characters of an SVG up to which it is shown as it is; beyond, its marks overlap and a PNG is smaller. */
const MOST_SVG = 500_000;

/** A picture, and what it lacks of the chart, if anything; where there is none, it is one that says so. */
export interface Still {
  picture: string;
  problem?: string;
}

const drawer = new Drawer(TIME_LIMIT);
const stills = new WeakMap<Figure, Promise<Still>>();

/** The chart as the data URI of a picture. Each figure is drawn once: a report and the index share it. */
export function still(figure: Figure): Promise<Still> {
  const known = stills.get(figure) ?? drawUri(figure);
  stills.set(figure, known);
  return known;
}

/** The chart as the data URI of a picture for a card of the index. */
export async function cardStill(figure: Figure): Promise<string> {
  return (await drawUri(cardFigure(figure), CARD_SIZE)).picture;
}

interface Size {
  /** In CSS pixels. */
  width: number;
  /** In CSS pixels. */
  height: number;
}

async function drawUri(figure: Figure, size = sizeOf(figure)): Promise<Still> {
  const { svg, png, problem } = await draw(figure, MOST_SVG, size);
  const text = svg ?? (png === undefined ? placeholder(size, problem) : wrapped(size, png));
  return { picture: svgUri(text), ...(problem !== undefined && { problem }) };
}

/** The chart as a PNG file in base64. */
export async function stillPng(figure: Figure): Promise<Still> {
  const { png, problem } = await draw(figure, 0);
  return {
    picture: png ?? (await rasterised(placeholder(sizeOf(figure), problem))),
    ...(problem !== undefined && { problem }),
  };
}

async function rasterised(svg: string): Promise<string> {
  const { rasterise } = await import("../raster.js");
  return rasterise(svg).toString("base64");
}

/** Height of a chart's picture, in CSS pixels. */
export function stillHeight({ layout }: Figure): number {
  const height = layout?.height;
  return typeof height === "number" && height >= 10 && height <= 4000 ? Math.round(height) : DEFAULT_HEIGHT;
}

function sizeOf(figure: Figure): Size {
  return { width: STILL_WIDTH, height: stillHeight(figure) };
}

function draw(figure: Figure, mostSvg: number, size = sizeOf(figure)): Promise<Drawn> {
  const { data, layout = {} } = figure;
  return drawer.draw({ figure: { data, layout }, ...size, mostSvg });
}

/** An SVG of these elements, in the size of the chart. */
function document({ width, height }: Size, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${content}</svg>`;
}

/** The PNG, which has more pixels than the page gives it, in its size. */
function wrapped(size: Size, png: string): string {
  return document(size, `<image width="100%" height="100%" href="data:image/png;base64,${png}"/>`);
}

function placeholder(size: Size, problem = ""): string {
  const { width, height } = size;
  const lines = ["This chart has no still picture; a browser with scripts draws it.", problem.slice(0, 100)];
  const text = lines.map(
    (line, i) => `<text x="50%" y="${height / 2 + 24 * i}">${escapeHtml(wellFormedXml(line))}</text>`,
  );
  return document(
    size,
    `<g font-family="sans-serif" font-size="15" text-anchor="middle" fill="#555"><rect x="1" y="1" width="${width - 2}" height="${
      height - 2
    }" rx="6" fill="none" stroke="#bbb" stroke-dasharray="6 5"/>${text.join("")}</g>`,
  );
}

/** Percent-encodes only what a data URI, or an attribute in double quotes, would not give back as it was. */
function svgUri(svg: string): string {
  const encoded = svg.replace(/[%#"<>\r\n\t]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `data:image/svg+xml;charset=utf-8,${encoded}`;
}

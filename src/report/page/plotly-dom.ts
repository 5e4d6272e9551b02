/**
 * Plotly without a browser: its library loaded once into a jsdom window that is given what jsdom lacks and
 * Plotly asks for. Sizes of text are estimated, which is enough to place it; the canvas is enough for
 * heatmaps, and what needs WebGL throws.
 */
import { readFileSync } from "node:fs";
import { Script } from "node:vm";
import { type DOMWindow, JSDOM, VirtualConsole } from "jsdom";
import type { Figure } from "../../charts/figure.js";
import { Canvas2D } from "./canvas.js";
import { type MeasuredPath, measurePath, pointAt, totalLength } from "./path-geometry.js";

/** The parts of Plotly's interface that are used here. */
interface Plotly {
  toImage(
    figure: Pick<Figure, "data" | "layout">,
    options: { format: "svg"; width: number; height: number; imageDataOnly: true },
  ): Promise<string>;
  PlotSchema: { get(): { traces: Record<string, { categories: string[] }> } };
}

export interface PlotlyWindow {
  plotly: Plotly;
  /** What each type of trace needs, in Plotly's words. */
  categories: Map<string, string[]>;
  /** What the chart at hand asked for in vain. */
  missed: Set<string>;
}

let loaded: PlotlyWindow | undefined;

/** A chart that is not begun, because it could not be finished here. */
export class Refusal extends Error {}

/** An SVG document as text, and what it lacks. */
export interface SvgDrawn {
  svg: string;
  problem?: string;
}

/**
 * Draws a chart. One call at a time.
 *
 * @param figure data and layout; Plotly writes into them
 * @param width in CSS pixels
 * @param height in CSS pixels
 * @throws Refusal when the chart needs WebGL, and whatever Plotly throws at a figure that it cannot draw
 */
export async function drawSvg(
  figure: Pick<Figure, "data" | "layout">,
  width: number,
  height: number,
): Promise<SvgDrawn> {
  const { plotly, categories, missed } = loadPlotly();
  missed.clear();
  for (const trace of figure.data) {
    const needs = categories.get(trace?.type ?? "scatter") ?? [];
    if (needs.some((need) => need === "gl" || need === "gl3d")) throw new Refusal(NO_WEBGL);
    // pixels that are not sharpened: the picture itself, which need not be read here
    if (trace?.type === "image" && "source" in trace) Object.assign(trace, { zsmooth: "fast" });
  }
  const svg = await plotly.toImage(figure, { format: "svg", width, height, imageDataOnly: true });
  // Plotly catches the missing context of a WebGL chart and draws the axes alone.
  if (missed.has(NO_WEBGL)) throw new Error(NO_WEBGL);
  return { svg, ...(missed.size > 0 && { problem: [...missed].join("; ") }) };
}

const NO_WEBGL = "its kind of chart needs WebGL";

/** Loads the library, once: about half a second and 150 MB. */
export function loadPlotly(): PlotlyWindow {
  loaded ??= load();
  return loaded;
}

function load(): PlotlyWindow {
  // A console that listens to nobody: what goes wrong is thrown, and told by the still picture.
  const dom = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    virtualConsole: new VirtualConsole(),
  });
  const { window } = dom;
  const missed = new Set<string>();
  supplyMissing(window);
  withoutNetwork(window, (what) => missed.add(what));
  const filename = require.resolve("plotly.js-dist");
  new Script(readFileSync(filename, "utf8"), { filename }).runInContext(dom.getInternalVMContext());
  const plotly: Plotly = window.Plotly;
  // Only now, for the library itself asks for a context when it is loaded and can live without one.
  supplyCanvas(window, () => missed.add(NO_WEBGL));
  const categories = Object.entries(plotly.PlotSchema.get().traces).map(
    ([type, trace]) => [type, trace.categories] as const,
  );
  return { plotly, categories: new Map(categories), missed };
}

/** Takes from the window what jsdom would load by; pictures that lie elsewhere are missed. */
function withoutNetwork(window: DOMWindow, miss: (what: string) => void): void {
  for (const name of ["XMLHttpRequest", "WebSocket"]) {
    window[name] = function refuse() {
      throw new Error("nothing is loaded from a network");
    };
  }
  const image = window.HTMLImageElement.prototype;
  const setAttribute = image.setAttribute;
  image.setAttribute = function (name, value) {
    setAttribute.call(this, name, value);
    if (name !== "src") return;
    const isHere = value.startsWith("data:");
    if (!isHere) miss("a picture in it lies elsewhere, and is not loaded");
    window.queueMicrotask(() => this.dispatchEvent(new window.Event(isHere ? "load" : "error")));
  };
  Object.defineProperty(image, "src", {
    set(this: HTMLImageElement, value: unknown) {
      this.setAttribute("src", String(value));
    },
  });
}

function supplyMissing(window: DOMWindow): void {
  window.URL.createObjectURL = () => "blob:none";
  window.HTMLCanvasElement.prototype.getContext = () => null;
  const svg = window.SVGElement.prototype as SVGElement & SVGTextElement;
  svg.getBBox = function () {
    return box(this) as DOMRect;
  };
  svg.getBoundingClientRect = function () {
    const { x, y, width, height } = box(this);
    return { x, y, width, height, left: x, right: x + width, top: y, bottom: y + height } as DOMRect;
  };
  svg.getComputedTextLength = function () {
    return box(this).width;
  };
  const path = window.SVGElement.prototype as SVGElement & SVGPathElement;
  path.getTotalLength = function () {
    return totalLength(measured(this));
  };
  path.getPointAtLength = function (length) {
    return pointAt(measured(this), length) as DOMPoint;
  };
}

/** The last path that was measured: Plotly asks for many points of one before it goes to the next. */
let lastPath: { d: string; path: MeasuredPath } | undefined;

function measured(element: Element): MeasuredPath {
  const d = element.getAttribute("d") ?? "";
  if (lastPath?.d !== d) lastPath = { d, path: measurePath(d) };
  return lastPath.path;
}

function supplyCanvas(window: DOMWindow, onWebgl: () => void): void {
  const contexts = new WeakMap<object, Canvas2D>();
  const canvas = window.HTMLCanvasElement.prototype as unknown as {
    getContext(this: HTMLCanvasElement, kind: string): Canvas2D;
    toDataURL(this: HTMLCanvasElement): string;
  };
  canvas.getContext = function (kind) {
    if (kind !== "2d") {
      onWebgl();
      throw new Error(NO_WEBGL);
    }
    const context = contexts.get(this) ?? new Canvas2D(this.width, this.height);
    contexts.set(this, context);
    return context;
  };
  canvas.toDataURL = function () {
    return (contexts.get(this) ?? new Canvas2D(this.width, this.height)).toDataURL();
  };
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const NOWHERE: Box = { x: 0, y: 0, width: 0, height: 0 };

/**
 * Estimated box of an SVG element in the coordinates of its parent: of text, of rectangles, of groups of
 * them.
 */
function box(element: Element): Box {
  const name = element.localName;
  if (name === "text" || name === "tspan") return textBox(element);
  if (name === "rect") {
    return {
      x: attribute(element, "x"),
      y: attribute(element, "y"),
      width: attribute(element, "width"),
      height: attribute(element, "height"),
    };
  }
  return Array.from(element.children, placed)
    .filter(({ width, height }) => width > 0 && height > 0)
    .reduce(union, NOWHERE);
}

/** An element's box in the coordinates of its parent, its own transform applied. */
function placed(element: Element): Box {
  return moves(element.getAttribute("transform") ?? "").reduceRight(
    (inner, move) => boxAround(inner, move),
    box(element),
  );
}

type Move = (x: number, y: number) => [number, number];

/** The translations and rotations of a transform, the outermost first; Plotly uses no others around text. */
function moves(transform: string): Move[] {
  return Array.from(transform.matchAll(/(translate|rotate)\(([^)]*)\)/g), ([, name, list]): Move => {
    const [first = 0, second = 0, third = 0] = list.split(/[\s,]+/).map(Number);
    if (name === "translate") return (x, y) => [x + first, y + second];
    const [cosine, sine] = [Math.cos((first * Math.PI) / 180), Math.sin((first * Math.PI) / 180)];
    return (x, y) => [
      second + cosine * (x - second) - sine * (y - third),
      third + sine * (x - second) + cosine * (y - third),
    ];
  });
}

function boxAround({ x, y, width, height }: Box, move: Move): Box {
  if (width === 0 && height === 0) return NOWHERE;
  const corners = [move(x, y), move(x + width, y), move(x, y + height), move(x + width, y + height)];
  const [xs, ys] = [corners.map(([u]) => u), corners.map(([, v]) => v)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

function union(a: Box, b: Box): Box {
  if (a === NOWHERE) return b;
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** Plotly's distance between two lines of text, in font sizes. */
const LINE_HEIGHT = 1.3;
/** How far DejaVu Sans reaches above and below its baseline, in font sizes. */
const [ASCENT, DESCENT] = [0.93, 0.24];

function textBox(text: Element): Box {
  const size = fontSize(text);
  const own = Array.from(text.children).filter((child) => child.classList.contains("line"));
  const lines = own.length > 0 ? own : [text];
  const width = Math.max(...lines.map((line) => textWidth(line, size)));
  const anchor = text.getAttribute("text-anchor");
  const shift = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
  return {
    x: attribute(text, "x") - shift,
    y: attribute(text, "y") - ASCENT * size,
    width,
    height: width === 0 ? 0 : (LINE_HEIGHT * (lines.length - 1) + ASCENT + DESCENT) * size,
  };
}

/** Width in pixels of all text in an element, whose font has this size; superscripts are smaller. */
function textWidth(element: Element, size: number): number {
  return Array.from(element.childNodes, (child) =>
    "style" in child
      ? textWidth(child as SVGElement, ownSize(child as SVGElement, size) ?? size)
      : size * emsOf(child.textContent ?? ""),
  ).reduce((sum, width) => sum + width, 0);
}

/** From the typical widths of the characters in a wide sans serif: rather too wide than cut off. */
function emsOf(text: string): number {
  let ems = 0;
  for (const character of text) {
    if (character === "\u200b") continue; // has no width
    if (/[ijl'|.,:;!]/.test(character)) ems += 0.31;
    else if (/[ftrI()[\]\s]/.test(character)) ems += 0.4;
    else if (/[mwMW@%]/.test(character)) ems += 0.95;
    else if (/[−+=<>≤≥×±~]/.test(character)) ems += 0.84;
    else ems += /[A-Z]/.test(character) ? 0.7 : 0.63;
  }
  return ems;
}

/** Size in pixels of an element's text, which may be inherited. */
function fontSize(element: Element | null): number {
  if (element === null) return 12;
  const inherited = (): number => fontSize(element.parentElement);
  return ownSize(element as SVGElement, inherited) ?? inherited();
}

/** The size that an element itself gives its text, in pixels. */
function ownSize({ style }: SVGElement, outer: number | (() => number)): number | undefined {
  const size = Number.parseFloat(style.fontSize);
  if (!(size > 0)) return undefined;
  if (!style.fontSize.endsWith("%")) return size;
  return (size / 100) * (typeof outer === "number" ? outer : outer());
}

function attribute(element: Element, name: string): number {
  return Number(element.getAttribute(name) ?? 0) || 0;
}

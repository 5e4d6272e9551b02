/** The legend of a small chart, as a line of words beside it: it takes less room than Plotly's, and no time to draw. */
import type { Figure } from "../../charts/figure.js";
import { INK } from "../../charts/style.js";
import { element, svg } from "../client/element.js";

interface Line {
  color?: string;
  width?: number;
  dash?: string;
}

interface Marker {
  color?: string;
  symbol?: string;
  line?: Line;
  pattern?: { shape?: string };
}

interface Trace {
  type?: string;
  mode?: string;
  name?: string;
  showlegend?: boolean;
  opacity?: number;
  fill?: string;
  fillcolor?: string;
  line?: Line;
  marker?: Marker;
}

/** Lengths of dashes and gaps, in CSS pixels. */
const DASHES: Readonly<Record<string, string>> = {
  dot: "2 2",
  dash: "6 3",
  longdash: "9 3",
  dashdot: "6 3 2 3",
  longdashdot: "9 3 2 3",
};

/** Shapes of marks around the origin, 10 across. */
const SHAPES: Readonly<Record<string, string>> = {
  circle: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
  diamond: "M0 -5L5 0L0 5L-5 0z",
  square: "M-4 -4H4V4H-4z",
  star: "M0 -6L1.7 -2L6 -1.8L2.7 1L3.7 5.2L0 2.9L-3.7 5.2L-2.7 1L-6 -1.8L-1.7 -2z",
  x: "M-4 -4L4 4M-4 4L4 -4",
  "circle-x": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0M-3 -3L3 3M-3 3L3 -3",
  "line-ew": "M-8 0H8",
};

/** The entries of a figure's legend; none where it has nothing to tell apart. */
export function legendOf({ data, layout }: Figure): HTMLElement[] {
  if (layout.showlegend === false) return [];
  const named = (data as Trace[]).filter(
    ({ name, type, showlegend }) => name && (showlegend ?? type !== "contour"),
  );
  if (named.length < 2) return [];
  return named.map((trace) =>
    element("span", { class: "item" }, [swatch(trace), element("span", {}, wordsOf(trace.name ?? ""))]),
  );
}

/** Text with raised parts as Plotly writes them. */
function wordsOf(name: string): (string | Node)[] {
  return name.split(/<sup>(.*?)<\/sup>/).map((part, i) => (i % 2 === 1 ? element("sup", {}, [part]) : part));
}

/** The ink of maps, whose ground is light, is the page's own in words. */
function inked(color = "currentColor"): string {
  return color === INK ? "currentColor" : color;
}

function swatch(trace: Trace): SVGElement {
  const { type, mode = "lines", marker = {}, line = {}, opacity = 1, fill, fillcolor } = trace;
  const made = svg("svg", { viewBox: "-12 -7 24 14", width: "24", height: "14", "aria-hidden": "true" });
  if (opacity < 1) made.setAttribute("opacity", String(opacity));
  if (type === "bar") made.append(...bar(marker));
  else if (fill) made.append(svg("path", { d: "M-10 -4H10V4H-10z", fill: fillcolor ?? "none" }));
  else {
    if (type === "contour" || mode.includes("lines")) made.append(stroke(line));
    if (type !== "contour" && mode.includes("markers")) made.append(mark(marker));
  }
  return made;
}

function bar({ color, pattern }: Marker): SVGElement[] {
  const box = svg("path", { d: "M-8 -5H8V5H-8z", fill: inked(color) });
  if (!pattern?.shape) return [box];
  return [box, svg("path", { d: "M-7 4L1 -4M-1 4L7 -4", stroke: "#fff", fill: "none" })];
}

function stroke({ color, width = 2, dash = "solid" }: Line): SVGElement {
  const dashes = DASHES[dash];
  return svg("path", {
    d: "M-12 0H12",
    stroke: inked(color),
    "stroke-width": String(width),
    ...(dashes && { "stroke-dasharray": dashes }),
  });
}

function mark({ symbol = "circle", color, line = {} }: Marker): SVGElement {
  const isOpen = symbol.endsWith("-open") || symbol === "x" || symbol === "line-ew";
  return svg("path", {
    d: SHAPES[symbol.replace(/-open$/, "")] ?? SHAPES.circle,
    fill: isOpen ? "none" : inked(color),
    stroke: isOpen ? inked(symbol === "line-ew" ? (line.color ?? color) : color) : (line.color ?? "none"),
    "stroke-width": isOpen ? "2" : "1",
  });
}

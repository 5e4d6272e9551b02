/** One chart in its place: drawn, fitted to its width, and in the ink of the text around it. */
import type { Figure } from "../../charts/figure.js";
import { type Theme, themed } from "../theme.js";
import { downloadPicture, modeBar } from "./downloads.js";
import type { Plotly } from "./library.js";

/** Plotly's own height of a figure that does not say its height. */
const DEFAULT_HEIGHT = 450;

// Plotly paints a pressed button almost white, whatever the theme.
const CSS = `
:where(.glass-house-chart) { margin: 0 0 1em }
:where(.glass-house-chart figcaption) { margin-top: 0.5em; font-size: 0.93em; opacity: 0.85; max-width: 70ch }
:where(.glass-house-chart img) { max-width: 100% }
.glass-house-plot[data-theme=dark] .updatemenu-item-rect { fill: #21262d !important }
.glass-house-plot[data-theme=dark] .updatemenu-button:hover .updatemenu-item-rect { fill: #3d4652 !important }
@media print { .glass-house-plot .modebar { display: none } }
`;

/** The live charts by their elements; those that leave the page are collected with them. */
const charts = new WeakMap<Element, LiveChart>();

/** Keeps the chart's place as high as it will be, so that the page does not jump when it arrives. */
export function reserve(place: HTMLElement, figure: Figure): void {
  place.style.minHeight = `${figure.layout.height ?? DEFAULT_HEIGHT}px`;
}

/** Replaces what stands in the place by the live chart; a failure is written above it instead. */
export async function draw(place: HTMLElement, figure: Figure, library: Promise<Plotly>): Promise<void> {
  const before = [...place.childNodes];
  try {
    const plotly = await library;
    preparePage();
    const plot = document.createElement("div");
    plot.className = "glass-house-plot";
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", figure.alt);
    place.replaceChildren(plot);
    const chart = new LiveChart(plotly, plot, figure);
    await chart.draw();
    charts.set(plot, chart);
    new ResizeObserver(() => chart.fit()).observe(place);
  } catch (error) {
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    note.textContent = `This chart could not be drawn. ${error}`;
    place.replaceChildren(note, ...before);
  }
}

/** Puts another figure into the place of one that was drawn there, or draws the first. */
export async function redraw(place: HTMLElement, figure: Figure, library: Promise<Plotly>): Promise<void> {
  const chart = chartIn(place);
  await (chart ? chart.become(figure) : draw(place, figure, library));
}

/** Downloads the picture of the chart in a place, if there is one. */
export function download(place: HTMLElement, format: "png" | "svg"): void {
  chartIn(place)?.download(format);
}

function chartIn(place: HTMLElement): LiveChart | undefined {
  const plot = place.querySelector(".glass-house-plot");
  return plot === null ? undefined : charts.get(plot);
}

class LiveChart {
  #width = 0;

  constructor(
    private readonly plotly: Plotly,
    private readonly plot: HTMLElement,
    private figure: Figure,
  ) {}

  async draw(): Promise<void> {
    this.#width = this.plot.clientWidth;
    // A copy, because zooming and animation write into what Plotly is given.
    const { data, layout, frames = [] } = structuredClone(this.figure);
    // A finger on a chart scrolls the page, as anywhere else; the mode bar still zooms.
    if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
    await this.plotly.newPlot(this.plot, {
      data,
      layout: themed(layout, this.#adopt(inkAround(this.plot))),
      frames: frames as Required<Parameters<Plotly["newPlot"]>[1]>["frames"],
      config: modeBar(this.plotly, this.plot, () => this.figure),
    });
  }

  /** Shows another figure; the configuration stays. */
  async become(figure: Figure): Promise<void> {
    this.figure = figure;
    this.plot.setAttribute("aria-label", figure.alt);
    const { data, layout } = structuredClone(figure);
    if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
    await this.plotly.react(this.plot, data, themed(layout, this.#adopt(inkAround(this.plot))));
  }

  download(format: "png" | "svg"): void {
    downloadPicture(this.plotly, this.plot, this.figure, format);
  }

  /**
   * Follows the width and the ink of its surroundings. A chart that was hidden or detached catches up here.
   */
  fit(): void {
    const width = this.plot.clientWidth;
    if (width === 0) return;
    this.follow();
    if (width !== this.#width) this.plotly.Plots.resize(this.plot);
    this.#width = width;
  }

  /** Follows the ink of its surroundings, unless it is hidden. */
  follow(): void {
    const theme = inkAround(this.plot);
    if (this.plot.clientWidth === 0 || theme === this.plot.dataset.theme) return;
    const { template } = themed(this.figure.layout, this.#adopt(theme));
    void this.plotly.relayout(this.plot, { template });
  }

  #adopt(theme: Theme): Theme {
    this.plot.dataset.theme = theme;
    return theme;
  }
}

/**
 * Light text means a dark page, whoever made it so: JupyterLab, a report's button, the system. Paper is
 * white.
 */
function inkAround(element: Element): Theme {
  if (matchMedia("print").matches) return "light";
  const [red, green, blue] = (getComputedStyle(element).color.match(/[\d.]+/g) ?? []).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 128 ? "dark" : "light";
}

let prepared = false;

/** What the charts of a page need of it, done with the first of them. */
function preparePage(): void {
  if (prepared) return;
  prepared = true;
  const style = document.createElement("style");
  style.textContent = CSS;
  document.head.append(style);
  followPage();
  // Plotly rejects the promise of an animation that the slider interrupts, with nothing, where no one can
  // catch it.
  addEventListener("unhandledrejection", (event) => {
    if (event.reason === undefined) event.preventDefault();
  });
}

/** Keeps every chart in the page's ink, in print too. */
function followPage(): void {
  const followAll = () => {
    for (const plot of document.querySelectorAll(".glass-house-plot")) charts.get(plot)?.follow();
  };
  // JupyterLab hides itself until the next frame when its theme changes; text cannot be measured before.
  const watch = new MutationObserver(() => requestAnimationFrame(followAll));
  for (const element of [document.documentElement, document.body]) {
    watch.observe(element, { attributes: true });
  }
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(query).addEventListener("change", followAll);
  }
}

/** One chart in its place: drawn, fitted to its width, and in the ink of the text around it. */
import type { ChartMeta, Figure } from "../../charts/figure.js";
import { isNarrow, narrowed } from "../narrow.js";
import { type Theme, themed } from "../theme.js";
import { AnimationControls, withoutDrawnControls } from "./animation.js";
import { downloadPicture, modeBar } from "./downloads.js";
import { addStyle, element } from "./element.js";
import { giveKeys, listenToKeys } from "./keys.js";
import type { Plotly } from "./library.js";

/** Plotly's own height of a figure that does not say its height. */
const DEFAULT_HEIGHT = 450;

// Plotly moves a chart's title up and out when a colour bar lies on its side.
const CSS = `
.glass-house-plot .gtitle { transform: none }
:where(.glass-house-chart) { margin: 0 0 1em }
:where(.glass-house-chart figcaption) { margin-top: 0.5em; font-size: 0.93em; opacity: 0.85; max-width: 70ch }
:where(.glass-house-chart img) { max-width: 100% }
:where(.glass-house-chart > div) { overflow-x: auto }
.glass-house-animation { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5em 1em; margin: 0.25em 3px; font-size: 0.93em }
.glass-house-animation button { font: inherit; color: inherit; background: none; border: 1px solid currentcolor; border-radius: 6px; min-width: 5em; min-height: 2.2em; cursor: pointer }
.glass-house-animation button[hidden] { display: none }
.glass-house-animation label { display: flex; flex: 1 1 8em; align-items: center; gap: 0.6em }
.glass-house-animation input { flex: 1; min-width: 0; min-height: 24px; margin: 0; cursor: pointer }
.glass-house-animation > span { min-width: 4ch; font-variant-numeric: tabular-nums }
.glass-house-plot[data-theme=dark] + .glass-house-animation { color-scheme: dark }
.glass-house-animation :focus-visible { outline: 3px solid currentcolor; outline-offset: 2px }
.glass-house-plot .modebar { opacity: 0; pointer-events: none }
.glass-house-plot:is(:hover, :focus-within) .modebar { opacity: 1; pointer-events: auto }
.glass-house-plot:focus-visible { outline: 3px solid currentcolor; outline-offset: 2px }
.glass-house-plot .modebar-btn:focus-visible { outline: 3px solid currentcolor !important; outline-offset: -2px !important }
.glass-house-plot .legendtoggle:focus { outline: none }
.glass-house-plot .legendtoggle:focus-visible { stroke: currentcolor; stroke-width: 2px }
@media (prefers-reduced-motion: reduce) { .glass-house-plot * { transition: none !important; animation: none !important } }
.glass-house-plot ~ .glass-house-still { display: none }
@media print {
  .glass-house-plot .modebar, .glass-house-animation, .glass-house-plot:has(~ .glass-house-still) { display: none }
  .glass-house-plot ~ .glass-house-still { display: block }
}
`;

/** The live charts by their elements; those that leave the page are collected with them. */
const charts = new WeakMap<Element, LiveChart>();

/** Keeps the chart's place as high as it will be, so that the page does not jump when it arrives. */
export function reserve(place: HTMLElement, figure: Figure): void {
  place.style.minHeight = `${figure.layout.height ?? DEFAULT_HEIGHT}px`;
}

/**
 * Replaces what stands in the place by the live chart; a failure is written above it instead. A still picture stays for print,
 * which has widths of its own.
 */
export async function draw(place: HTMLElement, figure: Figure, library: Promise<Plotly>): Promise<void> {
  const before = [...place.childNodes];
  try {
    const plotly = await library;
    preparePage();
    const plot = element("div", { class: "glass-house-plot", role: "group", "aria-label": figure.alt });
    plot.style.minWidth = `${leastWidth(figure)}px`;
    listenToKeys(plot);
    const still = place.querySelector("img");
    still?.classList.add("glass-house-still");
    place.replaceChildren(plot, ...(still ? [still] : []));
    const chart = new LiveChart(plotly, plot, figure);
    if (chart.controls) plot.after(chart.controls.element);
    await chart.draw();
    place.style.removeProperty("min-height");
    charts.set(plot, chart);
    new ResizeObserver(() => chart.fit()).observe(place);
  } catch (error) {
    const note = `This chart could not be drawn. ${error}`;
    place.replaceChildren(element("p", { role: "alert" }, [note]), ...before);
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

/** Below this width, in CSS pixels, the place of the chart scrolls. */
function leastWidth({ layout }: Figure): number {
  const { leastWidth: least } = (layout.meta ?? {}) as ChartMeta;
  return least ?? 0;
}

class LiveChart {
  /** Only charts with frames have some. */
  readonly controls: AnimationControls | undefined;
  #width = 0;

  constructor(
    private readonly plotly: Plotly,
    private readonly plot: HTMLElement,
    private figure: Figure,
  ) {
    const isAnimated = (figure.frames ?? []).length > 0;
    this.controls = isAnimated ? new AnimationControls(figure, (name) => this.#show(name)) : undefined;
  }

  async draw(): Promise<void> {
    this.#width = this.plot.clientWidth;
    const { data, layout, frames = [] } = this.#fitted(this.#adopt(inkAround(this.plot)));
    const drawn = await this.plotly.newPlot(this.plot, {
      data,
      layout,
      frames: frames as Required<Parameters<Plotly["newPlot"]>[1]>["frames"],
      config: modeBar(this.plotly, this.plot, () => this.figure),
    });
    giveKeys(this.plot);
    drawn.on("plotly_afterplot", () => giveKeys(this.plot));
  }

  /** The figure in the width of its place, which is known, and in that ink. */
  #fitted(theme: Theme): Figure {
    const own = this.controls ? withoutDrawnControls(this.figure) : this.figure;
    // A copy, because zooming and animation write into what Plotly is given.
    const figure = structuredClone(this.#needsNarrowing(this.#width) ? narrowed(own, this.#width) : own);
    const layout = themed(figure.layout, theme);
    // A finger on a chart scrolls the page, as anywhere else; the mode bar still zooms.
    if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
    return { ...figure, layout };
  }

  #needsNarrowing(width: number): boolean {
    return isNarrow(width) && !(this.figure.layout.meta as ChartMeta | undefined)?.isFitted;
  }

  #show(name: string): Promise<unknown> {
    return this.plotly.animate(this.plot, [name], {
      mode: "immediate",
      frame: { duration: 0, redraw: true },
      transition: { duration: 0 },
    });
  }

  /** Shows another figure; the configuration stays, and so do width and ink, which {@link fit} and {@link follow} keep up. */
  async become(figure: Figure): Promise<void> {
    this.figure = figure;
    this.plot.setAttribute("aria-label", figure.alt);
    const { data, layout } = this.#fitted(this.plot.dataset.theme as Theme);
    await this.plotly.react(this.plot, data, layout);
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
    if (width === this.#width) return;
    if (this.#needsNarrowing(width) || this.#needsNarrowing(this.#width)) {
      void this.draw().then(() => this.controls && this.#show(this.controls.current));
    } else {
      this.#width = width;
      this.plotly.Plots.resize(this.plot);
    }
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
  addStyle(CSS);
  followPage();
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

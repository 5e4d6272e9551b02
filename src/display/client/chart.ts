/** One chart in its place: drawn, fitted to its width, and in the ink of the text around it. */
import type { Figure } from "../../charts/figure.js";
import { type Theme, themed } from "../theme.js";
import { modeBar } from "./downloads.js";
import type { Plotly } from "./library.js";

/** Where each drawn chart is found again; detached charts are collected with their elements. */
const charts = new WeakMap<Element, Chart>();

const CSS = `
:where(.glass-house-chart) { margin: 0 0 1em }
:where(.glass-house-chart figcaption) { font-size: 0.93em; opacity: 0.85; max-width: 70ch }
:where(.glass-house-chart img) { max-width: 100% }
.glass-house-plot .updatemenu-item-rect { fill: inherit }
`;

export class Chart {
  private plot: HTMLElement | undefined;
  private library: Plotly | undefined;
  private theme: Theme | undefined;
  private width = 0;

  constructor(
    private readonly place: HTMLElement,
    private readonly figure: Figure,
  ) {
    // The page does not jump when the drawing arrives.
    place.style.minHeight = `${figure.layout.height ?? 450}px`;
  }

  /** Replaces what stands in the place by the live chart; a failure is written above it. */
  async draw(library: Promise<Plotly>): Promise<void> {
    const before = [...this.place.childNodes];
    try {
      this.library = await library;
      this.plot = document.createElement("div");
      this.plot.className = "glass-house-plot";
      this.plot.setAttribute("role", "group");
      this.plot.setAttribute("aria-label", this.figure.alt);
      this.place.replaceChildren(this.plot);
      this.theme = inkAround(this.place);
      this.width = this.place.clientWidth;
      await this.library.newPlot(this.plot, {
        data: this.figure.data,
        layout: themed(this.figure.layout, this.theme),
        frames: (this.figure.frames ?? []) as never,
        config: modeBar(this.library, this.plot, this.figure),
      });
      charts.set(this.plot, this);
      new ResizeObserver(() => this.fit()).observe(this.place);
    } catch (error) {
      const note = document.createElement("p");
      note.setAttribute("role", "alert");
      note.textContent = `This chart could not be drawn. ${error}`;
      this.place.replaceChildren(note, ...before);
    }
  }

  /** Follows the width and the ink of its surroundings; an output that was hidden or detached comes back here. */
  fit(): void {
    const width = this.place.clientWidth;
    if (!this.plot || !this.library || !width) return;
    this.follow();
    if (width !== this.width) {
      this.width = width;
      this.library.Plots.resize(this.plot);
    }
  }

  follow(): void {
    const theme = inkAround(this.place);
    if (!this.plot || !this.library || theme === this.theme) return;
    this.theme = theme;
    this.library.relayout(this.plot, { template: themed(this.figure.layout, theme).template } as never);
  }
}

/** Light text means a dark page, whoever made it dark: JupyterLab, a report's button, the system. */
function inkAround(place: Element): Theme {
  const [red, green, blue] = (getComputedStyle(place).color.match(/[\d.]+/g) ?? []).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 128 ? "dark" : "light";
}

/** Keeps every chart in the page's ink, in print too. */
export function followPage(): void {
  const style = document.createElement("style");
  style.textContent = CSS;
  document.head.append(style);
  const followAll = () => {
    for (const plot of document.querySelectorAll(".glass-house-plot")) charts.get(plot)?.follow();
  };
  const watch = new MutationObserver(followAll);
  for (const element of [document.documentElement, document.body])
    watch.observe(element, { attributes: true });
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(query).addEventListener("change", followAll);
  }
}

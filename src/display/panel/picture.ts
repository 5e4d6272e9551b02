/** A figure in two columns, as published and as it is now; drawn as fast as Plotly can, and no faster. */
import type { Figure } from "../../charts/figure.js";
import type { Picture } from "../../experiments/panel.js";
import type { Runtime } from "../client/main.js";
import { READY } from "../client/ready.js";
import { element } from "./element.js";
import { HandleView, type Moved } from "./handles.js";
import { type Extents, extentsIn, show, together, withExtents } from "./shared-axes.js";

/** The runtime of charts, once it is in the page. */
function runtime(): Promise<Runtime> {
  return new Promise((resolve) => {
    const look = (): void => {
      const present = window.glassHouseCharts;
      if (present !== undefined && !Array.isArray(present)) resolve(present);
      else document.addEventListener(READY, look, { once: true });
    };
    look();
  });
}

/** One place for a chart. */
class Place {
  readonly root: HTMLElement = element("div", { class: "place" }, [
    element("p", { class: "waiting" }, ["The chart comes with the chart library…"]),
  ]);
  /** What the axes show that are drawn there. */
  extents: Extents = {};

  async draw(figure: Figure): Promise<void> {
    await (await runtime()).redraw(this.root, figure);
    const plot = this.root.querySelector<HTMLElement & { layout: object }>(".glass-house-plot");
    this.extents = extentsIn(plot?.layout ?? {});
  }
}

/** Plotly takes any two quick clicks for a double click, even at two points far apart, and would zoom out. */
function clickable(figure: Figure): Figure {
  return { ...figure, config: { ...figure.config, doubleClick: false } };
}

/** A picture of a reading, beside the published one; of those that come while one is drawn, the last is drawn next. */
export class PictureView {
  readonly root: HTMLElement;
  readonly #old = new Place();
  readonly #now = new Place();
  /** The published picture, and what its axes show by themselves. */
  #published: { picture: Picture; extents: Extents } | undefined;
  #handle: HandleView | undefined;
  #next: { picture: Picture; published: Picture | undefined } | undefined;
  #isDrawing = false;

  constructor(private readonly moved: Moved) {
    const column = (title: string, { root }: Place): HTMLElement =>
      element("figure", { class: "column" }, [element("figcaption", {}, [title]), root]);
    this.root = element("div", { class: "picture" }, [
      column("published", this.#old),
      column("now", this.#now),
    ]);
  }

  /**
   * Draws a picture.
   *
   * @param isOvertaken - whether the hand has moved on since the picture was asked for: then it keeps what it holds
   */
  show(picture: Picture, published: Picture | undefined, isOvertaken: boolean): void {
    const { handle } = picture;
    this.root.classList.toggle("pick", handle?.kind === "pick");
    if (handle !== undefined && !isOvertaken) this.#handle?.take(handle);
    this.#next = { picture, published };
    if (!this.#isDrawing) void this.#drawAll();
  }

  async #drawAll(): Promise<void> {
    this.#isDrawing = true;
    while (this.#next !== undefined) {
      const { picture, published } = this.#next;
      this.#next = undefined;
      if (published !== undefined && this.#published?.picture !== published) {
        await this.#old.draw(published.figure);
        this.#published = { picture: published, extents: this.#old.extents };
      }
      await this.#drawNow(picture);
    }
    this.#isDrawing = false;
  }

  /** Draws both with the same axes. What these are only Plotly knows, once it has drawn each with its own. */
  async #drawNow({ figure, handle }: Picture): Promise<void> {
    const now = handle === undefined ? figure : clickable(figure);
    await this.#now.draw(now);
    if (this.#published !== undefined) {
      const { picture, extents } = this.#published;
      const wanted = together(extents, this.#now.extents);
      if (!show(this.#now.extents, wanted)) await this.#now.draw(withExtents(now, wanted));
      if (!show(this.#old.extents, wanted)) await this.#old.draw(withExtents(picture.figure, wanted));
    }
    if (handle === undefined) return;
    this.#handle ??= new HandleView(this.#now.root, handle, this.moved);
    this.#handle.follow();
  }

  download(format: "png" | "svg"): void {
    void runtime().then((charts) => charts.download(this.#now.root, format));
  }
}

/** A figure in two columns, as published and as it is now; drawn as fast as Plotly can, and no faster. */
import type { Figure } from "../../charts/figure.js";
import type { Picture } from "../../live/demonstration.js";
import type { Runtime } from "../client/main.js";
import { READY } from "../client/ready.js";
import { element } from "./element.js";
import { HandleView, type Moved } from "./handles.js";

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

/** One place for a chart: of the figures that come while one is drawn, the last is drawn next. */
class Place {
  readonly root: HTMLElement = element("div", { class: "place" }, [
    element("p", { class: "waiting" }, ["The chart comes with the chart library…"]),
  ]);
  #next: Figure | undefined;
  #isDrawing = false;

  async draw(figure: Figure, drawn: () => void = () => {}): Promise<void> {
    this.#next = figure;
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    const charts = await runtime();
    while (this.#next !== undefined) {
      const now = this.#next;
      this.#next = undefined;
      await charts.redraw(this.root, now);
      drawn();
    }
    this.#isDrawing = false;
  }
}

/** Plotly takes any two quick clicks for a double click, even at two points far apart, and would zoom out. */
function clickable(figure: Figure): Figure {
  return { ...figure, config: { ...figure.config, doubleClick: false } };
}

/** A picture of a reading, beside the published one. */
export class PictureView {
  readonly root: HTMLElement;
  readonly #old = new Place();
  readonly #now = new Place();
  #published: Picture | undefined;
  #handle: HandleView | undefined;

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
  show({ figure, handle }: Picture, published: Picture | undefined, isOvertaken: boolean): void {
    if (published !== undefined && this.#published !== published) {
      this.#published = published;
      void this.#old.draw(published.figure);
    }
    this.root.classList.toggle("pick", handle?.kind === "pick");
    if (handle !== undefined && !isOvertaken) this.#handle?.take(handle);
    void this.#now.draw(handle === undefined ? figure : clickable(figure), () => {
      if (handle === undefined) return;
      this.#handle ??= new HandleView(this.#now.root, handle, this.moved);
      this.#handle.follow();
    });
  }

  download(format: "png" | "svg"): void {
    void runtime().then((charts) => charts.download(this.#now.root, format));
  }
}

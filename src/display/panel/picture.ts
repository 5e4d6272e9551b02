/** A figure of a panel in its place, with the published one as a ghost; drawn as fast as Plotly can, and no faster. */
import type { Picture } from "../../experiments/panel.js";
import { element } from "../client/element.js";
import type { Runtime } from "../client/main.js";
import { READY } from "../client/ready.js";
import { compact, type Key, keyOf, titleOf } from "./compact.js";
import { withGhost } from "./ghost.js";
import { HandleView, type Moved } from "./handles.js";
import { helpMark } from "./help.js";
import { legendOf } from "./legend.js";

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

/** What is drawn. */
export interface Shown {
  picture: Picture;
  /** Drawn as a ghost; undefined where the present one is the published one. */
  published: Picture | undefined;
  /** Whether the published one is of the same training, looked at in another way. */
  isSameTraining: boolean;
  /** Whether the hand has moved on since the picture was asked for: then it keeps what it holds. */
  isOvertaken: boolean;
  /** Whether another is to come at once: then it may be left out. */
  isFrame: boolean;
}

/** One of the pictures of a reading; of those that come while one is drawn, the last is drawn next. */
export class PictureView {
  readonly root: HTMLElement;
  readonly #place: HTMLElement = element("div", { class: "place" }, [
    element("p", { class: "waiting" }, ["The chart comes with the chart library…"]),
  ]);
  readonly #title = element("span", { class: "of" });
  readonly #legend = element("div", { class: "legend" });
  readonly #words: HTMLElement;
  #handle: HandleView | undefined;
  #last: Shown | undefined;
  #next: Shown | undefined;
  #drawing: Promise<void> | undefined;
  /** Of its place, in CSS pixels; asking for it in every frame would lay out the page each time. */
  #room = 0;
  /** The one that it was drawn for. */
  #width = 0;
  #isSeen = true;
  /** When a frame may be drawn next. */
  #due = 0;

  /**
   * @param id - its own in the page
   * @param height - how much height there is for it now, in CSS pixels
   * @param rest - between two frames, in ms, at least
   */
  constructor(
    id: string,
    private readonly name: string,
    private readonly height: () => number,
    private readonly rest: number,
    private readonly moved: Moved,
  ) {
    const { mark, words } = helpMark(`${id}-${name}-help`, `the ${name}`);
    this.#words = words;
    this.root = element("figure", { class: "picture" }, [
      element("figcaption", {}, [this.#title, " ", mark]),
      words,
      this.#place,
      this.#legend,
    ]);
    new ResizeObserver(() => this.#fit()).observe(this.#place);
    new IntersectionObserver((seen) => {
      this.#isSeen = seen[seen.length - 1].isIntersecting;
    }).observe(this.root);
  }

  /** Draws a picture; settles when it, or a later one, is drawn. Where nobody sees it, it waits for somebody. */
  show(shown: Shown): Promise<void> {
    const { isFrame, picture } = shown;
    const { handle, figure } = picture;
    const now = performance.now();
    if (isFrame && (!this.#isSeen || now < this.#due)) return this.#drawing ?? Promise.resolve();
    this.#due = now + this.rest;
    if (handle !== undefined && !shown.isOvertaken) this.#handle?.take(handle);
    this.#last = this.#next = shown;
    this.#title.textContent = titleOf(figure) || this.name;
    this.#words.textContent = figure.caption;
    this.#drawing ??= this.#drawAll();
    return this.#drawing;
  }

  async #drawAll(): Promise<void> {
    for (let next = this.#next; next !== undefined; next = this.#next) {
      this.#next = undefined;
      await this.#draw(next);
    }
    this.#drawing = undefined;
  }

  async #draw({ picture, published, isSameTraining }: Shown): Promise<void> {
    const width = this.#room || this.#place.clientWidth;
    if (width === 0) return;
    this.#width = width;
    const { figure, handle } = picture;
    const whole = published === undefined ? figure : withGhost(figure, published, isSameTraining);
    this.#legend.replaceChildren(...legendOf(whole), ...keyShown(keyOf(whole)));
    await (await runtime()).redraw(this.#place, compact(whole, { width, height: this.height() }));
    if (handle === undefined) return;
    this.#handle ??= new HandleView(this.#place, handle, this.moved);
    this.#handle.follow();
  }

  /** Draws again what was drawn for another width, or not at all. */
  #fit(): void {
    this.#room = this.#place.clientWidth;
    if (this.#last !== undefined && this.#room !== this.#width)
      void this.show({ ...this.#last, isFrame: false });
  }

  download(format: "png" | "svg"): void {
    void runtime().then((charts) => charts.download(this.#place, format));
  }
}

/** What the shades mean. */
function keyShown(key: Key | undefined): HTMLElement[] {
  if (key === undefined) return [];
  const ramp = element("span", { class: "ramp" });
  ramp.style.backgroundImage = `linear-gradient(to right, ${key.colors.join(", ")})`;
  return [element("span", { class: "item" }, [`${key.text}: ${key.ends[0]} `, ramp, ` ${key.ends[1]}`])];
}

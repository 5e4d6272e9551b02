/** What can be taken hold of in a drawn map, by pointer and by key: a point to move, points to switch. */
import type { Handle, Place } from "../../experiments/panel.js";
import { element } from "../client/element.js";

/** A drawn chart, as far as places on it are concerned. */
type Plot = HTMLElement & {
  layout: { xaxis: { range: [number, number] }; yaxis: { range: [number, number] } };
};

/** How far a press may move and still be a click, and how near a point has to be to be meant; in CSS pixels. */
const STILL = 4;
const NEAR = 24;

const ARROWS: Record<string, Place> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** What a handle tells. */
export type Moved = (field: string, value: unknown, isFinal: boolean) => void;

/** The handle over one chart; it stays while the chart is drawn anew. */
export class HandleView {
  #handle: Handle;
  #chosen = 0;
  #dragging = false;
  readonly #button: HTMLButtonElement;

  /**
   * @param place - the element that the chart is drawn into
   * @param moved - told the parameter's new value
   */
  constructor(
    private readonly place: HTMLElement,
    handle: Handle,
    private readonly moved: Moved,
  ) {
    this.#handle = handle;
    this.#button = element("button", { type: "button", class: `handle ${handle.kind}` });
    this.#button.addEventListener("keydown", (event) => this.#key(event));
    if (handle.kind === "drag") this.#listenToDrag();
    place.addEventListener("pointerdown", (event) => this.#press(event), { capture: true });
    new ResizeObserver(() => this.#settle()).observe(place);
  }

  /** Takes over a value that came from elsewhere. */
  take(handle: Handle): void {
    this.#handle = handle;
  }

  /** Follows a chart that was drawn anew. */
  follow(): void {
    if (this.#button.parentElement !== this.place) this.place.append(this.#button);
    if (!this.#dragging) this.#settle();
  }

  #settle(): void {
    const handle = this.#handle;
    const at = handle.kind === "drag" ? handle.at : handle.places[this.#chosen];
    this.#label();
    if (at !== undefined) this.#moveTo(at);
  }

  #label(): void {
    const handle = this.#handle;
    const text =
      handle.kind === "drag"
        ? `${handle.label}, at ${handle.at.map((value) => value.toFixed(2)).join(", ")}; arrow keys move it`
        : `${handle.label} ${this.#chosen + 1} of ${handle.places.length}, ${
            handle.picked.includes(this.#chosen) ? "switched" : "as it was"
          }; arrow keys choose, Enter switches`;
    this.#button.setAttribute("aria-label", text);
    this.#button.title = text;
  }

  #moveTo([x, y]: Place): void {
    const area = this.#area();
    if (area === undefined) return;
    const own = this.place.getBoundingClientRect();
    const { left, top, width, height } = area.box;
    const [u, v] = [(x - area.x[0]) / (area.x[1] - area.x[0]), (y - area.y[0]) / (area.y[1] - area.y[0])];
    this.#button.hidden = u < 0 || u > 1 || v < 0 || v > 1;
    this.#button.style.left = `${left - own.left + u * width}px`;
    this.#button.style.top = `${top - own.top + (1 - v) * height}px`;
  }

  /** The part of the chart between its axes, in the window, and what it shows. */
  #area(): { box: DOMRect; x: Place; y: Place } | undefined {
    const plot = this.place.querySelector<Plot>(".glass-house-plot");
    const box = plot?.querySelector(".nsewdrag")?.getBoundingClientRect();
    if (!plot || !box || box.width === 0) return undefined;
    return { box, x: plot.layout.xaxis.range, y: plot.layout.yaxis.range };
  }

  /** The place on the map under a point of the window; at its edge for what lies outside. */
  #placeUnder({ clientX, clientY }: MouseEvent): Place | undefined {
    const area = this.#area();
    if (area === undefined) return undefined;
    const share = (value: number): number => Math.min(1, Math.max(0, value));
    const u = share((clientX - area.box.left) / area.box.width);
    const v = share((area.box.bottom - clientY) / area.box.height);
    const round = (value: number): number => Number(value.toFixed(2));
    return [round(area.x[0] + u * (area.x[1] - area.x[0])), round(area.y[0] + v * (area.y[1] - area.y[0]))];
  }

  #listenToDrag(): void {
    const button = this.#button;
    button.addEventListener("pointerdown", (event) => {
      this.#dragging = true;
      button.setPointerCapture(event.pointerId);
      event.preventDefault();
      button.focus({ preventScroll: true });
    });
    button.addEventListener("pointermove", (event) => {
      if (this.#dragging) this.#drop(this.#placeUnder(event), false);
    });
    const end = (event: PointerEvent): void => {
      if (!this.#dragging) return;
      this.#dragging = false;
      this.#drop(this.#placeUnder(event), true);
    };
    button.addEventListener("pointerup", end);
    button.addEventListener("pointercancel", end);
  }

  #drop(at: Place | undefined, isFinal: boolean): void {
    if (at === undefined || this.#handle.kind !== "drag") return;
    this.#handle = { ...this.#handle, at };
    this.#label();
    this.#moveTo(at);
    this.moved(this.#handle.field, [...at], isFinal);
  }

  /** A press on the map that does not move is a click: the point comes here, or the nearest is switched. */
  #press(down: PointerEvent): void {
    if (down.target === this.#button || !(down.target as Element).closest(".nsewdrag")) return;
    const release = (up: PointerEvent): void => {
      removeEventListener("pointerup", release, true);
      const distance = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY);
      if (distance > STILL) return;
      if (this.#handle.kind === "drag") this.#drop(this.#placeUnder(up), true);
      else this.#switchNearest(up);
    };
    addEventListener("pointerup", release, true);
  }

  #switchNearest({ clientX, clientY }: PointerEvent): void {
    const area = this.#area();
    if (area === undefined || this.#handle.kind !== "pick") return;
    const { box, x, y } = area;
    const distances = this.#handle.places.map(([px, py]) =>
      Math.hypot(
        clientX - box.left - ((px - x[0]) / (x[1] - x[0])) * box.width,
        box.bottom - clientY - ((py - y[0]) / (y[1] - y[0])) * box.height,
      ),
    );
    const nearest = distances.indexOf(Math.min(...distances));
    if (distances[nearest] > NEAR) return;
    this.#chosen = nearest;
    this.#switch();
  }

  #switch(): void {
    const handle = this.#handle;
    if (handle.kind !== "pick") return;
    const chosen = this.#chosen;
    const picked = handle.picked.includes(chosen)
      ? handle.picked.filter((index) => index !== chosen)
      : [...handle.picked, chosen].sort((a, b) => a - b);
    this.#handle = { ...handle, picked };
    this.#settle();
    this.moved(handle.field, picked, true);
  }

  #key(event: KeyboardEvent): void {
    const handle = this.#handle;
    const arrow = ARROWS[event.key];
    if (handle.kind === "pick") {
      if (event.key === "Enter" || event.key === " ") this.#switch();
      else if (arrow === undefined) return;
      else {
        const count = handle.places.length;
        this.#chosen = (this.#chosen + arrow[0] + arrow[1] + count) % count;
        this.#settle();
      }
    } else {
      if (arrow === undefined) return;
      const size = event.shiftKey ? 1 : 0.1;
      const at = handle.at.map((value, i) => Number((value + size * arrow[i]).toFixed(2)));
      this.#drop([at[0], at[1]], true);
    }
    event.preventDefault();
  }
}

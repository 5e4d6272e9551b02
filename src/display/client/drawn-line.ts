/** A line that the reader draws over the empty axes of a chart, by pointer or by key. */
import { GUESS_COLOR, numberText } from "../../charts/guess.js";
import type { LinePrediction } from "../../charts/prediction.js";
import { svg } from "./element.js";

/** Points of the line; the first is the start, which is told. */
const POINTS = 26;

/** How far the arrow keys, and the page keys, move a point, as a share of the axis. */
const [STEP, LEAP] = [0.02, 0.1];

/** What Plotly knows of a chart's axis once it is drawn. */
interface Axis {
  type?: string;
  range: readonly [number, number];
}

/** The line: level from the start at first, and level after whatever was drawn last. */
export class DrawnLine {
  readonly #path = svg("polyline", {
    fill: "none",
    stroke: GUESS_COLOR,
    "stroke-width": "3",
    "stroke-dasharray": "8 5",
  });
  readonly #knob = svg("circle", { r: "9", fill: GUESS_COLOR });
  readonly #start = svg("circle", { r: "5", fill: "currentcolor" });
  readonly #element = svg(
    "svg",
    {
      class: "glass-house-drawn-line",
      tabindex: "0",
      role: "slider",
      "aria-label": "Your line: left and right choose a point, up and down move it",
      "aria-orientation": "vertical",
      "aria-valuemin": "0",
      "aria-valuemax": "100",
    },
    [
      svg("rect", { width: "100%", height: "100%", fill: "transparent" }),
      this.#path,
      this.#knob,
      this.#start,
    ],
  );
  readonly #watch = new ResizeObserver(() => this.#follow());
  readonly #redrawn = new MutationObserver(() => this.#follow());
  readonly #x: readonly number[];
  /** Values at the points, as the axis has them: logarithms on a logarithmic one. */
  readonly #levels: number[];
  #chosen = 1;
  /** Up to where the reader has drawn. */
  #drawnTo = 0;
  #last: number | undefined;

  /** @throws Error when the chart lacks the axes that the line is to be drawn on */
  constructor(
    private readonly place: HTMLElement,
    private readonly plot: HTMLElement,
    private readonly prediction: LinePrediction,
  ) {
    const { x, y } = prediction.truth;
    const end = x[x.length - 1];
    this.#x = Array.from({ length: POINTS }, (_, i) => x[0] + ((end - x[0]) * i) / (POINTS - 1));
    const start = this.#isLogarithmic ? Math.log10(y[0]) : y[0];
    this.#levels = this.#x.map(() => start);
    this.#area();
    this.#listen();
    place.append(this.#element);
    this.#watch.observe(place);
    this.#redrawn.observe(plot, { childList: true });
    this.#follow();
  }

  /** The line in the units of the chart. */
  points(): { x: number[]; y: number[] } {
    return { x: [...this.#x], y: this.#levels.map((level) => this.#valueOf(level)) };
  }

  remove(): void {
    this.#watch.disconnect();
    this.#redrawn.disconnect();
    this.#element.remove();
  }

  #listen(): void {
    const element = this.#element;
    element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      element.focus({ preventScroll: true });
      element.setPointerCapture(event.pointerId);
      this.#last = undefined;
      this.#drag(event);
    });
    element.addEventListener("pointermove", (event) => {
      if (element.hasPointerCapture(event.pointerId)) this.#drag(event);
    });
    element.addEventListener("keydown", (event) => {
      if (this.#press(event.key)) event.preventDefault();
    });
  }

  #drag({ clientX, clientY }: PointerEvent): void {
    const box = this.#element.getBoundingClientRect();
    const [left, right] = this.#range("x");
    const share = left + ((right - left) * (clientX - box.left)) / box.width;
    const [from, to] = [this.#x[0], this.#x[POINTS - 1]];
    const at = Math.round(((share - from) / (to - from)) * (POINTS - 1));
    const point = Math.min(POINTS - 1, Math.max(1, at));
    const level = this.#levelAt(1 - (clientY - box.top) / box.height);
    // a fast pointer leaves points out: those between lie on the way
    const before = this.#last ?? point;
    const levelBefore = this.#levels[before];
    const way = Math.abs(point - before);
    for (let i = 1; i < way; i++) {
      this.#set(before + Math.sign(point - before) * i, levelBefore + ((level - levelBefore) * i) / way);
    }
    this.#set(point, level);
    this.#last = point;
    this.#chosen = point;
    this.#draw();
  }

  #press(key: string): boolean {
    const moves: Record<string, number> = { ArrowUp: STEP, ArrowDown: -STEP, PageUp: LEAP, PageDown: -LEAP };
    const choices: Record<string, number> = {
      ArrowLeft: this.#chosen - 1,
      ArrowRight: this.#chosen + 1,
      Home: 1,
      End: POINTS - 1,
    };
    if (key in moves) {
      const [low, high] = this.#range("y");
      this.#set(this.#chosen, this.#levels[this.#chosen] + moves[key] * (high - low));
    } else if (key in choices) {
      this.#chosen = Math.min(POINTS - 1, Math.max(1, choices[key]));
    } else return false;
    this.#draw();
    return true;
  }

  /** Moves a point; what lies beyond all that was drawn comes along. */
  #set(point: number, level: number): void {
    const [low, high] = this.#range("y");
    const kept = Math.min(Math.max(level, Math.min(low, high)), Math.max(low, high));
    this.#levels[point] = kept;
    this.#drawnTo = Math.max(this.#drawnTo, point);
    for (let i = this.#drawnTo + 1; i < POINTS; i++) this.#levels[i] = this.#levels[this.#drawnTo];
  }

  #levelAt(share: number): number {
    const [low, high] = this.#range("y");
    return low + share * (high - low);
  }

  #valueOf(level: number): number {
    return this.#isLogarithmic ? 10 ** level : level;
  }

  get #isLogarithmic(): boolean {
    return this.#axis("y").type === "log";
  }

  #axis(which: "x" | "y"): Axis {
    const key = this.prediction.axes[which].replace(/^[xy]/, `${which}axis`);
    return (this.plot as unknown as { layout: Record<string, Axis> }).layout[key];
  }

  #range(which: "x" | "y"): readonly [number, number] {
    const [from, to] = this.#axis(which).range;
    return [Number(from), Number(to)];
  }

  /** The part of the chart between its axes. */
  #area(): Element {
    const { x, y } = this.prediction.axes;
    const area = this.plot.querySelector(`.nsewdrag[data-subplot="${CSS.escape(x + y)}"]`);
    if (area === null) throw new Error(`the chart has no axes ${x} and ${y} to draw a line on`);
    return area;
  }

  /** Lies where the axes are, which move with the chart's width. */
  #follow(): void {
    if (this.plot.querySelector(".nsewdrag") === null) return;
    const [area, place] = [this.#area(), this.place].map((element) => element.getBoundingClientRect());
    Object.assign(this.#element.style, {
      left: `${area.left - place.left + this.place.scrollLeft}px`,
      top: `${area.top - place.top + this.place.scrollTop}px`,
      width: `${area.width}px`,
      height: `${area.height}px`,
    });
    this.#draw();
  }

  #draw(): void {
    const { width, height } = this.#element.style;
    const [left, right] = this.#range("x");
    const [low, high] = this.#range("y");
    const spots = this.#x.map((x, i) => [
      (Number.parseFloat(width) * (x - left)) / (right - left),
      Number.parseFloat(height) * (1 - (this.#levels[i] - low) / (high - low)),
    ]);
    this.#path.setAttribute("points", spots.map((spot) => spot.join()).join(" "));
    for (const [mark, point] of [
      [this.#knob, this.#chosen],
      [this.#start, 0],
    ] as const) {
      mark.setAttribute("cx", String(spots[point][0]));
      mark.setAttribute("cy", String(spots[point][1]));
    }
    const level = this.#levels[this.#chosen];
    const { unit } = this.prediction;
    this.#element.setAttribute("aria-valuenow", String(Math.round((100 * (level - low)) / (high - low))));
    this.#element.setAttribute(
      "aria-valuetext",
      `epoch ${Math.round(this.#x[this.#chosen])}: ${numberText(this.#valueOf(level))}${unit && ` ${unit}`}`,
    );
  }
}

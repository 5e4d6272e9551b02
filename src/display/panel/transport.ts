/** The bar that moves a panel through the epochs of its training, or whatever it counts. */
import type { Beat } from "../../experiments/panel.js";
import type { Position } from "../../live/session.js";
import { element, svg } from "../client/element.js";

/** What the bar asks for. */
export interface Moves {
  play(): void;
  pause(): void;
  step(): void;
  /** @param isFinal - false while a hand still moves; to the end where there is no epoch */
  seek(epoch: number | undefined, isFinal: boolean): void;
  /** The pace has been changed. */
  paced(): void;
}

/** What a training counts. */
const EPOCHS: Beat = { one: "epoch", many: "epochs", paces: [10, 50, 200] };

/** Which of the paces is chosen at first. */
const USUAL = 1;

/** Outlines in a square of 16 x 16. */
const ICONS = {
  restart: "M3 3h2v10H3zM14 3v10L6 8z",
  play: "M4 2.5v11L13.5 8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  step: "M4 3l6 5-6 5zM10.5 3h2v10h-2z",
  end: "M2 3l5 5-5 5zM7 3l5 5-5 5zM12 3h2v10h-2z",
};

/** How long something has to go on before the button offers to end it, in ms. */
const BRIEF = 250;

/** The bar of a panel. */
export class Transport {
  readonly root: HTMLElement;
  readonly #toggle: HTMLButtonElement;
  readonly #step: HTMLButtonElement;
  readonly #pace = element("select", { class: "pace", "aria-label": "Speed" });
  readonly #scrubber = element("input", { type: "range", min: "0", max: "0", step: "1" });
  readonly #position = element("output", { class: "position" });
  #brief: ReturnType<typeof setTimeout> | undefined;
  #offered: "play" | "pause" = "play";
  #isHeld = false;
  #beat = EPOCHS;

  constructor(moves: Moves) {
    const toggle = (): void => (this.#offered === "play" ? moves.play() : moves.pause());
    this.#toggle = button("play", "Play", toggle);
    this.#toggle.classList.add("primary");
    this.#step = button("step", "", () => moves.step());
    this.#count(EPOCHS);
    this.#pace.addEventListener("change", () => moves.paced());
    const sought = (isFinal: boolean) => (): void => {
      this.#isHeld = !isFinal;
      moves.seek(Number(this.#scrubber.value), isFinal);
    };
    this.#scrubber.addEventListener("input", sought(false));
    this.#scrubber.addEventListener("change", sought(true));
    this.root = element("div", { class: "transport", role: "group", "aria-label": "Training" }, [
      element("div", { class: "buttons" }, [
        button("restart", "Restart", () => moves.seek(0, true)),
        this.#toggle,
        this.#step,
        button("end", "To the end", () => moves.seek(undefined, true)),
      ]),
      this.#pace,
      this.#scrubber,
      this.#position,
    ]);
    this.root.addEventListener("keydown", (event) => {
      // a button does what it says, and the list opens
      if (event.key !== " " || event.target !== this.#scrubber) return;
      event.preventDefault();
      toggle();
    });
  }

  /** How many a second, as a part of a request; none for as many as there can be. */
  get pace(): { pace?: number } {
    return this.#pace.value === "" ? {} : { pace: Number(this.#pace.value) };
  }

  /** Shows where it is, and says so. */
  show({ epoch, epochs, beat = EPOCHS }: Position): string {
    if (beat.one !== this.#beat.one) this.#count(beat);
    const text = epoch < 0 ? "training first" : `${beat.one} ${epoch} of ${epochs}`;
    this.#position.textContent = text;
    this.#position.style.minWidth = `${`${beat.one} ${epochs} of ${epochs}`.length}ch`;
    this.#scrubber.max = String(epochs);
    if (this.#isHeld) return text;
    this.#scrubber.value = String(epoch);
    this.#scrubber.setAttribute("aria-valuetext", text);
    return text;
  }

  /** Counts something else; the pace keeps its rank. */
  #count(beat: Beat): void {
    const rank = this.#pace.selectedIndex;
    this.#beat = beat;
    const options = [
      ...beat.paces.map((pace) => [`${pace} ${beat.many}/s`, String(pace)]),
      ["as fast as it goes", ""],
    ];
    this.#pace.replaceChildren(...options.map(([name, value]) => element("option", { value }, [name])));
    this.#pace.selectedIndex = rank < 0 ? USUAL : rank;
    this.#scrubber.setAttribute("aria-label", beat.one[0].toUpperCase() + beat.one.slice(1));
    giveName(this.#step, `Step one ${beat.one}`);
  }

  /** Whether it goes on now: at once where it plays, else once it takes its time. */
  goesOn(isPlaying: boolean, isWorking: boolean): void {
    clearTimeout(this.#brief);
    this.#brief = undefined;
    if (isPlaying || !isWorking) this.#offer(isPlaying ? "pause" : "play");
    else this.#brief = setTimeout(() => this.#offer("pause"), BRIEF);
  }

  #offer(what: "play" | "pause"): void {
    if (this.#offered === what) return;
    this.#offered = what;
    giveName(this.#toggle, what === "play" ? "Play" : "Pause");
    this.#toggle.replaceChildren(icon(what));
  }
}

function button(what: keyof typeof ICONS, name: string, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button" }, [icon(what)]);
  giveName(made, name);
  made.addEventListener("click", act);
  return made;
}

function giveName(made: HTMLElement, name: string): void {
  made.setAttribute("aria-label", name);
  made.title = name;
}

function icon(what: keyof typeof ICONS): SVGElement {
  const drawing = svg("svg", { viewBox: "0 0 16 16", width: "16", height: "16", "aria-hidden": "true" });
  drawing.append(svg("path", { d: ICONS[what], fill: "currentColor" }));
  return drawing;
}

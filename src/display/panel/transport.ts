/** The bar that moves a panel through the epochs of its training. */
import { element, svg } from "./element.js";

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

/** Epochs a second; none is as fast as it goes. */
const PACES: readonly [name: string, pace: string][] = [
  ["10 epochs/s", "10"],
  ["50 epochs/s", "50"],
  ["200 epochs/s", "200"],
  ["as fast as it goes", ""],
];

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
  readonly #pace = element(
    "select",
    { class: "pace", "aria-label": "Speed" },
    PACES.map(([name, value]) => element("option", { value }, [name])),
  );
  readonly #scrubber = element("input", {
    type: "range",
    min: "0",
    max: "0",
    step: "1",
    "aria-label": "Epoch",
  });
  readonly #position = element("output", { class: "position" });
  #brief: ReturnType<typeof setTimeout> | undefined;
  #offered: "play" | "pause" = "play";
  #isHeld = false;

  constructor(moves: Moves) {
    const toggle = (): void => (this.#offered === "play" ? moves.play() : moves.pause());
    this.#toggle = button("play", "Play", toggle);
    this.#toggle.classList.add("primary");
    this.#pace.value = "50";
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
        button("step", "Step one epoch", () => moves.step()),
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

  /** Epochs a second, as a part of a request; none for as many as there can be. */
  get pace(): { pace?: number } {
    return this.#pace.value === "" ? {} : { pace: Number(this.#pace.value) };
  }

  /** Shows where the training is. */
  show(epoch: number, epochs: number): void {
    const text = `epoch ${epoch} of ${epochs}`;
    this.#position.textContent = text;
    this.#position.style.minWidth = `${`epoch ${epochs} of ${epochs}`.length}ch`;
    this.#scrubber.max = String(epochs);
    if (this.#isHeld) return;
    this.#scrubber.value = String(epoch);
    this.#scrubber.setAttribute("aria-valuetext", text);
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

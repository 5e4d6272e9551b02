/**
 * The controls of a chart with frames: a button and a slider of the page's own, for those that Plotly draws cannot be
 * reached by key.
 */
import { CONTROLS_HEIGHT, FRAME_MILLISECONDS } from "../../charts/animation.js";
import type { Figure } from "../../charts/figure.js";
import { button, element } from "./element.js";
import { keepKeys } from "./keep-keys.js";

/** The figure of a chart that has {@link AnimationControls} below it: without Plotly's, and the room they took. */
export function withoutDrawnControls(figure: Figure): Figure {
  const { updatemenus: _buttons, sliders: _sliders, ...layout } = figure.layout;
  const { height, margin } = layout;
  return {
    ...figure,
    layout: {
      ...layout,
      ...(height !== undefined && { height: height - CONTROLS_HEIGHT }),
      ...(margin?.b !== undefined && { margin: { ...margin, b: margin.b - CONTROLS_HEIGHT } }),
    },
  };
}

/** Play, pause and a slider over the frames of a figure; starts at the last. */
export class AnimationControls {
  readonly element: HTMLElement;
  readonly #names: readonly string[];
  readonly #prefix: string;
  readonly #button = button("", () => (this.#isPlaying ? this.#pause() : void this.#play()));
  readonly #slider = element("input", { type: "range" });
  readonly #value = element("span", { "aria-hidden": "true" });
  readonly #stillness = matchMedia("(prefers-reduced-motion: reduce)");
  #isPlaying = false;

  /** @param show draws the frame of that name */
  constructor(
    { frames = [], layout }: Figure,
    private readonly show: (name: string) => Promise<unknown>,
  ) {
    this.#names = frames.map(({ name }) => String(name));
    this.#prefix = (layout.sliders?.[0]?.currentvalue?.prefix ?? "frame ").trim();
    this.element = this.#build();
    this.#tell();
  }

  /** The name of the frame that is shown. */
  get current(): string {
    return this.#names[this.#slider.valueAsNumber];
  }

  #build(): HTMLElement {
    const [button, slider] = [this.#button, this.#slider];
    // what moves by itself is not offered to those who asked for none of it; the slider steps
    const offer = () => {
      button.hidden = this.#stillness.matches;
      if (button.hidden) this.#pause();
    };
    this.#stillness.addEventListener("change", offer);
    offer();

    slider.max = String(this.#names.length - 1);
    slider.value = slider.max;
    slider.addEventListener("input", () => {
      this.#pause();
      void this.#draw();
    });
    const group = element(
      "div",
      { class: "glass-house-animation", role: "group", "aria-label": "Animation" },
      [button, element("label", {}, [`${this.#prefix} `, slider]), this.#value],
    );
    keepKeys(group);
    return group;
  }

  async #play(): Promise<void> {
    this.#isPlaying = true;
    const last = this.#names.length - 1;
    let index = this.#slider.valueAsNumber;
    if (index === last) index = -1;
    while (this.#isPlaying && index < last && this.element.isConnected) {
      index++;
      this.#slider.valueAsNumber = index;
      await this.#draw();
      await new Promise((next) => setTimeout(next, FRAME_MILLISECONDS));
    }
    this.#pause();
  }

  #pause(): void {
    this.#isPlaying = false;
    this.#tell();
  }

  async #draw(): Promise<void> {
    this.#tell();
    // Plotly rejects, with nothing, what the next frame interrupts
    await this.show(this.current).catch(() => {});
  }

  #tell(): void {
    this.#button.textContent = this.#isPlaying ? "Pause" : "Play";
    this.#value.textContent = this.current;
    this.#slider.setAttribute("aria-valuetext", `${this.#prefix} ${this.current}`);
  }
}

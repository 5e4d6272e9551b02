/** The outside of a panel: its title, what it tells, and all its parts in their places. */
import { element } from "../client/element.js";

/** Narrower, in CSS pixels, controls give way to the figure; panel.css knows it too. */
const NARROW = 600;

const NO_MACHINE =
  "WebAssembly is not allowed or not complete here, so the same numbers are computed in a way that takes up to 20 times as long.";

/** The parts of a panel, from above to below; those beside the first picture are a list. */
export interface Parts {
  presets: HTMLElement;
  says: HTMLElement;
  transport: HTMLElement;
  controls: HTMLElement;
  /** Those of the controls that give way where there is little room. */
  rest: HTMLDetailsElement;
  picture: HTMLElement;
  beside: readonly HTMLElement[];
  foot: HTMLElement;
}

/** The outside of one panel. */
export class Shell {
  readonly #title = element("p", { class: "title", tabindex: "-1" }, ["Try it"]);
  readonly #status = element("p", { class: "status", role: "status" });
  /** Why everything takes so long, where it does. */
  readonly #slowness = element("p", { class: "note", role: "status" });
  /** What of the address was not followed. */
  readonly #unfollowed = element("p", { class: "error", role: "alert" });

  constructor(private readonly place: HTMLElement) {}

  /** Puts the parts in the place of what stands there. */
  fill({ presets, says, transport, controls, rest, picture, beside, foot }: Parts): void {
    const { place } = this;
    if (document.getElementById("try-it") === null) this.#title.id = "try-it";
    place.replaceChildren(
      element("div", { class: "inner" }, [
        element("div", { class: "head" }, [this.#title, presets]),
        says,
        transport,
        element("div", { class: "told" }, [this.#status, this.#slowness, this.#unfollowed]),
        controls,
        picture,
        element("div", { class: "beside" }, beside),
        foot,
      ]),
    );
    let wasNarrow = this.isNarrow;
    rest.open = !wasNarrow;
    new ResizeObserver(() => {
      if (this.isNarrow === wasNarrow) return;
      wasNarrow = this.isNarrow;
      rest.open = !wasNarrow;
    }).observe(place);
  }

  get isNarrow(): boolean {
    return this.place.clientWidth < NARROW;
  }

  comeIntoSight(): void {
    this.place.scrollIntoView();
    this.#title.focus({ preventScroll: true });
  }

  say(text: string): void {
    // the same words again would be read out again
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  sayThatItIsSlow(): void {
    this.#slowness.textContent ||= NO_MACHINE;
  }

  /** Says what of the address was not followed; nothing takes it back. */
  sayUnfollowed(text = ""): void {
    this.#unfollowed.textContent = text;
  }
}

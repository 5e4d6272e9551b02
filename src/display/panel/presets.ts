/** Values at one press, each of which answers something; the pressed one says what, as long as its values stand. */
import type { Preset } from "../../experiments/panel.js";
import { button as buttonOf, element } from "../client/element.js";
import { changedIn, type Values } from "./fragment.js";

/** The presets of a panel. */
export class Presets {
  readonly root: HTMLElement;
  /** What the pressed one says; without one, the invitation. */
  readonly says: HTMLElement = element("p", { class: "says", "aria-live": "polite" });
  readonly #buttons: { button: HTMLButtonElement; values: Values; says: string }[];

  /** @param pressed - told the values of a preset that is pressed, all of them, and whether they are to be played */
  constructor(
    presets: readonly Preset[],
    published: Values,
    private readonly invitation: string,
    pressed: (values: Values, plays: boolean) => void,
  ) {
    const all: Preset[] = [{ name: "as published", says: invitation, values: {} }, ...presets];
    this.#buttons = all.map(({ name, says, values, plays = false }) => {
      const whole: Values = { ...published, ...values };
      const button = buttonOf(name, () => pressed(whole, plays));
      return { button, values: whole, says };
    });
    const buttons = this.#buttons.map(({ button }) => button);
    this.root = element("div", { class: "presets", role: "group", "aria-label": "Presets" }, buttons);
    this.mark(published);
  }

  /** Marks the presets whose values these are. */
  mark(values: Values): void {
    const pressed = this.#buttons.filter((preset) => changedIn(values, preset.values).length === 0);
    for (const preset of this.#buttons) {
      preset.button.setAttribute("aria-pressed", String(pressed.includes(preset)));
    }
    // the published values may be those of a preset, which says more of them
    const says = pressed[pressed.length - 1]?.says ?? this.invitation;
    if (this.says.textContent !== says) this.says.textContent = says;
  }
}

/** The form: a control for each parameter, made from what its schema says. */
import type { Control, Overridden, Slider } from "../../experiments/panel.js";
import type { Field } from "../../live/fields.js";
import { element } from "../client/element.js";
import type { Values } from "./fragment.js";
import { helpMark } from "./help.js";

/** Controls that stay in sight where there is little room. */
const FIRST = 2;

/** The controls of a panel. */
export class Controls {
  readonly root: HTMLFormElement;
  /** The controls that give way where there is little room. */
  readonly rest: HTMLDetailsElement;
  readonly #inputs = new Map<string, Input>();

  /**
   * @param fields - all parameters
   * @param offered - those that stand in the open, in that order; the others are folded
   * @param changed - told the parameter after each change by the reader; `false` while a slider is still moving
   */
  constructor(
    fields: readonly Field[],
    offered: readonly Control[],
    idPrefix: string,
    changed: (name: string, isFinal: boolean) => void,
  ) {
    for (const field of fields) {
      const slider = offered.find(({ name }) => name === field.name)?.slider;
      const told = (isFinal: boolean): void => changed(field.name, isFinal);
      this.#inputs.set(field.name, new Input(field, slider, `${idPrefix}-${field.name}`, told));
    }
    const rows = (names: readonly string[]): HTMLElement[] =>
      names.flatMap((name) => this.#inputs.get(name)?.row ?? []);
    const main = offered.map(({ name }) => name);
    const others = fields.map(({ name }) => name).filter((name) => !main.includes(name));
    this.rest = element("details", { class: "rest" }, [
      element("summary", {}, ["More parameters"]),
      element("div", { class: "fields" }, rows(main.slice(FIRST))),
      element("details", { class: "others" }, [
        element("summary", {}, [`All other parameters (${others.length})`]),
        element("div", { class: "fields" }, rows(others)),
      ]),
    ]);
    this.root = element("form", { class: "parameters", "aria-label": "Parameters" }, [
      element("div", { class: "fields first" }, rows(main.slice(0, FIRST))),
      this.rest,
    ]);
    this.root.addEventListener("submit", (event) => event.preventDefault());
  }

  /** What the form says; a field left empty is left out. */
  get values(): Values {
    const entries = [...this.#inputs].map(([name, input]): [string, unknown] => [name, input.value]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  set values(values: Values) {
    for (const [name, input] of this.#inputs) input.value = values[name];
  }

  /** Sets one value, as a hand on a figure does. */
  set(name: string, value: unknown): void {
    const input = this.#inputs.get(name);
    if (input) input.value = value;
  }

  /** Says at the controls that have no effect what stands in the place of their values, and closes them; opens the others. */
  override(parameters: readonly Overridden[]): void {
    for (const [name, input] of this.#inputs) input.override(parameters.find((other) => other.name === name));
  }

  /**
   * Says at a control what is wrong with its value; no message takes all of them back.
   *
   * @returns whether there is such a control
   */
  refuse(name?: string, message?: string): boolean {
    for (const input of this.#inputs.values()) input.refuse(undefined);
    const input = name === undefined ? undefined : this.#inputs.get(name);
    if (input === undefined || message === undefined) return false;
    for (let at = input.row.closest("details"); at; at = at.parentElement?.closest("details") ?? null)
      at.open = true;
    input.refuse(message);
    return true;
  }
}

/** One parameter: its name, what it is, where to set it. */
class Input {
  readonly row: HTMLElement;
  readonly #box: HTMLInputElement | HTMLSelectElement;
  readonly #slider: HTMLInputElement | undefined;
  readonly #message: HTMLElement;
  readonly #note: HTMLElement;

  constructor(
    private readonly field: Field,
    private readonly scale: Slider | undefined,
    id: string,
    changed: (isFinal: boolean) => void,
  ) {
    const { name, help, unit, allowed, kind } = field;
    // the choices stand in the box itself
    const parts = [
      unit === undefined ? help : `${help}, in ${unit}`,
      ...(kind === "choice" ? [] : [allowed]),
    ];
    const { mark, words } = helpMark(`${id}-help`, name);
    words.textContent = `${parts.filter((text) => text !== "").join(": ")}.`;
    this.#box = boxOf(field);
    this.#box.id = id;
    this.#box.setAttribute("aria-describedby", `${id}-help ${id}-note ${id}-error`);
    this.#message = element("p", { class: "error", id: `${id}-error` });
    this.#note = element("p", { class: "note", id: `${id}-note` });
    this.#slider = scale && sliderOf(scale, name);
    this.row = element("div", { class: `field ${kind}` }, [
      element("div", { class: "entry" }, [
        element("label", { for: id }, [element("code", {}, [name])]),
        mark,
        this.#box,
      ]),
      ...(this.#slider ? [this.#slider] : []),
      words,
      this.#note,
      this.#message,
    ]);
    const isSelect = this.#box instanceof HTMLSelectElement;
    this.#box.addEventListener(isSelect ? "change" : "input", () => {
      this.#follow();
      changed(true);
    });
    this.#slider?.addEventListener("input", () => {
      this.#box.value = String(fromSlider(this.#slider as HTMLInputElement, this.scale as Slider));
      this.#follow();
      changed(false);
    });
    this.#slider?.addEventListener("change", () => changed(true));
  }

  get value(): unknown {
    return valueTyped(this.#box.value, this.field);
  }

  set value(value: unknown) {
    this.#box.value = textOf(value, this.field);
    this.#follow();
  }

  override(by: Overridden | undefined): void {
    for (const input of [this.#box, this.#slider]) input?.toggleAttribute("disabled", by !== undefined);
    this.#note.textContent = by ? `Without effect: ${by.by} sets it to ${textOf(by.value, this.field)}.` : "";
  }

  refuse(message: string | undefined): void {
    this.#message.textContent = message ?? "";
    if (message === undefined) this.#box.removeAttribute("aria-invalid");
    else this.#box.setAttribute("aria-invalid", "true");
  }

  /** The slider goes where the number is, as far as it can; it is pale where the number is not on it. */
  #follow(): void {
    if (!this.#slider || !this.scale) return;
    const { from, step, scale } = this.scale;
    const text = this.#box.value.trim();
    const value = text === "" ? Number.NaN : Number(withPoint(text));
    // a logarithmic scale has no place for 0 and below: they are beyond its lower end
    const position = scale === "log" ? Math.log10(Math.max(value, 0)) : value;
    if (!Number.isNaN(position)) this.#slider.value = String(Math.max(from, position));
    const isThere = Math.abs(Number(this.#slider.value) - position) <= step;
    this.#slider.classList.toggle("elsewhere", !isThere);
    this.#slider.setAttribute("aria-valuetext", text);
  }
}

function boxOf({
  kind,
  choices = [],
  isWhole = false,
  isRequired,
}: Field): HTMLInputElement | HTMLSelectElement {
  if (kind === "choice") {
    const options = choices.map((choice) => element("option", { value: String(choice) }, [String(choice)]));
    if (!isRequired) options.unshift(element("option", { value: "" }, ["as usual"]));
    return element("select", {}, options);
  }
  // not type="number", which swallows what it does not understand: here the answer says what is wrong with it
  return element("input", {
    type: "text",
    spellcheck: "false",
    autocomplete: "off",
    ...(kind === "number" && { inputmode: isWhole ? "numeric" : "decimal" }),
    ...(!isRequired && { placeholder: "as usual" }),
  });
}

function sliderOf({ from, to, step }: Slider, name: string): HTMLInputElement {
  return element("input", {
    type: "range",
    min: String(from),
    max: String(to),
    step: String(step),
    "aria-label": `${name}, slider`,
  });
}

function fromSlider(slider: HTMLInputElement, { scale }: Slider): number {
  const position = Number(slider.value);
  return scale === "log" ? Number((10 ** position).toPrecision(3)) : position;
}

/** What was typed, read as in a parameters cell; what cannot be read goes to the check as it is. */
function valueTyped(text: string, { kind, choices, isList = false, isRequired }: Field): unknown {
  const trimmed = text.trim();
  // an empty field is a value that the check refuses at its place
  if (trimmed === "") return isRequired && kind !== "choice" ? "" : undefined;
  if (kind === "choice") return choices?.find((choice) => String(choice) === trimmed);
  if (kind === "number") {
    const value = Number(withPoint(trimmed));
    return Number.isNaN(value) ? trimmed : value;
  }
  for (const candidate of isList ? [trimmed, `[${trimmed}]`] : [withPoint(trimmed)]) {
    const value = parsed(candidate);
    if (value !== undefined && Array.isArray(value) === isList) return value;
  }
  return trimmed;
}

/** A number as many write it: `0,5`. */
function withPoint(text: string): string {
  return /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i.test(text) ? text.replace(",", ".") : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown, { kind }: Field): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.join(", ") || "[]";
  return kind === "text" && typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The numbers of a reading: the most telling in sight, all of them folded, the published ones where they differ. */
import type { Quantity } from "../../experiments/panel.js";
import { element } from "../client/element.js";
import { quantityText } from "../format.js";
import { table } from "./table.js";

/** The numbers of a panel. */
export class Numbers {
  readonly main: HTMLElement = element("dl", { class: "numbers", "aria-label": "Main numbers" });
  readonly all: HTMLDetailsElement = element("details", { class: "all-numbers" }, [element("summary")]);
  #now: readonly Quantity[];

  constructor(private readonly published: readonly Quantity[]) {
    this.#now = published;
    this.show(published);
    this.all.addEventListener("toggle", () => this.#showAll());
  }

  /** Shows the numbers as they are now. */
  show(now: readonly Quantity[]): void {
    this.#now = now;
    this.main.replaceChildren(...now.filter(({ isMain }) => isMain).map((quantity) => this.#card(quantity)));
    const [summary] = this.all.children;
    summary.textContent = `All ${now.length} numbers`;
    this.#showAll();
  }

  #card(quantity: Quantity): HTMLElement {
    const old = this.#oldText(quantity);
    return element("div", {}, [
      element("dt", {}, [quantity.name]),
      element("dd", { class: "value" }, [quantityText(quantity)]),
      ...(quantity.words === undefined ? [] : [element("dd", { class: "in-words" }, [quantity.words])]),
      element("dd", { class: "old" }, [old === "" ? "" : `published ${old}`]),
    ]);
  }

  /** A table that nobody sees would only cost time. */
  #showAll(): void {
    if (!this.all.open) return;
    const rows = this.#now.map((quantity) => [
      quantity.name,
      [quantityText(quantity), quantity.words].filter((text) => text !== undefined).join(", "),
      this.#oldText(quantity),
    ]);
    const label = "Numbers, now and as published where they differ";
    const made = table(["one network", "now", "published"], rows, label);
    const before = this.all.querySelector(".scroll");
    if (before) before.replaceWith(made);
    else this.all.append(made);
  }

  /** The published value, where it is another one. */
  #oldText({ name, value }: Quantity): string {
    const old = this.published.find((other) => other.name === name);
    return old === undefined || Object.is(old.value, value) ? "" : quantityText(old);
  }
}

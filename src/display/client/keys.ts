/**
 * What Plotly gives to the mouse alone, given to the keyboard too. A chart is one stop of the Tab key: Enter leads to its
 * legend and tools, the arrows along them, Escape back.
 */
import { keepKeys } from "./keep-keys.js";

const ENTRIES = ".legendtoggle";
/** The legend's entries, then the mode bar's tools. */
const PARTS = [ENTRIES, ".modebar-btn"];

/** The entries of legends that were used by key; each is drawn anew then, and would lose the focus. */
const used = new WeakMap<HTMLElement, string>();

/** Names a drawn chart's legend and mode bar; to be called after each drawing, which makes them anew. */
export function giveKeys(plot: HTMLElement): void {
  plot.querySelector(".modebar")?.setAttribute("aria-label", "Tools of the chart");
  for (const entry of plot.querySelectorAll<SVGGElement>(".legend .traces, [class^=legend] .traces")) {
    const button = entry.querySelector<SVGElement>(ENTRIES);
    if (!button) continue;
    const name = `Show ${entry.querySelector("text")?.textContent ?? ""}`;
    button.setAttribute("role", "button");
    button.setAttribute("aria-label", name);
    // Plotly fades the entry of what is not shown
    button.setAttribute("aria-pressed", String(Number(entry.style.opacity || 1) === 1));
    if (used.get(plot) === name) {
      used.delete(plot);
      button.setAttribute("tabindex", "-1");
      if (document.activeElement === document.body) button.focus({ preventScroll: true });
    }
  }
  for (const part of partsOf(plot)) part.setAttribute("tabindex", "-1");
}

/** Makes a chart a stop, and the keys there work. */
export function listenToKeys(plot: HTMLElement): void {
  plot.tabIndex = 0;
  plot.setAttribute("aria-description", "Enter leads to its legend and tools, Escape back");
  keepKeys(plot);
  plot.addEventListener("keydown", (event) => {
    const target = event.target as Element;
    const parts = partsOf(plot);
    const next = target === plot ? event.key === "Enter" && parts[0] : led(event.key, target, parts, plot);
    if (next) next.focus();
    else if (target.matches(ENTRIES) && (event.key === "Enter" || event.key === " ")) press(plot, target);
    else return;
    event.preventDefault();
  });
}

function partsOf(plot: HTMLElement): (HTMLElement | SVGElement)[] {
  return PARTS.flatMap((selector) => [...plot.querySelectorAll<HTMLElement | SVGElement>(selector)]);
}

/** Where a key leads from a part. */
function led(
  key: string,
  from: Element,
  parts: (HTMLElement | SVGElement)[],
  plot: HTMLElement,
): HTMLElement | SVGElement | undefined {
  const at = parts.indexOf(from as HTMLElement | SVGElement);
  if (at < 0) return undefined;
  if (key === "Escape") return plot;
  if (key === "Home") return parts[0];
  if (key === "End") return parts.at(-1);
  if (key === "ArrowRight" || key === "ArrowDown") return parts[(at + 1) % parts.length];
  return key === "ArrowLeft" || key === "ArrowUp" ? parts.at(at - 1) : undefined;
}

/** On an entry of the legend as a click does. */
function press(plot: HTMLElement, entry: Element): void {
  used.set(plot, entry.ariaLabel ?? "");
  for (const type of ["mousedown", "mouseup"]) {
    entry.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, view: window }));
  }
}

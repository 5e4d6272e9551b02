/** What Plotly gives to the mouse alone, given to the keyboard too: its legends, and names for its tools. */
import { keepKeys } from "./keep-keys.js";

/** Makes a drawn chart's legend and mode bar reachable; to be called after each drawing, which makes them anew. */
export function giveKeys(plot: HTMLElement): void {
  plot.querySelector(".modebar")?.setAttribute("aria-label", "Tools of the chart");
  for (const entry of plot.querySelectorAll<SVGGElement>(".legend .traces, [class^=legend] .traces")) {
    const button = entry.querySelector(".legendtoggle");
    if (!button) continue;
    button.setAttribute("role", "button");
    button.setAttribute("tabindex", "0");
    button.setAttribute("aria-label", `Show ${entry.querySelector("text")?.textContent ?? ""}`);
    // Plotly fades the entry of what is not shown
    button.setAttribute("aria-pressed", String(Number(entry.style.opacity || 1) === 1));
  }
}

/** Enter and the space bar do on an entry of the legend what a click does. */
export function listenToKeys(plot: HTMLElement): void {
  keepKeys(plot);
  plot.addEventListener("keydown", (event) => {
    const button = event.target as Element;
    if (!button.matches(".legendtoggle") || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    for (const type of ["mousedown", "mouseup"]) {
      button.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, view: window }));
    }
  });
}

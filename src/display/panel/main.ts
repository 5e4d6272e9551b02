/**
 * The runtime of panels in a page: takes the place of the queue `glassHousePanels`, whatever comes first. A panel
 * starts when it comes near the window.
 */

import css from "./panel.css";
import { Panel, type PanelData } from "./panel.js";

/** A panel that asks to be made: its elements (one a view of the output) and its data. */
interface Entry {
  places: Iterable<HTMLElement>;
  panel: PanelData;
}

declare global {
  interface Window {
    glassHousePanels?: { push(entry: Entry): void };
  }
}

function install(waiting: readonly Entry[]): { push(entry: Entry): void } {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const claimed = new WeakSet<HTMLElement>();
  const panels = new Set<Panel>();
  const push = ({ places, panel }: Entry): void => {
    for (const place of places) {
      if (claimed.has(place)) continue;
      claimed.add(place);
      const observer = new IntersectionObserver(
        ([entry]) => {
          if (!entry.isIntersecting && !location.hash.startsWith("#try-it")) return;
          observer.disconnect();
          // a cell that is run again leaves its panel behind, whose worker nobody else would end
          for (const earlier of panels) if (earlier.endIfGone()) panels.delete(earlier);
          panels.add(new Panel(place, panel));
        },
        { rootMargin: "600px" },
      );
      observer.observe(place);
    }
  };
  waiting.forEach(push);
  return { push };
}

const present = window.glassHousePanels ?? [];
if (Array.isArray(present)) window.glassHousePanels = install(present);

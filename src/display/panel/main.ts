/**
 * The runtime of panels in a page: takes the place of the queue `glassHousePanels`, whatever comes first. A panel
 * starts when it comes near the window.
 */
import { addStyle } from "../client/element.js";
import type { PanelData } from "../panel-data.js";
import exercisesCss from "./exercises.css";
import { installExercises } from "./exercises.js";
import { isTryIt, type Values } from "./fragment.js";
import panelCss from "./panel.css";
import { Panel } from "./panel.js";
import sharedCss from "./shared.css";

/** A panel that asks to be made: its elements (one a view of the output) and its data. */
interface Entry {
  places: Iterable<HTMLElement>;
  panel: PanelData;
}

/** What the event `glass-house-try` asks for: the published values with these in their places. */
interface Wish {
  notebook: string;
  values: Values;
}

declare global {
  interface Window {
    glassHousePanels?: { push(entry: Entry): void };
  }
}

/** A panel to come: made when it comes near the window, or when somebody else in the page has values for it. */
class Seat {
  #panel: Panel | undefined;
  readonly #observer: IntersectionObserver;

  constructor(
    private readonly place: HTMLElement,
    private readonly data: PanelData,
    private readonly made: (panel: Panel) => void,
  ) {
    this.#observer = new IntersectionObserver(
      ([entry]) => {
        if (entry.isIntersecting || isTryIt(location.hash)) this.panel();
      },
      { rootMargin: "600px" },
    );
    this.#observer.observe(place);
  }

  panel(): Panel {
    this.#observer.disconnect();
    if (this.#panel === undefined) {
      this.#panel = new Panel(this.place, this.data);
      this.made(this.#panel);
    }
    return this.#panel;
  }

  /** The worker's code, gzipped, in base64. */
  get worker(): string {
    return this.data.worker;
  }

  /** What its panel is set to; undefined before there is one. */
  get values(): Values | undefined {
    return this.#panel?.values;
  }

  get notebook(): string {
    return this.data.publication.notebook;
  }
}

function install(waiting: readonly Entry[]): { push(entry: Entry): void } {
  for (const css of [sharedCss, panelCss, exercisesCss]) addStyle(css);
  const seats = new WeakMap<Element, Seat>();
  const panels = new Set<Panel>();
  const seatOf = (notebook: string): Seat | undefined =>
    [...document.querySelectorAll(".glass-house-try")]
      .map((place) => seats.get(place))
      .find((seat) => seat?.notebook === notebook);
  const made = (panel: Panel): void => {
    // a cell that is run again leaves its panel behind, whose worker nobody else would end
    for (const earlier of panels) if (earlier.endIfGone()) panels.delete(earlier);
    panels.add(panel);
  };
  const push = ({ places, panel }: Entry): void => {
    for (const place of places) {
      if (!seats.has(place)) seats.set(place, new Seat(place, panel, made));
    }
  };
  document.addEventListener("glass-house-try", (event) => {
    const { notebook, values } = (event as CustomEvent<Wish>).detail;
    seatOf(notebook)?.panel().try(values);
  });
  installExercises({
    worker: (notebook) => seatOf(notebook)?.worker,
    values: (notebook) => seatOf(notebook)?.values,
  });
  waiting.forEach(push);
  return { push };
}

const present = window.glassHousePanels ?? [];
if (Array.isArray(present)) window.glassHousePanels = install(present);

/**
 * The runtime of charts in a page: takes the place of the queue `glassHouseCharts`, so that it does not
 * matter whether a chart or the library comes first, which of them is run again, or how often.
 */
import type { Figure } from "../../charts/figure.js";
import { download, draw, redraw, reserve } from "./chart.js";
import { type Plotly, unpack } from "./library.js";
import { veil } from "./prediction.js";
import { READY } from "./ready.js";

/** A chart that asks to be drawn: its elements (one a view of the output) and its figure. */
interface Entry {
  places: Iterable<HTMLElement>;
  figure: Figure;
}

/** What the global is once this script has run, which an event tells; before, a plain array of entries. */
export interface Runtime {
  push(entry: Entry): void;
  /** @param gzip Plotly's code, gzipped, in base64 */
  load(gzip: string): void;
  /** Draws in a place that may have a chart already; settles when it stands there. */
  redraw(place: HTMLElement, figure: Figure): Promise<void>;
  /** Downloads the picture of the chart in a place. */
  download(place: HTMLElement, format: "png" | "svg"): void;
}

declare global {
  interface Window {
    glassHouseCharts?: Entry[] | Runtime;
  }
}

function install(waiting: Entry[]): Runtime {
  let resolve!: (loaded: Promise<Plotly>) => void;
  const library = new Promise<Plotly>((settle) => {
    resolve = settle;
  });
  let loading = false;
  const claimed = new WeakSet<HTMLElement>();
  let turn: Promise<unknown> = library.catch(() => {});

  const runtime: Runtime = {
    push({ places, figure }) {
      for (const place of places) {
        if (claimed.has(place)) continue;
        claimed.add(place);
        reserve(place, figure);
        const question = veil(place, figure);
        // One after the other with a pause between them: the page answers while it fills.
        turn = turn
          .then(() => draw(place, figure, library))
          .then(() => question?.ask((answered) => redraw(place, answered, library)))
          .then(() => new Promise((next) => setTimeout(next)));
      }
    },
    load(gzip) {
      if (loading) return;
      loading = true;
      resolve(unpack(gzip));
    },
    redraw: (place, figure) => redraw(place, figure, library),
    download,
  };
  waiting.forEach(runtime.push);
  return runtime;
}

const present = window.glassHouseCharts ?? [];
if (Array.isArray(present)) {
  window.glassHouseCharts = install(present);
  document.dispatchEvent(new Event(READY));
}

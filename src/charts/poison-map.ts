/** What lies do to the plane: both boundaries, the part between them, and the lies themselves. */
import type * as Plotly from "plotly.js-dist";
import type { PlaneGrid } from "../experiments/plane.js";
import type { PoisonStep, PoisonView } from "../experiments/poisoning/view.js";
import { animationControls } from "./animation.js";
import type { Figure } from "./figure.js";
import {
  boundaryLine,
  boundedLogit,
  inkLegend,
  keyTrace,
  mapLayout,
  placesOf,
  pointTraces,
  probabilityFill,
} from "./plane.js";
import { INK, rounded, roundedRows, titleAt } from "./style.js";

/** Where the class changed: neither class's colour, and dark enough to be seen on both. */
const CHANGED = "rgba(96, 36, 120, 0.55)";

const BEFORE = { color: INK, width: 2, dash: "dot" } as const;

/** The map after the lies, with the boundary before, and the part of the plane between the two. */
export function poisonFigure(view: PoisonView, title: string): Figure {
  return {
    data: [...mapTraces(view), ...pointTraces(view.data, 6), ...lieTraces(view), ...keyTraces()],
    layout: mapLayout(view.poisoned, 130, {
      height: 580,
      title,
      legend: inkLegend,
      annotations: lieLabel(view),
    }),
    caption:
      "Shade and black line: the poisoned network. Dotted: the boundary of the network trained on the true labels. " +
      "Purple: where the two disagree. Points have the colour of their true class; rings mark the lies, " +
      "crossed rings those that the network did not learn.",
    alt: `Map of the plane with the boundary before and after ${counted(view.attacked.length, "flipped label")}, and the area between the two shaded: ${title}`,
  };
}

/** The same over the epochs, with a slider; it starts at the last. */
export function poisonGrowthFigure(steps: readonly PoisonStep[]): Figure {
  const last = steps[steps.length - 1];
  const titleOf = ({ epoch, changed, view }: PoisonStep): string =>
    `Epoch ${epoch}: ${(100 * changed).toFixed(1)}% of the plane differs, ` +
    `${view.captured.filter((is) => is).length} of ${view.attacked.length} lies learnt`;
  const moving = ({ view }: PoisonStep): Plotly.Data[] => [...mapTraces(view), ...lieTraces(view)];
  return {
    data: [...moving(last), ...pointTraces(last.view.data, 5)],
    frames: steps.map((step) => ({
      name: String(step.epoch),
      data: moving(step),
      traces: moving(step).map((_, i) => i),
      layout: { title: titleAt(titleOf(step)) },
    })) as Partial<Plotly.Frame>[],
    layout: mapLayout(last.view.poisoned, 150, {
      height: 600,
      title: titleOf(last),
      showlegend: false,
      ...animationControls(steps.map(({ epoch }) => String(epoch))),
    }),
    caption:
      "Two networks with the same initial weights learn the same points in the same order, but one is told the lies. " +
      "Move the slider or press Play to see where and when they diverge.",
    alt: `Map of the plane on which a network trained on lies and one trained on true labels disagree, after ${last.epoch} epochs; a slider steps through ${counted(steps.length, "stage")} of the training.`,
  };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** The shade after the lies, the part that changed, and both boundaries. */
function mapTraces({ clean, poisoned }: PoisonView): Plotly.Data[] {
  return [
    probabilityFill(poisoned),
    changedTrace(clean, poisoned),
    boundaryLine(clean, BEFORE, "boundary before the lies"),
    boundaryLine(poisoned, {}, "boundary after the lies"),
  ];
}

/** Where two networks give different classes: where the product of their logits is negative. */
function changedTrace(clean: PlaneGrid, poisoned: PlaneGrid): Plotly.Data {
  const products = clean.values.map((row, i) =>
    row.map((p, j) => -boundedLogit(p) * boundedLogit(poisoned.values[i][j])),
  );
  return {
    type: "contour",
    x: rounded(clean.x),
    y: rounded(clean.y),
    z: roundedRows(products, 2),
    // a constraint shades what it excludes
    contours: { type: "constraint", operation: "<", value: 0 },
    fillcolor: CHANGED,
    line: { width: 0 },
    showlegend: false,
    hoverinfo: "skip",
  } as Plotly.Data;
}

/** Rings around the lies; those not learnt are crossed. */
function lieTraces({ data, attacked, captured }: PoisonView): Plotly.Data[] {
  return [true, false].map((isLearnt): Plotly.Data => {
    const own = attacked.filter((_, i) => captured[i] === isLearnt);
    const name = isLearnt ? "lie, learnt" : "lie, not learnt";
    return {
      type: "scatter",
      mode: "markers",
      name,
      ...placesOf(data, own),
      marker: {
        symbol: isLearnt ? "circle-open" : "circle-x-open",
        size: 15,
        color: INK,
        line: { width: isLearnt ? 2.5 : 1.5, color: INK },
      },
      showlegend: false,
      hovertemplate: `${name}<br>x₁ %{x:.3f}, x₂ %{y:.3f}<extra></extra>`,
    } as Plotly.Data;
  });
}

/** The number of the lies, beside the first of them. */
function lieLabel({ data, attacked }: PoisonView): Partial<Plotly.Annotation>[] {
  return attacked.slice(0, 1).map((i) => ({
    text: `<b>${counted(attacked.length, "lie")}</b>`,
    x: data.points.get(i, 0),
    y: data.points.get(i, 1),
    ax: -46,
    ay: -58,
    arrowcolor: INK,
    arrowwidth: 1.5,
    font: { color: INK, size: 15 },
    // it may lie on the part that changed, which is dark
    bgcolor: "#ffffff",
  }));
}

/** Entries of the legend that are not traces of their own. */
function keyTraces(): Plotly.Data[] {
  const ring = (name: string, symbol: "circle-open" | "circle-x-open"): Plotly.Data =>
    keyTrace(name, { marker: { symbol, size: 13, color: INK, line: { width: 2 } } });
  return [
    ring("a lie, learnt", "circle-open"),
    ring("a lie, not learnt", "circle-x-open"),
    keyTrace("changed class", { marker: { symbol: "square", size: 12, color: "#8a5aa0" } }),
    keyTrace("boundary before", { mode: "lines", line: BEFORE }),
    keyTrace("boundary after", { mode: "lines", line: { color: INK, width: 2.5 } }),
  ];
}

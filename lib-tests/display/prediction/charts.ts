/** Charts with a question of each kind, for the tests of the display. */
import type { Figure } from "../../../src/charts/figure.js";
import type { Prediction } from "../../../src/charts/prediction.js";

/** Loss and accuracy beside each other, the loss on a logarithmic axis; five epochs. */
const COURSE: Pick<Figure, "data" | "layout"> = {
  data: [
    { type: "scatter", mode: "lines", name: "loss", x: [0, 1, 2, 3, 4], y: [1, 0.1, 0.01, 0.02, 0.04] },
    { type: "scatter", mode: "lines", name: "right", x: [0, 4], y: [50, 99], xaxis: "x2", yaxis: "y2" },
  ],
  layout: {
    height: 360,
    grid: { rows: 1, columns: 2, pattern: "independent" },
    xaxis: { title: { text: "epoch" } },
    yaxis: { title: { text: "loss (nats)" }, type: "log", range: [-3, 1] },
    showlegend: true,
  },
};

const ROWS: Pick<Figure, "data" | "layout"> = {
  data: [{ type: "scatter", mode: "markers", name: "mean", x: [40, 10], y: [1, 0] }],
  layout: {
    height: 300,
    xaxis: { title: { text: "share (%)" } },
    yaxis: { tickvals: [1, 0], ticktext: ["lies", "none"] },
  },
};

const BARS: Pick<Figure, "data" | "layout"> = {
  data: [
    { type: "bar", name: "Red", x: [1, 2], y: [30, 70] },
    { type: "bar", name: "Blue", x: [1, 2], y: [60, 40] },
  ],
  layout: { height: 300, title: { text: "Telling" }, xaxis: { title: { text: "count" } } },
};

const own = (figure: Pick<Figure, "data" | "layout">, prediction: Prediction): Figure => ({
  ...figure,
  layout: { ...figure.layout, meta: { prediction } },
  caption: `The caption of the ${prediction.kind} tells.`,
  alt: `The alt text of the ${prediction.kind} tells.`,
});

/** A chart of each kind of question. */
export const asking: Record<Prediction["kind"], Figure> = {
  line: own(COURSE, {
    kind: "line",
    question: "How does the loss go on?",
    truth: { x: [0, 1, 2, 3, 4], y: [1, 0.1, 0.01, 0.02, 0.04] },
    unit: "nats",
    axes: { x: "x", y: "y" },
  }),
  share: own(ROWS, {
    kind: "share",
    question: "What share without lies?",
    truth: 10,
    of: "of the plane",
    place: { row: 0 },
  }),
  class: own(BARS, {
    kind: "class",
    question: "Red or Blue?",
    truth: [30, 60],
    of: "points of count 1",
    place: [1, 65],
  }),
};

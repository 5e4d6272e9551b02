import assert from "node:assert/strict";
import { closeUpFigure } from "../../src/charts/close-up.js";
import { failureFigure } from "../../src/charts/failure.js";
import type { Figure } from "../../src/charts/figure.js";
import { stallLadderFigure, summedMeansFigure } from "../../src/charts/format-lines.js";
import { gradientSizesFigure, updateSizesFigure } from "../../src/charts/magnitudes.js";
import { numberLineFigure } from "../../src/charts/number-line.js";
import { precisionMapFigure } from "../../src/charts/precision-map.js";
import { describeCures, remediesFigure } from "../../src/charts/remedies.js";
import { formats } from "../../src/core/arithmetic/formats.js";
import { usualLossForm } from "../../src/core/network/loss.js";
import { gradientLoss, updateSizes } from "../../src/experiments/half-precision/gradient-sizes.js";
import { type PrecisionPoint, watchPrecision } from "../../src/experiments/half-precision/half-precision.js";
import type { RemedyCell } from "../../src/experiments/half-precision/remedies.js";
import { summedMeans } from "../../src/experiments/half-precision/rounding-errors.js";
import { drawTask } from "../../src/experiments/task.js";

const point: PrecisionPoint = {
  task: {
    seed: 1,
    noise: 0.15,
    trainPoints: 40,
    testPoints: 20,
    hiddenLayers: [4],
    initialisation: "he",
    learningRate: 0.2,
    batchSize: 1,
    epochs: 12,
  },
  arithmetic: "binary16",
  lossForm: usualLossForm,
};
const run = watchPrecision(point);
const broken = {
  ...run,
  losses: run.losses.map((loss, i) => (i < 5 ? loss : Number.NaN)),
  brokenFrom: 5,
  weightsFinite: false,
};
const { data, initial } = drawTask(point.task);
const text = (figure: Figure): string => JSON.stringify(figure);
const traces = (figure: Figure): Record<string, unknown>[] => figure.data as never;

const cells: RemedyCell[] = (["nothing", "binary64"] as const).map((remedy) => ({
  failure: "loss NaN",
  remedy,
  isAlreadySo: false,
  runs: [remedy === "nothing" ? broken : run],
  cured: remedy === "nothing" ? 0 : 1,
}));
const map = {
  format: "binary16",
  masterWeights: "binary16",
  learningRates: [0.1, 1],
  scales: [1],
  cells: [
    [
      { fate: "learns", accuracy: 1 },
      { fate: "dies", accuracy: 0.5 },
    ],
  ],
} as const;

describe("charts of half precision", () => {
  const grid = { x: [0, 1, 2], y: [0, 1, 2], values: [0, 1, 2].map(() => [0.1, 0.4, 0.9]) };
  const figures: Record<string, Figure> = {
    numberLine: numberLineFigure(["binary32", "binary16", "e4m3"]),
    failure: failureFigure(run, "binary16", run),
    broken: failureFigure(broken, "binary16", run),
    gradients: gradientSizesFigure({ first: gradientLoss(initial, data.train, point) }, formats.binary16),
    updates: updateSizesFigure({ first: updateSizes(initial, data.train, point) }, formats.binary16),
    remedies: remediesFigure(cells),
    map: precisionMapFigure([map] as never, map as never),
    sums: summedMeansFigure([summedMeans("binary16", [1, 250])]),
    ladder: stallLadderFigure([{ format: "binary16", epochs: [1, 2], runs: [run, broken] }]),
    closeUp: closeUpFigure({ double: grid, reduced: grid }, { double: grid, reduced: grid }, "binary16"),
  };

  it("are plain data, with a caption and a description", () => {
    for (const [name, figure] of Object.entries(figures)) {
      assert.ok(figure.caption.length > 20 && figure.alt.length > 20, name);
      assert.ok(figure.data.length > 0, name);
      assert.doesNotThrow(() => structuredClone(figure), name);
      assert.doesNotMatch(figure.caption + figure.alt, /undefined|\[object/, name);
    }
  });

  it("need no canvas", () => {
    for (const figure of Object.values(figures)) {
      for (const { type } of traces(figure)) assert.ok(["scatter", "bar", "contour"].includes(String(type)));
    }
  });

  it("name a NaN and mark it at the last number", () => {
    const cross = traces(figures.broken).find(({ name }) => name === "NaN");
    assert.deepEqual(cross?.x, [4]);
    assert.deepEqual(cross?.y, [Number(run.losses[4].toPrecision(4))]);
    assert.match(figures.broken.caption, /NaN from epoch 5 on/);
    assert.match(figures.broken.alt, /binary16 at NaN/);
    assert.doesNotMatch(text(figures.failure), /NaN from/);
  });

  it("mark a loss that never was a number", () => {
    const never = { ...broken, losses: run.losses.map(() => Number.NaN), brokenFrom: 0 };
    const cross = traces(failureFigure(never, "binary16", run)).find(({ name }) => name === "NaN");
    assert.deepEqual(cross?.y, [Number(run.losses[0].toPrecision(4))]);
  });

  it("put every remedy into its tile", () => {
    const tiles = traces(figures.remedies).map(({ name, text }) => [name, text]);
    assert.deepEqual(tiles[0], [
      "✓ as good as binary64",
      [`✓ ${run.losses[12].toPrecision(2)}<br>${(100 * run.accuracies[12]).toFixed(1)}%`],
    ]);
    assert.match(String(tiles[2][1]), /^✗ NaN<br>/);
    assert.equal(describeCures(cells, "loss NaN"), "is cured in every seed tried (1) by binary64");
  });

  it("say on the map what a format loses", () => {
    const lost = { ...map, cells: [[{ fate: "stalls", accuracy: 0.8 }, map.cells[0][1]]] };
    assert.match(
      precisionMapFigure([lost] as never, map as never).alt,
      /of 1 settings at which binary64 learns, 1 is lost/,
    );
  });

  it("draw the limits of the format", () => {
    const at = (figure: Figure): unknown[] => (figure.layout.shapes ?? []).map(({ x0 }) => x0);
    assert.deepEqual(at(figures.gradients), [-24.5, -14.5]);
    assert.deepEqual(at(figures.updates), [-1.5]);
  });
});

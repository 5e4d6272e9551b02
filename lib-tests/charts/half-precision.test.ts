import assert from "node:assert/strict";
import { closeUpFigure } from "../../src/charts/close-up.js";
import { failureFigure } from "../../src/charts/failure.js";
import type { Figure } from "../../src/charts/figure.js";
import { lossesFigure } from "../../src/charts/losses.js";
import { gradientSizesFigure, updateSizesFigure } from "../../src/charts/magnitudes.js";
import { numberLineFigure } from "../../src/charts/number-line.js";
import { precisionMapFigure } from "../../src/charts/precision-map.js";
import { remediesFigure } from "../../src/charts/remedies.js";
import { scriptFigure } from "../../src/charts/script.js";
import { formats } from "../../src/core/arithmetic/formats.js";
import { usualLossForm } from "../../src/core/network/loss.js";
import { keptEpochs, measureOrdinary } from "../../src/experiments/half-precision/failures.js";
import { gradientLoss, updateSizes } from "../../src/experiments/half-precision/gradient-sizes.js";
import { type PrecisionPoint, watchPrecision } from "../../src/experiments/half-precision/half-precision.js";
import { halfPrecision } from "../../src/experiments/half-precision/index.js";
import type { RemedyCell } from "../../src/experiments/half-precision/remedies.js";
import { type ScriptResult, scriptTasks } from "../../src/experiments/half-precision/script.js";
import { drawTask } from "../../src/experiments/task.js";
import { smallTask } from "../experiments/small-task.js";
import { assertSound } from "./sound.js";

const point: PrecisionPoint = {
  task: {
    ...smallTask,
    trainPoints: 40,
    testPoints: 20,
    hiddenLayers: [4],
    epochs: 12,
  },
  arithmetic: "binary16",
  lossForm: usualLossForm,
};
const parameters = halfPrecision.parameters({ epochs: point.task.epochs });
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
  n: 1,
  cured: remedy === "nothing" ? 0 : 1,
  accuracy: remedy === "nothing" ? 0.5 : 0.975,
}));
const map = {
  numbers: { format: "binary16", masterWeights: "binary16" },
  learningRates: [0.1, 1],
  scales: [1],
  cells: [
    [
      ["learns", "stalls", "learns"],
      ["dies", "dies", "stalls"],
    ],
  ],
} as const;
const ordinary = measureOrdinary(point);

describe("charts of half precision", () => {
  const grid = { x: [0, 1, 2], y: [0, 1, 2], values: [0, 1, 2].map(() => [0.1, 0.4, 0.9]) };
  const figures: Record<string, Figure> = {
    numberLine: numberLineFigure(["binary32", "binary16", "e4m3"]),
    failure: failureFigure(run, "binary16", run),
    broken: failureFigure(broken, "binary16", run),
    gradients: gradientSizesFigure({ first: gradientLoss(initial, data.train, point) }, formats.binary16),
    updates: updateSizesFigure({ first: updateSizes(initial, data.train, point) }, formats.binary16),
    remedies: remediesFigure(cells),
    map: precisionMapFigure([map, map] as never),
    losses: lossesFigure([ordinary, ordinary], parameters),
    closeUp: closeUpFigure({ double: grid, reduced: grid }, { double: grid, reduced: grid }, "binary16"),
  };

  it("are plain data, with a caption and a description", () => {
    for (const [name, figure] of Object.entries(figures)) {
      assertSound(figure, name);
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
    assert.match(figures.broken.alt, /float16 at NaN/);
    assert.doesNotMatch(text(figures.failure), /NaN from/);
  });

  it("mark a loss that never was a number", () => {
    const never = { ...broken, losses: run.losses.map(() => Number.NaN), brokenFrom: 0 };
    const cross = traces(failureFigure(never, "binary16", run)).find(({ name }) => name === "NaN");
    assert.deepEqual(cross?.y, [Number(run.losses[0].toPrecision(4))]);
  });

  it("put every remedy into its tile", () => {
    const tiles = traces(figures.remedies).map(({ name, text }) => [name, text]);
    assert.deepEqual(tiles[0], ["✓ as good as float64", ["✓ 1 / 1<br>97.5%"]]);
    assert.deepEqual(tiles[2][1], ["✗ 0 / 1<br>50.0%"]);
    assert.equal(
      figures.remedies.alt,
      "These remedies keep the format and cure at least three of four seeds: loss NaN by none of them.",
    );
  });

  it("say on the map what a format loses", () => {
    const lost = { ...map, cells: [[["learns", "stalls", "stalls"], map.cells[0][1]]] };
    assert.match(
      precisionMapFigure([map, lost] as never).alt,
      /of 1 settings at which float64 learns, 1 is lost/,
    );
    const blocks = { ...lost, numbers: { blocks: { element: "e4m3", scale: "up" } } };
    const stochastic = { ...map, numbers: { ...map.numbers, rounding: "stochastic" } };
    const { layout } = precisionMapFigure([map, blocks, stochastic] as never);
    // of three seeds, one learns at one of two settings; then two do
    assert.deepEqual(
      layout.annotations?.map((title) => title.text),
      ["<b>MX e4m3, scale up</b> · 0.3", "<b>float16, stochastic</b> · 0.7"],
    );
  });

  it("show what a script shows until most seeds show NaN", () => {
    const tasks = scriptTasks(parameters);
    const result = (brokenFrom?: number): ScriptResult => ({
      script: { ...ordinary.own, losses: keptEpochs(tasks[0].epochs).map(() => 0.5) },
      double: ordinary.double,
      largestGap: 0.125,
      ...(brokenFrom !== undefined && { textbookBrokenFrom: brokenFrom }),
    });
    const figure = scriptFigure(
      [{ name: "single samples", results: [result(2), result(4), result()] }],
      parameters,
    );
    const [, own, shown] = traces(figure);
    assert.deepEqual((own.x as number[]).slice(0, 5), [0, 1, 2, 4, 8]);
    assert.deepEqual(
      [shown.x, shown.y],
      [
        [0, 1, 2],
        [0.5, 0.5, 0.5],
      ],
    );
    assert.match(figure.caption, /NaN in 2 of 3 seeds; .* at most 0\.13 nats/);
  });

  it("show the median loss and nine in ten seeds, and say how many are no numbers", () => {
    const at = (loss: number, seed: number): number => loss * (1 + seed / 100);
    const shifted = Array.from({ length: 21 }, (_, seed) => ({
      ...ordinary,
      own: { ...ordinary.own, losses: ordinary.own.losses.map((loss) => at(loss, seed)) },
      double: {
        ...ordinary.double,
        losses: ordinary.double.losses.map((_, i) => (i > 0 ? Number.NaN : 0.7)),
      },
    }));
    const figure = lossesFigure(shifted, parameters);
    const [, double, band, median] = traces(figure);
    const third = (n: number): number => Number(n.toPrecision(3));
    const expected = (seed: number): number[] => ordinary.own.losses.map((loss) => third(at(loss, seed)));
    assert.deepEqual(median.x, keptEpochs(parameters.epochs));
    assert.deepEqual(median.y, expected(10));
    assert.deepEqual(band.y, [...expected(19), ...expected(1).reverse()]);
    assert.deepEqual(double.y, [
      0.7,
      ...expected(0)
        .slice(1)
        .map(() => null),
    ]);
    assert.match(figure.caption, /In float64 the last loss of 21 of 21 seeds is 0 or not a number/);
    assert.match(figure.alt, /float64: median from 0\.7 to NaN nats, 21 at 0 or not a number; float16/);
    const { y0, y1 } = figure.layout.shapes?.[0] ?? {};
    assert.deepEqual([y0, y1], [0.9 * 0.7, 1.1 * 0.7]);
    assert.match(
      String(figure.layout.title?.text),
      /^Last loss, median of 21 seeds: float64 no number, float16 \d/,
    );
    assert.doesNotMatch(lossesFigure([ordinary], parameters).caption, /no number/);
  });

  it("say where there is no boundary to draw", () => {
    const dead = { ...grid, values: grid.values.map((row) => row.map(() => Number.NaN)) };
    const views = { double: dead, reduced: dead };
    assert.match(closeUpFigure(views, views, "binary16").caption, /no boundary/);
    assert.doesNotMatch(figures.closeUp.caption, /no boundary/);
  });

  it("draw the limits of the format", () => {
    const at = (figure: Figure): unknown[] => (figure.layout.shapes ?? []).map(({ x0 }) => x0);
    assert.deepEqual(at(figures.gradients), [-24.5, -14.5]);
    assert.deepEqual(at(figures.updates), [-1.5]);
  });
});

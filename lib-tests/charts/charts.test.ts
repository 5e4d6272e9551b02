import assert from "node:assert/strict";
import { boundaryFigure, boundaryGrowthFigure, dataFigure } from "../../src/charts/boundary.js";
import { trainingFigure } from "../../src/charts/curves.js";
import type { Figure } from "../../src/charts/figure.js";
import { gradientFigure } from "../../src/charts/gradient-check.js";
import { networkFigure } from "../../src/charts/network-diagram.js";
import { neuronsFigure } from "../../src/charts/neurons.js";
import { seedsFigure } from "../../src/charts/seeds.js";
import { CLASSES } from "../../src/charts/style.js";
import { gradientCheck } from "../../src/core/network/gradient-check.js";
import { type BaselineParameters, neuronMaps } from "../../src/experiments/baseline/baseline.js";
import { probabilityOnPlane, rectangleAround } from "../../src/experiments/plane.js";
import { runTask } from "../../src/experiments/task.js";
import { cardFigure } from "../../src/report/page/card-figure.js";
import { smallTask } from "../experiments/small-task.js";
import { assertSound, traces } from "./sound.js";

const parameters: BaselineParameters = {
  ...smallTask,
  trainPoints: 40,
  testPoints: 20,
  epochs: 12,
  sweepSeeds: 2,
  firstSeed: 1,
};

function figuresOf(change: Partial<BaselineParameters>): Record<string, Figure> {
  const { data, initial, training } = runTask({ ...parameters, ...change }, { snapshots: [0, 4, 12] });
  const area = rectangleAround(data.train, 0.5);
  const probability = probabilityOnPlane(training.network, area, 12);
  const derivatives = gradientCheck({ network: initial, data: data.train });
  const steps = training.snapshots.map(({ epoch }) => ({ epoch, probability, accuracy: 0.9 }));
  return {
    boundary: boundaryFigure(probability, data.train, "a title"),
    data: dataFigure(probability, data.train, "a title"),
    growth: boundaryGrowthFigure(steps, data.train),
    training: trainingFigure(training.history),
    gradient: gradientFigure(derivatives, { ...derivatives[0], relativeError: 1 }),
    network: networkFigure(initial, "a title"),
    neurons: neuronsFigure(neuronMaps(training.network, data, area, 12), data.train),
    seeds: seedsFigure([{ name: "a", seeds: [1, 2, 3], values: [97, 98, 99.9] }], { name: "accuracy" }),
  };
}

describe("charts", () => {
  const changes: Record<string, Partial<BaselineParameters>> = {
    "2-10-1": {},
    "no hidden layer": { hiddenLayers: [] },
    "three hidden layers": { hiddenLayers: [20, 3, 1] },
    "a training that diverges": { learningRate: 1e300 },
    "no epoch": { epochs: 0 },
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`of ${name} are plain data, with a caption and a description`, () => {
      for (const [which, figure] of Object.entries(figuresOf(change))) {
        // a network without hidden neurons has none to map
        assertSound(figure, which, "no hidden neuron");
      }
    });
  }

  const { boundary, growth, network, neurons, gradient } = figuresOf({});

  it("show each class in its own colour and its own symbol, everywhere", () => {
    for (const figure of [boundary, growth, neurons]) {
      const points = traces(figure).filter(({ type }) => type === "scatter");
      points.forEach(({ marker }, i) => {
        assert.equal(marker?.color, CLASSES[i % 2].color);
        assert.equal(marker?.symbol, CLASSES[i % 2].symbol);
      });
      assert.equal(points.length % 2, 0);
    }
    assert.notEqual(CLASSES[0].symbol, CLASSES[1].symbol);
    assert.deepEqual(
      traces(boundary)
        .slice(-2)
        .map(({ name }) => name),
      ["Red: class 0, upper moon", "Blue: class 1, lower moon"],
    );
  });

  it("draw a mean with its interval from five seeds on, within the bounds, and below that the seeds alone", () => {
    const figureOf = (values: number[]): Figure =>
      seedsFigure([{ name: "a", seeds: values.map((_, i) => i), values }], { name: "x", bounds: [0, 100] });
    const few = figureOf([97, 98, 99, 100]);
    assert.deepEqual(
      traces(few).map(({ x }) => x),
      [[97, 98, 99, 100]],
    );
    assert.equal(few.alt, "a: mean 98.5, of 97, 98, 99, 100");
    const many = figureOf([60, 100, 100, 100, 100]);
    const [, { x, error_x }] = traces(many);
    assert.ok((error_x?.array[0] ?? Number.NaN) + Number(x[0]) < 100);
    // an estimate corrected for bias may lie below what it estimates
    const [, { x: means, error_x: bars }] = traces(figureOf([-1e-3, 1, 1, 1, 1]));
    assert.deepEqual(means, [0.7998]);
    // t of 4 degrees of freedom, times the standard error
    const [half] = bars?.array ?? [];
    assert.ok(Math.abs(half - 2.776 * 0.2002) < 1e-3, `${half}`);
  });

  it("draw every weight of the network once", () => {
    const lines = traces(network).filter(({ mode }) => mode === "lines");
    const count = lines.reduce((sum, { x }) => sum + x.filter((value) => value === null).length, 0);
    assert.equal(count, 2 * 10 + 10);
    assert.match(network.caption, /All 41 parameters: every line is a weight/);
  });

  it("say what they leave out of a wide network", () => {
    assert.match(
      figuresOf({ hiddenLayers: [30] }).network.caption,
      /the first 16 neurons of a wide layer are drawn; 14 are not/,
    );
  });

  it("animate the boundary's growth and start at its end", () => {
    assert.deepEqual(
      growth.frames?.map(({ name }) => name),
      ["0", "4", "12"],
    );
    assert.deepEqual(
      growth.layout.sliders?.map(({ active }) => active),
      [2],
    );
  });

  it("show the bare data above what the network makes of them, and on a card the latter alone", () => {
    const { data: figure, boundary } = figuresOf({});
    const [above, below] = [false, true].map((isBelow) =>
      traces(figure).filter((trace) => ("xaxis" in trace && trace.xaxis === "x2") === isBelow),
    );
    assert.deepEqual(
      above.map(({ type, x, y }) => ({ type, x, y })),
      traces(boundary)
        .slice(-2)
        .map(({ type, x, y }) => ({ type, x, y })),
    );
    const card = cardFigure(figure);
    assert.deepEqual(
      traces(card).map(({ type, x }) => ({ type, x })),
      traces(boundary).map(({ type, x }) => ({ type, x })),
    );
    assert.equal(below.length, traces(card).length);
    assert.ok(traces(card).every((trace) => "xaxis" in trace && trace.xaxis === "x"));
    const { yaxis, ...layout } = card.layout;
    assert.equal(yaxis?.visible, false);
    assert.ok(!("grid" in layout || "xaxis2" in layout || "yaxis2" in layout));
    assert.deepEqual(cardFigure(boundary).layout.yaxis?.range, yaxis?.range);
  });

  it("draw the boundary where the probability is one half", () => {
    const [probability, line] = traces(boundary);
    probability.z?.forEach((row, i) => {
      row.forEach((p, j) => {
        const logit = line.z?.[i][j] ?? Number.NaN;
        assert.ok(p === 0.5 || p > 0.5 === logit > 0 || Math.abs(logit) < 0.01, `${p} and ${logit}`);
      });
    });
  });

  it("count the derivatives that agree, and show the control apart", () => {
    assert.match(gradient.caption, /^\d+ of \d+ derivatives/);
    assert.deepEqual(traces(gradient).at(-1)?.y, [1]);
    assert.match(gradient.alt, /on purpose, above it/);
    const missed = { parameter: 0, analytic: 0, numeric: 0, relativeError: 0, kinks: 0 };
    assert.match(gradientFigure([missed], missed).alt, /on purpose, below it/);
  });
});

describe("chart of seeds", () => {
  it("draws some of many marks, and says so; the mean is over all", () => {
    const values = Array.from({ length: 401 }, (_, i) => (i % 3 === 0 ? 50 : 51));
    const seeds = values.map((_, i) => 7 + i);
    const figure = seedsFigure([{ name: "a", seeds, values }], { name: "accuracy" });
    const [marks, mean] = traces(figure);
    assert.deepEqual([marks.x.length, marks.x[1], marks.text?.[1]], [134, values[3], "10"]);
    assert.equal(mean.x[0], 50.6658);
    assert.match(figure.caption, /\(one in 3 is drawn\)/);
  });

  it("claims no certainty of seeds that are all alike", () => {
    const figure = seedsFigure([{ name: "a", seeds: [1, 2, 3, 4, 5], values: new Array(5).fill(98) }], {
      name: "accuracy",
      bounds: [0, 100],
    });
    assert.equal(figure.alt, "a: 98 in all 5");
  });
});

import assert from "node:assert/strict";
import { causesFigure } from "../../src/charts/causes.js";
import { depthMapFigure } from "../../src/charts/depth-map.js";
import type { Figure } from "../../src/charts/figure.js";
import { sharesFigure } from "../../src/charts/shares.js";
import { stabilityFigure } from "../../src/charts/stability.js";
import { timelinesFigure, ZERO_AT } from "../../src/charts/timelines.js";
import { twoBoundariesFigure } from "../../src/charts/two-boundaries.js";
import { type ButterflyParameters, runTimelines } from "../../src/experiments/butterfly/butterfly.js";
import { type StabilityResult, stabilityCell } from "../../src/experiments/butterfly/map.js";
import { compareCauses } from "../../src/experiments/butterfly/seeds.js";
import { depthCell, type TwinResult } from "../../src/experiments/butterfly/twins.js";
import { probabilityOnPlane, rectangleAround } from "../../src/experiments/plane.js";
import { wilsonInterval } from "../../src/experiments/statistics.js";

const parameters: ButterflyParameters = {
  seed: 1,
  noise: 0.15,
  trainPoints: 20,
  testPoints: 10,
  hiddenLayers: [5],
  initialisation: "he",
  learningRate: 0.4,
  batchSize: 1,
  epochs: 6,
  nudge: 1e-14,
  nudgedParameter: 0,
  sweepSeeds: 2,
  firstSeed: 1,
};

interface Line {
  name: string;
  y: (number | null)[];
}
const lines = ({ data }: Figure): Line[] => data as unknown as Line[];

const result: StabilityResult = {
  seed: 1,
  exponent: 0.05,
  farthest: 1e-8,
  distance: 10,
  isParted: true,
  testAccuracy: 0.98,
  sharpness: 0.5,
  steepestBatch: 1,
};

describe("charts of two trainings", () => {
  const changes: Record<string, [Partial<ButterflyParameters>, RegExp]> = {
    "a nudge of 1e-14": [{}, /cannot be told apart|can first be told apart at epoch/],
    "no nudge": [{ nudge: 0 }, /the same to the bit/],
    "a nudge that is swallowed": [{ nudge: 1e-30 }, /was swallowed/],
    "a nudge of 1": [{ nudge: 1 }, /can first be told apart at epoch/],
    "a training that breaks": [{ learningRate: 1e300 }, /no longer a finite number \(NaN or infinity\)/],
    "no epoch": [{ epochs: 0 }, /cannot be told apart/],
    "no hidden layer": [{ hiddenLayers: [] }, /told apart/],
  };
  for (const [name, [change, words]] of Object.entries(changes)) {
    it(`draw and name ${name}`, () => {
      const { nudged, nudge, data } = runTimelines({ ...parameters, ...change });
      const figure = timelinesFigure(nudged, nudge, 3);
      assert.match(figure.caption, words);
      const plane = rectangleAround(data.train, 0.5);
      const [a, b] = nudged.networks.map((network) => probabilityOnPlane(network, plane, 8));
      const boundaries = twoBoundariesFigure([a, b], ["before", "after"], data.train, "a title");
      const causes = causesFigure(compareCauses({ ...parameters, ...change }, { looks: 3 }));
      for (const each of [figure, boundaries, causes]) {
        assert.ok(each.caption.length > 20 && each.alt.length > 20);
        assert.doesNotThrow(() => structuredClone(each));
      }
      for (const { y } of [...lines(figure), ...lines(causes)]) {
        assert.ok((y ?? []).every((value) => value === null || Number.isFinite(value)));
      }
    });
  }

  it("give exactly 0 a place of its own on the logarithmic axis", () => {
    const { repeated, nudge } = runTimelines(parameters);
    const distance = lines(timelinesFigure(repeated, nudge, 3)).find(({ name }) =>
      name.startsWith("distance"),
    );
    assert.ok(distance?.y.every((value) => value === ZERO_AT));
  });
});

describe("chart of the map", () => {
  const quiet: StabilityResult = { ...result, isParted: false };
  const broken: StabilityResult = {
    ...quiet,
    exponent: Number.NaN,
    sharpness: Number.NaN,
    testAccuracy: 0.5,
  };
  const rects = ({ layout }: Figure): unknown[] =>
    (layout.shapes ?? []).filter(({ type }) => type === "rect");

  it("shades what learns and parts, from half-way to half-way", () => {
    const figure = stabilityFigure([
      stabilityCell(1, 0.1, [quiet]),
      stabilityCell(1, 0.4, [result]),
      stabilityCell(1, 1.6, [broken]),
    ]);
    const [band] = rects(figure) as { x0: number; x1: number }[];
    assert.deepEqual([band.x0, band.x1], [0.2, 0.8]);
    assert.match(figure.caption, /at least 1 of 1 seeds learn .* \(single samples\)/);
    const many = stabilityFigure([stabilityCell(1, 0.4, new Array(30).fill(result))]);
    assert.match(many.caption, /at least 3 of 30 seeds/);
  });

  it("shades nothing where nothing does, and leaves a gap for what is no number", () => {
    const figure = stabilityFigure([stabilityCell("full", 1, [quiet]), stabilityCell("full", 2, [broken])]);
    assert.equal(rects(figure).length, 0);
    assert.match(figure.caption, /At no learning rate/);
    assert.match(figure.alt, /None learns and parts\.$/);
    assert.deepEqual(lines(figure)[0].y, [5, null]);
  });
});

describe("chart of depth", () => {
  const pair = { relativeDistance: 0.1, churn: 0, testAccuracy: 0.98, testLoss: 0.1 };
  const twin: TwinResult = { seed: 1, isParted: true, last: pair, averaged: pair };
  const cell = (depth: number, learningRate: number, ...results: TwinResult[]) =>
    depthCell({ hiddenLayers: new Array(depth).fill(10), learningRate }, results);

  it("puts each cell into a tile of its kind", () => {
    const kept = { ...twin, isParted: false };
    const untaught = { ...twin, last: { ...pair, testAccuracy: 0.5 } };
    const figure = depthMapFigure([
      cell(1, 0.1, kept, kept),
      cell(1, 0.2, twin, kept),
      cell(2, 0.1, twin, twin),
      cell(2, 0.2, untaught, untaught),
    ]);
    const tiles = (
      figure.data as unknown as { name: string; x: number[]; base: number[]; text: string[] }[]
    ).map(({ name, x, base, text }) => [name, x.map((column, i) => [column, base[i] + 0.47, text[i]])]);
    assert.deepEqual(tiles, [
      ["= most learn, none of them parts", [[0, 0, "= <b>0 / 2</b><br>part 0, learn 2"]]],
      [
        "≠ most learn, some of them part",
        [
          [1, 0, "≠ <b>1 / 2</b><br>part 1, learn 2"],
          [0, 1, "≠ <b>2 / 2</b><br>part 2, learn 2"],
        ],
      ],
      ["✗ most do not learn", [[1, 1, "✗ <b>0 / 2</b><br>part 2, learn 0"]]],
    ]);
    assert.match(figure.alt, /10 × 10 at 0\.1: 2; 10 × 10 at 0\.2: 0\.$/);
  });
});

describe("chart of shares", () => {
  it("shows each share with its interval", () => {
    const share = wilsonInterval(3, 10);
    const [{ x, error_x }] = sharesFigure([{ name: "a", rows: [{ name: "b", share }] }], "seeds")
      .data as unknown as {
      x: number[];
      error_x: { array: number[] };
    }[];
    assert.deepEqual(x, [30]);
    assert.ok(Math.abs(error_x.array[0] - 100 * (share.high - share.share)) < 0.01);
  });
});

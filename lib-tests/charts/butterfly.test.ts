import assert from "node:assert/strict";
import { causesFigure, partingsFigure } from "../../src/charts/causes.js";
import { depthMapFigure } from "../../src/charts/depth-map.js";
import type { Figure } from "../../src/charts/figure.js";
import { sharesFigure } from "../../src/charts/shares.js";
import { stabilityFigure } from "../../src/charts/stability.js";
import { partingFigure, timelinesFigure, ZERO_AT } from "../../src/charts/timelines.js";
import { twoBoundariesFigure } from "../../src/charts/two-boundaries.js";
import type { BatchSize } from "../../src/core/network/train-options.js";
import {
  CAUSE_NAMES,
  compareCauses,
  type SeedPartings,
} from "../../src/experiments/butterfly-effect/causes.js";
import { type ButterflyParameters, butterflyEffect } from "../../src/experiments/butterfly-effect/index.js";
import { type StabilityResult, stabilityCell } from "../../src/experiments/butterfly-effect/stability.js";
import { runTimelines } from "../../src/experiments/butterfly-effect/timelines.js";
import { fatesOf, type TwinEnd } from "../../src/experiments/butterfly-effect/twins.js";
import { probabilityOnPlane, rectangleAround } from "../../src/experiments/plane.js";
import { wilsonInterval } from "../../src/experiments/statistics.js";
import { smallTask } from "../experiments/small-task.js";

const parameters: ButterflyParameters = butterflyEffect.parameters({
  ...smallTask,
  trainPoints: 20,
  testPoints: 10,
  hiddenLayers: [5],
  learningRate: 0.4,
  epochs: 6,
});

interface Line {
  name: string;
  y: (number | null)[];
}
const lines = ({ data }: Figure): Line[] => data as unknown as Line[];

const result: StabilityResult = {
  exponent: 0.05,
  isParted: true,
  testAccuracy: 0.98,
  sharpness: 0.5,
  steepestBatch: 1,
};

describe("charts of two trainings", () => {
  const changes: Record<string, [Partial<ButterflyParameters>, RegExp]> = {
    "a nudge of 1e-14": [{}, /never differ visibly|first differ visibly at epoch/],
    "no nudge": [{ nudge: 0 }, /the same to the bit/],
    "a nudge that is swallowed": [{ nudge: 1e-30 }, /rounding swallows it/],
    "a nudge of 1": [{ nudge: 1 }, /first differ visibly at epoch/],
    "a training that breaks": [{ learningRate: 1e300 }, /end at epoch 1: .* is NaN or infinite/],
    "no epoch": [{ epochs: 0 }, /never differ visibly/],
    "no hidden layer": [{ hiddenLayers: [] }, /differ visibly/],
  };
  for (const [name, [change, words]] of Object.entries(changes)) {
    it(`draw and name ${name}`, () => {
      const { nudged, nudge, data, initial } = runTimelines({ ...parameters, ...change });
      const figure = timelinesFigure(nudged, nudge, initial);
      assert.match(figure.caption, words);
      const plane = rectangleAround(data.train, 0.5);
      const [a, b] = nudged.networks.map((network) => probabilityOnPlane(network, plane, 8));
      const parting = partingFigure(nudged, 3);
      assert.match(
        String(parting.layout.title?.text),
        /^Seed 3: the same (to the end|up to epoch \d+, then apart)$/,
      );
      assert.equal(parting.layout.shapes?.[0]?.x0 ?? null, nudged.visible);
      const boundaries = twoBoundariesFigure([a, b], ["before", "after"], data.train, "a title");
      const causes = causesFigure(compareCauses({ ...parameters, ...change }, 3));
      for (const each of [figure, parting, boundaries, causes]) {
        assert.ok(each.caption.length > 20 && each.alt.length > 20);
        assert.doesNotThrow(() => structuredClone(each));
      }
      for (const { y } of [...lines(figure), ...lines(parting), ...lines(causes)]) {
        assert.ok((y ?? []).every((value) => value === null || Number.isFinite(value)));
      }
    });
  }

  it("give exactly 0 a place of its own on the logarithmic axis", () => {
    const { repeated, nudge, initial } = runTimelines(parameters);
    const distance = lines(timelinesFigure(repeated, nudge, initial)).find(({ name }) =>
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
  const cell = (batchSize: BatchSize, learningRate: number, ...results: StabilityResult[]) =>
    stabilityCell({ batchSize, learningRate }, results);
  const rects = ({ layout }: Figure): unknown[] =>
    (layout.shapes ?? []).filter(({ type }) => type === "rect");

  it("shades what learns and parts, from half-way to half-way", () => {
    const figure = stabilityFigure([cell(1, 0.1, quiet), cell(1, 0.4, result), cell(1, 1.6, broken)]);
    const [band] = rects(figure) as { x0: number; x1: number }[];
    assert.deepEqual([band.x0, band.x1], [0.2, 0.8]);
    assert.match(figure.caption, /at least 1 of 1 seeds learn .* \(single samples\)/);
    const many = stabilityFigure([cell(1, 0.4, ...new Array<StabilityResult>(30).fill(result))]);
    assert.match(many.caption, /at least 3 of 30 seeds/);
  });

  it("shades nothing where nothing does, and leaves a gap for what is no number", () => {
    const figure = stabilityFigure([cell("full", 1, quiet), cell("full", 2, broken)]);
    assert.equal(rects(figure).length, 0);
    assert.match(figure.caption, /At no learning rate/);
    assert.match(figure.alt, /None learns and diverges\.$/);
    assert.deepEqual(lines(figure)[0].y, [5, null]);
  });
});

describe("chart of depth", () => {
  const twin: TwinEnd = { isParted: true, testAccuracy: 0.98 };
  const cell = (depth: number, learningRate: number, ...ends: TwinEnd[]) => ({
    hiddenLayers: new Array<number>(depth).fill(10),
    learningRate,
    ...fatesOf(ends),
  });

  it("puts each cell into a tile of its kind", () => {
    const kept = { ...twin, isParted: false };
    const untaught = { ...twin, testAccuracy: 0.5 };
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
      ["= most learn, none diverges", [[0, 0, "= <b>0 / 2</b><br>diverge 0, learn 2"]]],
      [
        "≠ most learn, some diverge",
        [
          [1, 0, "≠ <b>1 / 2</b><br>diverge 1, learn 2"],
          [0, 1, "≠ <b>2 / 2</b><br>diverge 2, learn 2"],
        ],
      ],
      ["✗ most do not learn", [[1, 1, "✗ <b>0 / 2</b><br>diverge 2, learn 0"]]],
    ]);
    assert.match(figure.alt, /10 × 10 at 0\.1: 2; 10 × 10 at 0\.2: 0\.$/);
  });
});

describe("chart of shares", () => {
  it("shows who does what the essay says, and who parts by what, beside the bar", () => {
    const late: SeedPartings = {
      accuracy: 0.98,
      visible: 100,
      grownHalfway: 1,
      isSameAgain: true,
      parted: ["nudge", "order"],
    };
    const early: SeedPartings = { ...late, visible: 99 };
    const untaught: SeedPartings = { ...late, accuracy: 0.9 };
    const figure = partingsFigure({ own: [late, early, untaught, untaught], calm: [early] });
    const [own, calm] = figure.data as unknown as { x: number[] }[];
    const causes = CAUSE_NAMES.map((cause) => (late.parted.includes(cause) ? 100 : 0));
    assert.deepEqual(own.x, [25, ...causes]);
    assert.deepEqual(calm.x, [0, ...causes]);
    assert.equal(figure.layout.shapes?.[0].x0, 10);
  });

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

import assert from "node:assert/strict";
import { causesFigure, partingsFigure } from "../../src/charts/causes.js";
import { chaosMapFigure } from "../../src/charts/chaos-map.js";
import { horizonFigure } from "../../src/charts/horizon.js";
import { sharesFigure } from "../../src/charts/shares.js";
import { partingFigure, timelinesFigure, ZERO_AT } from "../../src/charts/timelines.js";
import { twoBoundariesFigure } from "../../src/charts/two-boundaries.js";
import type { BatchSize } from "../../src/core/network/train-options.js";
import {
  CAUSE_NAMES,
  compareCauses,
  type SeedPartings,
} from "../../src/experiments/butterfly-effect/causes.js";
import { mapCell } from "../../src/experiments/butterfly-effect/chaos-map.js";
import type { Horizon, Horizons } from "../../src/experiments/butterfly-effect/horizon.js";
import { type ButterflyParameters, butterflyEffect } from "../../src/experiments/butterfly-effect/index.js";
import type { StabilityResult } from "../../src/experiments/butterfly-effect/stability.js";
import { runTimelines } from "../../src/experiments/butterfly-effect/timelines.js";
import { probabilityOnPlane, rectangleAround } from "../../src/experiments/plane.js";
import { wilsonInterval } from "../../src/experiments/statistics.js";
import { smallTask } from "../experiments/small-task.js";
import { assertSound, traces } from "./sound.js";

const parameters: ButterflyParameters = butterflyEffect.parameters({
  ...smallTask,
  trainPoints: 20,
  testPoints: 10,
  hiddenLayers: [5],
  learningRate: 0.4,
  epochs: 6,
});

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
      for (const [which, each] of Object.entries({ figure, parting, boundaries, causes }))
        assertSound(each, which);
      for (const { y } of [...traces(figure), ...traces(parting), ...traces(causes)]) {
        assert.ok((y ?? []).every((value) => value === null || Number.isFinite(value)));
      }
    });
  }

  it("give exactly 0 a place of its own on the logarithmic axis", () => {
    const { repeated, nudge, initial } = runTimelines(parameters);
    const distance = traces(timelinesFigure(repeated, nudge, initial)).find(({ name }) =>
      name?.startsWith("distance"),
    );
    assert.ok(distance?.y.every((value) => value === ZERO_AT));
  });
});

describe("chart of the map", () => {
  const kept: StabilityResult = { exponent: 0.05, isParted: false, testAccuracy: 0.98, sharpness: 0.5 };
  const parted = { ...kept, isParted: true };
  const untaught = { ...kept, testAccuracy: 0.5, exponent: Number.NaN };
  const cell = (batchSize: BatchSize, depth: number, learningRate: number, ...results: StabilityResult[]) =>
    mapCell({ hiddenLayers: new Array<number>(depth).fill(10), batchSize, learningRate }, results);

  it("puts each place into a tile of its kind, on the panel of its batch size", () => {
    const figure = chaosMapFigure([
      cell(1, 1, 0.1, kept, kept),
      cell(1, 1, 0.2, parted, kept),
      cell(1, 2, 0.1, parted, parted),
      cell(1, 2, 0.2, untaught, untaught),
      cell("full", 1, 2, kept, kept),
      cell("full", 2, 2, kept, parted),
    ]);
    const tiles = (
      figure.data as unknown as {
        name: string;
        xaxis?: string;
        x: (number | null)[];
        base: number[];
        text: string[];
      }[]
    ).map(({ name, xaxis = "x", x, base, text }) => [
      `${xaxis} ${name[0]}`,
      x.flatMap((column, i) => (column === null ? [] : [[column, base[i] + 0.47, text[i]]])),
    ]);
    assert.deepEqual(tiles, [
      ["x =", [[0, 0, "= <b>0</b><br>5.0"]]],
      [
        "x ≠",
        [
          [1, 0, "≠ <b>1</b><br>5.0"],
          [0, 1, "≠ <b>2</b><br>5.0"],
        ],
      ],
      ["x ✗", [[1, 1, "✗ <b>0</b><br>none"]]],
      ["x2 =", [[0, 0, "= <b>0</b><br>5.0"]]],
      ["x2 ≠", [[0, 1, "≠ <b>1</b><br>5.0"]]],
      ["x2 ✗", []],
    ]);
    assert.match(
      figure.alt,
      /: 1 with 1 hidden layer, single samples at learning rate 0\.2; 2 with 2 hidden layers, single samples at learning rate 0\.1; 1 with/,
    );
  });
});

describe("chart of the precision horizon", () => {
  const horizon = (bits: number, finer: number, parted: number | null, foretold: number | null): Horizon => ({
    bits,
    finer,
    parted,
    foretold,
    logs: [Number.NEGATIVE_INFINITY, -14, -1],
  });
  const seed = (double: number | null): Horizons => ({
    horizons: [horizon(11, 24, 1, 1), horizon(24, 53, 10, 12), horizon(53, 106, double, null)],
    exponent: 0.1,
  });

  it("shows the course of the first seed and what it foretells, and every seed's epochs", () => {
    const figure = horizonFigure(
      { own: [seed(null), seed(40)], calm: [seed(null), seed(null)] },
      { epochs: 2 },
    );
    const drawn = traces(figure);
    assert.deepEqual(
      drawn.map(({ name }) => name),
      [
        "11 bits from 24",
        "24 bits from 53",
        "53 bits from 106",
        "24 bits as foretold",
        "53 bits from 106, calm",
        "11 bits from 24",
        "24 bits from 53",
        "53 bits from 106",
        "24 bits as foretold",
      ],
    );
    // 29 bits are 8.73 decades
    assert.deepEqual(
      [drawn[2].y, drawn[3].y],
      [
        [null, -14, -1],
        [null, -5.27, 7.73],
      ],
    );
    assert.deepEqual(
      [drawn[7].x, drawn[8].x],
      [
        [4, 40],
        [12, 12],
      ],
      "never stands at the end",
    );
    assert.match(
      figure.caption,
      /Of 2 seeds, these part: 11 bits from 24 in 2, 24 bits from 53 in 2, 53 bits from 106 in 1\./,
    );
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
    const [own, calm] = traces(figure);
    const causes = CAUSE_NAMES.map((cause) => (late.parted.includes(cause) ? 100 : 0));
    assert.deepEqual(own.x, [25, ...causes]);
    assert.deepEqual(calm.x, [0, ...causes]);
    assert.equal(figure.layout.shapes?.[0].x0, 10);
  });

  it("shows each share with its interval", () => {
    const share = wilsonInterval(3, 10);
    const [{ x, error_x }] = traces(sharesFigure([{ name: "a", rows: [{ name: "b", share }] }], "seeds"));
    assert.deepEqual(x, [30]);
    assert.ok(Math.abs(Number(error_x?.array[0]) - 100 * (share.high - share.share)) < 0.01);
  });
});

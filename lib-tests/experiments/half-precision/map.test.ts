import assert from "node:assert/strict";
import type { ScaleRounding } from "../../../src/core/arithmetic/scaled-blocks.js";
import { usualLossForm } from "../../../src/core/network/loss.js";
import { denseLayers } from "../../../src/core/network/network.js";
import { trainPrecision } from "../../../src/experiments/half-precision/half-precision.js";
import { halfPrecision } from "../../../src/experiments/half-precision/index.js";
import {
  type Fate,
  inNumbers,
  LEARNT,
  mapOfBlocks,
  mapPoints,
  measureFate,
  type Numbers,
  precisionMaps,
  settingsLearnt,
} from "../../../src/experiments/half-precision/map.js";
import { drawTask, trainTask } from "../../../src/experiments/task.js";

const points = mapPoints(halfPrecision.defaults);

function taskAt(learningRate: number, initialScale: number): (typeof points)[number]["task"] {
  return { ...points[0].task, learningRate, initialScale };
}

const e4m3 = (scale: ScaleRounding): Numbers => ({ blocks: { element: "e4m3", scale } });

describe("the map of learning rates and initial weights", () => {
  // fates that tell their places
  const places = points.map((_, i) => `${i}` as unknown as Fate);
  const maps = precisionMaps([places, places]);

  it("has each fate where its training is", () => {
    assert.deepEqual(
      maps.flatMap(({ cells }) => cells.flat()),
      places.map((place) => [place, place]),
    );
    for (const { numbers, learningRates, scales, cells } of maps) {
      for (const [i, row] of cells.entries()) {
        for (const [j, [place]] of row.entries()) {
          const { task, numbers: own } = points[Number(place)];
          assert.deepEqual(
            [own, task.learningRate, task.initialScale],
            [numbers, learningRates[j], scales[i]],
          );
        }
      }
    }
  });

  it("has float64 first, and finds blocks", () => {
    assert.deepEqual(maps[0].numbers, { format: "binary64", masterWeights: "binary64" });
    for (const scale of ["none", "down", "up"] as const) {
      assert.deepEqual(mapOfBlocks(maps, { element: "e5m2", scale }).numbers, {
        blocks: { element: "e5m2", scale },
      });
    }
    assert.throws(() => mapOfBlocks(maps, { element: "binary16", scale: "up" }), /one of binary16 with/);
  });

  it("counts the settings at which each seed learns", () => {
    const cells: Fate[][][] = [[["learns", "dies", "learns"]], [["learns", "learns", "stalls"]]];
    const map = { numbers: e4m3("up"), learningRates: [1], scales: [1, 2], cells };
    assert.deepEqual(settingsLearnt(map), [2, 1, 1]);
    assert.deepEqual(settingsLearnt(map, 1), [1, 1, 0]);
  });

  it("tells what a training of its numbers does: learn, stall or die", () => {
    const numbers: Numbers[] = [
      { format: "bfloat16", masterWeights: "binary32" },
      { format: "e4m3", masterWeights: "e4m3", rounding: "stochastic" },
    ];
    for (const own of numbers) {
      for (const [learningRate, initialScale] of [
        [0.4, 0.1],
        [0.1, 1],
        [0.1, 16], // the second learns here, and stalls if it is rounded to nearest
      ]) {
        const task = { ...taskAt(learningRate, initialScale), seed: 3 };
        const arithmetic = { ...own, seed: 3 } as const;
        const { run } = trainPrecision({ task, arithmetic: arithmetic as never, lossForm: usualLossForm }, 1);
        assert.equal(measureFate({ task, numbers: own }), run.accuracy >= LEARNT ? "learns" : "stalls");
      }
    }
    const fatesOf = (own: Numbers, settings: [number, number][]): Fate[] =>
      settings.map(([rate, scale]) => measureFate({ task: taskAt(rate, scale), numbers: own }));
    const float16: Numbers = { format: "binary16", masterWeights: "binary16" };
    assert.deepEqual(
      fatesOf(float16, [
        [0.2, 1],
        [1e-6, 1],
        [1000, 64],
      ]),
      ["learns", "stalls", "dies"],
    );
    assert.deepEqual(
      fatesOf(e4m3("up"), [
        [0.1, 1],
        [1e-6, 1],
        [1e30, 1],
      ]),
      ["learns", "stalls", "dies"],
    );
  });

  it("does not move weights below half the smallest element, unless there are scales", () => {
    const task = { ...taskAt(0.2, 1e-6), epochs: 2 };
    const drawn = drawTask(task);
    const isMoving = (scale: ScaleRounding): boolean => {
      const initial = inNumbers(drawn.initial, e4m3(scale));
      const { network } = trainTask(task, { ...drawn, initial }, { arithmetic: "binary32" });
      const [[before], [after]] = [initial, network].map(denseLayers);
      return after.parameters.weights.sub(before.parameters.weights).norm() > 1e-9;
    };
    assert.deepEqual((["none", "down", "up"] as const).map(isMoving), [false, true, true]);
  });
});

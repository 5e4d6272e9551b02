import assert from "node:assert/strict";
import type { ScaleRounding } from "../../../src/core/arithmetic/scaled-blocks.js";
import { usualLossForm } from "../../../src/core/network/loss.js";
import { denseLayers } from "../../../src/core/network/network.js";
import {
  blockMaps,
  blockPoints,
  inNumbers,
  measureBlocks,
  type Numbers,
} from "../../../src/experiments/half-precision/blocks.js";
import { halfPrecision } from "../../../src/experiments/half-precision/index.js";
import { type Fate, measureFate } from "../../../src/experiments/half-precision/map.js";
import { drawTask, trainTask } from "../../../src/experiments/task.js";

const points = blockPoints(halfPrecision.defaults);

function taskAt(learningRate: number, initialScale: number): (typeof points)[number]["task"] {
  return { ...points[0].task, learningRate, initialScale };
}

const e4m3 = (scale: ScaleRounding): Numbers => ({ blocks: { element: "e4m3", scale } });

describe("trainings in scaled blocks", () => {
  it("have the settings of the map, all with the same numbers beside them", () => {
    const maps = blockMaps([points.map((_, i) => `${i}` as unknown as Fate)]);
    assert.deepEqual(
      maps.flatMap(({ cells }) => cells.flat(2)),
      points.map((_, i) => `${i}`),
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

  it("are those of the map where there are no blocks", () => {
    for (const [learningRate, initialScale] of [
      [0.4, 0.1],
      [0.1, 1],
    ]) {
      const task = { ...taskAt(learningRate, initialScale), seed: 3 };
      const arithmetic = { format: "bfloat16", masterWeights: "binary32" } as const;
      assert.equal(
        measureBlocks({ task, numbers: { format: "bfloat16" } }),
        measureFate({ task, arithmetic, lossForm: usualLossForm }),
      );
    }
  });

  it("learn, stall or die", () => {
    const fates = [0.1, 1e-6, 1e30].map((rate) =>
      measureBlocks({ task: taskAt(rate, 1), numbers: e4m3("up") }),
    );
    assert.deepEqual(fates, ["learns", "stalls", "dies"]);
  });

  it("do not move weights below half the smallest element, unless there are scales", () => {
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

import assert from "node:assert/strict";
import { halfPrecision } from "../../../src/experiments/half-precision/index.js";
import {
  measureUnasked,
  rescueOf,
  type UnaskedResult,
  unaskedNames,
  unaskedPoints,
} from "../../../src/experiments/half-precision/underflow.js";

const points = unaskedPoints(halfPrecision.parameters({ trainPoints: 60, testPoints: 60, seed: 3 }));

describe("underflow where nobody provokes it", () => {
  it("is looked for at ordinary settings, each by its name", () => {
    assert.equal(points.length, unaskedNames.length);
    for (const [i, { task, format }] of points.entries()) {
      const { hiddenLayers, batchSize, initialScale, initialisation, weightDecay = 0 } = task;
      const regime = batchSize === 1 ? "single" : "full batch";
      assert.equal(unaskedNames[i], `${hiddenLayers.length} × ${hiddenLayers[0]}, ${regime}`);
      assert.deepEqual([initialScale, initialisation, weightDecay, format], [1, "he", 0, "binary16"]);
    }
  });

  it("is found where it is provoked, and a loss scale saves the training", () => {
    const [, { task }] = points;
    const tiny = { ...task, trainPoints: 250, hiddenLayers: [10], initialScale: 1e-6, epochs: 250 };
    const own = measureUnasked({ task: tiny, format: "binary16" });
    assert.ok(own.flushed[0] > 0.9 && own.flushed[1] > 0.9, `flushed ${own.flushed}`);
    assert.equal(own.plain, 0.5);
    assert.ok(own.scaled > 0.8 && own.double > 0.8, JSON.stringify(own));
    // float64 flushes nothing, and its scale changes nothing
    const double = measureUnasked({ task: { ...tiny, epochs: 5 }, format: "binary64" });
    assert.deepEqual([double.flushed[0], double.plain === double.scaled], [0, true]);
  });

  it("counts what the scale rescues and spoils, of what learns in float64", () => {
    const result = (double: number, plain: number, scaled: number): UnaskedResult => ({
      double,
      plain,
      scaled,
      flushed: [0, 0],
    });
    assert.deepEqual(
      rescueOf([
        result(0.95, 0.95, 0.95),
        result(0.99, 0.5, 0.97),
        result(0.99, 0.5, 0.96),
        result(0.99, 0.97, 0.94),
        result(0.99, 0.5, 0.5),
        result(0.94, 0.5, 0.99),
      ]),
      { n: 5, plain: 2, scaled: 3, rescued: 2, spoiled: 1 },
    );
  });
});

import assert from "node:assert/strict";
import { toParameters } from "../../../src/core/network/network.js";
import { measureLateNudges, nudgeEpochs } from "../../../src/experiments/butterfly-effect/late-nudges.js";
import { distance, nudged } from "../../../src/experiments/butterfly-effect/nudge.js";
import { lateTable } from "../../../src/experiments/butterfly-effect/sentences.js";
import { drawTask, trainTask } from "../../../src/experiments/task.js";
import { parameters } from "./small-parameters.js";

const straight = {
  ...parameters,
  hiddenLayers: [],
  batchSize: "full",
  nudge: 1e-3,
  nudgedParameter: 2,
} as const;

describe("butterfly: nudges at other epochs", () => {
  it("come at the start, after powers of ten and half-way", () => {
    assert.deepEqual(nudgeEpochs(600), [0, 1, 10, 100, 300]);
    assert.deepEqual(nudgeEpochs(201), [0, 1, 10, 100]);
    assert.deepEqual([0, 1, 2, 4].map(nudgeEpochs), [[0], [0], [0, 1], [0, 1, 2]]);
  });

  it("are the training itself, stopped, nudged and gone on with", () => {
    const own = { ...straight, learningRate: 0.5, epochs: 8 };
    const task = drawTask(own);
    // a full batch has no order, so a training can go on from where another one stopped
    const goOn = (epochs: number, initial = task.initial) =>
      trainTask({ ...own, epochs }, { ...task, initial }).network;
    const nudges = measureLateNudges(own);
    assert.deepEqual(
      nudges.map(({ epoch }) => epoch),
      [0, 1, 4],
    );
    for (const { epoch, growth } of nudges) {
      const start = goOn(epoch);
      const other = goOn(4, nudged(start, own).network);
      const end = distance(toParameters(goOn(epoch + 4)), toParameters(other));
      assert.ok(Math.abs(growth - Math.log(end / 1e-3)) < 1e-9, `${growth} after epoch ${epoch}`);
    }
  });

  it("shrink where the loss is convex", () => {
    const growths = measureLateNudges({ ...straight, learningRate: 1, epochs: 200 }).map(
      ({ growth }) => growth,
    );
    assert.ok(
      growths.every((growth) => growth < -0.1),
      `${growths}`,
    );
  });

  it("tell when the two have parted, counted from the nudge", () => {
    const at = (nudge: number) =>
      measureLateNudges({ ...parameters, nudge, epochs: 6 }).map(({ parted }) => parted);
    assert.deepEqual(at(1), [0, 0, 0]);
    assert.deepEqual(at(1e-14), [null, null, null]);
    const loud = measureLateNudges({ ...parameters, learningRate: 0.9, nudge: 5e-3, epochs: 40 });
    assert.ok(
      loud.some(({ parted }) => parted !== null && parted > 0),
      JSON.stringify(loud),
    );
  });

  it("have no growth without a nudge, or an epoch", () => {
    assert.ok(measureLateNudges({ ...parameters, nudge: 0 }).every(({ growth }) => Number.isNaN(growth)));
    assert.deepEqual(measureLateNudges({ ...parameters, epochs: 0 }), [
      { epoch: 0, parted: null, growth: 0 },
    ]);
  });

  it("are told in a table, a row for each epoch", () => {
    const of = (first: number | null, last: number | null, growth = 27.6) => [
      { epoch: 0, parted: first, growth },
      { epoch: 300, parted: last, growth },
    ];
    const [head, rows] = lateTable([of(100, null), of(200, null, Number.NaN), of(300, null)]);
    assert.equal(head[1], "seeds of 3 that diverge in 300 epochs");
    assert.deepEqual(rows, [
      ["0", "3", "200", "27.6"],
      ["300", "0", "–", "27.6"],
    ]);
  });
});

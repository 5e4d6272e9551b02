import assert from "node:assert/strict";
import { createNetwork } from "../../src/core/network/initialisation.js";
import { timePrograms, timetable } from "../../src/timing/time-programs.js";

// nothing here looks at how long anything took
describe("timing the programs", () => {
  const network = createNetwork({ hiddenLayers: [3], seed: 1 });
  const points = [[[1, 2]], [[3, 4]]] as const;

  it("takes as many times of each, and of the controls, and tells how far it is in all", () => {
    const progress: [number, number][] = [];
    const taken = timePrograms(network, {
      points,
      measurements: 1000,
      batch: 5,
      seed: 1,
      onProgress: (done, all) => progress.push([done, all]),
    });
    assert.deepEqual(Object.keys(taken), [
      "scriptDense",
      "scriptSkipping",
      "compiledDense",
      "compiledSkipping",
      "same",
      "delayed",
    ]);
    for (const { nanoseconds, batch } of Object.values(taken))
      assert.deepEqual([nanoseconds.length, batch], [1000, 5]);
    assert.deepEqual(
      progress,
      [1, 2, 3, 4, 5, 6].map((k) => [1000 * k, 6000]),
    );
  });

  it("computes the same in all programs, sees one class only in the controls, and more of it where delayed", () => {
    const { same, delayed, ...programs } = timePrograms(network, {
      points,
      measurements: 40,
      batch: 1,
      seed: 1,
    });
    const sums = new Set(Object.values(programs).map(({ checksum }) => checksum));
    assert.equal(sums.size, 1);
    assert.ok(!sums.has(same.checksum));
    // one more inference of the same point for each time of the second class: the sum grows by so many
    const seconds = delayed.classes.filter((label) => label === 1).length;
    const warmUp = 4;
    const ratio = delayed.checksum / same.checksum;
    assert.ok(
      ratio >= 1 + seconds / (40 + warmUp) && ratio <= 1 + (seconds + warmUp) / (40 + warmUp),
      `${ratio}`,
    );
  });

  it("refuses networks that it cannot run", () => {
    const tanh = createNetwork({ hiddenLayers: [3], activation: "tanh", seed: 1 });
    assert.throws(() => timePrograms(tanh, { points, measurements: 10, batch: 1, seed: 1 }), {
      name: "RangeError",
      message: /ReLU/,
    });
  });

  it("takes each network singly, and small ones in batches, fewer of them", () => {
    assert.deepEqual(timetable(createNetwork({ hiddenLayers: [10], seed: 1 }), 2000), [
      { batch: 1, measurements: 2000 },
      { batch: 100, measurements: 200 },
    ]);
    const large = createNetwork({ hiddenLayers: [64, 64], seed: 1 });
    assert.deepEqual(timetable(large, 2000), [{ batch: 1, measurements: 2000 }]);
  });
});

import assert from "node:assert/strict";
import type { Device } from "../../src/experiments/side-channel/inference.js";
import { elapsedOf, timeInference } from "../../src/timing/time-inference.js";

// nothing here looks at how long anything took
describe("timing inference", () => {
  const device = (infer: Device["infer"]): Device => ({ infer, room: (length) => new Float64Array(length) });
  const points = [[[1, 2]], [[3, 4]]] as const;

  it("takes as many times as asked for, of both classes, and tells how far it is", () => {
    const progress: number[] = [];
    const { classes, nanoseconds, batch } = timeInference({
      device: device((inputs, from) => inputs[from]),
      points,
      measurements: 15_000,
      batch: 2,
      seed: 1,
      onProgress: (done) => progress.push(done),
    });
    assert.equal(nanoseconds.length, 15_000);
    assert.equal(batch, 2);
    assert.ok(nanoseconds.every((time) => time >= 0));
    const ones = classes.filter((label) => label === 1).length;
    assert.ok(classes.every((label) => label === 0 || label === 1));
    assert.ok(ones > 7200 && ones < 7800, `${ones}`);
    assert.deepEqual(progress, [10_000, 15_000]);
  });

  it("runs batches of points of one class, longer ones for a delayed class", () => {
    const seen: string[] = [];
    timeInference({
      device: device((inputs, from) => {
        seen.push(`${inputs[from]},${inputs[from + 1]}`);
        return 0;
      }),
      points,
      measurements: 10,
      batch: 3,
      delay: 1,
      seed: 1,
    });
    const runs = seen.join(" ").match(/(1,2 )+|(3,4 ?)+/g) ?? [];
    for (const run of runs) {
      const length = run.trim().split(" ").length;
      assert.equal(length % (run.startsWith("1") ? 3 : 4), 0);
    }
  });

  it("checks before it runs", () => {
    const fine = { device: device(() => 0), points, measurements: 10, seed: 1 };
    assert.throws(() => timeInference({ ...fine, measurements: 0 }), {
      name: "RangeError",
      message: "measurements must be a whole number from 1 to 10000000, got 0",
    });
    assert.throws(() => timeInference({ ...fine, points: [[[1, 2]], []] }), {
      message: /^points\[1\] must be a list of at least 1 point/,
    });
    assert.throws(() => timeInference({ ...fine, device: {} as Device }), {
      message: /^device must be a device/,
    });
  });

  it("counts as lost what a turn takes beyond the usual, if it is long", () => {
    assert.deepEqual(elapsedOf([1, 1, 1, 1, 21]), { elapsed: 25, lost: 20 });
    assert.deepEqual(elapsedOf([1, 1, 1, 1, 9]), { elapsed: 13, lost: 0 }, "no more than ten times as long");
    const quick = [0.001, 0.001, 0.001, 0.4, 0.6];
    assert.equal(elapsedOf(quick).lost, 0.6 - 0.001, "a garbage collection is no pause");
  });
});

import assert from "node:assert/strict";
import { measurePath, pointAt, totalLength } from "../../../src/report/page/path-geometry.js";

describe("lengths along a path", () => {
  const near = (actual: number, expected: number): void =>
    assert.ok(Math.abs(actual - expected) < 0.01 * Math.abs(expected) + 1e-12, `${actual}, not ${expected}`);

  it("add up its straight pieces, in all their notations", () => {
    for (const d of ["M0,0L3,4L3,10", "M0 0 3 4V10", "M0,0L3,4,3,1e1", "M-1-1M0,0L3,4L3,10", "M0,0H3L3,8"]) {
      near(totalLength(measurePath(d)), 11);
    }
    near(totalLength(measurePath("M0,0H3V4Z")), 12);
    assert.equal(totalLength(measurePath("")), 0);
  });

  it("leave out what is jumped over", () => near(totalLength(measurePath("M0,0L1,0M5,0L6,0")), 2));

  it("follow curves", () => {
    // a quarter of a circle, as near as a cubic curve comes to it
    const quarter = measurePath("M1,0C1,0.5523,0.5523,1,0,1");
    near(totalLength(quarter), Math.PI / 2);
    const middle = pointAt(quarter, Math.PI / 4);
    near(middle.x, Math.SQRT1_2);
    near(middle.y, Math.SQRT1_2);
    near(totalLength(measurePath("M0,0Q1,0,2,0")), 2);
  });

  it("lead to points, and no further than the ends", () => {
    const path = measurePath("M0,0L3,4L3,10");
    assert.deepEqual(pointAt(path, 2.5), { x: 1.5, y: 2 });
    assert.deepEqual(pointAt(path, 8), { x: 3, y: 7 });
    assert.deepEqual(pointAt(path, -1), { x: 0, y: 0 });
    assert.deepEqual(pointAt(path, 99), { x: 3, y: 10 });
    assert.deepEqual(pointAt(measurePath(""), 1), { x: 0, y: 0 });
  });

  it("are not known of arcs and relative commands", () => {
    for (const d of ["M0,0A1,1,0,0,1,2,0", "m1,1l2,2"])
      assert.throws(() => measurePath(d), /a path with the command/);
  });
});

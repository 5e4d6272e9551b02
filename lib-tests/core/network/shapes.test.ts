import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import type { LayerPass } from "../../../src/core/network/layer.js";
import { requirePulls } from "../../../src/core/network/shapes.js";

describe("pulls on outputs", () => {
  const layers = [{ output: new Matrix(4, 3) }] as unknown as LayerPass[];
  const pulling = (rows: number, columns: number) => () =>
    requirePulls("pulls", { 0: new Matrix(rows, columns) }, layers);

  it("may be of the output's shape, or a row, a column or a single element that is repeated", () => {
    for (const [rows, columns] of [
      [4, 3],
      [1, 3],
      [4, 1],
      [1, 1],
    ]) {
      assert.equal(pulling(rows, columns)(), undefined);
    }
  });

  for (const [rows, columns] of [
    [2, 3],
    [4, 2],
  ]) {
    it(`of ${rows} x ${columns} are refused where the output is 4 x 3`, () => {
      assert.throws(pulling(rows, columns), {
        name: "RangeError",
        message: `pulls, 0, must give a matrix of 4 x 3, got ${rows} x ${columns}`,
      });
    });
  }
});

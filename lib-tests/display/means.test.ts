import assert from "node:assert/strict";
import { showMeans } from "../../src/display/markdown.js";
import { meanInterval } from "../../src/experiments/statistics.js";
import { meanText } from "../../src/experiments/verdict.js";
import { outputsOf } from "./fake-kernel.js";

describe("means over the seeds", () => {
  it("are shown with their interval from five values on, and as the values below", () => {
    const [{ data }] = outputsOf(() =>
      showMeans({
        many: meanInterval([1, 2, 3, 4, 5]),
        few: meanInterval([0.5, 0.25], [0, 1]),
        alike: meanInterval([2, 2, 2, 2, 2]),
        lost: meanInterval([1, 2, 3, 4, Number.NaN]),
      }),
    );
    const rows = String(data["text/markdown"]).split("\n").slice(2);
    assert.deepEqual(rows, [
      "| many | 3 [1.037, 4.963] | 1.581 | 5 |",
      "| few | 0.5000, 0.2500 | 0.1768 | 2 |",
      "| alike | 2 in all 5 | 0 | 5 |",
      "| lost | not a number | NaN | 5 |",
    ]);
  });

  it("that are not numbers are called so", () => {
    assert.equal(meanText(meanInterval([1, 2, 3, 4, Number.NaN])), "not a number");
    assert.equal(meanText(meanInterval([1, Number.NaN]), 2), "1.00, not a number");
  });
});

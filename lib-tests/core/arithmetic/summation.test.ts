import assert from "node:assert/strict";
import { SUMMATIONS, type Summation, sumTerms } from "../../../src/core/arithmetic/summation.js";

const sum = (summation: Summation, terms: number[], round: (x: number) => number = (x) => x): number =>
  sumTerms(summation, terms.length, (k) => terms[k], round);

describe("the order of a sum", () => {
  it("decides which last bits are lost", () => {
    // 2^53 + 1 is no double and rounds to 2^53
    const terms = [2 ** 53, 1, 1, 1];
    assert.equal(sum("sequential", terms), 2 ** 53);
    assert.equal(sum("reversed", terms), 2 ** 53 + 4); // 3 + 2^53 is a tie, and goes to even
    assert.equal(sum("pairwise", terms), 2 ** 53 + 2);
  });

  it("makes no difference where nothing is rounded, nor for two terms", () => {
    for (const summation of SUMMATIONS) {
      for (let count = 0; count < 20; count++) {
        const terms = Array.from({ length: count }, (_, k) => k + 1);
        assert.equal(sum(summation, terms), (count * (count + 1)) / 2);
      }
      assert.equal(sum(summation, [0.1, 0.2]), 0.1 + 0.2);
    }
  });

  it("is a tree of neighbours when pairwise, the odd one last", () => {
    const [a, b, c, d, e, f, g] = [0.1, 0.7, 1e16, 3, 0.3, -1e16, 1 / 3];
    assert.equal(sum("pairwise", [a, b, c, d, e, f, g]), a + b + (c + d) + (e + f + g));
  });

  it("rounds each addition", () => {
    const round = (x: number): number => Math.floor(x);
    assert.equal(sum("sequential", [0.6, 0.6, 1.6], round), 1);
    assert.equal(sum("reversed", [0.6, 0.6, 1.6], round), 1);
    assert.equal(sum("pairwise", [1.6, 1.6, 0.6], round), 2);
  });
});

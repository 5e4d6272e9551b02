import { makeMoons } from "../../src/core/moons.js";
import { randomStream } from "../../src/core/random.js";
import { assertAgree, reference } from "./reference.js";

describe("Two Moons against scikit-learn", () => {
  for (const { samples, points, labels } of reference.moons) {
    it(`${samples} points without noise`, () => {
      const ours = makeMoons({ samples, noise: 0, random: randomStream("unused", 1) });
      assertAgree(ours.points.to2DArray(), points, "points");
      assertAgree([ours.labels.to1DArray()], [labels], "labels");
    });
  }
});

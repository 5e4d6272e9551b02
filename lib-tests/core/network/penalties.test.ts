import assert from "node:assert/strict";
import { activityPenalty, balancePenalty, weightDecay } from "../../../src/core/network/penalties.js";

describe("penalties", () => {
  for (const [name, penalty] of Object.entries({ weightDecay, activityPenalty, balancePenalty })) {
    it(`${name} refuses a factor that is none`, () => {
      for (const factor of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
        assert.throws(() => penalty(factor), {
          name: "RangeError",
          message: `${name} must be a finite number >= 0, got ${factor}`,
        });
      }
      assert.throws(() => penalty("0.1" as never), {
        name: "TypeError",
        message: `${name} must be a finite number >= 0, got "0.1"`,
      });
      assert.doesNotThrow(() => penalty(0));
    });
  }
});

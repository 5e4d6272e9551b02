/** The largest errors that are known are what the docstrings say. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { searched } from "./searched.js";
import { worst } from "./worst.js";

const docstrings = ["elementary", "arctangent"]
  .map((file) => readFileSync(resolve(__dirname, `../../../src/core/${file}.ts`), "utf8"))
  .join("\n");

describe("the largest error known", () => {
  for (const { name, errorAt } of searched) {
    it(`of ${name} is the one that its docstring states`, () => {
      const { at, error } = worst[name];
      assert.equal(errorAt(...at).toFixed(3), error);
      const [, stated] =
        new RegExp(`\\(most found: ([\\d.]+)\\)(?:(?!\\*/)[^])*\\*/\\nexport function ${name}\\(`).exec(
          docstrings,
        ) ?? [];
      assert.equal(stated, error);
    });
  }
});

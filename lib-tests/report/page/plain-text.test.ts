import assert from "node:assert/strict";
import { plainText } from "../../../src/report/page/plain-text.js";

describe("plain text", () => {
  const cases: readonly [text: string, shown: string][] = [
    ["a\nb\n", "a\nb\n"],
    ["\u001b[31mred\u001b[0m", "red"],
    ["10%\r50%\r100%\ndone", "100%\ndone"],
    ["a\r\nb\r\r\n", "a\nb\n"],
    ["10%\r100%\r\r", "100%"],
    ["\r\r\na\r", "\na"],
  ];
  for (const [text, shown] of cases) {
    it(`of ${JSON.stringify(text)} is ${JSON.stringify(shown)}`, () => assert.equal(plainText(text), shown));
  }

  for (const piece of ["a", "\r", "a\r", "\n", " ", "\u001b", "\u001b[;"]) {
    it(`of a million times ${JSON.stringify(piece)} takes no minutes`, function () {
      this.timeout(10_000);
      plainText(piece.repeat(1_000_000));
    });
  }
});

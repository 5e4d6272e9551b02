import assert from "node:assert/strict";
import { shortened } from "../../src/report/shortened.js";

describe("a long text", () => {
  it("keeps its beginning and its end", () => {
    assert.equal(shortened("0123456789", 10), "0123456789");
    assert.equal(
      shortened("0123456789", 8),
      "0123\n[left out: everything between the first and the last 4 characters]\n6789",
    );
  });

  it("is not cut through a character", () => {
    const text = "a😀b😀c";
    for (const most of [2, 4, 6]) {
      // half a surrogate pair has no UTF-8
      const cut = shortened(text, most);
      assert.equal(Buffer.from(cut).toString(), cut);
    }
  });
});

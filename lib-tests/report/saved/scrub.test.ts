import assert from "node:assert/strict";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../../src/report/kernel-command.js";
import { placesHere, scrubber } from "../../../src/report/saved/scrub.js";

describe("scrubbing paths", () => {
  const scrub = scrubber([
    ["/folk/ada", "~"],
    ["/folk/ada/glass-house", "glass-house"],
    ["D:\\folk\\ada", "~"],
  ]);

  it("puts a name in place of each path, the longest first", () => {
    const cases: [from: string, to: string][] = [
      ["at /folk/ada/glass-house/src/x.ts:3:1", "at glass-house/src/x.ts:3:1"],
      ["file:///folk/ada/glass-house/x.js", "file://glass-house/x.js"],
      ["[ '/folk/ada' ]", "[ '~' ]"],
      ["in /folk/ada.", "in ~."],
      ["D:\\folk\\ada\\x.ts", "~\\x.ts"],
    ];
    for (const [from, to] of cases) assert.equal(scrub(from), to);
  });

  it("leaves alone what only looks like one", () => {
    for (const text of ["/folk/adam", "/folk/ada-2", "/mnt/folk/ada", "a/folk/ada", "/folk/ada.txt"]) {
      assert.equal(scrub(text), text);
    }
    assert.equal(scrubber([["/", "root"]])("1 / 2 and /etc"), "1 / 2 and /etc");
  });

  it("goes through lists and objects, and keeps all else", () => {
    const value = { text: ["/folk/ada/x", 1, null], "/folk/ada": { deep: "/folk/ada" } };
    assert.deepEqual(scrub(value), { text: ["~/x", 1, null], "/folk/ada": { deep: "~" } });
  });

  it("knows where this package and this Node.js lie", () => {
    const here = scrubber(placesHere());
    assert.equal(here(join(PACKAGE_ROOT, "notebooks")), join("glass-house", "notebooks"));
    assert.equal(here(process.execPath), "node");
  });
});

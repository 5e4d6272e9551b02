/** What a page has of other people's code comes with their licences. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { notices } from "../../src/build/notices.js";
import { PLOTLY_BUNDLE_PATH, workerBundlePath } from "../../src/display/bundles.js";
import { demonstrations } from "../../src/live/demonstrations.js";
import { asset } from "../../src/report/page/assets.js";

describe("the notices of a bundle", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "notices-")).replaceAll("\\", "/");
  });
  after(() => rmSync(folder, { recursive: true }));

  function write(path: string, text: string): string {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
    return `${folder}/${path}`;
  }

  it("are a licence per package, from its file or else from the head of its code", () => {
    const one = write("node_modules/@a/one/src/x.js", "/* Copyright X */ 1");
    write("node_modules/@a/one/LICENCE.md", "Copyright One\n");
    const inner = write("node_modules/@a/one/node_modules/two/y.js", "2");
    const head = write("node_modules/@a/one/node_modules/two/z.js", "/*\nCopyright Two\n*/ 3");
    const own = write("src/own.js", "4");
    const expected = "/*!\none: Copyright One\n*/\n/*!\ntwo: Copyright Two\n*/\n";
    assert.equal(notices([own, one, inner, head, one]), expected);
    assert.equal(notices([own]), "");
  });

  it("cannot be had of a package without a licence", () => {
    const path = write("node_modules/three/x.js", "/* three */ 3");
    assert.throws(() => notices([path]), /^Error: no licence in .*node_modules\/three$/);
  });

  it("are in each bundle and the mathematics' style", () => {
    const unpacked = (path: string): string => gunzipSync(readFileSync(path)).toString();
    for (const notebook of Object.keys(demonstrations)) {
      const code = unpacked(workerBundlePath(notebook));
      for (const author of ["Michaël Zasso", "David Bau", "Colin McDonnell"])
        assert.ok(code.includes(author));
    }
    assert.ok(unpacked(PLOTLY_BUNDLE_PATH).startsWith("/*!\nplotly.js-dist: MIT License"));
    assert.ok(asset("katex.css").includes("Khan Academy"));
  });
});

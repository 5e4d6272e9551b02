import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { clientBundle, panelBundle, plotlyBundle, workerBundle } from "../../src/display/bundles.js";
import { demonstrations } from "../../src/live/demonstrations.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import { asset } from "../../src/report/page/assets.js";

const COMPILES = /globalThis\.WebAssembly\b|\bnew WebAssembly\b|\bWebAssembly\.(compile|instantiate)/;

const unpacked = (gzip: string): string => gunzipSync(Buffer.from(gzip, "base64")).toString();

describe("the pages' scripts", () => {
  const onPage = { client: clientBundle(), panel: panelBundle(), report: asset("client.js") };
  const workers = Object.fromEntries(
    Object.keys(demonstrations).map((notebook) => [notebook, unpacked(workerBundle(notebook))]),
  );

  it("make no code of text, nor does anything in src/", () => {
    for (const [name, code] of Object.entries({ ...onPage, ...workers })) {
      assert.doesNotMatch(code, /\bFunction\b\s*\(|\beval\b\s*\(/, name);
    }
    const source = join(PACKAGE_ROOT, "src");
    for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      assert.doesNotMatch(readFileSync(join(source, file), "utf8"), /\bnew Function\b|(?<!-)\beval\b/, file);
    }
  });

  it("compile WebAssembly in workers alone: a page's own thread may be forbidden to", () => {
    for (const [name, code] of Object.entries(workers)) assert.match(code, COMPILES, name);
    for (const [name, code] of Object.entries({ ...onPage, plotly: unpacked(plotlyBundle()) })) {
      assert.doesNotMatch(code, COMPILES, name);
    }
  });
});

/**
 * The same bits on every engine at hand. program.ts is bundled as for a browser (which fails if the core
 * uses an API of Node), run in each engine, and compared with golden.json.
 *
 * Other Nodes are those that the environment variable GLASS_HOUSE_NODES names: paths of node programs,
 * separated as in PATH.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { Worker } from "node:worker_threads";
import { buildSync } from "esbuild";
import { type BrowserName, launchOrSkip } from "../support/browsers.js";
import { skipUnless } from "../support/skip.js";
import { goldenValues } from "./golden.js";

const otherNodes = (process.env.GLASS_HOUSE_NODES ?? "").split(delimiter).filter(Boolean);

describe("the core computes the same bits", () => {
  let script: string;

  before("bundle the program", () => {
    const bundle = buildSync({
      entryPoints: [join(__dirname, "program.js")],
      bundle: true,
      platform: "browser",
      format: "iife",
      globalName: "program",
      write: false,
    });
    script = bundle.outputFiles[0].text;
  });

  function runIn(node: string, flags: readonly string[] = []): unknown {
    const input = `${script}\nconsole.log(JSON.stringify(program.results()));`;
    return JSON.parse(execFileSync(node, [...flags, "-"], { input, encoding: "utf8", stdio: "pipe" }));
  }

  it(`on this Node, ${process.version}`, () => {
    assert.deepEqual(runIn(process.execPath), goldenValues());
  });

  it("on this Node without a compiler to machine code", () => {
    assert.deepEqual(runIn(process.execPath, ["--jitless"]), goldenValues());
  });

  it("on this Node in a worker", async () => {
    const reply = `require("node:worker_threads").parentPort.postMessage(program.results());`;
    const worker = new Worker(`${script}\n${reply}`, { eval: true });
    const computed = await new Promise((resolve, reject) =>
      worker.once("message", resolve).once("error", reject),
    );
    assert.deepEqual(computed, goldenValues());
  });

  if (otherNodes.length === 0) {
    it("on other Nodes", function () {
      skipUnless(this, false, "GLASS_HOUSE_NODES names none");
    });
  }
  for (const node of otherNodes) {
    it(`on ${node}`, () => {
      assert.deepEqual(runIn(node), goldenValues());
    });
  }

  for (const name of ["chromium", "firefox"] satisfies BrowserName[]) {
    it(`in ${name}`, async function () {
      const browser = await launchOrSkip(this, name);
      try {
        const page = await browser.newPage();
        assert.deepEqual(await page.evaluate(`${script}\nprogram.results()`), goldenValues());
      } finally {
        await browser.close();
      }
    });
  }
});

/**
 * The same bits on every engine at hand. program.ts and trainings.ts are bundled as for a browser (which fails if the
 * core uses an API of Node), run in each engine, and compared with golden.json and with the first build.
 *
 * Other Nodes are those that the environment variable GLASS_HOUSE_NODES names: paths of node programs,
 * separated as in PATH.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { delimiter } from "node:path";
import { Worker as NodeWorker } from "node:worker_threads";
import { buildSync } from "esbuild";
import type { Page } from "puppeteer-core";
import { movedIn, type Path } from "../core/network/covering.js";
import { entries, type Fingerprint } from "../core/network/fingerprint.js";
import { firstBuild } from "../core/network/first-build.js";
import { type BrowserName, launchOrSkip } from "../support/browsers.js";
import { skipUnless } from "../support/skip.js";
import { goldenValues } from "./golden.js";

const otherNodes = (process.env.GLASS_HOUSE_NODES ?? "").split(delimiter).filter(Boolean);

/** What is asked of an engine: whether it writes WebAssembly, and what it computes. */
const ANSWER = "({ isSupported: program.isSupported(), results: program.results() })";
const fast = () => ({ isSupported: true, results: goldenValues() });
const plain = () => ({ isSupported: false, results: goldenValues() });

/** What keeps an engine from WebAssembly, as text that is run before all else. */
const refusals: Record<string, string> = {
  "without WebAssembly": "delete globalThis.WebAssembly;",
  "without vectors": `WebAssembly.validate = () => false;
    WebAssembly.Module = WebAssembly.Instance = function () { throw new Error("not valid, and tried all the same"); };`,
  "where WebAssembly is forbidden":
    'WebAssembly.Module = function () { throw new WebAssembly.CompileError("forbidden"); };',
};

describe("the core computes the same bits", () => {
  let script: string;

  before("bundle the program", () => {
    const contents = `export { isSupported } from "../../src/core/compile/module.js";
      export { results } from "./program.js";
      export { trainings } from "./trainings.js";`;
    const bundle = buildSync({
      stdin: { contents, resolveDir: __dirname },
      bundle: true,
      platform: "browser",
      format: "iife",
      globalName: "program",
      write: false,
    });
    script = bundle.outputFiles[0].text;
  });

  function runIn(node: string, flags: readonly string[] = [], before = ""): unknown {
    const input = `${before}\n${script}\nconsole.log(JSON.stringify(${ANSWER}));`;
    return JSON.parse(execFileSync(node, [...flags, "-"], { input, encoding: "utf8", stdio: "pipe" }));
  }

  it(`on this Node, ${process.version}`, () => {
    assert.deepEqual(runIn(process.execPath), fast());
  });

  it("on this Node without a compiler to machine code", () => {
    assert.deepEqual(runIn(process.execPath, ["--jitless"]), plain());
  });

  for (const [name, refusal] of Object.entries(refusals)) {
    it(`on this Node ${name}`, () => {
      assert.deepEqual(runIn(process.execPath, [], refusal), plain());
    });
  }

  it("on this Node in a worker", async () => {
    const reply = `require("node:worker_threads").parentPort.postMessage(${ANSWER});`;
    const worker = new NodeWorker(`${script}\n${reply}`, { eval: true });
    const computed = await new Promise((resolve, reject) =>
      worker.once("message", resolve).once("error", reject),
    );
    assert.deepEqual(computed, fast());
  });

  if (otherNodes.length === 0) {
    it("on other Nodes", function () {
      skipUnless(this, false, "GLASS_HOUSE_NODES names none");
    });
  }
  for (const node of otherNodes) {
    it(`on ${node}`, () => {
      assert.deepEqual(runIn(node), fast());
    });
  }

  /** What an expression comes to in a worker of a page, where all trainings of our pages run. */
  function inWorker(page: Page, expression: string): Promise<unknown> {
    const code = `${script}\npostMessage(${expression});`;
    return page.evaluate((text) => {
      const worker = new Worker(URL.createObjectURL(new Blob([text])));
      return new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      });
    }, code);
  }

  for (const name of ["chromium", "firefox"] satisfies BrowserName[]) {
    it(`in ${name}, and every training gives the bits of the first build there`, async function () {
      const browser = await launchOrSkip(this, name);
      try {
        const page = await browser.newPage();
        assert.deepEqual(await inWorker(page, ANSWER), fast());
        const trained = (await inWorker(page, "program.trainings()")) as Record<
          string,
          Record<Path, Fingerprint>
        >;
        const kept = firstBuild();
        for (const { title, settings } of entries()) {
          const { machine, eager } = trained[title];
          const moved = movedIn(settings);
          assert.deepEqual(machine, eager, title);
          if (!moved.bits) assert.equal(machine.bits, kept[title].bits, title);
          if (!moved.counters) assert.equal(machine.counters, kept[title].counters, title);
        }
      } finally {
        await browser.close();
      }
    });
  }
});

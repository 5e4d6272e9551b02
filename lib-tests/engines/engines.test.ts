/** The same bits on this Node, in all its ways; on other engines in elsewhere.test.ts and browser.test.ts. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { Worker } from "node:worker_threads";
import { ANSWER, answer, bundle } from "./bundle.js";

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
    script = bundle();
  });

  function run(flags: readonly string[], before = ""): unknown {
    const input = `${before}\n${script}\nconsole.log(JSON.stringify(${ANSWER}));`;
    return JSON.parse(
      execFileSync(process.execPath, [...flags, "-"], { input, encoding: "utf8", stdio: "pipe" }),
    );
  }

  it(`on this Node, ${process.version}`, () => {
    assert.deepEqual(run([]), answer(true));
  });

  it("on this Node without a compiler to machine code", () => {
    assert.deepEqual(run(["--jitless"]), answer(false));
  });

  for (const [name, refusal] of Object.entries(refusals)) {
    it(`on this Node ${name}`, () => {
      assert.deepEqual(run([], refusal), answer(false));
    });
  }

  it("on this Node in a worker", async () => {
    const reply = `require("node:worker_threads").parentPort.postMessage(${ANSWER});`;
    const worker = new Worker(`${script}\n${reply}`, { eval: true });
    const computed = await new Promise((resolve, reject) =>
      worker.once("message", resolve).once("error", reject),
    );
    assert.deepEqual(computed, answer(true));
  });
});

/**
 * The same bits on every Node at hand. Others than this one are those that the environment variable GLASS_HOUSE_NODES
 * names: paths of node programs, separated as in PATH.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { delimiter } from "node:path";
import { Worker } from "node:worker_threads";
import { skipUnless } from "../support/skip.js";
import { ANSWER, answer, bundle } from "./bundle.js";

const otherNodes = (process.env.GLASS_HOUSE_NODES ?? "").split(delimiter).filter(Boolean);

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

  function runIn(node: string, flags: readonly string[] = [], before = ""): unknown {
    const input = `${before}\n${script}\nconsole.log(JSON.stringify(${ANSWER}));`;
    return JSON.parse(execFileSync(node, [...flags, "-"], { input, encoding: "utf8", stdio: "pipe" }));
  }

  it(`on this Node, ${process.version}`, () => {
    assert.deepEqual(runIn(process.execPath), answer(true));
  });

  it("on this Node without a compiler to machine code", () => {
    assert.deepEqual(runIn(process.execPath, ["--jitless"]), answer(false));
  });

  for (const [name, refusal] of Object.entries(refusals)) {
    it(`on this Node ${name}`, () => {
      assert.deepEqual(runIn(process.execPath, [], refusal), answer(false));
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

  if (otherNodes.length === 0) {
    it("on other Nodes", function () {
      skipUnless(this, false, "GLASS_HOUSE_NODES names none");
    });
  }
  for (const node of otherNodes) {
    it(`on ${node}`, () => {
      assert.deepEqual(runIn(node), answer(true));
    });
  }
});

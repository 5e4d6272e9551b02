/**
 * What a reader is shown is what trains: a sign turned in a layer's file changes every training, in Node and bundled for a
 * page, and is found by the gradient check.
 */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { buildSync } from "esbuild";
import { PACKAGE_ROOT } from "../../../src/report/kernel-command.js";

/** Trains in either way, and looks for a derivative that is wrong. */
const PROGRAM = `
const { moonsSplit } = require("./core/moons.js");
const { createNetwork } = require("./core/network/initialisation.js");
const { gradientCheck } = require("./core/network/gradient-check.js");
const { toParameters } = require("./core/network/network.js");
const { train } = require("./core/network/train.js");
const data = moonsSplit({ trainPoints: 20, testPoints: 2, noise: 0.15, seed: 1 });
const network = createNetwork({ hiddenLayers: [4], activation: "tanh", normalization: "layer", seed: 1 });
const options = { network, ...data, learningRate: 0.1, batchSize: 5, epochs: 3, seed: 1 };
globalThis.result = JSON.stringify({
  trained: ["machine", "eager"].map((path) => [...toParameters(train({ ...options, path }).network)].join()),
  wrong: gradientCheck({ network, data: data.train }).filter(({ relativeError }) => relativeError > 1e-4).length,
});`;

interface Result {
  trained: [machine: string, eager: string];
  wrong: number;
}

/** A line of a file, and the same with a sign turned. */
const turns: Record<string, [file: string, line: string, turned: string]> = {
  "dL/dz of the loss": ["loss.js", "subtract(probabilities, labels)", "subtract(labels, probabilities)"],
  "dL/dA of a dense layer": [
    "dense.js",
    "backward: ({ product, transpose }, { parameters: { weights } }, _, delta) => product(delta,",
    "backward: ({ product, transpose, negate }, { parameters: { weights } }, _, delta) => product(negate(delta),",
  ],
  "dL/db of a dense layer": [
    "dense.js",
    "gradient: ({ product, transpose, sumRows }, _, { input }, delta) => ({\n        weights: product(transpose(input), delta),\n        biases: sumRows(delta)",
    "gradient: ({ product, transpose, sumRows, negate }, _, { input }, delta) => ({\n        weights: product(transpose(input), delta),\n        biases: sumRows(negate(delta))",
  ],
  "the slope of tanh": ["activations.js", "subtract(1, multiply(a, a))", "subtract(multiply(a, a), 1)"],
  "the mean's share in layer normalization": [
    "normalization.js",
    "const rest = subtract(d, throughMean)",
    "const rest = arithmetic.add(d, throughMean)",
  ],
};

describe("one text", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
    cpSync(join(PACKAGE_ROOT, "dist/src/core"), join(folder, "core"), { recursive: true });
    writeFileSync(join(folder, "program.js"), PROGRAM);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What the program comes to when the copy is bundled as for a page, where there is neither Node nor a document. */
  const run = (): Result => {
    const { outputFiles } = buildSync({
      entryPoints: [join(folder, "program.js")],
      bundle: true,
      write: false,
      platform: "browser",
      nodePaths: [join(PACKAGE_ROOT, "node_modules")],
      logLevel: "error",
    });
    const context: { result?: string; WebAssembly: typeof WebAssembly } = { WebAssembly };
    runInNewContext(outputFiles[0].text, context);
    return JSON.parse(context.result ?? "");
  };

  it("trains to the same bits in either way, and passes the check", () => {
    const { trained, wrong } = run();
    assert.equal(trained[0], trained[1]);
    assert.equal(wrong, 0);
  });

  for (const [name, [file, line, turned]] of Object.entries(turns)) {
    it(`trains to something else where ${name} has the wrong sign, and fails it`, () => {
      const right = run();
      const path = join(folder, "core/network", file);
      const text = readFileSync(path, "utf8");
      assert(text.includes(line), `${file} does not hold ${line}`);
      try {
        writeFileSync(path, text.replace(line, turned));
        const { trained, wrong } = run();
        assert.notEqual(trained[0], right.trained[0]);
        assert.equal(trained[0], trained[1]);
        assert(wrong > 0, "the check finds nothing");
      } finally {
        writeFileSync(path, text);
      }
    });
  }
});

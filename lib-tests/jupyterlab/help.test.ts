/** What JupyterLab tells of the core while one types: names by Tab, signature and documentation by Shift+Tab. */
import assert from "node:assert/strict";
import { writeNotebook } from "../report/toys.js";
import { Lab, type LabNotebook } from "./lab.js";

const IMPORTS = `import { blocksOf, createNetwork, layerSizes, trainTask } from "glass-house";
const network = createNetwork({ hiddenLayers: [10], initialisation: "he", seed: 1 });`;

describe("typing in JupyterLab", () => {
  const jupyter = new Lab();
  let lab: LabNotebook;
  before(async () => {
    writeNotebook(jupyter.server.notebooks, "help", IMPORTS, "");
    lab = await jupyter.open("help");
    await lab.runAll();
  });
  afterEach(() => assert.deepEqual(lab.problems, []));

  for (const [typed, names] of [
    ["trainT", ["trainTask"]],
    ["network.", ["layers"]],
    [
      "network.layers[0].",
      ["backward", "curvature", "forward", "gradient", "kind", "nextState", "parameters", "state"],
    ],
    ["blocksOf(network)[0].dense.parameters.", ["biases", "weights"]],
    ["network.layers[0].parameters.weights.mmulS", ["mmulStrassen"]],
  ] as const) {
    it(`completes ${typed} by Tab`, async () => {
      await lab.type(1, typed);
      assert.deepEqual(await lab.completions(), names);
      await lab.page.keyboard.press("Enter");
      assert.equal(await lab.source(1), typed.replace(/\w*$/, names[0]));
    });
  }

  it("completes the options of a call", async () => {
    await lab.type(1, "createNetwork({ hiddenLayers: [3], initialS");
    assert.deepEqual(await lab.completions(), ["initialScale"]);
    await lab.page.keyboard.press("Escape");
  });

  for (const [name, ...parts] of [
    [
      "trainTask",
      /function trainTask\(parameters: TaskParameters, .*\): Training$/m,
      /^Trains on a drawn task/m,
    ],
    [
      "layerSizes",
      /function layerSizes\(network: Network\): number\[\]$/m,
      /^The number of inputs, then the number of neurons in each dense layer/m,
    ],
    ["network", /const network: Network$/m],
  ] as const) {
    it(`tells by Shift+Tab what ${name} is`, async () => {
      await lab.type(1, name);
      const told = await lab.documentation();
      for (const part of parts) assert.match(told, part);
      await lab.page.keyboard.press("Escape");
    });
  }
});

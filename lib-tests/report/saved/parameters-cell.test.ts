import assert from "node:assert/strict";
import * as z from "zod/mini";
import { documented } from "../../../src/core/validate.js";
import type { Field } from "../../../src/live/fields.js";
import {
  parametersCell,
  rewriting,
  withDefaultParameters,
} from "../../../src/report/saved/parameters-cell.js";
import { code, notebook } from "../toys.js";

const field = (name: string, help: string, allowed: string, unit?: string): Field => ({
  name,
  help,
  allowed,
  ...(unit !== undefined && { unit }),
  kind: "text",
  isRequired: true,
});

describe("the text of a parameters cell", () => {
  const lineOf = (
    value: unknown,
    ...words: [help: string, allowed: string, unit?: string]
  ): string | undefined => parametersCell("toy", [field("x", ...words)], { x: value }).split("\n")[1];

  it("has a line for each default, in their order, with the words of its field", () => {
    const fields = [
      field("noise", "Standard deviation of the noise", "a finite number from 0 to 2", "moon radii"),
      field("layers", "Neurons in each hidden layer", "a list, each a whole number"),
      field("unused", "Not among the defaults", "a number"),
    ];
    assert.equal(
      parametersCell("toy", fields, { layers: [10, [5, 2]], unset: undefined, noise: 0.15, plain: true }),
      [
        "const parameters = toy.parameters({",
        "  layers: [10, [5, 2]], // neurons in each hidden layer: a list, each a whole number",
        "  noise: 0.15, // standard deviation of the noise, in moon radii: a finite number from 0 to 2",
        "  plain: true,",
        "});",
      ].join("\n"),
    );
  });

  for (const [value, text] of [
    [[], "[]"],
    [["a", "b"], '["a", "b"]'],
    ["full", '"full"'],
    [1e-14, "1e-14"],
    [null, "null"],
  ] as const) {
    it(`writes ${text} as the notebooks do`, () => {
      assert.equal(lineOf(value, "Help", "any"), `  x: ${text}, // help: any`);
    });
  }

  for (const [help, text] of [
    ["Factor on the gradient", "factor on the gradient"],
    ["A share", "a share"],
    ["ReLU or tanh", "ReLU or tanh"],
    ["L2 penalty", "L2 penalty"],
    ["SGD’s step", "SGD’s step"],
    ["K nearest points", "K nearest points"],
    ["ε in the logarithm", "ε in the logarithm"],
  ] as const) {
    it(`goes on with "${text}"`, () => assert.equal(lineOf(1, help, "any"), `  x: 1, // ${text}: any`));
  }

  it("leaves words out where a line would be longer than 120 characters: first the allowed values", () => {
    const line = (help: number, unit: number, allowed: number): string | undefined =>
      lineOf(1, "h".repeat(help), "a".repeat(allowed), "u".repeat(unit));
    const full = line(50, 20, 32);
    assert.equal(full?.length, 120);
    assert.match(full ?? "", /: a+$/);
    assert.match(line(50, 20, 33) ?? "", /, in u+$/);
    assert.match(line(105, 20, 1) ?? "", /\/\/ h+$/);
    assert.equal(lineOf(1, `What it is: ${"h".repeat(110)}`, "any"), "  x: 1, // what it is");
    assert.equal(line(200, 1, 1), "  x: 1,");
  });
});

describe("a notebook’s parameters cell", () => {
  const schema = z.object({
    seed: documented(z.int().check(z.gte(0)), "Decides the data"),
    noise: documented(z.number(), "Of each coordinate", "moon radii"),
  });
  const experiment = { schema, defaults: { seed: 1, noise: 0.15 } };
  const written = [
    "const parameters = toy.parameters({",
    "  seed: 1, // decides the data: a whole number >= 0",
    "  noise: 0.15, // of each coordinate, in moon radii: a finite number",
    "});",
  ].join("\n");
  const rewritten = (source: string): string[] => {
    const before = notebook("first()", code(source, "parameters"), source);
    const after = withDefaultParameters(before, experiment);
    assert.deepEqual([after.cells[0], after.cells[2]], [before.cells[0], before.cells[2]]);
    return [after.cells[1]?.source ?? "", ...rewriting(before, after)];
  };
  const difference = "the parameters cell differs from what its experiment writes: ";

  it("is written anew from the defaults, and it is told which values go", () => {
    for (const [source, changes] of [
      [
        "const parameters = toy.parameters({ seed: 1, noise: 0.3, extra: [1, 2], odd: f() });",
        "noise is 0.3 but should be 0.15; extra is [1, 2] but should be absent; odd is not a literal but should be absent",
      ],
      ["const parameters = toy.parameters({ noise: 0.15 });", "seed is absent but should be 1"],
      [
        "const parameters = toy.parameters();",
        "seed is absent but should be 1; noise is absent but should be 0.15",
      ],
      [written.replace("decides", "changes"), "its text differs"],
    ] as const) {
      assert.deepEqual(rewritten(source), [written, `${difference}${changes}`]);
    }
  });

  it("keeps what else it holds, and what it calls the experiment", () => {
    const around = (call: string): string => `import { moons } from "x";\n\n${call} // these`;
    assert.equal(
      rewritten(around("const parameters = moons.parameters({});"))[0],
      around(written.replace("toy", "moons")),
    );
  });

  it("stays the very same where it is so already, or is of another form", () => {
    for (const source of [
      written,
      "const seed = 2;",
      "const parameters = toyParameters({ seed: 2 });",
      "const parameters = toy.check({ seed: 2 });",
      "const other = toy.parameters({ seed: 2 });",
      "const parameters = toy.parameters({ seed: 2 }), n = 1;",
    ]) {
      const before = notebook(code(source, "parameters"));
      assert.equal(withDefaultParameters(before, experiment), before, source);
      assert.deepEqual(rewriting(before, before), []);
    }
    const without = notebook("const parameters = toy.parameters({ seed: 2 });");
    assert.equal(withDefaultParameters(without, experiment), without);
  });
});

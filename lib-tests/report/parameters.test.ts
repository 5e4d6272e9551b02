import assert from "node:assert/strict";
import type { Notebook } from "../../src/report/notebook.js";
import {
  checkNames,
  checkTypes,
  injectedValues,
  injectParameters,
  overridesOf,
  type Parameter,
  parameterValues,
  parseAssignments,
  readParameters,
} from "../../src/report/parameters.js";
import { code, notebook } from "./toys.js";

const withParameters = (source: string): Notebook =>
  notebook("before()", code(source, "parameters"), "after()");

const declared = (source: string): Parameter[] => readParameters(withParameters(source));
const readAs = (source: string) =>
  declared(source).map(({ name, value, comment }) => ({ name, value, comment }));

describe("the parameters cell", () => {
  it("is read in its order, with values and comments", () => {
    const source = [
      "// what may be changed",
      "const epochs = 1000; // passes over the data, 1 to 100000",
      "",
      "const learningRate = -1e-14; // > 0",
      'const text = "a; b // \\"c\\""; // any',
      "const layers = [10, [5]];",
      "const flag = true // no semicolon",
      "const nothing = null;\r",
    ].join("\n");
    assert.deepEqual(readAs(source), [
      { name: "epochs", value: 1000, comment: "passes over the data, 1 to 100000" },
      { name: "learningRate", value: -1e-14, comment: "> 0" },
      { name: "text", value: 'a; b // "c"', comment: "any" },
      { name: "layers", value: [10, [5]], comment: "" },
      { name: "flag", value: true, comment: "no semicolon" },
      { name: "nothing", value: null, comment: "" },
    ]);
  });

  it("may be missing", () => {
    assert.deepEqual(readParameters(notebook("const a = 1;")), []);
  });

  it("is ordinary TypeScript: types, any keyword and quotes, several a line, values over several lines", () => {
    const source = [
      "/* what may be changed */",
      "const rate: number = 0.1, tries: 5 | 10 = 5; // both",
      "let mode = 'it\\'s' /* how */;",
      "var layers = [",
      "  10, // the first",
      "  0x10,",
      "] as number[]; // widths",
      "export const size = (1_000);",
      "const text = `plain`;",
    ].join("\n");
    assert.deepEqual(readAs(source), [
      { name: "rate", value: 0.1, comment: "" },
      { name: "tries", value: 5, comment: "both" },
      { name: "mode", value: "it's", comment: "how" },
      { name: "layers", value: [10, 16], comment: "widths" },
      { name: "size", value: 1000, comment: "" },
      { name: "text", value: "plain", comment: "" },
    ]);
  });

  it("hides no declaration behind what ends a comment for the kernel", () => {
    assert.deepEqual(readAs("// a note\u2028const seed = 5;"), [{ name: "seed", value: 5, comment: "" }]);
  });

  it("may hold what is no literal: its value is unknown", () => {
    for (const value of ["1 / 3", "{ b: 1 }", "1e999", "f(2)", "[1, f()]", "[1, , 2]", "10n", "x"]) {
      assert.deepEqual(readAs(`const a = ${value};`), [{ name: "a", value: undefined, comment: "" }]);
    }
    assert.deepEqual(readAs("train(); let a; const [b] = [1]; function f() {}"), [
      { name: "a", value: undefined, comment: "" },
    ]);
  });

  it("may change what it has declared: that value is unknown, too", () => {
    const values = (source: string) => declared(source).map(({ value }) => value);
    assert.deepEqual(values("let a = 1;\na = 2;"), [undefined]);
    assert.deepEqual(values("const a = [1];\na.push(2);"), [undefined]);
    assert.deepEqual(values("const a = 1;\nconst b = a + 1;"), [1, undefined]);
    assert.deepEqual(values("let a = 1;\nconst b = { a: 2 }.a;"), [1, undefined]);
  });

  it("that is nested beyond reason holds no parameter", () => {
    assert.deepEqual(readAs(`const a = ${"[".repeat(100_000)}`), []);
  });
});

describe("--set", () => {
  it("takes JSON, and everything else as a string", () => {
    assert.deepEqual(
      parseAssignments(["a=1e-3", "b=adam", 'c="5"', "d=[1,2]", "e=true", "f=null", "g=", "h=x=y"]),
      {
        a: 1e-3,
        b: "adam",
        c: "5",
        d: [1, 2],
        e: true,
        f: null,
        g: "",
        h: "x=y",
      },
    );
  });

  for (const [assignment, message] of [
    ["epochs", '--set must be name=value, got "epochs"'],
    ["=5", '--set must be name=value, got "=5"'],
    ["a=1e999", "--set a must be a finite number, a string, true, false, null or a list of these, got 1e999"],
    [
      "a=[-1e999]",
      "--set a must be a finite number, a string, true, false, null or a list of these, got [-1e999]",
    ],
    [
      'a={"b":1}',
      '--set a must be a finite number, a string, true, false, null or a list of these, got {"b":1}',
    ],
  ] as const) {
    it(`refuses ${assignment}`, () => {
      assert.throws(() => parseAssignments([assignment]), { name: "UsageError", message });
    });
  }

  it("refuses a name given twice", () => {
    assert.throws(() => parseAssignments(["a=1", "a=2"]), {
      name: "UsageError",
      message: "--set gives a twice",
    });
  });

  it("goes to every notebook that has the name", () => {
    const [epochs, noise] = declared("const epochs = 10, noise = 0.1;");
    const overrides = { epochs: 20, noise: 0 };
    checkNames(
      [
        { name: "x", parameters: [epochs] },
        { name: "y", parameters: [noise] },
      ],
      overrides,
    );
    assert.deepEqual(overridesOf([epochs], overrides), { epochs: 20 });
    assert.deepEqual(overridesOf([noise, epochs], overrides), { epochs: 20, noise: 0 });
    assert.deepEqual(parameterValues([noise, epochs], { epochs: 20 }), { noise: 0.1, epochs: 20 });
  });

  it("refuses a name that no notebook has, and lists what exists", () => {
    const notebooks = [
      { name: "01-x", parameters: declared("const epochs = 10; // passes, 1 to 100\nconst rate = 1 / 3;") },
      { name: "02-y", parameters: [] },
    ];
    assert.throws(() => checkNames(notebooks, { epoch: 5 }), {
      name: "UsageError",
      message:
        "no chosen notebook has a parameter named epoch\n" +
        "01-x has:\n  epochs = 10 // passes, 1 to 100\n02-y has no parameters",
    });
  });

  for (const [source, message] of [
    [
      "const rate = 1 / 3;",
      "--set can replace literals only (a finite number, a string, true, false, null or a list of these), " +
        "and the parameters cell gives rate none",
    ],
    [
      "const rate = 0.1;\nconst doubled = 2 * rate;",
      "--set rate would come too late for the parameters cell, which uses rate itself; " +
        "move what uses it to a cell below",
    ],
  ] as const) {
    it(`refuses to replace what it cannot: ${source.replaceAll("\n", " ")}`, () => {
      const notebooks = [{ name: "toy", parameters: declared(`${source}\nconst seed = 1;`) }];
      assert.throws(() => checkNames(notebooks, { rate: 5 }), {
        name: "UsageError",
        message: `toy: ${message}\ntoy has:\n  seed = 1`,
      });
      checkNames(notebooks, { seed: 5 });
    });
  }

  it("refuses a name that every object has", () => {
    const overrides = parseAssignments(["__proto__=5"]);
    const notebooks = [{ name: "toy", parameters: declared("const seed = 1;") }];
    assert.throws(
      () => checkNames(notebooks, overrides),
      /no chosen notebook has a parameter named __proto__/,
    );
  });

  const defaults = declared('const rate = 0.1, mode = "full", flag = true, layers = [10], limit = null;');
  for (const [overrides, message] of [
    [{ rate: "fast" }, 'rate must be a number, got "fast"'],
    [{ rate: null }, "rate must be a number, got null"],
    [{ mode: 5 }, "mode must be a string, got 5"],
    [{ flag: 1 }, "flag must be a boolean, got 1"],
    [{ layers: 10 }, "layers must be a list, each a number, got 10"],
    [{ layers: [10, "x"] }, 'layers must be a list, each a number, got [10,"x"]'],
  ] as const) {
    it(`refuses ${JSON.stringify(overrides)} where the default is of another type`, () => {
      assert.throws(() => checkTypes(defaults, overrides as never), { name: "TypeError", message });
    });
  }

  it("takes values of the defaults' types, and anything for null", () => {
    checkTypes(defaults, { rate: 5, mode: "x", flag: false, layers: [], limit: 3 });
  });
});

describe("the injected cell", () => {
  const parameters = declared('const a = 1; // first\nconst b = "x";');

  it("comes right after the parameters cell and keeps the comments", () => {
    const before = withParameters('const a = 1; // first\nconst b = "x";');
    const after = injectParameters(before, parameters, { b: 'y"', a: 2 });
    assert.deepEqual(
      after.cells.map(({ metadata }) => metadata.tags),
      [[], ["parameters"], ["injected-parameters"], []],
    );
    assert.equal(
      after.cells[2].source,
      '// Set for this run, in place of the values above.\nconst a = 2; // first\nconst b = "y\\"";',
    );
    assert.deepEqual(after.metadata.papermill, {
      default_parameters: {},
      environment_variables: {},
      parameters: { b: 'y"', a: 2 },
    });
    assert.equal(before.cells.length, 3);
  });

  it("declares a variable as the parameters cell does, but for the value", () => {
    const source = "let a: 1 | 2 = 1 /* first */, b = [1] as const;\nexport var c = ('x');";
    const { cells } = injectParameters(withParameters(source), declared(source), { a: 2, b: [2], c: "y" });
    assert.deepEqual(cells[2]?.source.split("\n").slice(1), [
      "let a: 1 | 2 = 2; // first",
      "let b = [2] as const;",
      'var c = ("y");',
    ]);
  });

  it("takes the place of an earlier one", () => {
    const once = injectParameters(withParameters("const a = 1;"), parameters, { a: 2 });
    const twice = injectParameters(once, parameters, { a: 3 });
    assert.deepEqual(
      twice.cells.map(({ source }) => source.split("\n").at(-1)),
      ["before()", "const a = 1;", "const a = 3; // first", "after()"],
    );
  });

  it("tells its values to the next who reads it", () => {
    const once = injectParameters(withParameters("const a = 1;"), parameters, { a: 2, b: "y;//z" });
    assert.deepEqual(injectedValues(once), { a: 2, b: "y;//z" });
    assert.deepEqual(injectedValues(withParameters("const a = 1;")), {});
    const theirs = notebook(code("# Parameters\nconst a = 3;\nlet c = f();", "injected-parameters"));
    assert.deepEqual(injectedValues(theirs), { a: 3 });
  });

  it("is left out where nothing is replaced", () => {
    const before = withParameters("const a = 1;");
    assert.equal(injectParameters(before, parameters, {}), before);
  });
});

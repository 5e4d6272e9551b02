import assert from "node:assert/strict";
import type { Notebook } from "../../src/report/notebook.js";
import {
  changesIn,
  checkNames,
  checkTypes,
  injectedValues,
  injectParameters,
  type Overrides,
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

describe("the parameters cell that has its values checked by a call", () => {
  const known = (source: string): unknown[][] =>
    readAs(source).flatMap(({ name, value, comment }) =>
      value === undefined ? [] : [[name, value, comment]],
    );

  it("is read property by property, with values and comments", () => {
    const source = [
      "// what may be changed",
      "const parameters = toy.parameters({",
      "  seed: 1, // decides the data: a whole number >= 0",
      "  // a line of its own",
      "  noise: -0.15,",
      "  hiddenLayers: [",
      "    10, // the first",
      "    5,",
      "  ], \"mode\": 'full', /* how */",
      "  flag: (true) as boolean,",
      "  limit: null // no comma",
      "});",
    ].join("\n");
    assert.deepEqual(known(source), [
      ["seed", 1, "decides the data: a whole number >= 0"],
      ["noise", -0.15, ""],
      ["hiddenLayers", [10, 5], ""],
      ["mode", "full", "how"],
      ["flag", true, ""],
      ["limit", null, "no comma"],
    ]);
  });

  it("may declare variables beside them, which go before properties of the same name", () => {
    const source =
      "const seed = 3; // own\nconst parameters = (f<T>({ noise: 1, seed: 4 } as const)) satisfies U;\nlet n = 2;";
    assert.deepEqual(known(source), [
      ["seed", 3, "own"],
      ["noise", 1, ""],
      ["n", 2, ""],
    ]);
  });

  it("may be given what is no literal: its value is unknown", () => {
    for (const property of [
      "a",
      "a: { b: 1 }",
      "a: 1 / 3",
      "a: f()",
      '["a"]: 1',
      "a() {}",
      "get a() { return 1; }",
    ]) {
      assert.deepEqual(known(`const p = f({ ${property}, n: 2 });`), [["n", 2, ""]], property);
      const notebooks = [{ name: "toy", parameters: declared(`const p = f({ ${property}, n: 2 });`) }];
      assert.throws(() => checkNames(notebooks, { a: 5 }), {
        message:
          "toy: --set can only replace literals (a finite number, a string, true, false, null or a list of these), " +
          "but the parameters cell computes a\ntoy has:\n  n = 2",
      });
    }
  });

  it("knows no value behind which another of any name may come", () => {
    for (const open of ["...others", "[key]: 3"]) {
      assert.deepEqual(known(`const p = f({ a: 1, ${open}, n: 2 });`), [["n", 2, ""]], open);
    }
  });

  it("is no other call, and no other object", () => {
    for (const source of [
      "f({ a: 1 });",
      "const { a } = f({ a: 1 });",
      "const p = f({ a: 1 }, 2);",
      "const p = await f({ a: 1 });",
      "const p = { a: 1 };",
      "const p = new F({ a: 1 });",
      "function g() { const p = f({ a: 1 }); }",
    ]) {
      assert.deepEqual(known(source), [], source);
    }
  });

  it("takes no other values where it uses what it has declared", () => {
    const parameters = declared("const all = f({ seed: 1 });\nconst data = draw(all);\nconst n = 2;");
    // what is drawn may change it
    assert.equal(parameters.find(({ name }) => name === "seed")?.value, undefined);
    assert.throws(() => checkNames([{ name: "toy", parameters }], { seed: 5 }), {
      name: "UsageError",
      message:
        "toy: --set seed would come too late, because the parameters cell itself uses all; " +
        "move that code to a cell below\ntoy has:\n  n = 2",
    });
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
      message: "--set must be given once for each name, got a twice",
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
        "none of the chosen notebooks has a parameter named epoch\n" +
        "01-x has:\n  epochs = 10 // passes, 1 to 100\n02-y has no parameters",
    });
  });

  for (const [source, message] of [
    [
      "const rate = 1 / 3;",
      "--set can only replace literals (a finite number, a string, true, false, null or a list of these), " +
        "but the parameters cell computes rate",
    ],
    [
      "const rate = 0.1;\nconst doubled = 2 * rate;",
      "--set rate would come too late, because the parameters cell itself uses rate; " +
        "move that code to a cell below",
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
      /none of the chosen notebooks has a parameter named __proto__/,
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
      '// Set for this run, instead of the values above.\nconst a = 2; // first\nconst b = "y\\"";',
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

  it("holds no end of a line that only JSON allows within a string", () => {
    const b = "one\u2028two\u2029three";
    const changed = injectParameters(withParameters('const b = "x";'), declared('const b = "x";'), { b });
    assert.ok(changed.cells[2].source.endsWith('"one\\u2028two\\u2029three";'));
    assert.deepEqual(injectedValues(changed), { b });
  });

  it("is left out where nothing is replaced", () => {
    const before = withParameters("const a = 1;");
    assert.equal(injectParameters(before, parameters, {}), before);
  });
});

describe("the injected cell of values that a call checks", () => {
  const source = [
    "const parameters = toy.parameters({",
    "  seed: 1, // decides the data",
    "  noise: 0.15, // in moon radii",
    "  layers: [10, 5], // neurons",
    "});",
  ].join("\n");
  const injectInto = (cell: string, values: Overrides): Notebook =>
    injectParameters(withParameters(cell), declared(cell), values);
  const injectedSource = (cell: string, values: Overrides): string | undefined =>
    injectInto(cell, values).cells[2]?.source;

  it("makes the same call with other values, and has the comments of these alone", () => {
    const after = injectInto(source, { layers: [3, 2], seed: 7 });
    assert.deepEqual(
      after.cells.map(({ metadata }) => metadata.tags),
      [[], ["parameters"], ["injected-parameters"], []],
    );
    assert.equal(after.cells[1]?.source, source);
    assert.equal(
      after.cells[2]?.source,
      [
        "// Set for this run, instead of the values above.",
        "const parameters = toy.parameters({",
        "  seed: 7, // decides the data",
        "  noise: 0.15,",
        "  layers: [3, 2], // neurons",
        "});",
      ].join("\n"),
    );
  });

  it("keeps types, quotes, and what is no literal", () => {
    const cell = "let p: P = f<T>({ ...base, [key]: 2, 'a': (1) as 1 | 2, b: 'x', c } as const); // p";
    assert.deepEqual(injectedSource(cell, { a: 2 })?.split("\n").slice(1), [
      "let p: P = f<T>({",
      "  ...base,",
      "  [key]: 2,",
      "  'a': (2) as 1 | 2,",
      "  b: 'x',",
      "  c,",
      "} as const);",
    ]);
  });

  it("declares anew only what holds other values, each statement once", () => {
    const cell =
      "const n = 1; // count\nconst p = f({ a: 1, n: 2 });\nconst q = f({ b: 1, c: 2 });\nconst m = 4;";
    assert.deepEqual(injectedSource(cell, { c: 5, n: 3, b: 6 })?.split("\n").slice(1), [
      "const n = 3; // count",
      "const q = f({",
      "  b: 6,",
      "  c: 5,",
      "});",
    ]);
    assert.deepEqual(injectedSource(cell, { a: 5, n: 3 })?.split("\n").slice(1), [
      "const n = 3; // count",
      "const p = f({",
      "  a: 5,",
      "  n: 2,",
      "});",
    ]);
  });

  it("takes the place of an earlier one, and tells its values to the next who reads it", () => {
    const once = injectInto(source, { seed: 2 });
    assert.deepEqual(injectedValues(once), { seed: 2, noise: 0.15, layers: [10, 5] });
    const twice = injectParameters(once, readParameters(once), { noise: 0 });
    assert.equal(twice.cells.length, 4);
    assert.deepEqual(injectedValues(twice), { seed: 1, noise: 0, layers: [10, 5] });
  });

  it("tells what was changed from what, and not what it repeats", () => {
    assert.deepEqual(changesIn(withParameters(source)), []);
    const changed = injectInto(source, { layers: [3], seed: 1 });
    assert.deepEqual(changesIn(changed), [
      { name: "seed", value: 1, original: 1 },
      { name: "layers", value: [3], original: [10, 5] },
    ]);
    // a front end that notes nothing of it
    assert.deepEqual(changesIn({ ...changed, metadata: {} }), [
      { name: "layers", value: [3], original: [10, 5] },
    ]);
  });

  it("changes nothing by another variable than that of the parameters cell", () => {
    const theirs = notebook(code(source, "parameters"), code("const seed = 5;", "injected-parameters"));
    assert.deepEqual(injectedValues(theirs), {});
    assert.deepEqual(changesIn(theirs), []);
    const other = notebook(
      code("const seed = 1;", "parameters"),
      code("const p = f({ seed: 5 });", "injected-parameters"),
    );
    assert.deepEqual(changesIn(other), []);
  });
});

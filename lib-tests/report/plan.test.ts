import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ParameterValue } from "../../src/report/declarations.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import type { Commission } from "../../src/report/notebook-run.js";
import type { Overrides } from "../../src/report/parameters.js";
import { findNotebooks, planNotebooks } from "../../src/report/plan.js";
import { shellPath } from "../../src/report/shell-text.js";
import { code, freshFolder, writeNotebook } from "./toys.js";

describe("choosing notebooks", () => {
  const folder = freshFolder();
  const library = (): string => join(folder(), "notebooks");
  const find = (...wanted: string[]): string[] => findNotebooks(wanted, library(), folder());
  const known = (name: string): string => join(library(), `${name}.ipynb`);

  beforeEach(() => {
    mkdirSync(library());
    for (const name of ["02-second", "01-first", "01a-other"]) writeNotebook(library(), name);
    writeFileSync(join(library(), "notes.txt"), "");
  });

  it("takes all of the library, in order, when none is named", () => {
    assert.deepEqual(find(), [known("01-first"), known("01a-other"), known("02-second")]);
  });

  it("knows a notebook by its number, its name and its path", () => {
    for (const wanted of [
      "01",
      "01-first",
      "01-first.ipynb",
      join("notebooks", "01-first.ipynb"),
      known("01-first"),
    ]) {
      assert.deepEqual(find(wanted), [known("01-first")]);
    }
    assert.deepEqual(find("02", "01", "02-second"), [known("02-second"), known("01-first")]);
  });

  it("knows a notebook by its name without the number, and by what begins no other name", () => {
    for (const wanted of ["first", "first.ipynb", "fi", "01-f"])
      assert.deepEqual(find(wanted), [known("01-first")]);
    // a whole name goes before the beginning of another
    writeNotebook(library(), "03-first-steps");
    assert.deepEqual(find("first", "first-"), [known("01-first"), known("03-first-steps")]);
  });

  it("refuses what may be several, and lists these", () => {
    writeNotebook(library(), "03-first-steps");
    writeNotebook(library(), "04-second");
    for (const [wanted, choice] of [
      ["f", "01-first, 03-first-steps"],
      ["second", "02-second, 04-second"],
      ["0", "01-first, 01a-other, 02-second, 03-first-steps, 04-second"],
    ]) {
      assert.throws(() => find(wanted), {
        name: "UsageError",
        message: `"${wanted}" is ambiguous: it matches ${choice}`,
      });
    }
  });

  it("takes a notebook from elsewhere by its path, also as the page of a report writes it", () => {
    const path = writeNotebook(folder(), "mine");
    assert.deepEqual(find("mine.ipynb"), [path]);
    const odd = writeNotebook(folder(), "my $(x) `y` 100% & more!");
    assert.deepEqual(find(shellPath(odd).slice(1, -1)), [odd]);
  });

  it("refuses what is not there, and lists what is", () => {
    for (const wanted of ["07", "mine.ipynb", join("elsewhere", "01-first.ipynb"), "irst", ""]) {
      assert.throws(() => find("01", wanted), {
        name: "UsageError",
        message: `notebook must be a path or one of 01-first, 01a-other, 02-second, got "${wanted}"`,
      });
    }
  });

  it("refuses two notebooks of one name, and one that is called index", () => {
    writeNotebook(folder(), "01-first");
    assert.throws(() => find("01", "01-first.ipynb"), {
      name: "UsageError",
      message: /the same report, 01-first\.html$/,
    });
    writeNotebook(folder(), "index");
    assert.throws(() => find("index.ipynb"), {
      name: "UsageError",
      message: /would be index\.html; rename it$/,
    });
  });
});

describe("planning runs", () => {
  const folder = freshFolder();
  const parametersCell = code("const epochs = 10; // passes\nconst rate = 0.5;", "parameters");

  it("gives each notebook the values that it has names for", () => {
    const paths = [
      writeNotebook(folder(), "a", parametersCell),
      writeNotebook(folder(), "b", code('const rate = 1;\nconst mode = "x";', "parameters")),
      writeNotebook(folder(), "c", "1"),
    ];
    const planned = planNotebooks(paths, { rate: 0.25, mode: "y" });
    assert.deepEqual(
      planned.map(
        (plan) =>
          "parameters" in plan && [plan.name, plan.folder, plan.parameters, plan.notebook.cells.length],
      ),
      [
        ["a", folder(), { epochs: 10, rate: 0.25 }, 2],
        ["b", folder(), { rate: 0.25, mode: "y" }, 2],
        ["c", folder(), {}, 1],
      ],
    );
  });

  it("knows the values that a notebook brings along, until others replace them", () => {
    const injected = code("const epochs = 3;\nconst other = 1;", "injected-parameters");
    const path = writeNotebook(folder(), "injected", parametersCell, injected);
    const [asItIs] = planNotebooks([path], {});
    assert.ok("parameters" in asItIs);
    assert.deepEqual(asItIs.parameters, { epochs: 3, rate: 0.5 });
    const [replaced] = planNotebooks([path], { rate: 0.25 });
    assert.ok("parameters" in replaced);
    assert.deepEqual(replaced.parameters, { epochs: 10, rate: 0.25 });
  });

  it("names the report after the values that were set, and the notebook as a command line would", () => {
    const path = writeNotebook(folder(), "a", parametersCell);
    const commission = (overrides: Overrides, of = path): Commission => {
      const [planned] = planNotebooks([of], overrides);
      return "commission" in planned ? planned.commission : assert.fail();
    };
    assert.deepEqual(commission({}), { source: path, set: {}, report: "a" });
    const { report, set } = commission({ rate: 0.25, epochs: 5 });
    assert.match(report, /^a\.changed-[\da-f]{8}$/);
    assert.deepEqual(set, { rate: 0.25, epochs: 5 });
    assert.equal(commission({ epochs: 5, rate: 0.25 }).report, report);
    const others = [{}, { rate: 0.25 }, { epochs: 5 }, { rate: 5, epochs: 0.25 }, { rate: 0.5 }];
    const names = others.map((overrides) => commission(overrides).report);
    assert.equal(new Set([report, ...names]).size, 1 + others.length);
    const library = join(PACKAGE_ROOT, "notebooks", "01-baseline.ipynb");
    assert.equal(commission({}, library).source, "01-baseline");
  });

  it("tells of a notebook that cannot be run, and plans the others", () => {
    const broken = join(folder(), "broken.ipynb");
    writeFileSync(broken, "{");
    const paths = [
      broken,
      writeNotebook(folder(), "unread", "1", code("const a = f();", "parameters")),
      writeNotebook(folder(), "fine", parametersCell),
    ];
    const [first, second, third] = planNotebooks(paths, { epochs: 5 });
    assert.ok("failure" in first && first.failure.message.startsWith(`${broken} is not JSON`));
    assert.equal(first.failure.cell, null);
    assert.ok("parameters" in second && Object.keys(second.parameters).length === 0);
    assert.ok("parameters" in third && third.parameters.epochs === 5);
  });

  it("refuses a value of another type than the default, and lists what exists", () => {
    const path = writeNotebook(folder(), "toy", parametersCell);
    assert.throws(() => planNotebooks([path], { rate: "fast" }), {
      name: "UsageError",
      message: 'toy: rate must be a number, got "fast"\ntoy has:\n  epochs = 10 // passes\n  rate = 0.5',
    });
  });

  describe("of a notebook with an experiment behind it", () => {
    const baseline = (): string =>
      writeNotebook(
        folder(),
        "01-baseline",
        code(
          `const seed = 1;
          const noise = 0.2;
          const trainPoints = 250;
          const testPoints = 1000;
          const hiddenLayers = [10];
          const initialisation = "he";
          const learningRate = 0.5; // > 0
          const batchSize = "full";
          const epochs = 1000;
          const sweepSeeds = 20;
          const firstSeed = 1;`,
          "parameters",
        ),
      );

    it("takes what the experiment takes, also where the type differs from the default's", () => {
      const [planned] = planNotebooks([baseline()], { batchSize: 32 });
      assert.ok("parameters" in planned && planned.parameters.batchSize === 32);
    });

    for (const [name, value, message] of [
      ["learningRate", -1, "learningRate must be a finite number > 0, got -1"],
      ["learningRate", "NaN", 'learningRate must be a finite number > 0, got "NaN"'],
      ["epochs", 1.5, "epochs must be a whole number from 0 to 1000000, got 1.5"],
      ["hiddenLayers", [10, 0], "hiddenLayers[1] must be a whole number from 1 to 1024, got 0"],
    ] as const) {
      it(`refuses ${name}=${JSON.stringify(value)} in the experiment's words, and lists what exists`, () => {
        assert.throws(
          () => planNotebooks([baseline()], { [name]: value as ParameterValue }),
          (error: Error) => {
            const [first, ...list] = error.message.split("\n");
            assert.equal(error.name, "UsageError");
            assert.equal(first, `01-baseline: ${message}`);
            return list.length === 12 && list.includes("  learningRate = 0.5 // > 0");
          },
        );
      });
    }
  });
});

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Notebook, readNotebook } from "../../src/report/notebook.js";
import { withRunNotes } from "../../src/report/papermill.js";
import { changesIn } from "../../src/report/parameters.js";
import { planNotebooks } from "../../src/report/plan.js";
import { ipynbText } from "../../src/report/saved/ipynb-text.js";
import { normalForm } from "../../src/report/saved/normal-form.js";
import { prose, ran, runOf } from "./page/sample.js";
import { code, freshFolder, notebook, writeNotebook } from "./toys.js";

describe("papermill's notes of a run", () => {
  const paths = { input: "in/toy.ipynb", output: "out/toy.ipynb" };

  it("stand on the notebook and on each cell, under papermill's keys", () => {
    const run = runOf([prose("# Toy"), ran("1"), ran("2")], {
      startedAt: "2026-01-02T03:04:05.500Z",
      seconds: 2.25,
      cellStarts: [null, "2026-01-02T03:04:06.000Z", "2026-01-02T03:04:07.000Z"],
      cellSeconds: [null, 0.25, 0.1234567],
    });
    run.notebook.metadata.papermill = { parameters: { a: 2 } };
    const noted = withRunNotes(run.notebook, run, paths);
    const { version, ...notes } = noted.metadata.papermill as Record<string, unknown>;
    assert.match(String(version), /^glass-house \d+\.\d+\.\d+$/);
    assert.deepEqual(notes, {
      default_parameters: {},
      environment_variables: {},
      parameters: { a: 2 },
      input_path: "in/toy.ipynb",
      output_path: "out/toy.ipynb",
      start_time: "2026-01-02T03:04:05.500+00:00",
      end_time: "2026-01-02T03:04:07.750+00:00",
      duration: 2.25,
      exception: null,
    });
    assert.deepEqual(
      noted.cells.map(({ metadata }) => metadata.papermill),
      [
        { start_time: null, end_time: null, duration: null, exception: null, status: "completed" },
        {
          start_time: "2026-01-02T03:04:06.000+00:00",
          end_time: "2026-01-02T03:04:06.250+00:00",
          duration: 0.25,
          exception: false,
          status: "completed",
        },
        {
          start_time: "2026-01-02T03:04:07.000+00:00",
          end_time: "2026-01-02T03:04:07.123+00:00",
          duration: 0.123457,
          exception: false,
          status: "completed",
        },
      ],
    );
    assert.deepEqual(noted.cells[1]?.metadata.tags, []);
  });

  it("are left out of the form in which notebooks are committed, but for the values", () => {
    const run = runOf([ran("1")]);
    run.notebook.metadata.papermill = { parameters: { a: 2 } };
    const bare = normalForm(run.notebook);
    assert.deepEqual(normalForm(withRunNotes(run.notebook, run, paths)), bare);
    assert.deepEqual(bare.metadata.papermill, {
      default_parameters: {},
      environment_variables: {},
      parameters: { a: 2 },
    });
  });
});

describe("a run whose values a call checks", () => {
  const folder = freshFolder();

  it("is read again with the values that it was given, and takes others in their place", () => {
    const source = "const parameters = toy.parameters({ epochs: 10, rate: 0.5 });";
    const [first] = planNotebooks([writeNotebook(folder(), "toy", code(source, "parameters"), "train()")], {
      epochs: 3,
    });
    assert.ok(first && "notebook" in first);
    const run = { ...runOf([]), notebook: first.notebook };
    const path = join(folder(), "copy.ipynb");
    writeFileSync(path, ipynbText(withRunNotes(run.notebook, run, { input: "toy.ipynb", output: path })));
    const [again] = planNotebooks([path], {});
    assert.ok(again && "notebook" in again);
    assert.deepEqual(again.parameters, { epochs: 3, rate: 0.5 });
    assert.deepEqual(changesIn(again.notebook), [{ name: "epochs", value: 3, original: 10 }]);
    const [other] = planNotebooks([path], { rate: 0.25 });
    assert.ok(other && "notebook" in other);
    assert.deepEqual(other.parameters, { epochs: 10, rate: 0.25 });
    assert.deepEqual(changesIn(other.notebook), [{ name: "rate", value: 0.25, original: 0.5 }]);
  });
});

describe("a notebook that papermill has run", () => {
  const folder = freshFolder();
  const times = { start_time: "2026-05-25T20:06:43.284884+00:00", end_time: null, duration: null };
  const marker = (text: string): Notebook["cells"][number] =>
    prose(`<span style="color:red;">${text}</span>`, "papermill-error-cell-tag");

  /** A run with `-p epochs 3` that failed in its last cell. */
  function leftBehind(): string {
    const cells = [
      marker("An Exception was encountered at 'In [3]'."),
      code("const epochs = 10; // passes\nconst rate = 0.5; // > 0", "parameters"),
      code("// Parameters\nlet epochs = 3;\nvar rate = 0.25;", "injected-parameters"),
      marker("Execution using papermill encountered an exception here and stopped:"),
      code("train()"),
    ].map((cell) => ({
      ...cell,
      metadata: { ...cell.metadata, papermill: { ...times, exception: true, status: "failed" } },
    }));
    const whole = notebook(...cells);
    whole.metadata.papermill = {
      ...times,
      parameters: { epochs: 3, rate: 0.25 },
      input_path: "a.ipynb",
      version: "2.6.0",
      exception: true,
    };
    const path = join(folder(), "left.ipynb");
    writeFileSync(path, JSON.stringify(whole));
    return path;
  }

  it("is read without what papermill wrote about its failure", () => {
    assert.deepEqual(
      readNotebook(leftBehind()).cells.map(({ metadata }) => metadata.tags),
      [["parameters"], ["injected-parameters"], []],
    );
  });

  it("brings its values along, whichever way they are declared", () => {
    const [plan] = planNotebooks([leftBehind()], {});
    assert.ok(plan && "parameters" in plan);
    assert.deepEqual(plan.parameters, { epochs: 3, rate: 0.25 });
  });

  it("takes other values in their place, and loses the notes of the earlier run", () => {
    const [plan] = planNotebooks([leftBehind()], { epochs: 5 });
    assert.ok(plan && "parameters" in plan);
    assert.deepEqual(plan.parameters, { epochs: 5, rate: 0.5 });
    assert.equal(plan.notebook.cells.filter(({ source }) => source.includes("epochs = ")).length, 2);
    assert.deepEqual(plan.notebook.metadata.papermill, {
      default_parameters: {},
      environment_variables: {},
      parameters: { epochs: 5 },
    });
  });
});

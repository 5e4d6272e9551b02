import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { plainFigure } from "../../src/charts/figure-json.js";
import { endCell } from "../../src/display/cell-end.js";
import {
  matrixTex,
  showMarkdown,
  showMatrices,
  showTable,
  tableMarkdown,
} from "../../src/display/markdown.js";
import { PLOTLY_MIME, VERDICT_MIME } from "../../src/display/mime.js";
import { type Progress, progress } from "../../src/display/progress.js";
import { setUpCharts, show } from "../../src/display/show.js";
import { showVerdict } from "../../src/display/verdict.js";
import { baseline } from "../../src/experiments/baseline/index.js";
import { GRADING_RULE } from "../../src/experiments/grading.js";
import type { Verdict } from "../../src/experiments/verdict.js";
import { outputsOf } from "./fake-kernel.js";
import { lineFigure } from "./figures.js";

describe("show", () => {
  it("sends one output: html that draws, the figure as data, and its words", () => {
    const figure = lineFigure();
    const [{ data, metadata, update }, ...others] = outputsOf(() => show(figure));
    assert.deepEqual(others, []);
    assert.equal(update, false);
    assert.deepEqual(Object.keys(data).sort(), [PLOTLY_MIME, "text/html", "text/plain"].sort());
    assert.deepEqual(data[PLOTLY_MIME], plainFigure(figure));
    assert.equal(data["text/plain"], figure.alt);
    assert.deepEqual(metadata, {});
  });

  it("marks the key figure", () => {
    const [{ metadata }] = outputsOf(() => show(lineFigure(), { keyFigure: true }));
    assert.deepEqual(metadata, { "glass-house": { keyFigure: true } });
  });

  it("gives every output an element id and a display id of its own", () => {
    const outputs = outputsOf(() => {
      show(lineFigure());
      show(lineFigure());
    });
    const ids = outputs.map(({ data }) => /<div id="([^"]+)"/.exec(data["text/html"] as string)?.[1]);
    assert.notEqual(ids[0], undefined);
    assert.notEqual(ids[0], ids[1]);
    assert.notEqual(outputs[0].transient.display_id, outputs[1].transient.display_id);
  });

  it("says that it needs a kernel", () => {
    assert.throws(() => show(lineFigure()), {
      message: "output can only be shown from a notebook cell in the tslab kernel",
    });
  });
});

describe("setUpCharts", () => {
  it("sends the library, marked so that the report leaves it out", () => {
    const [{ data, metadata }] = outputsOf(setUpCharts);
    assert.match(data["text/html"] as string, /^<script>/);
    assert.deepEqual(metadata, { "glass-house": { role: "library" } });
  });
});

describe("progress", () => {
  it("replaces one line, not once for every step, and ends with all that was done", () => {
    const steps = 10_000;
    const outputs = outputsOf(() => {
      const line = progress("trainings");
      for (let i = 1; i <= steps; i++) line.update(i, steps);
      line.done();
    });
    const [first, ...updates] = outputs;
    assert.equal(first.update, false);
    assert.equal(first.data["text/plain"], "trainings …");
    assert.ok(updates.length < steps / 10, `${updates.length} updates for ${steps} steps`);
    assert.ok(updates.every(({ update }) => update));
    assert.equal(new Set(outputs.map(({ transient }) => transient.display_id)).size, 1);
    assert.ok(outputs.every(({ metadata }) => "glass-house" in metadata));
    assert.deepEqual(updates.at(-1)?.data, {
      "text/html": '<label><progress value="10000" max="10000"></progress> 10000 of 10000 trainings</label>',
      "text/plain": "10000 of 10000 trainings",
    });
  });

  it("says after how much its cell was interrupted, and keeps to it", () => {
    const lastOf = (cell: (line: Progress) => void): unknown =>
      outputsOf(() => cell(progress("trainings"))).at(-1)?.data["text/plain"];
    const interrupted = lastOf((line) => {
      line.update(11, 40);
      line.update(12, 40);
      endCell(false);
      line.update(13, 40);
      line.done();
    });
    assert.equal(interrupted, "interrupted after 12 of 40 trainings");
    assert.equal(
      lastOf(() => endCell(false)),
      "interrupted after 0 trainings",
    );
    const whole = lastOf((line) => {
      line.update(40, 40);
      line.done();
      endCell(false);
    });
    assert.equal(whole, "40 of 40 trainings");
  });

  it("is left alone by the cells after its own", () => {
    const outputs = outputsOf(() => {
      progress("trainings").update(1, 40);
      endCell(true);
      endCell(false);
    });
    assert.equal(outputs.at(-1)?.data["text/plain"], "1 of 40 trainings");
  });
});

describe("tables", () => {
  it("sets columns of numbers and intervals flush right and keeps a cell in its cell", () => {
    assert.equal(
      tableMarkdown(
        ["name", "mean | median", "interval"],
        [
          ["a|b", 0.5, [0.25, 0.75]],
          ["two\nlines", 12, [1, 2]],
        ],
      ),
      [
        "| name | mean \\| median | interval |",
        "| :--- | ---: | ---: |",
        "| a\\|b | 0.5000 | [0.2500, 0.7500] |",
        "| two lines | 12 | [1, 2] |",
      ].join("\n"),
    );
  });

  it("refuses a row of the wrong length, before anything is shown", () => {
    const outputs = outputsOf(() =>
      assert.throws(() => showTable(["a", "b"], [[1, 2], [3]]), {
        name: "RangeError",
        message: "rows[1] must have 2 cells, one per column, got 1",
      }),
    );
    assert.deepEqual(outputs, []);
  });

  it("shows markdown as markdown and as text", () => {
    const [{ data }] = outputsOf(() => showMarkdown("**$x$**"));
    assert.deepEqual(data, { "text/markdown": "**$x$**", "text/plain": "**$x$**" });
  });
});

describe("matrices", () => {
  it("writes name, entries and shape", () => {
    assert.equal(
      matrixTex(
        "W_1",
        new Matrix([
          [1, -0.5],
          [1e-9, 2],
        ]),
      ),
      "\\small W_1 = \\begin{bmatrix} 1 & -0.500 \\\\ 1.00 \\cdot 10^{-9} & 2 \\end{bmatrix} \\; {\\scriptstyle 2 \\times 2}",
    );
  });

  it("leaves out the middle of a large one, and keeps its last row and column", () => {
    const large = new Matrix(
      Array.from({ length: 30 }, (_, i) => Array.from({ length: 40 }, (_, j) => 100 * i + j)),
    );
    const tex = matrixTex("X", large);
    const rows = tex.slice(tex.indexOf("}") + 1, tex.indexOf("\\end")).split("\\\\");
    assert.equal(rows.length, 12);
    assert.ok(rows.every((row) => row.split("&").length === 8));
    assert.match(rows[0], /^ 0 & 1 & .* & 5 & \\cdots & 39 $/);
    assert.match(rows[10], /^ \\vdots & .* & \\ddots & \\vdots $/);
    assert.match(rows[11], /& 2939 $/);
    assert.match(tex, /30 \\times 40/);
  });

  it("shows several in one output", () => {
    const outputs = outputsOf(() => showMatrices({ a: Matrix.eye(1), b: Matrix.eye(1) }));
    assert.equal(outputs.length, 1);
    assert.match(
      outputs[0].data["text/markdown"] as string,
      /^\$\$\\small a = [^$]*\$\$\n\n\$\$\\small b = [^$]*\$\$$/,
    );
  });
});

describe("showVerdict", () => {
  it("shows the table to the reader and the data to the index", () => {
    const verdict: Verdict = {
      claim: "It learns.",
      stamp: "holds only if",
      rows: [
        { claim: "The loss falls.", measured: "0.1 [0.0, 0.2]", n: 40, outcome: "holds", isPrimary: true },
        {
          claim: "Always.",
          measured: "3 of 4",
          n: 4,
          outcome: "holds only if",
          note: "the seed is even",
        },
      ],
      summary: "It does.",
      defence: "Patience.",
      scale: "Not tested.",
    };
    const [{ data }] = outputsOf(() =>
      showVerdict({ ...baseline, verdict: () => verdict }, baseline.defaults, {}),
    );
    assert.deepEqual(data[VERDICT_MIME], verdict);
    assert.equal(
      data["text/markdown"],
      [
        "**It learns.** In short: **holds only if**. It does.",
        "",
        "| claim | what we measured | n | outcome |",
        "| :--- | :--- | ---: | :--- |",
        "| ● The loss falls. | 0.1 [0.0, 0.2] | 40 | **holds** |",
        "| Always. | 3 of 4 | 4 | **holds only if**: the seed is even |",
        "",
        "**What defends.** Patience.",
        "",
        "**At scale.** Not tested.",
        "",
        `**The rule.** ${GRADING_RULE}`,
      ].join("\n"),
    );
    assert.equal(data["text/plain"], data["text/markdown"]);
  });
});

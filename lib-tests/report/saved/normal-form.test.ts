import assert from "node:assert/strict";
import { PLOTLY_MIME } from "../../../src/display/mime.js";
import type { Cell, CodeCell, Notebook, Output } from "../../../src/report/notebook.js";
import { normalForm } from "../../../src/report/saved/normal-form.js";
import { chart, displayed, points, prose, ran, text } from "../page/sample.js";
import { notebook } from "../toys.js";

const PLACES = [["/folk/ada", "~"]] as const;
const normal = (...cells: Cell[]): Notebook => normalForm(notebook(...cells), PLACES);
const outputsOf = (made: Notebook, index = 0): Output[] => (made.cells[index] as CodeCell).outputs;

describe("the form in which a notebook is committed", () => {
  it("has charts as data, and neither the library nor progress", () => {
    const figure = points();
    const [shown, ...others] = outputsOf(
      normal(
        ran("a", [
          displayed({ "text/html": "<script>…</script>" }, { role: "library" }),
          displayed({ "text/html": "<progress>" }, { role: "progress" }),
          chart(figure, { keyFigure: true }),
        ]),
      ),
    );
    assert.deepEqual(others, []);
    assert.deepEqual(shown, {
      output_type: "display_data",
      data: { [PLOTLY_MIME]: figure },
      metadata: { "glass-house": { keyFigure: true } },
    });
  });

  it("leaves other HTML as it is", () => {
    const output = displayed({ "text/html": "<b>b</b>", "text/plain": "b" });
    assert.deepEqual(outputsOf(normal(ran("a", [output]))), [output]);
  });

  it("joins text that only progress stood between", () => {
    const progress = displayed({ "text/plain": "1 of 2" }, { role: "progress" });
    const made = normal(ran("a", [text("one "), progress, text("two"), text("three", "stderr")]));
    assert.deepEqual(outputsOf(made), [text("one two"), text("three", "stderr")]);
  });

  it("counts executions from 1 and gives each cell an id of its own", () => {
    const result: Output = { output_type: "execute_result", execution_count: 41, data: {}, metadata: {} };
    const made = normal(
      prose("# Title"),
      { ...ran("a"), id: "cell-1", execution_count: 40 },
      { ...ran("b", [result]), id: "cell-1", execution_count: 41 },
      { ...ran("c"), id: "own", execution_count: null },
    );
    assert.deepEqual(
      made.cells.map((cell) => cell.id),
      ["cell-1", "cell-2", "cell-3", "own"],
    );
    assert.deepEqual(
      made.cells.map((cell) => (cell.cell_type === "code" ? cell.execution_count : null)),
      [null, 1, 2, 3],
    );
    assert.deepEqual(outputsOf(made, 2), [{ ...result, execution_count: 2 }]);
    const old = normalForm({ ...notebook("a"), nbformat_minor: 2 }, PLACES);
    assert.equal(old.nbformat_minor, 5);
  });

  it("has no paths of this machine and no frames of the kernel", () => {
    const trace = [
      "Error: no",
      "    at /folk/ada/x.ts:1:1",
      "    at Script.runInContext (node:vm:149:12)",
      "    at run (/usr/lib/node_modules/tslab/dist/executor.js:1:2)",
      "after",
    ];
    const made = normal(ran("a", [text("in /folk/ada"), text(trace.join("\n"), "stderr")]));
    assert.deepEqual(outputsOf(made), [text("in ~"), text("Error: no\n    at ~/x.ts:1:1\nafter", "stderr")]);
  });

  it("has nothing of when and by what it was run", () => {
    const cell = ran("a");
    cell.metadata = { tags: ["t"], execution: { start: 1 }, papermill: { duration: 1 }, mine: 1 };
    const toy = notebook(cell);
    toy.metadata = {
      kernelspec: {},
      signature: "s",
      papermill: { duration: 3, input_path: "/folk/ada/x.ipynb", parameters: { a: 2 } },
    };
    const { metadata, cells } = normalForm(toy, PLACES);
    assert.deepEqual(cells[0]?.metadata, { tags: ["t"], mine: 1 });
    assert.deepEqual(metadata, {
      kernelspec: {},
      papermill: { default_parameters: {}, environment_variables: {}, parameters: { a: 2 } },
    });
  });

  it("is left as it is by a second time, as is the notebook that it is made of", () => {
    const toy = notebook(
      prose("text"),
      ran("a", [text("1"), displayed({}, { role: "progress" }), text("/folk/ada"), chart(points())]),
      ran("b", [text("    at x (node:vm:1:1)\n    at y (node:vm:1:1)\n", "stderr")]),
    );
    const before = structuredClone(toy);
    const once = normalForm(toy, PLACES);
    assert.deepEqual(toy, before);
    assert.deepEqual(normalForm(once, PLACES), once);
  });
});

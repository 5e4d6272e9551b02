import assert from "node:assert/strict";
import type { Cell, Notebook } from "../../../src/report/notebook.js";
import { measuresTime, type PlannedNotebook } from "../../../src/report/plan.js";
import { keepNotReproducible } from "../../../src/report/saved/not-reproducible.js";
import { prose, ran, text } from "../page/sample.js";
import { notebook } from "../toys.js";

const timed = (output: string, source = "time()"): Cell => ran(source, [text(output)], "not-reproducible");

describe("cells that are not reproducible", () => {
  const outputs = ({ cells }: Notebook): string[] =>
    cells
      .flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : []))
      .map((o) => ("text" in o ? o.text : ""));
  const kept = (fresh: Cell[], saved: Cell[]): string[] =>
    outputs(keepNotReproducible(notebook(...fresh), notebook(...saved)));

  it("keep their outputs while all before them stays the same", () => {
    const saved = [
      ran("a", [text("a")]),
      timed("3 ms"),
      prose("old words"),
      timed("4 ms"),
      ran("b", [text("old")]),
    ];
    const fresh = [
      ran("a", [text("a")]),
      timed("5 ms"),
      prose("new words"),
      timed("6 ms"),
      ran("b", [text("new")]),
    ];
    assert.deepEqual(kept(fresh, saved), ["a", "3 ms", "4 ms", "new"]);
  });

  const stale: [what: string, fresh: Cell[]][] = [
    ["an output before them is another", [ran("a", [text("A")]), timed("new")]],
    ["a cell before them was edited", [ran("a + 0", [text("a")]), timed("new")]],
    ["a cell came before them", [ran("z"), ran("a", [text("a")]), timed("new")]],
    ["a cell before them is gone", [timed("new")]],
    ["they were edited themselves", [ran("a", [text("a")]), timed("new", "time(2)")]],
  ];
  for (const [what, fresh] of stale) {
    it(`get new ones when ${what}`, () => {
      assert.equal(kept(fresh, [ran("a", [text("a")]), timed("old")]).at(-1), "new");
    });
  }

  it("get their first ones", () => {
    assert.deepEqual(kept([timed("new")], [ran("time()", [], "not-reproducible")]), ["new"]);
  });

  it("make a notebook one that measures time", () => {
    const planned = (...cells: Cell[]): PlannedNotebook => ({
      name: "x",
      sha256: "",
      folder: "",
      parameters: {},
      notebook: notebook(...cells),
      commission: { source: "x", set: {}, report: "x" },
    });
    assert.equal(measuresTime(planned(ran("a"), timed("1 ms"))), true);
    assert.equal(measuresTime(planned(ran("a"))), false);
    assert.equal(measuresTime({ name: "x", failure: { cell: null, message: "no" } }), false);
  });
});

import assert from "node:assert/strict";
import type { CodeCell, Notebook } from "../../../src/report/notebook.js";
import { differences } from "../../../src/report/saved/compare.js";
import { ipynbText } from "../../../src/report/saved/ipynb-text.js";
import { normalForm } from "../../../src/report/saved/normal-form.js";
import { withStills } from "../../../src/report/saved/still-outputs.js";
import { chart, points, prose, ran, text } from "../page/sample.js";
import { notebook } from "../toys.js";

describe("a committed notebook beside what its cells compute", () => {
  const fresh = (): Notebook =>
    normalForm(
      notebook(
        prose("# Title"),
        ran("a", [text("the mean of twenty seeds, with its interval, is 0.25\n")]),
        ran("b", [chart(points())]),
        ran("c", [text("3 ms")], "not-reproducible"),
      ),
      [],
    );
  let saved: Notebook;
  before(async () => {
    saved = await withStills(fresh());
  });

  const found = (change: (now: Notebook) => void): string[] => {
    const now = fresh();
    change(now);
    return differences(saved, ipynbText(saved), now);
  };
  const cell = ({ cells }: Notebook, index: number): CodeCell => cells[index] as CodeCell;

  it("is the same where it is", () =>
    assert.deepEqual(
      found(() => {}),
      [],
    ));

  it("may differ in cells that are not reproducible", () => {
    assert.deepEqual(
      found((now) => {
        cell(now, 3).outputs = [text("4 ms")];
      }),
      [],
    );
  });

  it("differs by a digit of text", () => {
    const [difference, ...others] = found((now) => {
      cell(now, 1).outputs = [text("the mean of twenty seeds, with its interval, is 0.26\n")];
    });
    assert.deepEqual(others, []);
    assert.match(
      difference,
      /^code cell 1 \(cell-2\): output 1: text is ".*is 0\.25\\n" in the file but now ".*is 0\.26\\n"$/,
    );
  });

  it("differs by the last bit of a number in a figure", () => {
    const changed = found((now) => {
      const data = [{ ...points().data[0], y: [2, 3, 5 + 2 ** -50] }] as never;
      cell(now, 2).outputs = normalForm(notebook(ran("b", [chart(points({ data }))])), []).cells.flatMap(
        (own) => (own as CodeCell).outputs,
      );
    });
    assert.equal(changed.length, 1);
    assert.match(
      changed[0],
      /^code cell 2 \(cell-3\): output 1: data\.application.*\.data\[0\]\.y\[2\] is 5 in the file but now 5\.0+\d+$/,
    );
  });

  it("differs by an output more or less", () => {
    assert.deepEqual(
      found((now) => {
        cell(now, 1).outputs = [];
      }),
      ["code cell 1 (cell-2): it has 1 outputs saved, but now gives 0"],
    );
  });

  it("differs in its stills", () => {
    const bare = fresh();
    assert.deepEqual(differences(bare, ipynbText(bare), fresh()), [
      "code cell 2 (cell-3): output 1: the chart has no still picture",
    ]);
  });

  it("differs in its form", () => {
    const message = "the file does not have the form of committed notebooks";
    assert.deepEqual(differences(saved, JSON.stringify(saved), fresh()), [message]);
    const elsewhere = { ...saved, metadata: { ...saved.metadata, signature: "s" } };
    assert.deepEqual(differences(elsewhere, ipynbText(elsewhere), fresh()), [message]);
  });
});

import assert from "node:assert/strict";
import type { CodeCell, Notebook, Output } from "../../../src/report/notebook.js";
import { normalForm } from "../../../src/report/saved/normal-form.js";
import { stillProblems, withoutStills, withStills } from "../../../src/report/saved/still-outputs.js";
import { chart, displayed, points, ran, text } from "../page/sample.js";
import { decodePng } from "../png-decode.js";
import { notebook } from "../toys.js";

const outputsOf = (made: Notebook, index = 0): Output[] => (made.cells[index] as CodeCell).outputs;

describe("the stills of a notebook as committed", () => {
  const figure = points({ caption: "5% of *all* <b> points & x_1 [a] cost $2." });
  const bare = (): Notebook =>
    normalForm(
      notebook(
        ran("a", [text("before"), chart(figure, { keyFigure: true }), text("after")]),
        ran("b", [chart(points({ caption: "" })), displayed({ "image/png": "QUJD", "text/plain": "other" })]),
      ),
      [],
    );
  let pictured: Notebook;

  before(async () => {
    pictured = await withStills(bare());
  });

  it("are a picture with its alt text in each chart, and the caption below it", () => {
    const [first, shown, caption, last] = outputsOf(pictured);
    assert.ok(shown && "data" in shown && caption && "data" in caption);
    const { width, height } = decodePng(Buffer.from(shown.data["image/png"] as string, "base64"));
    assert.deepEqual([width, height], [1440, 600]);
    assert.deepEqual(shown.metadata, {
      "glass-house": { keyFigure: true },
      "image/png": { alt: figure.alt, width: 720 },
    });
    assert.equal(shown.data["text/html"], undefined);
    assert.deepEqual(caption.data, {
      "text/markdown": "5% of \\*all\\* &lt;b> points &amp; x\\_1 \\[a\\] cost \\$2.",
      "text/plain": figure.caption,
    });
    assert.deepEqual([first, last], [text("before"), text("after")]);
    assert.equal(outputsOf(pictured, 1).length, 2);
  });

  it("are taken away without a trace, and only they", () => {
    assert.deepEqual(withoutStills(pictured), bare());
    assert.deepEqual(withoutStills(bare()), bare());
  });

  it("are a picture that says so where a chart cannot be drawn; its cell is named", async () => {
    const webgl = points({ data: [{ type: "scattergl", x: [1], y: [1] }] });
    const warnings: string[] = [];
    const made = await withStills(notebook(ran("a"), ran("b", [chart(webgl)])), (warning) =>
      warnings.push(warning),
    );
    assert.deepEqual(warnings, [
      "code cell 2: a chart has no complete still picture: its kind of chart needs WebGL",
    ]);
    assert.deepEqual(stillProblems(outputsOf(made, 1)), []);
  });

  describe("are found wanting", () => {
    const problems = (change: (outputs: Output[]) => void): string[] => {
      const outputs = structuredClone(outputsOf(pictured));
      change(outputs);
      return stillProblems(outputs);
    };
    type Shown = { data: Record<string, unknown>; metadata: Record<string, Record<string, unknown>> };
    const shown = (outputs: Output[]): Shown => outputs[1] as unknown as Shown;

    it("not when they are as they should be", () =>
      assert.deepEqual(
        problems(() => {}),
        [],
      ));

    const cases: [what: string, change: (outputs: Output[]) => void, problem: string][] = [
      ["without a picture", (o) => delete shown(o).data["image/png"], "the chart has no still picture"],
      [
        "with something else for a picture",
        (o) => (shown(o).data["image/png"] = "QUJD"),
        "the chart has no still picture",
      ],
      [
        "in another size",
        (o) =>
          ((shown(o).data["application/vnd.plotly.v1+json"] as { layout: object }).layout = { height: 400 }),
        "the still picture has 1440 x 600 pixels instead of 1440 x 800",
      ],
      [
        "with another alt text",
        (o) => (shown(o).metadata["image/png"] = { alt: "old" }),
        "the still picture's alt text differs from the figure's",
      ],
      ["without a caption", (o) => o.splice(2, 1), "the chart's caption is missing below its still picture"],
    ];
    for (const [what, change, problem] of cases) {
      it(what, () => assert.deepEqual(problems(change), [`output 2: ${problem}`]));
    }

    it("without a palette", () => {
      const found = problems((outputs) => {
        const file = Buffer.from(shown(outputs).data["image/png"] as string, "base64");
        file[25] = 2;
        shown(outputs).data["image/png"] = file.toString("base64");
      });
      assert.deepEqual(found, ["output 2: the still picture has no palette"]);
    });
  });
});

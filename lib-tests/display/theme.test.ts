import assert from "node:assert/strict";
import type * as Plotly from "plotly.js-dist";
import { type Theme, themed } from "../../src/display/theme.js";

/** The colours of text and paper that a figure is drawn with. */
function inkOf(layout: Partial<Plotly.Layout>, theme: Theme): (string | undefined)[] {
  const { template, paper_bgcolor } = themed(layout, theme) as {
    template: { layout: { font: { color: string }; paper_bgcolor: string } };
    paper_bgcolor?: string;
  };
  return [template.layout.font.color, paper_bgcolor ?? template.layout.paper_bgcolor];
}

describe("the ink of a figure", () => {
  const clear = "rgba(0,0,0,0)";
  const [[onLight], [onDark]] = [inkOf({}, "light"), inkOf({}, "dark")];

  it("is that of the page, whatever its template says of one", () => {
    assert.notEqual(onLight, onDark);
    const template = { layout: { paper_bgcolor: "white", font: { color: "#2a3f5f" } } } as never;
    assert.deepEqual(inkOf({ template }, "dark"), [onDark, clear]);
  });

  it("is that of the figure's own ground, where it has one", () => {
    for (const ground of [
      "white",
      "#fff",
      "#FFFFFF",
      "#e5ecf6ff",
      "rgb(229, 236, 246)",
      "rgba(255,255,255,0.9)",
    ]) {
      for (const theme of ["light", "dark"] as const)
        assert.deepEqual(inkOf({ paper_bgcolor: ground }, theme), [onLight, ground], theme);
    }
    for (const ground of ["black", "#111", "rgb(17,17,17)"]) {
      assert.deepEqual(inkOf({ paper_bgcolor: ground }, "light"), [onDark, ground]);
    }
    for (const none of [clear, "rgba(255,255,255,0.1)", "#ffffff10", "transparent", "", null]) {
      assert.equal(inkOf({ paper_bgcolor: none as never }, "dark")[0], onDark, String(none));
    }
  });

  it("goes with a ground for all its words, where the plot alone has one", () => {
    assert.deepEqual(inkOf({ plot_bgcolor: "#E5ECF6" }, "dark"), [onLight, "#ffffff"]);
    assert.deepEqual(inkOf({ plot_bgcolor: "#E5ECF6" }, "light"), [onLight, clear]);
    assert.deepEqual(inkOf({ plot_bgcolor: "black" }, "light"), [onDark, "#15191f"]);
  });
});

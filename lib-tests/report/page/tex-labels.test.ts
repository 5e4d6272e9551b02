import assert from "node:assert/strict";
import { withTexLabels } from "../../../src/report/page/tex-labels.js";
import { points } from "./sample.js";

describe("TeX in a chart's words", () => {
  const titled = (text: string): unknown =>
    withTexLabels(points({ layout: { title: { text } } })).layout.title;

  for (const [tex, shown] of [
    ["$v_0^2$", "<i>v</i><sub>0</sub><sup>2</sup>"],
    ["loss $\\mathcal{L}$ over $x$", "loss L over <i>x</i>"],
    ["$10^{-14}$", "10<sup>−14</sup>"],
    ["$\\frac{a+1}{b} \\le \\sqrt{c}$", "(<i>a</i>+1)/<i>b</i>≤√<i>c</i>"],
    ["$\\hat{y}$ and $\\bar x$", "<i>y\u0302</i> and <i>x\u0304</i>"],
    ["$\\sum_{i=1}^n \\log x_i$", "∑<sub><i>i</i>=1</sub><sup><i>n</i></sup>log<i>x</i><sub><i>i</i></sub>"],
    ["$a < \\text{<b>}$", "<i>a</i>&lt;&lt;b&gt;"],
  ] as const) {
    it(`becomes Plotly's markup: ${tex}`, () => assert.deepEqual(titled(tex), { text: shown }));
  }

  it("is found in titles, names and annotations, and nowhere else", () => {
    const figure = points({
      data: [{ name: "$x_1$", text: "$x_2$", x: [1], customdata: ["$x_3$"] }, null as never],
      layout: {
        xaxis: { title: "$x_4$" as never, ticksuffix: "$x_5$" },
        annotations: [{ text: "$x_6$" }],
        meta: { data: "$x_7$" },
      },
      caption: "$x_8$",
    });
    const left = JSON.stringify(withTexLabels(figure)).match(/\$x_\d\$/g);
    assert.deepEqual(left, ["$x_3$", "$x_5$", "$x_7$", "$x_8$"]);
  });

  it("stays where it stands in several lines, is wrong or none", () => {
    let deep: object = {};
    for (let i = 0; i < 50_000; i++) deep = { deep };
    for (const text of ["$\\begin{matrix}a\\\\b\\end{matrix}$", "$\\frac{$", "$5 or $6", "$x_1"]) {
      assert.deepEqual(titled(text), { text });
    }
    const nested = points({ layout: { meta: deep } });
    assert.equal(withTexLabels(nested), nested);
  });
});

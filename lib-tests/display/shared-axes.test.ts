import assert from "node:assert/strict";
import { extentsIn, show, together, withExtents } from "../../src/display/panel/shared-axes.js";
import { lineFigure } from "./figures.js";

describe("axes of two charts that are compared", () => {
  it("reach as far as either needs, in their direction", () => {
    const old = extentsIn({
      xaxis: { range: [0, 10] },
      yaxis: { type: "log", range: [-3, 1] },
      xaxis2: { range: [8, 2] },
      title: "no axis",
    });
    const now = extentsIn({
      xaxis: { range: [-2, 5] },
      yaxis: { type: "log", range: [-2, 0] },
      xaxis2: { range: [3, -1] },
    });
    const wanted = together(old, now);
    assert.deepEqual(wanted, {
      xaxis: { type: "linear", range: [-2, 10], ticks: {} },
      yaxis: { type: "log", range: [-3, 1], ticks: {} },
      xaxis2: { type: "linear", range: [8, -1], ticks: {} },
    });
    assert.deepEqual(Object.keys(wanted), Object.keys(together(now, old)));
    assert.equal(show(old, wanted), false);
    assert.equal(show(wanted, wanted), true);
  });

  it("stay their own where one chart has none of the kind, or its range is not drawn", () => {
    const linear = extentsIn({ yaxis: { range: [1, 2] }, yaxis3: { range: [0, 1] } });
    assert.deepEqual(together(linear, extentsIn({ yaxis: { type: "log", range: [0, 1] } })), {});
    assert.deepEqual(
      extentsIn({ xaxis: {}, yaxis: { range: [Number.NaN, 1] }, yaxis2: { range: ["a", "b"] } }),
      {},
    );
  });

  it("have the ticks of the longer, unless ticks have names", () => {
    const short = { type: "log", range: [-1, 0], tickvals: [0.1, 0.2, 0.5, 1] };
    const long = { type: "log", range: [-4, 0], dtick: 1 };
    const named = { range: [0, 1], tickvals: [0, 1], ticktext: ["a", "b"] };
    const [old, now] = [
      { yaxis: long, xaxis: named },
      { yaxis: short, xaxis: { ...named, range: [0, 2] } },
    ];
    for (const [a, b] of [
      [old, now],
      [now, old],
    ]) {
      const wanted = together(extentsIn(a), extentsIn(b));
      const { layout } = withExtents(lineFigure({ layout: now as object }), wanted);
      assert.deepEqual(layout.yaxis, { type: "log", range: [-4, 0], dtick: 1, autorange: false });
      assert.deepEqual(layout.xaxis, { ...named, range: [0, 2], autorange: false });
    }
  });

  it("are set in a copy of the figure, the rest of which stays", () => {
    const figure = lineFigure();
    const before = structuredClone(figure);
    const longer = withExtents(figure, { xaxis: { type: "linear", range: [0, 7], ticks: {} } });
    assert.deepEqual(figure, before);
    const xaxis = { ...before.layout.xaxis, range: [0, 7], autorange: false };
    assert.deepEqual(longer, { ...before, layout: { ...before.layout, xaxis } });
  });
});

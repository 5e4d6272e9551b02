import assert from "node:assert/strict";
import type { Figure } from "../../src/charts/figure.js";
import { isNarrow, NARROW, narrowed } from "../../src/display/narrow.js";
import { lineFigure } from "./figures.js";

const WIDTH = 320;

function layoutOf(layout: object, changes: Partial<Figure> = {}): Record<string, unknown> {
  return narrowed(lineFigure({ layout, ...changes } as Partial<Figure>), WIDTH).layout as never;
}

const margin = { l: 64, r: 24, t: 56, b: 56 };

describe("narrowed", () => {
  it("is for places below 480 pixels", () => {
    assert.deepEqual([isNarrow(NARROW - 1), isNarrow(NARROW)], [true, false]);
  });

  it("breaks titles between words and makes room for their lines", () => {
    const long = "After 500 epochs: 98.5% of the test points right, and more";
    const [one, two] = ["Short", long].map((text) => layoutOf({ height: 400, margin, title: { text } }));
    const { text } = two.title as { text: string };
    assert.equal(text.replaceAll("<br>", " "), long);
    const rows = text.split("<br>");
    assert.ok(rows.length >= 2 && rows.every((row) => row.length * 9 <= WIDTH), text);
    assert.equal(Number(two.height) - Number(one.height), 20 * (rows.length - 1));
  });

  it("puts panels that stood side by side one below the other, and small maps two in a row", () => {
    const grid = { rows: 1, columns: 2, pattern: "independent", xgap: 0.2 };
    const panels = layoutOf({ height: 400, margin, grid });
    assert.deepEqual(panels.grid, { ...grid, rows: 2, columns: 1, ygap: 0.42 });
    assert.ok(Number(panels.height) > 600);
    const maps = layoutOf({
      height: 400,
      margin: { l: 12, r: 12, t: 64, b: 12 },
      grid: { rows: 2, columns: 5 },
    });
    assert.deepEqual(maps.grid, { rows: 5, columns: 2, ygap: 0.3 });
  });

  it("keeps the shape of a map whose axes are bound to each other", () => {
    const { height, margin: around } = layoutOf({
      height: 900,
      margin,
      xaxis: { range: [0, 4] },
      yaxis: { range: [0, 2], scaleanchor: "x" },
    }) as { height: number; margin: typeof margin };
    assert.equal(height - around.t - around.b, (WIDTH - around.l - around.r) / 2);
    const two = layoutOf({
      height: 900,
      margin,
      grid: { rows: 2, columns: 1 },
      xaxis: { range: [0, 4] },
      yaxis: { range: [0, 2], scaleanchor: "x" },
    }) as { height: number; margin: typeof margin };
    assert.equal(two.height - height, height - around.t - around.b + 58, "one below the other");
  });

  it("lays the legend under the chart, a row for each name that needs one, and joins a second legend to it", () => {
    const named = (names: string[]): Partial<Figure> => ({
      data: names.map((name, i) => ({ type: "scatter", name, y: [1], legend: i ? "legend2" : "legend" })),
    });
    const bottom = (names: string[]): number =>
      (layoutOf({ height: 400, margin }, named(names)).margin as typeof margin).b;
    const long = "a name that takes most of a line";
    assert.equal(bottom([long, long, long]) - bottom(["a", "b"]), 40);
    const { data, layout } = narrowed(lineFigure({ layout: { margin }, ...named(["a", "b"]) }), WIDTH);
    assert.deepEqual(
      data.map((trace) => Reflect.get(trace, "legend")),
      [undefined, undefined],
    );
    assert.deepEqual(
      [layout.legend?.yref, layout.legend?.y, layout.legend?.yanchor],
      ["container", 0, "bottom"],
    );
  });

  it("lays the colour bar over the plot, in the frames of an animation too", () => {
    const trace = { type: "contour", z: [[1]], colorbar: { title: { text: "p", side: "right" } } } as never;
    const frame = {
      name: "1",
      data: [trace],
      layout: { title: { text: "word ".repeat(20).trim() } },
    } as never;
    const figure = narrowed(lineFigure({ data: [trace], frames: [frame] }), WIDTH);
    for (const drawn of [figure.data[0], figure.frames?.[0].data?.[0] as never]) {
      const bar = Reflect.get(drawn, "colorbar") as Record<string, unknown>;
      assert.deepEqual([bar.orientation, bar.title], ["h", { text: "p", side: "top" }]);
    }
    assert.match(JSON.stringify(figure.frames?.[0].layout), /word<br>word/);
    const room = (mark: object): number =>
      narrowed(lineFigure({ data: [mark] as never }), WIDTH).layout.margin?.t ?? Number.NaN;
    const marks = { type: "scatter", x: [1], y: [1], marker: { colorbar: { title: { text: "p" } } } };
    const [{ marker }] = narrowed(lineFigure({ data: [marks] as never }), WIDTH).data as (typeof marks)[];
    assert.equal(Reflect.get(marker.colorbar, "orientation"), "h");
    assert.ok(room(marks) > room({ ...marks, marker: {} }));
  });

  it("leaves the figure that it is given as it was", () => {
    const figure = lineFigure({ layout: { margin, title: { text: "word ".repeat(20) } } });
    const before = structuredClone(figure);
    narrowed(figure, WIDTH);
    assert.deepEqual(figure, before);
  });
});

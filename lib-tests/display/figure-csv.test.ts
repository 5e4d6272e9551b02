import assert from "node:assert/strict";
import { figureCsv } from "../../src/display/figure-csv.js";
import { framesFigure } from "./figures.js";

const lines = (figure: Parameters<typeof figureCsv>[0]): string[] => figureCsv(figure).split("\r\n");

describe("figureCsv", () => {
  it("writes one row a point, with an empty field where a number is missing", () => {
    const data = [
      { type: "scatter" as const, name: "train", x: [0, 1], y: [1, null] },
      { type: "scatter" as const, x: [0, 1], y: [3, 4] },
    ];
    assert.deepEqual(lines({ data }), [
      "trace,x,y",
      "train,0,1",
      "train,1,",
      "trace 2,0,3",
      "trace 2,1,4",
      "",
    ]);
  });

  it("writes a row for each cell of a grid", () => {
    const data = [{ type: "contour" as const, name: "p", x: [10, 20], y: [5], z: [[0.1, 0.2]] }];
    assert.deepEqual(lines({ data }), ["trace,x,y,z", "p,10,5,0.1", "p,20,5,0.2", ""]);
  });

  it("numbers the points where coordinates are left out, as Plotly does", () => {
    const data = [{ type: "scatter" as const, y: [7, 8], x0: 2, dx: 0.5 }];
    assert.deepEqual(lines({ data }), ["trace,x,y", "trace 1,2,7", "trace 1,2.5,8", ""]);
  });

  it("adds texts and error bars, and quotes what would break a row", () => {
    const data = [
      {
        type: "scatter" as const,
        name: 'a "b", c',
        x: [1],
        y: [2],
        text: ["two\nlines"],
        error_y: { array: [0.5], arrayminus: [0.25] },
      },
    ];
    assert.equal(
      figureCsv({ data }),
      'trace,x,y,text,error_y,error_y_minus\r\n"a ""b"", c",1,2,"two\nlines",0.5,0.25\r\n',
    );
  });

  it("writes every frame, with what it does not change taken from the figure", () => {
    assert.deepEqual(lines(framesFigure([3, 9])), [
      "frame,trace,x,y",
      "3,trace 1,0,0",
      "3,trace 1,1,3",
      "9,trace 1,0,0",
      "9,trace 1,1,9",
      "",
    ]);
  });
});

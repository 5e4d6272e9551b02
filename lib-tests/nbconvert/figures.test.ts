/**
 * The charts' data as a front end takes them that draws Plotly itself, as VS Code does: valid by Plotly's own
 * `validate`, which names every attribute that it does not know, would not take, or would not use.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { JSDOM, VirtualConsole } from "jsdom";
import type { Figure } from "../../src/charts/figure.js";
import { notebookName, readExecutedNotebook } from "../../src/report/notebook.js";
import { chartOutputs, NOTEBOOKS } from "./nbconvert.js";

type Plot = Pick<Figure, "data" | "layout">;

/** What `Plotly.validate` finds wrong. */
interface Finding {
  code: "schema" | "value" | "object" | "array" | "unused" | "dynamic" | "invisible";
  /** Where, as `data[0].line.width`. */
  astr: string;
  msg: string;
}

interface Validator {
  validate(data: Plot["data"], layout: Plot["layout"]): Finding[] | undefined;
}

/**
 * What a button or a slider hands on to Plotly's functions. It compares lists and objects by their identity,
 * and so takes the copy that it has made of them for another value.
 */
const HANDED_ON = /^(?:updatemenus\[\d+\]\.buttons|sliders\[\d+\]\.steps)\[\d+\]\.args\[\d+\]$/;

describe("the charts of the committed notebooks, as Plotly's own validate sees them", () => {
  let plotly: Validator;
  before(() => {
    const { window } = new JSDOM("<body></body>", {
      runScripts: "outside-only",
      virtualConsole: new VirtualConsole(),
    });
    // what the library asks for when it is loaded, and jsdom lacks
    window.URL.createObjectURL = () => "blob:none";
    window.HTMLCanvasElement.prototype.getContext = () => null;
    window.eval(readFileSync(require.resolve("plotly.js-dist"), "utf8"));
    plotly = window.Plotly as Validator;
  });

  const problems = ({ data, layout }: Plot): string[] =>
    Array.from(plotly.validate(data, layout) ?? []) // not an array of the other window's
      .filter(({ code, astr }) => !(code === "dynamic" && HANDED_ON.test(astr)))
      .map(({ code, msg }) => `${code}: ${msg}`);

  it("finds what is wrong with a figure", () => {
    const trace: Plot["data"][number] = { type: "scatter", x: [1, 2], y: [1, 2] };
    assert.deepEqual(problems({ data: [trace], layout: { height: 300 } }), []);
    const wrong = { ...trace, colour: "red", mode: "dotted" } as unknown as Plot["data"][number];
    assert.deepEqual(
      problems({ data: [wrong], layout: {} }).map((problem) => problem.split(":")[0]),
      ["schema", "value"],
    );
  });

  for (const path of NOTEBOOKS) {
    it(notebookName(path), () => {
      const charts = chartOutputs(readExecutedNotebook(path));
      assert.ok(charts.length > 0);
      for (const { cell, output, figure } of charts) {
        const found = [figure, ...framesOf(figure)].flatMap(problems);
        assert.deepEqual(found, [], `output ${output} of cell ${cell}`);
      }
    });
  }
});

/** A figure as it stands at each of its frames. */
function framesOf({ data, layout, frames = [] }: Figure): Plot[] {
  return (frames as Frame[]).map((frame) => ({
    data: data.map((trace, index) => Object.assign({}, trace, frame.data[frame.traces.indexOf(index)])),
    layout: { ...layout, ...frame.layout },
  }));
}

/** A frame as our animations have it: new values for some of the traces, by their positions. */
interface Frame extends Plot {
  traces: number[];
}

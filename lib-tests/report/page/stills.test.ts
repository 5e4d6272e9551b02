import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import type { Figure } from "../../../src/charts/figure.js";
import { STILL_WIDTH, still } from "../../../src/report/page/stills.js";
import { decodePng } from "../png-decode.js";
import { points } from "./sample.js";

async function drawn(figure: Figure): Promise<Document> {
  const { picture: uri } = await still(figure);
  assert.match(uri, /^data:image\/svg\+xml;charset=utf-8,[^"<>#\r\n\t]+$/);
  const svg = decodeURIComponent(uri.slice(uri.indexOf(",") + 1));
  // as XML, strictly: a browser shows nothing of a picture that is not well-formed
  return new JSDOM(svg, { contentType: "image/svg+xml" }).window.document;
}

interface Span {
  left: number;
  right: number;
}

/** Where a text begins and ends if its letters are `ems` wide, in its own coordinates. */
function span(element: Element, ems: number): Span {
  const size = Number.parseFloat((element as SVGElement).style.fontSize);
  const width = (element.textContent ?? "").length * size * ems;
  const x = Number(element.getAttribute("x"));
  const anchor = (element as SVGElement).style.textAnchor || element.getAttribute("text-anchor");
  const left = anchor === "end" ? x - width : anchor === "middle" ? x - width / 2 : x;
  return { left, right: left + width };
}

const contour: Figure = points({
  data: [
    {
      type: "contour",
      x: [0, 1, 2],
      y: [0, 1, 2],
      z: [
        [0, 0.2, 0.1],
        [0.3, 1, 0.4],
        [0.2, 0.6, 0.9],
      ],
    },
    { type: "scatter", mode: "markers", x: [0.5, 1.5], y: [1, 1] },
  ],
});

describe("still pictures", () => {
  it("draw points, axis titles and legend in the figure's height and the page's width", async () => {
    const svg = await drawn(points());
    const { documentElement: root } = svg;
    assert.deepEqual([root.getAttribute("width"), root.getAttribute("height")], [`${STILL_WIDTH}`, "300"]);
    assert.equal(svg.querySelectorAll(".scatterlayer .point").length, 3);
    const words = root.textContent ?? "";
    for (const word of ["epoch", "loss (nats)"]) assert.ok(words.includes(word), `no "${word}"`);
  });

  it("draw a filled contour under points", async () => {
    const svg = await drawn(contour);
    assert.ok(svg.querySelectorAll(".contourlayer .contourfill path").length > 3);
    assert.equal(svg.querySelectorAll(".scatterlayer .point").length, 2);
  });

  it("draw every panel of a figure with several", async () => {
    const panels = points({
      data: [
        { type: "scatter", x: [1, 2], y: [1, 2] },
        { type: "scatter", x: [1, 2], y: [2, 1], xaxis: "x2", yaxis: "y2" },
      ],
      layout: { height: 300, grid: { rows: 1, columns: 2, pattern: "independent" } },
    });
    assert.equal((await drawn(panels)).querySelectorAll(".subplot").length, 2);
  });

  it("draw a heatmap, smooth or in blocks, in the colours of its scale", async () => {
    const scale = {
      z: [[0, 1]],
      zmin: 0,
      zmax: 1,
      colorscale: [
        [0, "#ff0000"],
        [1, "#0000ff"],
      ],
    };
    for (const zsmooth of [false, "fast", "best"] as const) {
      const svg = await drawn(points({ data: [{ type: "heatmap", ...scale, zsmooth } as never] }));
      const uri = svg.querySelector(".heatmaplayer image")?.getAttribute("xlink:href") ?? "";
      const { width, height, rows } = decodePng(Buffer.from(uri.split(",")[1] ?? "", "base64"));
      assert.ok(width >= 2 && height >= 1);
      const middle = rows[Math.floor(height / 2)];
      assert.deepEqual([...middle.subarray(0, 4)], [255, 0, 0, 255], `left, ${zsmooth}`);
      assert.deepEqual([...middle.subarray(-4)], [0, 0, 255, 255], `right, ${zsmooth}`);
    }
  });

  it("draw the arrow of an annotation, and the labels of contour lines", async () => {
    const arrow = points({
      layout: { height: 300, annotations: [{ x: 2, y: 3, text: "here", showarrow: true, ax: 60, ay: -40 }] },
    });
    assert.ok((await drawn(arrow)).querySelectorAll(".annotation-arrow-g path").length >= 2);
    const labelled = structuredClone(contour);
    Object.assign(labelled.data[0], { contours: { coloring: "lines", showlabels: true } });
    assert.ok((await drawn(labelled)).querySelectorAll(".contourlabels text").length > 0);
  });

  it("show an animation as it stands before it plays, without its buttons", async () => {
    const animated = points({
      frames: [{ name: "1", data: [{ y: [9, 9, 9] }] }],
      layout: {
        height: 300,
        updatemenus: [{ type: "buttons", buttons: [{ label: "Play", method: "animate", args: [null] }] }],
      },
    });
    const svg = await drawn(animated);
    assert.equal(svg.querySelectorAll(".scatterlayer .point").length, 3);
    assert.doesNotMatch(svg.documentElement.textContent ?? "", /Play/);
  });

  it("keep the title of an axis clear of its numbers", async () => {
    const wide = points({
      data: [{ type: "scatter", x: [0, 1], y: [100000, 900000] }],
      layout: {
        height: 300,
        yaxis: { title: { text: "count" }, tickformat: "d", automargin: true },
        margin: { l: 20 },
      },
    });
    const svg = await drawn(wide);
    const labels = [...svg.querySelectorAll(".yaxislayer-above .ytick text")];
    assert.ok(labels.length > 2);
    const title = svg.querySelector(".g-ytitle text");
    const moved = /translate\((-?[\d.]+)/.exec(title?.parentElement?.getAttribute("transform") ?? "");
    // turned by 90 degrees its letters stand left of its x, all but their tails
    const baseline = Number(title?.getAttribute("x")) + Number(moved?.[1] ?? 0);
    assert.ok(baseline > 0, `no title, or none in sight: ${baseline}`);
    for (const label of labels) {
      const { left } = span(label, 0.6);
      assert.ok(left > baseline, `"${label.textContent}" begins at ${left}, the title ends at ${baseline}`);
      assert.ok(left > 0, `"${label.textContent}" is cut off`);
    }
  });

  it("count a power of ten as no wider than it is", async () => {
    const powers = points({
      data: [{ type: "scatter", x: [0, 1], y: [1e-16, 1] }],
      layout: {
        height: 300,
        yaxis: { type: "log", exponentformat: "power", title: { text: "loss" } },
        margin: { l: 64 },
      },
    });
    const svg = await drawn(powers);
    assert.ok((svg.querySelector(".yaxislayer-above")?.textContent ?? "").includes("10"));
    // "10" and a smaller "−16" nearly fit beside the title: it need not give way by more than a letter
    const moved = svg.querySelector(".g-ytitle")?.getAttribute("transform") ?? "translate(0,0)";
    assert.ok(Number(/translate\((-?[\d.]+)/.exec(moved)?.[1]) > -12, moved);
  });

  it("end an axis title above the lower edge, its tails included", async () => {
    const layout = {
      height: 300,
      margin: { b: 56 },
      font: { size: 13 },
      xaxis: { title: { text: "epoch" } },
    };
    const title = (await drawn(points({ layout }))).querySelector(".g-xtitle text");
    const moved = /translate\(0,(-?[\d.]+)/.exec(title?.parentElement?.getAttribute("transform") ?? "");
    const size = Number.parseFloat((title as SVGElement).style.fontSize);
    assert.ok(Number(title?.getAttribute("y")) + Number(moved?.[1] ?? 0) + 0.236 * size <= 300);
  });

  it("leave an entry of the legend the room for its words", async () => {
    const name = "mean with 95% interval of the mean";
    const svg = await drawn(points({ data: [{ type: "scatter", x: [1], y: [1], name }] }));
    const words = svg.querySelector(".legendtext");
    const frame = svg.querySelector(".legend .bg");
    assert.ok(words && frame);
    assert.equal(words.textContent, name);
    // half an em is the width of a letter in a narrow font: an honest estimate leaves at least that
    assert.ok(Number(frame.getAttribute("width")) > span(words, 0.5).right);
  });

  it("leave the figure as it was, and are drawn once", async () => {
    const figure = points();
    const before = structuredClone(figure);
    const first = still(figure);
    assert.equal(still(figure), first);
    await first;
    assert.deepEqual(figure, before);
  });

  it("have no more decimals than the eye sees", async () => {
    const thirds = points({ layout: { height: 300, xaxis: { domain: [1 / 7, 2 / 3] } } });
    const svg = await drawn(thirds);
    for (const element of svg.querySelectorAll("*")) {
      for (const name of ["d", "transform", "x", "y", "width", "height"]) {
        assert.doesNotMatch(element.getAttribute(name) ?? "", /\.\d{3}/, `${element.localName} ${name}`);
      }
    }
  });

  it("stay small when there are many marks, in the size of any other", async () => {
    const y = Array.from({ length: 4000 }, (_, i) => (i * 7919) % 1009);
    const many = points({ data: [{ type: "scatter", mode: "markers", y }] });
    const svg = await drawn(many);
    assert.deepEqual(
      ["width", "height"].map((name) => svg.documentElement.getAttribute(name)),
      [`${STILL_WIDTH}`, "300"],
    );
    assert.match(svg.querySelector("image")?.getAttribute("href") ?? "", /^data:image\/png;base64,/);
    const { picture } = await still(many);
    assert.ok(picture.length < 200_000, `${picture.length} characters`);
  });

  it("say so where there is none", async () => {
    const webgl = points({ data: [{ type: "scattergl", x: [1], y: [1] }] });
    const broken = points({ layout: { height: 300, xaxis: null } as never, data: [null] as never });
    for (const figure of [webgl, broken]) {
      const svg = await drawn(figure);
      assert.match(svg.documentElement.textContent ?? "", /This chart has no still picture/);
    }
    // and the next one is drawn as if nothing had been
    assert.equal((await drawn(points())).querySelectorAll(".point").length, 3);
  });
});

import assert from "node:assert/strict";
import { plainFigure } from "../../src/charts/figure-json.js";
import { chartHtml, lineFigure } from "./figures.js";

describe("plainFigure", () => {
  it("makes typed arrays plain, and null of what is no finite number", () => {
    const figure = lineFigure({
      data: [
        { type: "scatter", x: Float64Array.of(1, 2, 3), y: [Number.NaN, Number.POSITIVE_INFINITY, 0.5] },
      ],
    });
    assert.deepEqual(plainFigure(figure).data, [{ type: "scatter", x: [1, 2, 3], y: [null, null, 0.5] }]);
  });
});

describe("chartHtml", () => {
  it("says in words what will stand there, for those who see no script run", () => {
    const html = chartHtml(lineFigure({ alt: "Loss < 1 & falling", caption: "a < b" }), "c1");
    assert.match(
      html,
      /<div id="c1"><p>Run this notebook, or trust it, to see the chart: Loss &lt; 1 &amp; falling<\/p>/,
    );
    assert.match(html, /<figcaption>a &lt; b<\/figcaption>/);
  });

  it("shows the still picture instead where there is one", () => {
    const html = chartHtml(lineFigure({ alt: 'the "line"' }), "c1", "data:image/svg+xml;base64,PHN2Zy8+");
    assert.match(
      html,
      /<div id="c1"><img src="data:image\/svg\+xml;base64,PHN2Zy8\+" alt="the &quot;line&quot;"><\/div>/,
    );
    assert.doesNotMatch(html, /Run this notebook/);
  });

  it("lets no text end its script", () => {
    const evil = "</script><!--\u2028\u2029<script>";
    const html = chartHtml(lineFigure({ layout: { title: { text: evil } }, caption: evil, alt: evil }), "c1");
    assert.equal(html.match(/<\/?script/g)?.length, 2);
    assert.doesNotMatch(html, /<!--/);
    assert.doesNotMatch(html.slice(html.indexOf("<script>")), /[\u2028\u2029]/);
  });

  it("refuses an id that is no plain identifier", () => {
    for (const id of ["", "1a", 'a"b', "a b", "<a>"]) {
      assert.throws(() => chartHtml(lineFigure(), id), {
        name: "RangeError",
        message: `id must be a letter followed by letters, digits, _ or -, got ${JSON.stringify(id)}`,
      });
    }
  });

  it("refuses a still from anywhere but the page itself", () => {
    assert.throws(() => chartHtml(lineFigure(), "c1", "https://example.org/a.png"), {
      name: "RangeError",
      message: 'still must be a data URI of an image, got "https://example.org/a.png"',
    });
  });
});

import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import { sanitized } from "../../../src/report/page/sanitize.js";

const bodyOf = (markup: string): HTMLElement => new JSDOM(sanitized(markup).text).window.document.body;

describe("HTML from elsewhere", () => {
  it("keeps what it says, and its structure", () => {
    const kept =
      '<table><caption>c</caption><tbody><tr><td rowspan="2">1</td></tr></tbody></table><p><b>b</b> <a href="https://example.org/">a</a></p><img alt="dot" src="data:image/png;base64,AAAA">';
    const [expected, found] = [kept, sanitized(kept).text].map(
      (text) => new JSDOM(text).window.document.body,
    );
    assert.ok(expected && found && expected.isEqualNode(found), found?.innerHTML);
  });

  for (const [tag, markup] of Object.entries({
    style: "<p>a</p><style>main { display: none }</style>",
    form: '<form action="https://example.org/"><p>a</p></form>',
    input: "<input value=a>",
    button: "<button>a</button>",
    select: "<select><option>a</option></select>",
    textarea: "<textarea>a</textarea>",
    audio: '<audio controls src="data:audio/wav;base64,AAAA"></audio>',
    video: '<video controls src="data:video/mp4;base64,AAAA"></video>',
    source: '<picture><source src="data:image/png;base64,AAAA"></picture>',
    script: "<p>a</p><script>alert(1)</script>",
    svg: "<svg><text>a</text></svg>",
    iframe: '<iframe srcdoc="a"></iframe>',
  })) {
    it(`has no ${tag}`, () => assert.equal(bodyOf(markup).querySelector(tag), null));
  }

  for (const [attribute, value] of Object.entries({
    style: "position: fixed; inset: 0",
    class: "failure",
    id: "glassHouseCharts",
    name: "glassHouseCharts",
    srcset: "https://example.org/a.png 2x",
    background: "https://example.org/a.png",
    poster: "https://example.org/a.png",
    "data-theme": "dark",
    target: "_top",
    onclick: "alert(1)",
  })) {
    it(`has no ${attribute}`, () => {
      for (const tag of ["a", "img", "td", "video"]) {
        const wrapped = tag === "td" ? ["<table><tr>", "</tr></table>"] : ["", ""];
        const body = bodyOf(`${wrapped[0]}<${tag} ${attribute}="${value}">text</${tag}>${wrapped[1]}`);
        assert.equal(body.querySelector(`[${attribute}]`), null, tag);
      }
    });
  }

  it("loads no picture", () => {
    const body = bodyOf('<img src="https://example.org/a.png"><img src="a.png"><img src="data:text/html,a">');
    assert.equal(body.querySelectorAll("img, [src]").length, 0);
    assert.equal(body.querySelector("a")?.getAttribute("href"), "https://example.org/a.png");
  });

  it("is a piece of a page, whatever it takes itself for", () => {
    const body = bodyOf(
      '<body onload="alert(1)"><frameset><frame src="a"></frameset><title>t</title><p>a</p>',
    );
    assert.equal(body.innerHTML.trim(), "<p>a</p>");
  });

  for (const [what, markup] of Object.entries({
    "elements side by side": "<b>x</b>".repeat(50_000),
    attributes: `<a ${"x=1 ".repeat(100_000)}>`,
    "paragraphs in open links": `${"<a>".repeat(190)}${"<p>".repeat(5000)}`,
  })) {
    it(`is gone through once: ${what}`, function () {
      this.timeout(30_000);
      sanitized(markup);
    });
  }
});

/** A report and the index, for those who use a keyboard or a screen reader, or read on a small screen. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { renderIndex, renderPage, summarise } from "../../src/report/page/index.js";
import { framesFigure } from "../display/figures.js";
import {
  chart,
  displayed,
  points,
  prose,
  ran,
  runOf,
  text,
  verdict,
  verdictOutput,
} from "../report/page/sample.js";
import { violations } from "../support/axe.js";
import { launchOrSkip, offlinePage } from "../support/browsers.js";
import { misplaced, smallTexts, unreachableScrollers } from "../support/readable.js";

const table = "| | seed | measured |\n|---|---|---|\n| a | 1 | $x^2$ |";
const run = runOf([
  prose(
    `# The sample\n\n## Mathematics\n\n$$${"x + ".repeat(60)} y$$\n\n$$z$$\n\n## [A link](02-other.ipynb)`,
  ),
  ran(`const long = "${"x".repeat(200)}";`, [chart(points()), text("y".repeat(300))], "parameters"),
  ran(`const long = "${"z".repeat(200)}";`, [], "injected-parameters"),
  ran("wide()", [chart(points({ layout: { ...points().layout, meta: { leastWidth: 540 } } }))]),
  ran("frames()", [chart(framesFigure([1, 2, 3]))]),
  ran(
    "folded()",
    [displayed({ "text/markdown": table }), displayed({ "text/html": "<table><tr><td>1</td></tr></table>" })],
    "hide-input",
  ),
  ran("verdict()", [verdictOutput(verdict)]),
]);

describe("the accessibility of a report", () => {
  let browser: Browser;
  let folder: string;
  let page: Page;

  before(async function () {
    browser = await launchOrSkip(this, "chromium");
    folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
    writeFileSync(join(folder, "report.html"), await renderPage(run));
    const own = { ...run, notebook: { ...run.notebook, cells: run.notebook.cells.toSpliced(2, 1) } };
    const failure = { cell: 3, message: "it failed" };
    const summaries = await Promise.all(
      [own, run, { ...own, status: "failed" as const, failure }].map((one) => summarise(one)),
    );
    writeFileSync(join(folder, "index.html"), renderIndex(summaries));
    ({ page } = await offlinePage(browser));
  });
  after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** With all code shown, which is folded at first. */
  async function open(name: string, width = 1200): Promise<void> {
    await page.setViewport({ width, height: 900 });
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".glass-house-chart > div")].every((div) =>
        div.querySelector(".main-svg"),
      ),
    );
    if (name === "report") await page.$eval("button.fold", (button) => (button as HTMLElement).click());
  }

  for (const name of ["report", "index"]) {
    it(`${name}: axe finds nothing, wide or narrow, light or dark`, async () => {
      await open(name);
      for (const width of [1200, 360]) {
        await page.setViewport({ width, height: 900 });
        for (const theme of ["light", "dark", "auto"]) {
          await page.click(`input[value=${theme}]`);
          await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => setTimeout(next, 50))));
          assert.deepEqual(await violations(page), [], `${width} px, ${theme}`);
        }
        assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
        assert.deepEqual(await page.evaluate(smallTexts), []);
        assert.deepEqual(await page.evaluate(misplaced), []);
        assert.deepEqual(await page.evaluate(unreachableScrollers), []);
      }
    });
  }

  it("leads the Tab key to every control, in the order of the page, and shows where it is", async () => {
    await open("report", 360);
    const expected = await page.evaluate(() => {
      const controls = "a[href], button, input, summary, [tabindex='0']";
      return [...document.querySelectorAll(controls)]
        .filter(
          (element) =>
            element.checkVisibility() && !element.matches("[type=radio]:not(:checked), [tabindex='-1']"),
        )
        .map((element, i) => {
          element.setAttribute("data-stop", String(i));
          return i;
        });
    });
    assert.ok(expected.length > 20, `${expected.length} controls`);
    const stops: number[] = [];
    const unseen: string[] = [];
    for (let i = 0; i < expected.length; i++) {
      await page.keyboard.press("Tab");
      const { stop, ring, what } = await page.evaluate(() => {
        const element = document.activeElement as Element;
        // a radio button is drawn by what stands beside it
        const seen = element.matches("[type=radio]") ? (element.nextElementSibling as Element) : element;
        const { outlineStyle, outlineWidth, strokeWidth, stroke } = getComputedStyle(seen);
        const isOutlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
        return {
          stop: Number(element.getAttribute("data-stop") ?? -1),
          ring: isOutlined || (stroke !== "none" && Number.parseFloat(strokeWidth) >= 2),
          what: element.outerHTML.slice(0, 80),
        };
      });
      stops.push(stop);
      if (!ring) unseen.push(what);
    }
    assert.deepEqual(stops, expected);
    assert.deepEqual(unseen, []);
  });

  it("has the names and landmarks that a screen reader goes by", async () => {
    await open("report");
    const of = (selector: string) =>
      page.$$eval(selector, (all) => all.map((e) => e.getAttribute("aria-label")));
    assert.deepEqual(await of(".glass-house-plot"), [points().alt, points().alt, framesFigure([3]).alt]);
    assert.equal(await page.$eval("html", (e) => e.lang), "en");
    assert.equal((await page.$$("main, nav[aria-label], header, footer")).length, 4);
    const levels = await page.$$eval("h1, h2, h3, h4", (all) => all.map((e) => Number(e.tagName[1])));
    assert.equal(levels.filter((level) => level === 1).length, 1);
    assert.ok(
      levels.every((level, i) => level <= (levels[i - 1] ?? 0) + 1),
      String(levels),
    );
    // the column without a name has no head
    const heads = await page.$$eval(".output.prose table:has(thead) thead tr > *", (cells) =>
      cells.map((cell) => [cell.tagName, cell.getAttribute("scope"), cell.textContent]),
    );
    assert.deepEqual(heads, [
      ["TD", null, ""],
      ["TH", "col", "seed"],
      ["TH", "col", "measured"],
    ]);
  });

  it("makes a stop of the formula that scrolls, and of no other", async () => {
    await open("report", 360);
    const stops = () =>
      page.$$eval(".katex-display", (all) =>
        all.map((e) => [e.getAttribute("tabindex"), e.getAttribute("aria-label")]),
      );
    assert.deepEqual(await stops(), [
      ["0", "Formula"],
      [null, null],
    ]);
  });

  it("scrolls smoothly only for those who did not ask for reduced motion", async () => {
    const scrolling = () => page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    assert.equal(await scrolling(), "auto");
    const moving = await page.$$eval(
      "*",
      (all) =>
        all.filter((e) => {
          const { transitionDuration, animationName } = getComputedStyle(e);
          return Number.parseFloat(transitionDuration) > 0 || animationName !== "none";
        }).length,
    );
    assert.equal(moving, 0);
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "no-preference" }]);
    assert.equal(await scrolling(), "smooth");
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { closingOf } from "../../../src/closing/grade.js";
import { publishedVerdicts } from "../../../src/display/evidence.js";
import { experiments } from "../../../src/experiments/index.js";
import { renderIndex, renderPage, summarise, withNeighbours } from "../../../src/report/page/index.js";
import { launchOrSkip, offlinePage } from "../../support/browsers.js";
import { chart, points, prose, ran, runOf, text, verdict, verdictOutput } from "./sample.js";

const run = runOf([
  prose("# The sample\n\n## Mathematics\n\n$$\\sum_i x_i$$\n\n## Charts"),
  ran(`const long = "${"x".repeat(200)}";`, [chart(points()), text("y".repeat(300))]),
  ran("colours()", [
    ...(["stdout", "stderr"] as const).map((name) =>
      text(
        [30, 31, 32, 33, 34, 35, 36, 37, 2, 7, 41, 44, 47]
          .map((code) => `\u001b[${code}m${code}\u001b[0m`)
          .join(""),
        name,
      ),
    ),
  ]),
  ran("folded()", [chart(points({ caption: "</script><script>alert(1)</script>" }))], "hide-input"),
  ran("away()", [chart(points())], "hide-output"),
  ran("verdict()", [verdictOutput(verdict)]),
]);

describe("a report in Chromium, offline", () => {
  let browser: Browser;
  let folder: string;
  let report: string;

  before(async function () {
    browser = await launchOrSkip(this, "chromium");
    folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
    report = join(folder, "07-sample.html");
    writeFileSync(report, await renderPage(run));
    writeFileSync(join(folder, "index.html"), renderIndex([await summarise(run)]));
  });
  after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function open(file: string, prepare?: (page: Page) => Promise<unknown>) {
    const opened = await offlinePage(browser);
    await prepare?.(opened.page);
    await opened.page.goto(pathToFileURL(file).href);
    return opened;
  }

  function allDrawn(page: Page) {
    return page.waitForFunction(() =>
      [...document.querySelectorAll(".glass-house-chart > div")].every((div) =>
        div.querySelector(".main-svg"),
      ),
    );
  }

  const wide = (page: Page) => page.setViewport({ width: 1280, height: 900 });
  const narrow = (page: Page) => page.setViewport({ width: 360, height: 700 });

  it("draws every chart without an error, a request or a word to the console", async () => {
    const { page, problems } = await open(report, wide);
    await allDrawn(page);
    assert.equal((await page.$$(".main-svg")).length > 0, true);
    assert.deepEqual(problems, []);
  });

  it("shows the still pictures where scripts are off", async () => {
    const { page } = await open(report, async (fresh) => {
      await wide(fresh);
      await fresh.setJavaScriptEnabled(false);
    });
    const widths = await page.$$eval(".cell > .glass-house-chart img", (images) =>
      images.map((image) => (image.complete ? image.naturalWidth * Number(image.checkVisibility()) : 0)),
    );
    assert.deepEqual(widths, [720, 720]);
    assert.equal(await page.$eval(".controls", (controls) => controls.checkVisibility()), false);
    assert.equal(await page.$eval(".contents a", (link) => link.checkVisibility()), true);
  });

  it("fits a screen of 360 pixels, with the contents folded", async () => {
    for (const file of [report, join(folder, "index.html")]) {
      const { page } = await open(file, narrow);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, 360, file);
    }
    const { page } = await open(report, narrow);
    assert.equal(await page.$eval(".contents a", (link) => link.checkVisibility()), false);
    await page.click(".contents summary");
    assert.equal(await page.$eval(".contents a", (link) => link.checkVisibility()), true);
  });

  it("has six cards with stamp, picture and link: all stamps in a screen and a half, one column on a phone", async () => {
    const cells = [
      prose("# A title"),
      ran("verdict()", [
        chart(points()),
        verdictOutput({ ...verdict, defence: "None.", scale: "Not tried." }),
      ]),
    ];
    const runs = await Promise.all(Object.keys(experiments).map((name) => summarise(runOf(cells, { name }))));
    const file = join(folder, "six.html");
    writeFileSync(file, renderIndex(runs, closingOf(publishedVerdicts())));
    const { page, problems } = await open(file, (fresh) => fresh.setViewport({ width: 1400, height: 900 }));
    const look = () =>
      page.$$eval(".card", (cards) => ({
        stamps: cards.map((card) => card.querySelector(".chip")?.getBoundingClientRect().bottom ?? 1e9),
        drawn: cards.filter((card) => (card.querySelector("img")?.naturalWidth ?? 0) > 300).length,
        columns: new Set(cards.map((card) => card.getBoundingClientRect().left)).size,
        width: document.documentElement.scrollWidth,
      }));
    const wideLook = await look();
    assert.deepEqual([wideLook.drawn, wideLook.columns, wideLook.width], [6, 3, 1400]);
    assert.ok(Math.max(...wideLook.stamps) < 1.5 * 900, String(wideLook.stamps));
    const links = await page.$$eval(".card h2 a", (all) => all.map((link) => link.getAttribute("href")));
    assert.deepEqual(
      links,
      Object.keys(experiments).map((name) => `${name}.html`),
    );

    assert.equal((await page.$$(".tables details:not([open])")).length, 2);
    await page.$$eval(".tables details", (all) => {
      for (const details of all) details.open = true;
    });
    await page.setViewport({ width: 390, height: 844 });
    const phone = await look();
    assert.deepEqual([phone.columns, phone.width], [1, 390]);
    assert.deepEqual(
      await page.$$eval(
        ":is(.tables, .closing) :is(th, td)",
        (all) => all.filter((cell) => cell.getBoundingClientRect().right > 390).length,
      ),
      0,
    );
    assert.deepEqual(problems, []);
  });

  it("leads from a conclusion to the line that it rests on, which opens; scripts off, all of it is there", async () => {
    const line = { text: "it drops", notebook: "07-sample", line: "drops", n: 20 };
    const reasons = [{ name: "For it", lines: [line] }];
    const conclusions = [{ sentence: "It learns.", grade: "holds" as const, reasons }];
    const file = join(folder, "concluding.html");
    writeFileSync(file, renderIndex([await summarise(run)], { conclusions, questions: [] }));
    const { page, problems } = await open(file, wide);
    await Promise.all([page.waitForNavigation(), page.click(".closing a")]);
    await page.waitForFunction(() => {
      const top = document.getElementById(location.hash.slice(1))?.getBoundingClientRect().top ?? -1;
      return top > 0 && top < innerHeight;
    });
    const named = "tr[id$=line-drops]";
    assert.equal(await page.$eval(named, (row) => row.closest("details")?.open), true);
    assert.match(await page.$eval(named, (row) => row.textContent ?? ""), /The loss drops/);
    assert.deepEqual(problems, []);
    const silent = await open(file, (fresh) => fresh.setJavaScriptEnabled(false));
    assert.match(
      await silent.page.$eval(".closing", (own) => (own as HTMLElement).innerText),
      /It learns\.\s+holds\s+For it: it drops/,
    );
  });

  it("leads to the reports beside it, from the bar and from the end", async () => {
    const next = join(folder, "08-next.html");
    writeFileSync(next, await renderPage(run));
    const path = join(folder, "linked.html");
    writeFileSync(
      path,
      withNeighbours(await renderPage(run), { next: { report: "08-next", title: "The next" } }),
    );
    for (const place of ["top", "end"]) {
      const { page, problems } = await open(path, wide);
      assert.deepEqual(await page.$$eval(`.neighbours.${place} a`, (all) => all.map(({ rel }) => rel)), [
        "next",
      ]);
      await Promise.all([page.waitForNavigation(), page.click(`.neighbours.${place} a`)]);
      assert.equal(page.url(), pathToFileURL(next).href);
      assert.equal(await page.$(".neighbours"), null);
      assert.deepEqual(problems, []);
    }
  });

  it("fits a live chart into a narrow screen, and lets a still one scroll by itself", async () => {
    for (const live of [true, false]) {
      const { page } = await open(report, async (fresh) => {
        await narrow(fresh);
        await fresh.setJavaScriptEnabled(live);
      });
      if (live) await allDrawn(page);
      const widths = await page.$$eval(".cell > .glass-house-chart > div", (places) =>
        places.map(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]),
      );
      assert.equal(widths.length, 2);
      for (const [inner, outer] of widths) {
        assert.ok(outer < 360 && (live ? inner === outer : inner > 500), `${inner} in ${outer}`);
      }
    }
  });

  it("changes its theme, charts included, and remembers it", async () => {
    const { page } = await open(report, wide);
    await allDrawn(page);
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    assert.equal(await ground(), "rgb(255, 255, 255)");
    await page.click("input[value=dark]");
    assert.equal(await ground(), "rgb(21, 25, 31)");
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".cell > .glass-house-chart .glass-house-plot")].every(
        (plot) => (plot as HTMLElement).dataset.theme === "dark",
      ),
    );
    await page.reload();
    assert.equal(await ground(), "rgb(21, 25, 31)");
    await page.click("input[value=auto]");
    assert.equal(await ground(), "rgb(255, 255, 255)");
  });

  it("leads from its contents to a section, and marks which one is read", async () => {
    const { page } = await open(report, wide);
    await allDrawn(page);
    await page.click(".contents a[href='#Charts']");
    await page.waitForSelector(".contents a[href='#Charts'][aria-current]");
    const top = await page.$eval("h2:has(a[name=Charts])", (heading) => heading.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 300, `the heading is at ${top}`);
    assert.equal((await page.$$(".contents [aria-current]")).length, 1);
  });

  it("shows all code when asked, wrapped and not cut off, and folds it again", async () => {
    for (const size of [wide, narrow]) {
      const { page } = await open(report, size);
      const open_ = () => page.$$eval("details.input", (inputs) => inputs.filter(({ open }) => open).length);
      assert.equal(await open_(), 0);
      await page.click("details.input > summary");
      await page.click("button.fold");
      assert.equal(await open_(), 5);
      const cut = await page.$$eval(
        "pre.code",
        (codes) =>
          codes.filter((code) => code.scrollWidth > code.clientWidth || code.clientWidth === 0).length,
      );
      assert.equal(cut, 0);
      await page.click("button.fold");
      assert.equal(await open_(), 0);
    }
  });

  it("keeps every text readable: contrast of at least 4.5, light and dark", async () => {
    for (const theme of ["light", "dark"]) {
      const { page } = await open(report, wide);
      await page.click(`input[value=${theme}]`);
      assert.deepEqual(await page.evaluate(lowContrasts), [], theme);
    }
  });
});

/** Runs in the page: texts whose contrast to what is behind them is below WCAG's 4.5 (AA). */
function lowContrasts(): string[] {
  // drawn, for a colour that was mixed is told in another space
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {
    willReadFrequently: true,
  }) as OffscreenCanvasRenderingContext2D;
  const rgba = (color: string) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color: number[]) => {
    const [r, g, b] = color.map((c) =>
      c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element: Element | null): number[] => {
    if (element === null) return [255, 255, 255];
    const color = rgba(getComputedStyle(element).backgroundColor);
    return color[3] === 0 ? groundOf(element.parentElement) : color;
  };
  const low: string[] = [];
  for (const element of document.querySelectorAll("body *:not(script, style, svg, svg *)")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    if (!own || !element.checkVisibility({ opacityProperty: true })) continue;
    const [a, b] = [rgba(getComputedStyle(element).color), groundOf(element)].map(luminance);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) low.push(`${element.tagName}.${element.className}: ${contrast.toFixed(2)}`);
  }
  return low;
}

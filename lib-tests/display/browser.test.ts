import assert from "node:assert/strict";
import type { Browser, KeyInput, Page } from "puppeteer-core";
import type { Figure } from "../../src/charts/figure.js";
import { launchOrSkip, offlinePage } from "../support/browsers.js";
import { catchDownloads, downloaded } from "../support/downloads.js";
import { chartHtml, framesFigure, libraryHtml, lineFigure } from "./figures.js";

const STILL = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>').toString("base64")}`;
const THEMED =
  "<style>body { color: #222 } [data-theme=dark] body { color: #eee } @media print { body { color: #000 } }</style>";

describe("charts in a browser", () => {
  let browser: Browser;
  let page: Page;
  let problems: string[];
  before(async function () {
    browser = await launchOrSkip(this, "chromium");
  });
  after(() => browser?.close());
  beforeEach(async () => {
    ({ page, problems } = await offlinePage(browser));
  });
  afterEach(async () => {
    await page.close();
    assert.deepEqual(problems, []);
  });

  const open = (body: string, head = ""): Promise<void> =>
    page.setContent(
      `<!doctype html><html><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`,
    );

  /** Waits until the chart stands in every element of that id. */
  const drawn = (id: string) =>
    page.waitForFunction(
      (selector: string) =>
        [...document.querySelectorAll(selector)].every((e) => e.querySelector(".modebar")),
      {},
      `#${id}`,
    );

  /** What the axes of a chart say, and how many lines and points it has. */
  const content = (id: string) =>
    page.$eval(`#${id}`, (e) => ({
      title: e.querySelector(".gtitle")?.textContent,
      lines: e.querySelectorAll("path.js-line").length,
      points: e.querySelectorAll("path.point").length,
      ink: (e.querySelector(".xtick text") as SVGElement | null)?.style.fill,
    }));

  const LIGHT = "rgb(36, 41, 47)";
  const DARK = "rgb(230, 237, 243)";

  it("draws a chart that stands before the library and one after it, and the gap where a number is missing", async () => {
    await open(chartHtml(lineFigure(), "before") + libraryHtml() + chartHtml(lineFigure(), "after"));
    for (const id of ["before", "after"]) {
      await drawn(id);
      assert.deepEqual(await content(id), { title: "Loss", lines: 2, points: 3, ink: LIGHT });
      assert.doesNotMatch(await page.$eval(`#${id}`, (e) => e.textContent ?? ""), /Run this notebook/);
    }
  });

  it("draws with the library in the page's head", async () => {
    await open(chartHtml(lineFigure(), "a"), libraryHtml());
    await drawn("a");
  });

  it("starts the library once, also when its cell is run again", async () => {
    const count = `<script>
      var unpacked = 0;
      window.DecompressionStream = class extends DecompressionStream {
        constructor(format) { super(format); unpacked++ }
      }</script>`;
    await open(
      libraryHtml() + chartHtml(lineFigure(), "a") + libraryHtml() + chartHtml(lineFigure(), "b"),
      count,
    );
    await drawn("b");
    await append(page, libraryHtml() + chartHtml(lineFigure(), "c"));
    await drawn("c");
    assert.equal(await page.evaluate("unpacked"), 1);
  });

  it("draws a chart whose cell is run again, and each view of the same output once", async () => {
    await open(libraryHtml() + chartHtml(lineFigure(), "a"));
    await drawn("a");
    await page.$eval("figure", (e) => e.remove());
    await append(page, chartHtml(lineFigure(), "b"));
    await drawn("b");
    const first = await page.$("#b .js-plotly-plot");
    await append(page, chartHtml(lineFigure(), "b"));
    await drawn("b");
    assert.equal((await page.$$("#b .modebar")).length, 2);
    assert.equal(await first?.evaluate((e) => e.isConnected), true);
  });

  it("gets on with a module loader in the page, and with somebody else's Plotly", async () => {
    await open(
      libraryHtml() + chartHtml(lineFigure(), "a"),
      "<script>var defined = 0; var define = () => { defined++ }; define.amd = {}; var Plotly = 'theirs'</script>",
    );
    await drawn("a");
    assert.deepEqual(await page.evaluate("[defined, Plotly]"), [0, "theirs"]);
  });

  it("shows markup in texts as text, or leaves it out, and never runs it", async () => {
    const evil = "</script><img src=x onerror=alert(1)><script>alert(2)</script>\u2028";
    const figure = lineFigure({
      data: [{ type: "scatter", name: evil, x: [1, 2], y: [1, 2], text: [evil, evil] }],
      layout: { title: { text: evil }, xaxis: { title: { text: evil } }, showlegend: true },
      caption: evil,
      alt: evil,
    });
    let dialogs = 0;
    page.on("dialog", (dialog) => {
      dialogs++;
      void dialog.dismiss();
    });
    await open(libraryHtml() + chartHtml(figure, "a"));
    await drawn("a");
    assert.equal(await page.$eval("figcaption", (e) => e.textContent), evil);
    assert.equal((await page.$$("img")).length, 0);
    assert.equal(dialogs, 0);
  });

  /** What the first chart shows of the frames of framesFigure. */
  const heightIs = (test: string) =>
    page.waitForFunction(`(${test})(document.querySelector("#a .js-plotly-plot").data[0].y[1])`);

  it("moves through frames by key, and leaves another view of the same output alone", async () => {
    const [markup, script] = chartHtml(framesFigure([1, 5, 9]), "a").split("<script>");
    await open(`${libraryHtml()}${markup}${markup}<script>${script}`);
    await drawn("a");
    const heights = () =>
      page.$$eval("#a .js-plotly-plot", (plots) => plots.map((e) => Reflect.get(e, "data")[0].y[1]));
    assert.deepEqual(await heights(), [9, 9]);
    assert.equal((await page.$$("#a .slider-group, #a .updatemenu-button")).length, 0);
    const slider = await page.$("#a input[type=range]");
    const says = () => slider?.evaluate((e) => [e.ariaValueText, e.closest("[role=group]")?.ariaLabel]);
    assert.deepEqual(await says(), ["frame 9", "Animation"]);
    await slider?.focus();
    await page.keyboard.press("ArrowLeft");
    await heightIs("(height) => height === 5");
    await page.keyboard.press("Home");
    await heightIs("(height) => height === 1");
    assert.deepEqual(await says(), ["frame 1", "Animation"]);
    assert.deepEqual(await heights(), [1, 9]);
  });

  it("plays from the start, and stops where the slider is moved", async () => {
    await open(libraryHtml() + chartHtml(framesFigure(Array.from({ length: 200 }, (_, i) => i)), "a"));
    await drawn("a");
    const button = await page.$("#a button:not(.modebar-btn)");
    const label = () => button?.evaluate((e) => e.textContent);
    assert.equal(await label(), "Play");
    await button?.press("Enter");
    await heightIs("(height) => height > 0 && height < 100");
    assert.equal(await label(), "Pause");
    await page.focus("#a input[type=range]");
    await page.keyboard.press("End");
    await heightIs("(height) => height === 199");
    assert.equal(await label(), "Play");
  });

  it("moves nothing by itself for those who asked for reduced motion, and steps without a transition", async () => {
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    await open(libraryHtml() + chartHtml(framesFigure([1, 5, 9]), "a"));
    await drawn("a");
    assert.equal(await page.$eval("#a .glass-house-animation button", (e) => e.checkVisibility()), false);
    const transitions = () =>
      page.$$eval("#a *", (all) => {
        // as Plotly has it where there is a mouse
        document.querySelector("#a .modebar")?.classList.add("modebar--hover");
        return all.filter((e) => Number.parseFloat(getComputedStyle(e).transitionDuration) > 0).length;
      });
    assert.equal(await transitions(), 0);
    await page.focus("#a input[type=range]");
    await page.keyboard.press("ArrowLeft");
    await heightIs("(height) => height === 5");
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "no-preference" }]);
    await page.waitForFunction(() =>
      document.querySelector("#a .glass-house-animation button")?.checkVisibility(),
    );
    assert.ok((await transitions()) > 0);
  });

  it("keeps the keys of its controls from the notebook around it", async () => {
    await open(libraryHtml() + chartHtml(framesFigure([1, 5, 9]), "a"));
    await drawn("a");
    await page.evaluate(() => {
      document.addEventListener("keydown", () => document.body.append("heard"));
    });
    for (const control of ["#a input[type=range]", "#a .modebar-btn"]) {
      await page.focus(control);
      await page.keyboard.press("ArrowDown");
      assert.ok(await page.$eval(control, (e) => e.matches("[data-lm-suppress-shortcuts=true]")), control);
    }
    assert.doesNotMatch(await page.$eval("body", (e) => e.lastChild?.textContent ?? ""), /heard/);
  });

  it("is one stop of the Tab key, from which keys lead to its legend and tools and back", async () => {
    const [first, second] = ["one", "two"].map((name) => ({ type: "scatter" as const, name, y: [1, 2] }));
    await open(
      `${libraryHtml()}${chartHtml(lineFigure({ data: [first, second] }), "a")}<button>after</button>`,
    );
    await drawn("a");
    const pressed = async (...keys: KeyInput[]): Promise<string | null> => {
      for (const key of keys) await page.keyboard.press(key);
      return page.evaluate(() => {
        const { activeElement } = document;
        if (activeElement?.matches(".glass-house-plot")) return "chart";
        return (
          activeElement?.getAttribute("data-title") ??
          activeElement?.ariaLabel ??
          activeElement?.textContent ??
          null
        );
      });
    };
    assert.equal(await pressed("Tab"), "chart");
    assert.equal(await pressed("Tab"), "after");
    await page.$eval("#a .glass-house-plot", (e) => (e as HTMLElement).focus());
    assert.equal(await pressed("Enter"), "Show one");
    assert.equal(await pressed("ArrowRight"), "Show two");
    assert.equal(await pressed("ArrowDown"), "Zoom");
    assert.equal(await pressed("ArrowLeft", "ArrowUp", "ArrowUp"), "Download figure (JSON)");
    assert.equal(await pressed("Home"), "Show one");
    assert.equal(await pressed("End"), "Download figure (JSON)");
    assert.equal(await pressed("Escape"), "chart");
    assert.equal(await pressed("Enter", "Tab"), "after");
  });

  it("hides and shows what an entry of the legend stands for, by key, and keeps the focus", async () => {
    const [first, second] = ["one", "two"].map((name) => ({ type: "scatter" as const, name, y: [1, 2] }));
    await open(libraryHtml() + chartHtml(lineFigure({ data: [first, second] }), "a"));
    await drawn("a");
    const entry = () =>
      page.$eval("#a .legendtoggle", (e) => [e.getAttribute("role"), e.ariaLabel, e.ariaPressed]);
    assert.deepEqual(await entry(), ["button", "Show one", "true"]);
    await page.$eval("#a .legendtoggle", (e) => (e as SVGElement).focus());
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#a .legendtoggle")?.ariaPressed === "false");
    const lines = () => page.$$eval("#a .scatterlayer .js-line", (all) => all.length);
    assert.equal(await lines(), 1);
    await page.waitForFunction(() => document.activeElement?.matches("#a .legendtoggle"));
    await page.keyboard.press(" ");
    await page.waitForFunction(() => document.querySelector("#a .legendtoggle")?.ariaPressed === "true");
    assert.equal(await lines(), 2);
  });

  it("shows its tools, by name, where the mouse or the focus is", async () => {
    await open(libraryHtml() + chartHtml(lineFigure(), "a"));
    await drawn("a");
    assert.equal(await page.$eval("#a .modebar", (e) => e.ariaLabel), "Tools of the chart");
    const opacity = () => page.$eval("#a .modebar", (e) => getComputedStyle(e).opacity);
    await page.mouse.move(0, 0);
    assert.equal(await opacity(), "0");
    await page.hover("#a .glass-house-plot");
    assert.equal(await opacity(), "1");
    await page.mouse.move(0, 0);
    assert.equal(await opacity(), "0");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.matches("#a .modebar-btn")), true);
    assert.equal(await opacity(), "1");
  });

  it("takes the ink of the text around it, follows a change of theme, and prints dark on white", async () => {
    await open(chartHtml(lineFigure(), "a") + libraryHtml(), THEMED);
    await drawn("a");
    const inkBecomes = (ink: string) =>
      page.waitForFunction(
        (expected: string) => (document.querySelector(".xtick text") as SVGElement).style.fill === expected,
        {},
        ink,
      );
    await inkBecomes(LIGHT);
    await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
    await inkBecomes(DARK);
    await page.emulateMediaType("print");
    await inkBecomes(LIGHT);
    await page.emulateMediaType("screen");
    await inkBecomes(DARK);
  });

  it("fits the width it is given, also when it was hidden at first", async () => {
    await open(
      `<div id="box" style="width: 500px; display: none">${chartHtml(lineFigure(), "a")}</div>${libraryHtml()}`,
    );
    await page.waitForFunction(() => document.querySelector("#a .modebar"));
    const widthBecomes = (width: number) =>
      page.waitForFunction(
        (expected: number) => document.querySelector("#a .main-svg")?.clientWidth === expected,
        {},
        width,
      );
    await page.$eval("#box", (e) => (e as HTMLElement).style.removeProperty("display"));
    await widthBecomes(500);
    await page.$eval("#box", (e) => (e as HTMLElement).style.setProperty("width", "300px"));
    await widthBecomes(300);
  });

  it("replaces the still picture but on paper, and keeps it under the message when drawing fails", async () => {
    const broken = { ...lineFigure(), data: [null] } as unknown as Figure;
    await open(libraryHtml() + chartHtml(lineFigure(), "good", STILL) + chartHtml(broken, "bad", STILL));
    await drawn("good");
    const shown = () =>
      page.$$eval("#good :is(img, .glass-house-plot)", (all) =>
        all.filter((e) => e.checkVisibility()).map((e) => e.localName),
      );
    assert.deepEqual(await shown(), ["div"]);
    await page.emulateMediaType("print");
    assert.deepEqual(await shown(), ["img"]);
    await page.emulateMediaType("screen");
    const message = await page.waitForSelector("#bad [role=alert]");
    assert.match(
      (await message?.evaluate((e) => e.textContent)) ?? "",
      /^This chart could not be drawn. \w*Error: /,
    );
    assert.notEqual(await page.$("#bad img"), null);
  });

  it("says in every chart that the library could not be unpacked", async () => {
    await open(
      `${libraryHtml().replace(/load\("[^"]*"\)/, 'load("AAAA")')}${chartHtml(lineFigure(), "a", STILL)}`,
    );
    await page.waitForSelector("#a [role=alert]");
    assert.notEqual(await page.$("#a img"), null);
  });

  it("shows the still picture where no script runs", async () => {
    await page.setJavaScriptEnabled(false);
    await open(libraryHtml() + chartHtml(lineFigure(), "a", STILL));
    await page.setJavaScriptEnabled(true);
    assert.deepEqual(await page.$eval("#a img", (e) => [e.naturalWidth, e.alt]), [40, lineFigure().alt]);
  });

  it("offers the picture and the data, and nothing that would leave the machine", async () => {
    await open(libraryHtml() + chartHtml(lineFigure(), "a"));
    await drawn("a");
    const titles = await page.$$eval("#a .modebar-btn", (buttons) =>
      buttons.map((b) => b.getAttribute("data-title")),
    );
    assert.deepEqual(titles, [
      "Zoom",
      "Pan",
      "Zoom in",
      "Zoom out",
      "Reset axes",
      "Download picture (PNG)",
      "Download picture (SVG)",
      "Download data (CSV)",
      "Download figure (JSON)",
    ]);
  });

  it("downloads under the figure's name", async () => {
    await open(libraryHtml() + chartHtml(lineFigure(), "a"));
    await drawn("a");
    await catchDownloads(page);
    const file = async (title: string): Promise<{ name: string; start: string }> => {
      const { name, text } = await downloaded(page, () =>
        page.evaluate((selector: string) => {
          document.querySelector(selector)?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
        }, `[data-title="${title}"]`),
      );
      return { name, start: text.slice(0, 60) };
    };
    assert.deepEqual(await file("Download data (CSV)"), {
      name: "loss.csv",
      start: "trace,x,y\r\nloss,0,1\r\nloss,1,\r\nloss,2,0.5\r\nloss,3,0.25\r\n",
    });
    assert.equal((await file("Download figure (JSON)")).name, "loss.json");
    const svg = await file("Download picture (SVG)");
    assert.equal(svg.name, "loss.svg");
    assert.match(svg.start, /^<svg /);
    const png = await file("Download picture (PNG)");
    assert.equal(png.name, "loss.png");
    assert.match(png.start, /PNG/);
  });
});

/** Adds an output to the page as a front end does: the markup first, then its scripts in order. */
async function append(page: Page, html: string): Promise<void> {
  await page.evaluate((markup: string) => {
    const output = document.body.appendChild(document.createElement("div"));
    output.innerHTML = markup;
    for (const script of output.querySelectorAll("script")) {
      const copy = document.createElement("script");
      copy.textContent = script.textContent;
      script.replaceWith(copy);
    }
  }, html);
}

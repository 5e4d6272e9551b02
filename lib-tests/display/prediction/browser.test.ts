/** Predict, then see, in real browsers: by pointer and by key, and nothing is veiled that cannot be unveiled. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import type { Prediction } from "../../../src/charts/prediction.js";
import { renderPage } from "../../../src/report/page/index.js";
import { chart, displayed, points, ran, runOf } from "../../report/page/sample.js";
import { violations } from "../../support/axe.js";
import { type BrowserName, launchOrSkip, offlinePage } from "../../support/browsers.js";
import { asking } from "./charts.js";

const TEXT = "The text below tells.";

/** A cell each: three for readers who pass, then those who guess. After the first chart stand a text and a chart that tell. */
const CELLS = [
  "line",
  "share",
  "class",
  "line, drawn",
  "line, by key",
  "share, said",
  "class, said",
] as const;
type Name = (typeof CELLS)[number];
const PASSED = CELLS.slice(0, 3);

const cells = CELLS.map((name) => {
  const figure = asking[name.split(",")[0] as Prediction["kind"]];
  return ran(`show(${name})`, [chart(figure), displayed({ "text/markdown": TEXT }), chart(points())]);
});
// one that is not ours
const strange = points({
  layout: { ...points().layout, meta: { prediction: { kind: "line", question: 1 } } },
});
const broken = points({
  layout: {
    ...points().layout,
    meta: {
      prediction: {
        kind: "line",
        question: "On which axes?",
        truth: { x: [0, 1], y: [1, 1] },
        unit: "",
        axes: { x: "x7", y: "y" },
      },
    },
  },
});

interface Seen {
  /** Of the chart: its marks, its caption, the outputs after it; and its axes. */
  measured: boolean[];
  axes: boolean;
  buttons: string[];
  outcome: string;
  traces: string[];
}

for (const name of ["chromium", "firefox"] as const satisfies BrowserName[]) {
  describe(`predict, then see, in ${name}`, () => {
    let browser: Browser;
    let folder: string;
    let address: string;
    let page: Page;
    let problems: string[];

    before(async function () {
      browser = await launchOrSkip(this, name);
      folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
      const file = join(folder, "report.html");
      const others = ran("show(strange)", [chart(strange), chart(broken)]);
      writeFileSync(file, await renderPage(runOf([...cells, others])));
      address = pathToFileURL(file).href;
      ({ page, problems } = await offlinePage(browser));
      await page.setViewport({ width: 1280, height: 900 });
      await open();
    });
    after(async () => {
      await browser?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    async function open(): Promise<void> {
      await page.goto(address);
      await page.waitForSelector("section:nth-of-type(8) figure:last-of-type .modebar");
    }

    const cell = (name: Name): string => `section:nth-of-type(${CELLS.indexOf(name) + 1})`;

    const seen = (name: Name): Promise<Seen> =>
      page.$eval(cell(name), (section) => {
        const isSeen = (selector: string): boolean => {
          const element = section.querySelector(selector) as Element;
          return getComputedStyle(element).visibility === "visible";
        };
        const plot = section.querySelector(".js-plotly-plot") as Element;
        return {
          measured: [".trace", "figcaption", ".output", ".glass-house-chart ~ .glass-house-chart .trace"].map(
            isSeen,
          ),
          axes: isSeen(".xtick text"),
          buttons: [...section.querySelectorAll(".glass-house-guess button")].map((e) => e.textContent ?? ""),
          outcome: section.querySelector(".glass-house-guess output")?.textContent ?? "",
          traces: (Reflect.get(plot, "data") as { name: string }[]).map((trace) => trace.name),
        };
      });

    const press = async (name: Name, button: string): Promise<void> => {
      const all = await page.$$(`${cell(name)} .glass-house-guess button`);
      for (const one of all) {
        if ((await one.evaluate((e) => e.textContent)) === button) return one.click();
      }
      assert.fail(`no button ${button}`);
    };

    const VEILED = [false, false, false, false];
    const OPEN = [true, true, true, true];

    it("axe finds nothing while questions wait", async () => {
      assert.deepEqual(await violations(page), []);
    });

    it("prints every chart as it is, without form or veil", async () => {
      if (name === "firefox") return; // its driver cannot print on a screen
      await page.emulateMediaType("print");
      const { measured } = await seen("line");
      const form = await page.$eval(".glass-house-guess", (e) => getComputedStyle(e).display);
      await page.emulateMediaType("screen");
      assert.deepEqual([measured, form], [OPEN, "none"]);
    });

    it("veils what tells until the reader passes, says what was measured, and draws nothing into the chart", async () => {
      for (const kind of PASSED) {
        const before = await seen(kind);
        assert.deepEqual([before.measured, before.axes, before.outcome], [VEILED, true, ""], kind);
        await press(kind, "Just show me");
        const after = await seen(kind);
        assert.deepEqual([after.measured, after.axes, after.buttons], [OPEN, true, []], kind);
        assert.deepEqual(after.traces, before.traces);
        assert.match(after.outcome, /^(After epoch 4 it is 0\.04 nats|Measured: 10%|Of 90 points)/);
        assert.equal(await page.evaluate(() => document.activeElement?.localName), "output");
      }
    });

    const drawn = async (name: Name): Promise<{ x: number[]; y: number[] }> => {
      await page.waitForFunction(
        (selector: string) => Reflect.get(document.querySelector(selector) as Element, "data").length === 3,
        {},
        `${cell(name)} .js-plotly-plot`,
      );
      return page.$eval(`${cell(name)} .js-plotly-plot`, (plot) => Reflect.get(plot, "data")[2]);
    };

    it("line: is dragged over the empty axes, and then stands beside what was measured", async () => {
      const line = await page.waitForSelector(`${cell("line, drawn")} .glass-house-drawn-line`);
      await line?.evaluate((e) => e.scrollIntoView({ block: "center", behavior: "instant" }));
      const box = await line?.boundingBox();
      assert(box);
      // the axis goes from 10^1 at the top to 10^-3: three quarters down is 10^-2, half way is 10^-1
      await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.75 * box.height);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 2, box.y + 0.5 * box.height, { steps: 3 });
      await page.mouse.up();
      await press("line, drawn", "Commit");
      const { x, y } = await drawn("line, drawn");
      assert.deepEqual([x[0], x[x.length - 1], y[0]], [0, 4, 1]);
      assert.ok(Math.abs(Math.log10(y[y.length - 1]) + 1) < 0.05, `ends at ${y[y.length - 1]}`);
      const middle = y[x.findIndex((epoch) => epoch >= 2)];
      assert.ok(Math.abs(Math.log10(middle) + 2) < 0.15, `${middle} in the middle`);
      const { traces, outcome, measured } = await seen("line, drawn");
      assert.deepEqual([traces, measured], [["loss", "right", "your guess"], OPEN]);
      assert.match(
        outcome,
        /^For epoch 4 you drew 0\.1; measured: 0\.04 nats, so that you were 2\.\d times too high/,
      );
      assert.match(outcome, /lowest at epoch 2 and ends at 4 times its lowest; yours ends at/);
    });

    it("line: by key, and says where it is", async () => {
      const line = await page.waitForSelector(`${cell("line, by key")} .glass-house-drawn-line`);
      const says = () => line?.evaluate((e) => e.getAttribute("aria-valuetext"));
      await line?.evaluate((e) => (e as SVGElement & Element).focus());
      await page.keyboard.press("End");
      assert.equal(await says(), "epoch 4: 1 nats");
      // 4 powers of ten in all
      for (let i = 0; i < 5; i++) await page.keyboard.press("PageDown");
      assert.equal(await says(), "epoch 4: 0.01 nats");
      await page.keyboard.press("ArrowLeft");
      assert.match(String(await says()), /: 1 nats$/);
      await press("line, by key", "Commit");
      const { y } = await drawn("line, by key");
      assert.deepEqual(y.slice(-2), [1, 0.01]);
    });

    it("share: by slider and by box, which say the same", async () => {
      await page.focus(`${cell("share, said")} [type=range]`);
      for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
      assert.equal(
        await page.$eval(`${cell("share, said")} [type=number]`, (e) => Reflect.get(e, "value")),
        "53",
      );
      await page.click(`${cell("share, said")} [type=number]`, { count: 3 });
      await page.keyboard.type("12.5");
      assert.equal(
        await page.$eval(`${cell("share, said")} [type=range]`, (e) => Reflect.get(e, "value")),
        "13",
      );
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      const { outcome, measured, traces } = await seen("share, said");
      assert.equal(outcome, "You said 12.5%; measured: 10% of the plane. You were 2.5 points too high.");
      assert.deepEqual([measured, traces], [OPEN, ["mean", "your guess"]]);
    });

    it("class: a press answers", async () => {
      assert.deepEqual((await seen("class, said")).buttons, ["Red", "Blue", "Just show me"]);
      await press("class, said", "Blue");
      const { outcome, measured, traces } = await seen("class, said");
      assert.match(
        outcome,
        /^You said Blue\. Of 90 points of count 1, 30 are Red and 60 are Blue\. .* 66\.7%/,
      );
      assert.deepEqual([measured, traces], [OPEN, ["Red", "Blue", "your guess: Blue"]]);
    });

    it("asks nothing where the question is not one of ours or cannot be asked, and veils nothing there", async () => {
      const rest = await page.$eval("section:nth-of-type(8)", (section) => ({
        forms: section.querySelectorAll(".glass-house-guess").length,
        seen: [...section.querySelectorAll(".cartesianlayer, figcaption")].map(
          (e) => getComputedStyle(e).visibility,
        ),
      }));
      assert.deepEqual(rest, { forms: 0, seen: Array(4).fill("visible") });
      assert.match(String(problems.splice(0)), /no axes x7 and y/);
    });

    it("axe finds nothing after the guesses", async () => {
      assert.deepEqual(await violations(page), []);
    });

    it("keeps nothing: the page asks again", async () => {
      assert.deepEqual(
        await page.evaluate(() => [
          location.hash,
          localStorage.length,
          sessionStorage.length,
          document.cookie,
        ]),
        ["", 0, 0, ""],
      );
      await open();
      for (const kind of CELLS) assert.deepEqual((await seen(kind)).measured, VEILED, kind);
    });

    it("shows all where scripts are off", async () => {
      if (name === "firefox") return; // its driver cannot turn them off
      await page.setJavaScriptEnabled(false);
      await page.goto(address);
      const still = await page.$$eval(`${cell("line")} :is(img, figcaption, .output)`, (all) =>
        all.map((e) => getComputedStyle(e).visibility),
      );
      assert.equal((await page.$$(".glass-house-guess, .glass-house-veiled")).length, 0);
      assert.deepEqual(still, Array(5).fill("visible"));
    });

    it("leaves nothing behind in the console", () => {
      assert.deepEqual(
        problems.filter((problem) => !problem.includes("no axes x7 and y")),
        [],
      );
    });
  });
}

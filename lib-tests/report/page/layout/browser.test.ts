/** What a report shows at first, what it folds, and what it prints, in both browsers: the reports of two notebooks. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";
import type { Browser, Page } from "puppeteer-core";
import { PACKAGE_ROOT } from "../../../../src/report/kernel-command.js";
import { readExecutedNotebook } from "../../../../src/report/notebook.js";
import { renderPage } from "../../../../src/report/page/index.js";
import { type BrowserName, launchOrSkip } from "../../../support/browsers.js";
import { runOf } from "../sample.js";

/** One with a tall key figure, and one with many charts. */
const NOTEBOOKS = ["01-baseline", "06-side-channel"];
const MOST_PAGES = 12;

for (const name of ["chromium", "firefox"] as const satisfies BrowserName[]) {
  describe(`a report in ${name}`, () => {
    let browser: Browser;
    let page: Page;
    let folder: string;

    before(async function () {
      browser = await launchOrSkip(this, name);
      folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
      for (const notebook of NOTEBOOKS) {
        const { cells } = readExecutedNotebook(join(PACKAGE_ROOT, "notebooks", `${notebook}.ipynb`));
        const run = { ...runOf(cells), name: notebook };
        writeFileSync(join(folder, `${notebook}.html`), await renderPage(run));
      }
      page = await browser.newPage();
    });
    after(async () => {
      await browser?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    async function open(notebook: string, width: number, height: number, hash = ""): Promise<void> {
      await page.setViewport({ width, height });
      // another address than the one before, so that a fragment is no move within the page
      await page.goto("about:blank");
      await page.goto(pathToFileURL(join(folder, `${notebook}.html`)).href + hash);
      await page.waitForSelector(".lead .main-svg");
    }

    /** Edges of an element in screens, counted from the top of the page. */
    const edges = (selector: string): Promise<{ top: number; bottom: number }> =>
      page.$eval(selector, (element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return { top: (top + scrollY) / innerHeight, bottom: (bottom + scrollY) / innerHeight };
      });
    const openSections = (): Promise<(string | undefined)[]> =>
      page.$$eval("details.section[open] > summary", (all) => all.map((e) => e.textContent?.trim()));

    for (const notebook of NOTEBOOKS) {
      it(`${notebook} says claim and answer on the first screen, beside the living figure or above it`, async () => {
        await open(notebook, 1400, 900);
        for (const part of [".claim", ".answer", ".basis", ".glass-house-plot"]) {
          assert.ok((await edges(`.lead ${part}`)).bottom <= 1, part);
        }
        assert.ok((await edges(".glass-house-try")).top <= 1.3, "the panel");
        await open(notebook, 390, 844);
        for (const part of [".claim", ".answer"]) assert.ok((await edges(`.lead ${part}`)).bottom < 1, part);
        assert.ok((await edges(".lead .glass-house-plot")).top < 0.9, "the beginning of the figure");
      });
    }

    it("opens a section by its link, and by the address", async () => {
      await open("01-baseline", 1400, 900);
      assert.deepEqual(await openSections(), []);
      const link = '.contents a[href="#The-mathematics"]';
      await page.$eval(link, (a) => (a as HTMLElement).click());
      assert.deepEqual(await openSections(), ["The mathematics"]);
      const isThere = (name: string) =>
        page.waitForFunction(
          (place: string) => {
            const { top } = document.getElementsByName(place)[0].getBoundingClientRect();
            return top >= 0 && top < innerHeight / 2;
          },
          {},
          name,
        );
      await isThere("The-mathematics");
      await page.$eval("details.section[open]", (section) => section.removeAttribute("open"));
      await page.$eval(link, (a) => (a as HTMLElement).click());
      assert.deepEqual(await openSections(), ["The mathematics"], "the same link again");
      await open("01-baseline", 1400, 900, "#References");
      assert.deepEqual(await openSections(), ["References"]);
      await page.evaluate(() => {
        location.hash = "#Parameters";
      });
      await page.waitForFunction(() => document.querySelectorAll("details.section[open]").length === 2);
      await isThere("Parameters");
    });

    it("opens and folds all sections by a button", async () => {
      await open("01-baseline", 1400, 900);
      const all = (await page.$$("details.section")).length;
      await page.$eval("button.open-all", (button) => (button as HTMLElement).click());
      assert.equal((await openSections()).length, all);
      await page.$eval("button.open-all", (button) => (button as HTMLElement).click());
      assert.deepEqual(await openSections(), []);
    });

    it("is one stop of the Tab key a chart", async () => {
      await open("01-baseline", 1400, 900);
      const stops = await page.$$eval("main .glass-house-plot:not(.glass-house-try *)", (plots) =>
        plots.map(
          (plot) =>
            [plot, ...plot.querySelectorAll("*")].filter((e) => (e as HTMLElement).tabIndex >= 0).length,
        ),
      );
      assert.ok(stops.length > 0 && stops.every((count) => count === 1), String(stops));
    });

    for (const notebook of NOTEBOOKS) {
      it(`prints ${notebook} on fewer than ${MOST_PAGES} pages, with its sections and without what is folded`, async () => {
        await open(notebook, 1400, 900);
        const whole = pagesOf(await page.pdf({ format: "A4" }));
        assert.ok(whole < MOST_PAGES, `${whole} pages`);
        await page.$$eval("details.section", (sections) => {
          for (const section of sections) section.remove();
        });
        const path = pagesOf(await page.pdf({ format: "A4" }));
        assert.ok(path < whole, `${path} of ${whole} pages without the sections`);
      });
    }
  });
}

/** Number of pages of a PDF; Firefox packs the objects that say so. */
function pagesOf(pdf: Uint8Array): number {
  const bytes = Buffer.from(pdf);
  const text = bytes.toString("latin1");
  const packed = [...text.matchAll(/\/ObjStm[\s\S]*?stream\r?\n/g)].map((start) =>
    inflateSync(bytes.subarray(start.index + start[0].length)).toString("latin1"),
  );
  return [text, ...packed].join("\n").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

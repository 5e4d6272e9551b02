/**
 * The reports of all six notebooks, made from the outputs that are committed, as a reader has them: on a wide screen and
 * on a telephone's, light and dark.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { closingOf } from "../../src/closing/grade.js";
import { publishedVerdicts } from "../../src/display/evidence.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import { notebookName, readExecutedNotebook } from "../../src/report/notebook.js";
import { type RunSummary, renderIndex, renderPage, summarise } from "../../src/report/page/index.js";
import { findNotebooks } from "../../src/report/plan.js";
import { runOf } from "../report/page/sample.js";
import { violations } from "../support/axe.js";
import { launchOrSkip, offlinePage } from "../support/browsers.js";
import { contrast, parseColour } from "../support/contrast.js";
import { chartTexts, misplaced, smallTexts, unreachableScrollers } from "../support/readable.js";

const names = findNotebooks([], join(PACKAGE_ROOT, "notebooks"), PACKAGE_ROOT).map(notebookName);
const WIDTHS = [1200, 360];

describe("the reports of the committed notebooks", () => {
  let browser: Browser;
  let folder: string;
  const summaries: RunSummary[] = [];

  before(async function () {
    browser = await launchOrSkip(this, "chromium");
    folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
    for (const name of names) {
      const notebook = readExecutedNotebook(join(PACKAGE_ROOT, "notebooks", `${name}.ipynb`));
      const run = { ...runOf(notebook.cells), name, notebook };
      writeFileSync(join(folder, `${name}.html`), await renderPage(run));
      summaries.push(await summarise(run));
    }
    writeFileSync(join(folder, "index.html"), renderIndex(summaries, closingOf(publishedVerdicts())));
  });
  after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  for (const name of [...names, "index"]) {
    it(`${name}: axe finds nothing, texts can be read, and all of it fits or scrolls by key`, async () => {
      const { page, problems } = await offlinePage(browser);
      try {
        await page.setViewport({ width: 1200, height: 900 });
        await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
        // what is folded is drawn when it is opened
        if (name !== "index")
          await page.$eval("button.open-all", (button) => (button as HTMLElement).click());
        await allDrawn(page);
        for (const width of WIDTHS) {
          for (const theme of ["light", "dark"]) {
            await page.setViewport({ width, height: 900 });
            await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
            await settled(page, theme);
            const where = `${width} px, ${theme}`;
            assert.deepEqual(await violations(page), [], where);
            const faint = (await page.evaluate(chartTexts)).filter(
              ({ fill, ground }) => contrast(parseColour(fill), parseColour(ground)) < 4.5,
            );
            assert.deepEqual(faint, [], where);
            assert.deepEqual(await page.evaluate(smallTexts), [], where);
            assert.deepEqual(await page.evaluate(misplaced), [], where);
            assert.deepEqual(await page.evaluate(unreachableScrollers), [], where);
            assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
          }
        }
        assert.deepEqual(problems, []);
      } finally {
        await page.close();
      }
    });
  }
});

function allDrawn(page: Page): Promise<unknown> {
  return page.waitForFunction(() =>
    [...document.querySelectorAll(".glass-house-chart > div:not(.glass-house-guess)")].every((div) =>
      div.querySelector(".main-svg"),
    ),
  );
}

/** Waits until every chart has the theme's ink and the width of its place. */
async function settled(page: Page, theme: string): Promise<void> {
  await page.waitForFunction(
    (ink: string) =>
      [...document.querySelectorAll<HTMLElement>(".glass-house-plot")].every(
        (plot) =>
          !plot.checkVisibility() ||
          (plot.dataset.theme === ink && plot.querySelector(".main-svg")?.clientWidth === plot.clientWidth),
      ),
    {},
    theme,
  );
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => setTimeout(next, 100))));
}

/** The panels of the committed notebooks: their published numbers and their published verdicts, computed again in a page. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "puppeteer-core";
import { demonstrations } from "../../src/live/demonstrations.js";
import { type CodeCell, readExecutedNotebook } from "../../src/report/notebook.js";
import { renderPage } from "../../src/report/page/index.js";
import { publicationOf } from "../../src/report/page/publication.js";
import { verdictOf } from "../../src/report/page/verdict.js";
import { prose, runOf } from "../report/page/sample.js";
import { type BrowserName, launchOrSkip, offlinePage } from "../support/browsers.js";
import { NOTEBOOKS } from "../support/jupyter.js";
import { press, proofOf } from "./page.js";

/** The notebook's cells that show its panel and its verdict. */
function tellingCells(notebook: string): CodeCell[] {
  const { cells } = readExecutedNotebook(join(NOTEBOOKS, `${notebook}.ipynb`));
  const telling = cells.filter(
    (cell): cell is CodeCell =>
      cell.cell_type === "code" &&
      cell.outputs.some((output) => publicationOf(output) !== null || verdictOf(output) !== null),
  );
  assert.equal(telling.length, 2, "a panel and a verdict");
  return telling;
}

/** The page of a notebook with its panel and its verdict, and nothing between them. */
function pageOf(notebook: string): Promise<string> {
  return renderPage(runOf([prose(`# ${notebook}`), ...tellingCells(notebook)], { name: notebook }));
}

for (const name of ["chromium", "firefox"] as const satisfies BrowserName[]) {
  describe(`the panels of the notebooks in ${name}`, () => {
    let browser: Browser;
    let folder: string;
    before(async function () {
      browser = await launchOrSkip(this, name);
      folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
    });
    after(async () => {
      await browser?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    for (const notebook of Object.keys(demonstrations)) {
      it(`${notebook}: the published numbers to the bit, and the published verdict word for word`, async () => {
        const file = join(folder, `${notebook}.html`);
        writeFileSync(file, await pageOf(notebook));
        const { page, problems } = await offlinePage(browser);
        await page.goto(pathToFileURL(file).href);
        assert.match(await proofOf(page, 60_000), /^Reproduced to the bit/);
        await press(page, "Run all seeds: verdict");
        await page.waitForSelector(".glass-house-try .verdict-now", { timeout: 120_000 });
        const rows = await page.$$eval(".glass-house-try .verdict-now tbody tr", (found) =>
          found.map((row) => ({ claim: row.children[0].textContent, same: row.children[4].textContent })),
        );
        assert(rows.length >= 4, `${rows.length} lines`);
        assert.deepEqual(
          rows.filter(({ same }) => same !== "the same, word for word"),
          [],
        );
        for (const { name: parameter, slider } of demonstrations[notebook].controls) {
          if (slider === undefined) continue;
          const { from, to, scale } = slider;
          const set = await page.$eval(`.glass-house-try input[id$="-${parameter}"]`, (input) => {
            const range = input.closest(".field")?.querySelector<HTMLInputElement>("input[type=range]");
            if (!range) return;
            range.value = String((Number(range.min) + Number(range.max)) / 2);
            range.dispatchEvent(new Event("input", { bubbles: true }));
            return [Number(range.value), Number((input as HTMLInputElement).value)];
          });
          assert(set && from < set[0] && set[0] < to, `${parameter}: slider at ${set}`);
          const wanted = scale === "log" ? 10 ** set[0] : set[0];
          assert(Math.abs(set[1] / wanted - 1) < 0.005, `${parameter}: ${set[1]} is not ${wanted}`);
        }
        assert.deepEqual(problems, []);
        await page.close();
      });
    }
  });
}

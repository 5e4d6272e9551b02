/**
 * The notebooks through nbconvert: executed by it into pages whose charts live without a network; converted as
 * they are saved, live or with their stills; and on the way to a PDF.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { PLOTLY_MIME } from "../../src/display/mime.js";
import { inLanes } from "../../src/report/lanes.js";
import { notebookName, readExecutedNotebook } from "../../src/report/notebook.js";
import { STILL_WIDTH, stillHeight } from "../../src/report/page/stills.js";
import { pngHeader } from "../../src/report/png.js";
import { DENSITY } from "../../src/report/raster.js";
import { launchOrSkip } from "../support/browsers.js";
import { type ChartOutput, chartOutputs, type Nbconvert, NOTEBOOKS, nbconvertOrSkip } from "./nbconvert.js";
import { openConverted } from "./page.js";

describe("nbconvert", () => {
  let nbconvert: Nbconvert;
  let browser: Browser;
  before(async function () {
    nbconvert = nbconvertOrSkip(this);
    browser = await launchOrSkip(this, "chromium");
  });
  after(async () => {
    await browser?.close();
    nbconvert?.remove();
  });

  /** Opens a page that was converted, hands it over, and says that nothing went wrong in it. */
  async function inPage(
    path: string,
    how: Parameters<typeof openConverted>[2],
    look: (page: Page) => Promise<void>,
  ): Promise<void> {
    const { page, problems } = await openConverted(browser, path, how);
    try {
      await look(page);
      assert.deepEqual(problems, []);
    } finally {
      await page.close();
    }
  }

  /** Without a module loader and with one, every chart of the page is drawn. */
  async function chartsLive(path: string, expected: number): Promise<void> {
    assert.ok(expected > 0);
    for (const loader of [false, true]) {
      await inPage(path, { loader }, async (page) => {
        assert.equal(await page.evaluate("typeof define === 'function' && 'amd' in define"), loader);
        await page
          .waitForFunction(
            (count: number) =>
              document.querySelectorAll(".js-plotly-plot:has(.main-svg):has(.modebar)").length >= count,
            { timeout: 60_000 },
            expected,
          )
          .catch(() => {}); // what is missing is counted below
        assert.deepEqual(
          await page.evaluate(() => ({
            places: document.querySelectorAll(".glass-house-chart").length,
            drawn: [
              ...document.querySelectorAll(".glass-house-chart .js-plotly-plot .main-svg:first-child"),
            ].filter((svg) => svg.getBoundingClientRect().width > 100).length,
            captions: document.querySelectorAll(".glass-house-chart figcaption").length,
            failed: [...document.querySelectorAll("[role=alert]")].map((note) => note.textContent),
          })),
          { places: expected, drawn: expected, captions: expected, failed: [] },
          loader ? "with a module loader" : "without one",
        );
      });
    }
  }

  const countCharts = (path: string): number => chartOutputs(readExecutedNotebook(path)).length;

  describe("--execute --to html", () => {
    let pages: (string | Error)[] = [];
    before(async function () {
      this.timeout(600_000);
      const lanes = { jobs: 2, cores: 2, isAlone: () => false };
      pages = await inLanes(NOTEBOOKS, lanes, (path) =>
        nbconvert.convert(path, "html", "--execute").catch((error: Error) => error),
      );
    });
    for (const [index, path] of NOTEBOOKS.entries()) {
      it(`${notebookName(path)}: every chart lives without a network, with a module loader in the page or not`, async () => {
        const page = pages[index];
        if (page === undefined || page instanceof Error) throw page;
        await chartsLive(page, countCharts(path));
      });
    }
  });

  it("--to html of a notebook saved with its live outputs, as a front end saves it: every chart lives", async function () {
    this.timeout(300_000);
    const [path = ""] = NOTEBOOKS;
    const saved = await nbconvert.convert(path, "notebook", "--execute");
    assert.ok(chartOutputs(readExecutedNotebook(saved)).every(({ isLive }) => isLive));
    await chartsLive(await nbconvert.convert(saved, "html"), countCharts(saved));
  });

  describe("of the notebooks as committed", () => {
    for (const path of NOTEBOOKS) {
      const charts = chartOutputs(readExecutedNotebook(path));
      const sizes = charts.map(({ figure }) => ({ width: STILL_WIDTH, height: stillHeight(figure) }));

      it(`${notebookName(path)} --to html: the still of every chart shows, with scripts and without`, async () => {
        const page = await nbconvert.convert(path, "html");
        for (const scripts of [true, false]) {
          await inPage(page, { scripts }, async (page) => {
            // to look into the page needs them; what stands there was put there without
            await page.setJavaScriptEnabled(true);
            const stills = await page.$$eval("img[src^='data:image/png']", (images) =>
              images.map(({ complete, naturalWidth, naturalHeight, clientWidth, clientHeight }) => ({
                complete,
                pixels: [naturalWidth, naturalHeight],
                ratio: clientHeight / clientWidth,
                isSeen: clientWidth > 200,
              })),
            );
            assert.equal(stills.length, charts.length);
            for (const [index, { width, height }] of sizes.entries()) {
              const { complete, pixels, ratio, isSeen } = stills[index] ?? {};
              assert.deepEqual([complete, isSeen], [true, true]);
              assert.deepEqual(pixels, [DENSITY * width, DENSITY * height]);
              assert.ok(Math.abs((ratio ?? 0) - height / width) < 0.01, `${ratio}, not ${height / width}`);
            }
          });
        }
      });

      it(`${notebookName(path)} --to markdown: a file with the picture of every chart, and its place in the text`, async () => {
        const text = await nbconvert.convert(path, "markdown");
        checkPictures(text, charts, (file) => `](${file})`);
      });

      // text needs pandoc, which is a program more than the charts do: they go alone
      it(`${notebookName(path)}, its charts alone, --to latex, as --to pdf has it: every picture in its place`, async () => {
        const { cells, ...notebook } = JSON.parse(readFileSync(path, "utf8")) as RawNotebook;
        const alone = join(nbconvert.folder, `${notebookName(path)}.ipynb`);
        const kept = cells.map((cell) =>
          cell.outputs === undefined
            ? { cell_type: "raw", id: cell.id, metadata: {}, source: [] }
            : { ...cell, outputs: cell.outputs.map((output) => (isChart(output) ? output : NOTHING)) },
        );
        writeFileSync(alone, JSON.stringify({ ...notebook, cells: kept }));
        checkPictures(await nbconvert.convert(alone, "latex"), charts, (file) => `{${file}}`);
      });
    }
  });
});

/** A notebook in its file's own form. */
interface RawNotebook {
  cells: { cell_type: string; id: string; outputs?: { data?: Record<string, unknown> }[] }[];
}

const NOTHING = { output_type: "display_data", data: { "text/plain": "" }, metadata: {} };

function isChart({ data }: { data?: Record<string, unknown> }): boolean {
  return data !== undefined && PLOTLY_MIME in data;
}

/** Beside the text lies a picture of each chart, crisp and whole, and the text has a place for it. */
function checkPictures(path: string, charts: readonly ChartOutput[], place: (file: string) => string): void {
  const text = readFileSync(path, "utf8");
  const name = basename(path, extname(path));
  assert.ok(charts.length > 0);
  for (const { cell, output, figure } of charts) {
    const file = `${name}_files/${name}_${cell}_${output}.png`;
    assert.ok(text.includes(place(file)), `no place for ${file}`);
    const header = pngHeader(readFileSync(join(dirname(path), file)));
    assert.deepEqual(
      [header?.width, header?.height],
      [DENSITY * STILL_WIDTH, DENSITY * stillHeight(figure)],
      file,
    );
  }
}

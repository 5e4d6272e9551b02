/** The six notebooks in the classic Notebook, which has a module loader (AMD) in the page, as JupyterLab has not. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser } from "puppeteer-core";
import { notebookName, readExecutedNotebook } from "../../src/report/notebook.js";
import { chartsOf } from "../../src/report/page/charts.js";
import { DRAWN_CHART, launchOrSkip, servedPage } from "../support/browsers.js";
import { type JupyterServer, NOTEBOOKS, startJupyter } from "../support/jupyter.js";
import { findProgram } from "../support/programs.js";
import { skipUnless } from "../support/skip.js";

/** The parts of the classic Notebook's object that are used here. */
interface ClassicCell {
  cell_type: string;
  input_prompt_number?: number | string;
  output_area?: { outputs: { output_type: string; name?: string; data?: Record<string, unknown> }[] };
}
declare global {
  interface Window {
    Jupyter?: { notebook?: { kernel?: { is_connected(): boolean }; get_cells(): ClassicCell[] } };
    define?: { amd?: unknown };
  }
}

/** Seconds that all cells of a notebook may take, on a machine that has other things to do. */
const RUN_LIMIT = 180;

/**
 * The classic Notebook's own: it looks for the extension of ipywidgets, which is not installed, and its MathJax probes
 * for fonts on an empty page.
 */
const ITS_OWN = /nbextensions\/widgets|about:blank/;

describe("the classic Notebook", () => {
  let server: JupyterServer;
  let browser: Browser;
  before(async function () {
    skipUnless(this, process.platform !== "win32", "the tests start Jupyter by a shell script");
    const notebook = findProgram("jupyter-notebook");
    skipUnless(this, notebook, "no jupyter-notebook on PATH");
    browser = await launchOrSkip(this, "chromium");
    server = await startJupyter({ name: "jupyter-notebook", command: [notebook] });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const file of readdirSync(NOTEBOOKS).filter((name) => name.endsWith(".ipynb"))) {
    it(`runs all cells of ${notebookName(file)}, and draws every chart`, async () => {
      const charts = chartsOf(readExecutedNotebook(join(NOTEBOOKS, file))).length;
      const { page, problems } = await servedPage(browser, server.origin);
      await page.goto(`${server.origin}/notebooks/${file}?token=${server.token}`);
      await page.waitForFunction(() => {
        const notebook = window.Jupyter?.notebook;
        return notebook?.kernel?.is_connected() && notebook.get_cells().length > 1;
      });
      await page.locator("#celllink").click();
      await page.locator("#run_all_cells").click();
      const numbers = (test: string) =>
        page.waitForFunction(
          `(${test})(Jupyter.notebook.get_cells().filter((cell) => cell.cell_type === "code")
            .map((cell) => cell.input_prompt_number))`,
          { timeout: RUN_LIMIT * 1000, polling: 50 },
        );
      await numbers('(all) => all.includes("*")');
      await numbers('(all) => !all.includes("*")');
      const outputs = await page.evaluate(() =>
        (window.Jupyter?.notebook?.get_cells() ?? []).flatMap((cell) =>
          (cell.output_area?.outputs ?? []).map(({ output_type, name, data }) => ({
            failed: output_type === "error" || name === "stderr",
            chart: data !== undefined && "application/vnd.plotly.v1+json" in data,
          })),
        ),
      );
      assert.equal(outputs.filter(({ failed }) => failed).length, 0);
      assert.equal(outputs.filter(({ chart }) => chart).length, charts);
      await page.waitForFunction(
        (drawn: string, count: number) =>
          [...document.querySelectorAll(drawn)].filter((plot) => plot.clientWidth > 0).length === count,
        {},
        DRAWN_CHART,
        charts,
      );
      assert.ok(await page.evaluate(() => window.define?.amd), "the page has a module loader");
      const cells = (): Promise<number | undefined> =>
        page.evaluate(() => window.Jupyter?.notebook?.get_cells().length);
      const before = await cells();
      await page.$eval(".glass-house-try", (panel) => panel.scrollIntoView());
      await page.waitForSelector(".glass-house-try form");
      for (const control of [".glass-house-plot .modebar-btn", ".glass-house-try input[type=range]"]) {
        await page.focus(control);
        await page.keyboard.type("b"); // which adds a cell, in a moment
        await delay(200);
        assert.equal(await cells(), before, `a letter typed at ${control}`);
      }
      assert.deepEqual(
        problems.filter((problem) => !ITS_OWN.test(problem)),
        [],
      );
      await fetch(`${server.origin}/api/sessions?token=${server.token}`)
        .then((response) => response.json() as Promise<{ id: string }[]>)
        .then((sessions) =>
          Promise.all(
            sessions.map(({ id }) =>
              fetch(`${server.origin}/api/sessions/${id}?token=${server.token}`, { method: "DELETE" }),
            ),
          ),
        );
      await page.close();
    });
  }
});

/** The theft in the panel of notebook 06, in a real browser: one press plays it, and the defence takes it away. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { TRY_IT_MIME } from "../../src/display/mime.js";
import { demonstrations } from "../../src/live/demonstrations.js";
import { publish } from "../../src/live/session.js";
import { renderPage } from "../../src/report/page/index.js";
import { smallTask } from "../experiments/small-task.js";
import { displayed, prose, ran, runOf } from "../report/page/sample.js";
import { violations } from "../support/axe.js";
import { launchOrSkip, offlinePage } from "../support/browsers.js";
import { NOW, numbersOf, positionOf, press, proofOf, untilPosition } from "./page.js";

const demonstration = demonstrations["06-side-channel"];
const PARAMETERS = { ...demonstration.defaults, ...smallTask, sweepSeeds: 2 };
const { publication } = publish(demonstration, PARAMETERS);

/** How many stolen lines the drawn map has. */
function linesDrawn(page: Page): Promise<number> {
  return page.$eval(NOW, (plot) => {
    const traces = (plot as unknown as { data: { name?: string; x: unknown[] }[] }).data;
    return (traces.find(({ name }) => name === "stolen lines")?.x.length ?? 0) / 3;
  });
}

/** Waits until the panel says something like that, and returns it. */
async function untilSaid(page: Page, wanted: RegExp): Promise<string> {
  const said = await page.waitForFunction(
    (source) => {
      const text = document.querySelector(".glass-house-try .status")?.textContent ?? "";
      return new RegExp(source).test(text) && text;
    },
    { polling: 20 },
    wanted.source,
  );
  return String(await said.jsonValue());
}

describe("the theft in chromium", () => {
  let browser: Browser;
  let folder: string;
  let page: Page;
  let problems: string[];

  before(async function () {
    browser = await launchOrSkip(this, "chromium");
    folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
    const file = join(folder, "06-sample.html");
    writeFileSync(
      file,
      await renderPage(runOf([prose("# Sample"), ran("x", [displayed({ [TRY_IT_MIME]: publication })])])),
    );
    ({ page, problems } = await offlinePage(browser));
    await page.goto(`${pathToFileURL(file).href}#try-it`);
    assert.match(await proofOf(page), /^Reproduced to the bit/);
    await page.waitForSelector(NOW);
  });
  after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => assert.deepEqual(problems, []));

  it("plays at one press, by keyboard: the lines come one after the other, and are told", async () => {
    const button = await page.waitForSelector(".glass-house-try .presets ::-p-text(steal)");
    await button?.focus();
    await page.keyboard.press("Enter");
    await untilSaid(page, /^The thief has 0 of 10 lines\.$/);
    await untilSaid(page, /^The thief has [2-7] of 10 lines, the last after \d+ queries\.$/);
    await press(page, "Pause");
    const [, said] = /The thief has (\d+) of/.exec(await untilSaid(page, /^At query \d+ of \d+\. /)) ?? [];
    const [, at] = /^query (\d+) of \d+$/.exec(await positionOf(page)) ?? [];
    assert.equal((await numbersOf(page))["lines stolen"], said);
    await page.waitForFunction(
      (selector, count) =>
        (
          document.querySelector(selector) as unknown as { data: { name?: string; x: unknown[] }[] }
        ).data.some(({ name, x }) => name === "stolen lines" && x.length === 3 * count),
      { polling: 20 },
      NOW,
      Number(said),
    );
    await press(page, "Step one query");
    await untilPosition(page, new RegExp(`^query ${Number(at) + 1} of`));
    await press(page, "To the end");
    await untilSaid(page, /^Done\. The thief has 10 of 10 lines/);
    assert.deepEqual(await violations(page), []);
  });

  it("finds nothing where the defence is taken, and is in training again without a thief", async () => {
    await press(page, "steal, with the defence");
    await untilSaid(page, /^Done\. The thief has 0 of 10 lines, and stops after \d+\.$/);
    assert.equal(await linesDrawn(page), 0);
    await press(page, "as published");
    await untilSaid(page, /^As published\.$/);
    assert.match(await positionOf(page), /^epoch \d+ of \d+$/);
    await page.waitForSelector('.glass-house-try [aria-label="Step one epoch"]');
  });

  it("shows its end at once where the reader wants no motion", async () => {
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    await page.evaluate(() => {
      const status = document.querySelector(".glass-house-try .status") as Element;
      const told: (string | null)[] = [];
      new MutationObserver(() => told.push(status.textContent)).observe(status, { childList: true });
      Object.assign(window, { told });
    });
    await press(page, "steal");
    await untilSaid(page, /^Done\. The thief has 10 of 10 lines/);
    const told = await page.evaluate(() => (window as unknown as { told: string[] }).told);
    assert.deepEqual(
      told.filter((text) => /^The thief/.test(text)),
      [],
    );
  });
});

/** Notebook 05's panel in real browsers: a failure that is chosen shows at the controls that it leaves without effect. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { TRY_IT_MIME } from "../../src/display/mime.js";
import { halfPrecision } from "../../src/experiments/half-precision/index.js";
import { demonstrationOf } from "../../src/live/demonstration.js";
import { publish } from "../../src/live/session.js";
import { renderPage } from "../../src/report/page/index.js";
import { displayed, prose, ran, runOf } from "../report/page/sample.js";
import { type BrowserName, launchOrSkip, offlinePage } from "../support/browsers.js";
import { proofOf, untilDigest } from "./page.js";

const PARAMETERS: Record<string, unknown> = {
  ...halfPrecision.parameters({
    trainPoints: 20,
    testPoints: 40,
    hiddenLayers: [3],
    epochs: 10,
    stallEpochs: 40,
    firstSeed: 1,
    sweepSeeds: 2,
  }),
};
const demonstration = demonstrationOf(halfPrecision);

const control = (name: string): string => `.glass-house-try :is(input, select)[id$="-${name}"]`;

/** Of each control that is closed: what is said there. */
function closed(page: Page): Promise<Record<string, string>> {
  return page.$$eval(".glass-house-try .field", (fields) =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const inputs = [...field.querySelectorAll<HTMLInputElement>("input, select")];
        const note = field.querySelector(".note");
        const isDescribed = inputs[0]
          .getAttribute("aria-describedby")
          ?.split(" ")
          .includes(note?.id ?? "");
        return inputs.every((input) => input.disabled)
          ? [[field.querySelector("label")?.textContent, isDescribed && note?.textContent]]
          : [];
      }),
    ),
  );
}

for (const name of ["chromium", "firefox"] as const satisfies BrowserName[]) {
  describe(`the controls of a panel in ${name}`, () => {
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

    it("close where a failure or a remedy sets the value, say which, and open again with the reader's own", async () => {
      const { publication } = publish(demonstration, PARAMETERS);
      const digestWith = (change: object): string =>
        publish(demonstration, { ...PARAMETERS, ...change }).publication.digest;
      const file = join(folder, "05.html");
      const cells = [prose("# Sample"), ran("x", [displayed({ [TRY_IT_MIME]: publication })])];
      writeFileSync(file, await renderPage(runOf(cells)));
      const { page, problems } = await offlinePage(browser);
      await page.goto(pathToFileURL(file).href);
      assert.match(await proofOf(page), /^Reproduced to the bit/);
      assert.deepEqual(await closed(page), {});

      await page.select(control("failure"), "stall");
      await page.select(control("remedy"), "loss scale 1024");
      await untilDigest(page, digestWith({ failure: "stall", remedy: "loss scale 1024" }));
      const said = await closed(page);
      assert.deepEqual(Object.keys(said).sort(), [
        "batchSize",
        "derivative",
        "epochs",
        "epsilon",
        "initialScale",
        "initialisation",
        "learningRate",
        "lossScale",
        "lossValue",
        "mean",
      ]);
      assert.equal(said.learningRate, 'Without effect: the failure "stall" sets it to 0.0125.');
      assert.equal(said.lossScale, 'Without effect: the remedy "loss scale 1024" sets it to 1024.');
      assert.equal(
        await page.$eval(control("learningRate"), (box) => (box as HTMLInputElement).value),
        "0.2",
      );

      await page.select(control("failure"), "none");
      await page.select(control("remedy"), "nothing");
      await untilDigest(page, publication.digest);
      assert.deepEqual(await closed(page), {});
      assert.deepEqual(problems, []);
      await page.close();
    });
  });
}

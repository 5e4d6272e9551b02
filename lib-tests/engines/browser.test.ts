/** The same bits in browsers, in a worker, where all trainings of our pages run. */
import assert from "node:assert/strict";
import type { Browser, Page } from "puppeteer-core";
import { movedIn } from "../core/network/covering.js";
import { entries } from "../core/network/fingerprint.js";
import { firstBuild } from "../core/network/first-build.js";
import { type BrowserName, launchOrSkip } from "../support/browsers.js";
import { ANSWER, answer, bundle, remeasured } from "./bundle.js";
import { recordedSamples } from "./samples.js";
import type { trainings } from "./trainings.js";

for (const name of ["chromium", "firefox"] satisfies BrowserName[]) {
  describe(`in ${name} the core`, () => {
    let browser: Browser;
    let page: Page;
    let script: string;

    before(async function () {
      browser = await launchOrSkip(this, name);
      page = await browser.newPage();
      script = bundle();
    });
    after(() => browser?.close());

    /** What an expression comes to in a worker that has run the script. */
    function inWorker(expression: string): Promise<unknown> {
      return page.evaluate((code) => {
        const worker = new Worker(URL.createObjectURL(new Blob([code])));
        return new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        });
      }, `${script}\npostMessage(${expression});`);
    }

    it("computes the same bits", async () => {
      assert.deepEqual(await inWorker(ANSWER), answer(true));
    });

    it("measures again what was recorded", async () => {
      const samples = recordedSamples(1);
      assert.deepEqual(await inWorker(remeasured(samples)), samples);
    });

    it("trains to the bits of the first build, by the machine, eagerly and in lanes", async () => {
      const trained = (await inWorker("program.trainings()")) as ReturnType<typeof trainings>;
      const kept = firstBuild();
      for (const { title, settings } of entries()) {
        const { machine, eager, lane } = trained[title];
        const moved = movedIn(settings);
        assert.deepEqual(eager, machine, title);
        assert.deepEqual(lane, machine, title);
        if (!moved.bits) assert.equal(machine.bits, kept[title].bits, title);
        if (!moved.counters) assert.equal(machine.counters, kept[title].counters, title);
      }
    });
  });
}

/** Labels switched by hand in the panel of notebook 03, in real browsers: as fast as a hand can, and none is lost. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { TRY_IT_MIME } from "../../src/display/mime.js";
import type { Place } from "../../src/experiments/panel.js";
import { demonstrations } from "../../src/live/demonstrations.js";
import { publish } from "../../src/live/session.js";
import { renderPage } from "../../src/report/page/index.js";
import { smallTask } from "../experiments/small-task.js";
import { displayed, ran, runOf } from "../report/page/sample.js";
import { type BrowserName, launchOrSkip, offlinePage } from "../support/browsers.js";
import { NOW, placeOf, press, untilDigest } from "./page.js";

const PARAMETERS = {
  ...smallTask,
  // long enough that clicks overtake the training
  epochs: 1000,
  attack: "cluster",
  flips: 3,
  candidates: 2,
  targetLoss: 0.3,
  heldOutShare: 0.2,
  patience: 5,
  decay: 0.001,
  smoothing: 0.1,
  neighbours: 5,
  sweepSeeds: 2,
  firstSeed: 1,
};

const demonstration = demonstrations["03-poisoning"];
const { publication, reading } = publish(demonstration, PARAMETERS);
const digestWith = (flipped: readonly number[]): string =>
  publish(demonstration, { ...PARAMETERS, flipped }).publication.digest;

const { handle } = reading.pictures[0];
assert(handle?.kind === "pick");
const { places } = handle;

/** The points that are farthest from all others: the easiest to hit. */
const LONELY = places
  .map((place, i) => ({
    i,
    room: Math.min(...places.map((other) => (other === place ? 9 : distance(place, other)))),
  }))
  .sort((a, b) => b.room - a.room)
  .slice(0, 3)
  .map(({ i }) => i);

function distance([x, y]: Place, [u, v]: Place): number {
  return Math.hypot(x - u, y - v);
}

async function click(page: Page, place: Place): Promise<void> {
  const at = await placeOf(page, place);
  await page.mouse.click(at.x, at.y);
}

for (const name of ["chromium", "firefox"] as const satisfies BrowserName[]) {
  describe(`labels switched by hand in ${name}`, () => {
    let browser: Browser;
    let folder: string;
    let page: Page;
    let problems: string[];

    before(async function () {
      browser = await launchOrSkip(this, name);
      folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
      const file = join(folder, "03-sample.html");
      const cell = ran("showTryIt(…)", [displayed({ [TRY_IT_MIME]: publication })]);
      writeFileSync(file, await renderPage(runOf([cell])));
      ({ page, problems } = await offlinePage(browser));
      await page.setViewport({ width: 1280, height: 900 });
      await page.goto(pathToFileURL(file).href);
      await page.waitForSelector(`${NOW} .nsewdrag`);
      await page.$eval(NOW, (plot) => plot.scrollIntoView({ block: "center", behavior: "instant" }));
      await page.waitForSelector(".glass-house-try .handle.pick");
    });
    after(async () => {
      await browser?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    it("one after the other, at once: the map stays where it is, and trains with all of them", async () => {
      const box = () =>
        page.$eval(`${NOW} .nsewdrag`, (area) => {
          const { left, top, width, height } = area.getBoundingClientRect();
          return [left, top, width, height];
        });
      const before = await box();
      for (const i of LONELY) {
        await click(page, places[i]);
        const moved = (await box()).map((side, j) => Math.abs(side - before[j]));
        assert.ok(Math.max(...moved) < 1, `moved by ${moved} px`);
      }
      await untilDigest(page, digestWith([...LONELY].sort((a, b) => a - b)));
      await click(page, places[LONELY[0]]);
      await untilDigest(page, digestWith(LONELY.slice(1).sort((a, b) => a - b)));
      assert.deepEqual(problems, []);
    });

    it("while it trains: the answer to the first does not take the second back", async () => {
      await press(page, "as published");
      await untilDigest(page, publication.digest);
      const [first, second, third] = await Promise.all(LONELY.map((i) => placeOf(page, places[i])));
      // by the page itself: the third click has to come right after the first answer
      await page.evaluate(
        (area, early, late) => {
          const map = document.querySelector(area) as Element;
          const press = ({ x, y }: { x: number; y: number }): void => {
            for (const type of ["pointerdown", "pointerup"]) {
              map.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, bubbles: true }));
            }
          };
          new MutationObserver((_, observer) => {
            observer.disconnect();
            press(late);
          }).observe(document.querySelector(".glass-house-try") as Element, {
            attributeFilter: ["data-digest"],
          });
          early.forEach(press);
        },
        `${NOW} .nsewdrag`,
        [first, second],
        third,
      );
      await untilDigest(page, digestWith([...LONELY].sort((a, b) => a - b)));
      await click(page, places[LONELY[0]]);
      await untilDigest(page, digestWith(LONELY.slice(1).sort((a, b) => a - b)));
    });

    it("by key, too", async () => {
      await page.focus(".glass-house-try .transport button");
      await page.focus(".glass-house-try .handle");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      const next = (LONELY[0] + 1) % places.length;
      await untilDigest(page, digestWith([...LONELY.slice(1), next].sort((a, b) => a - b)));
      const label = await page.$eval(".glass-house-try .handle", (button) =>
        button.getAttribute("aria-label"),
      );
      assert.match(label ?? "", new RegExp(`^training point ${next + 1} of 60, switched;`));
    });
  });
}

/** The panel as a playground, in real browsers: it plays, pauses, steps and seeks; ghost, presets, and one screen for all. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { TRY_IT_MIME } from "../../src/display/mime.js";
import { experiments } from "../../src/experiments/index.js";
import { demonstrations } from "../../src/live/demonstrations.js";
import { publish } from "../../src/live/session.js";
import { renderPage } from "../../src/report/page/index.js";
import { displayed, prose, ran, runOf } from "../report/page/sample.js";
import { violations } from "../support/axe.js";
import { type BrowserName, launchOrSkip, offlinePage } from "../support/browsers.js";
import { NOW, numbersOf, positionOf, press, proofOf, untilDigest, untilPosition } from "./page.js";

const NOTEBOOK = "01-baseline";
const demonstration = demonstrations[NOTEBOOK];
/** So many that a slow machine is still under way when somebody looks, at 10 epochs a second. */
const EPOCHS = 400;
const PARAMETERS = {
  ...experiments[NOTEBOOK].defaults,
  trainPoints: 60,
  testPoints: 100,
  hiddenLayers: [6],
  epochs: EPOCHS,
};
const { publication } = publish(demonstration, PARAMETERS);
const digestWith = (changes: object): string =>
  publish(demonstration, { ...PARAMETERS, ...changes }).publication.digest;

const SIZES = [
  { width: 1400, height: 900 },
  { width: 390, height: 844 },
];

interface Seen {
  position: string;
  loss: string;
  /** The line of the map where the probability is 1/2, as it is drawn. */
  boundary: string;
  /** The traces of the drawn map by their names. */
  traces: string[];
}

/** What is to be seen at once, when position, loss and boundary are all other than they were. */
async function movedOn(page: Page, before?: Seen): Promise<Seen> {
  const seen = await page.waitForFunction(
    (selector, last) => {
      const panel = document.querySelector(".glass-house-try");
      const plot = document.querySelector(selector) as unknown as { data: { name?: string }[] } & Element;
      const now = {
        position: panel?.querySelector(".position")?.textContent ?? "",
        loss: panel?.querySelector(".numbers .value")?.textContent ?? "",
        boundary: [...plot.querySelectorAll(".contourlines path")]
          .map((path) => path.getAttribute("d"))
          .join(),
        traces: plot.data.map(({ name }) => String(name)),
      };
      const hasMoved =
        now.position !== last?.position && now.loss !== last?.loss && now.boundary !== last?.boundary;
      return hasMoved && now;
    },
    { polling: 20 },
    NOW,
    before,
  );
  return (await seen.jsonValue()) as Seen;
}

function pressed(page: Page): Promise<(string | null)[]> {
  return page.$$eval(".glass-house-try .presets [aria-pressed=true]", (buttons) =>
    buttons.map((button) => button.textContent),
  );
}

async function pace(page: Page, value: string): Promise<void> {
  await page.select(".glass-house-try .pace", value);
}

for (const name of ["chromium", "firefox"] as const satisfies BrowserName[]) {
  describe(`the playground in ${name}`, () => {
    let browser: Browser;
    let folder: string;
    let page: Page;
    let problems: string[];

    before(async function () {
      browser = await launchOrSkip(this, name);
      folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
      const file = join(folder, "01-sample.html");
      const cells = [
        prose("# Sample"),
        ran("x", [displayed({ [TRY_IT_MIME]: publication })]),
        prose("text\n\n".repeat(40)),
      ];
      writeFileSync(file, await renderPage(runOf(cells)));
      ({ page, problems } = await offlinePage(browser));
      await page.setViewport(SIZES[0]);
      await page.goto(`${pathToFileURL(file).href}#try-it`);
      assert.match(await proofOf(page), /^Reproduced to the bit/);
      await page.waitForSelector(`${NOW} .contourlines path`);
    });
    after(async () => {
      await browser?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });
    afterEach(() => assert.deepEqual(problems, []));

    it("#try-it brings it into sight, and its title has the focus", async () => {
      assert.equal(await page.evaluate(() => document.activeElement?.id), "try-it");
      const top = await page.$eval(".glass-house-try", (panel) => panel.getBoundingClientRect().top);
      assert(top >= 0 && top < SIZES[0].height / 2, `${top}`);
    });

    it("plays: epochs, numbers and boundary move, with what was published as a ghost in the same axes", async () => {
      await pace(page, "10");
      const published = await movedOn(page);
      assert(!published.traces.includes("published"), `${published.traces}`);
      await press(page, "Play");
      let last = published;
      for (let look = 0; look < 2; look++) {
        last = await movedOn(page, last);
        assert.match(last.position, new RegExp(`^epoch \\d+ of ${EPOCHS}$`));
        assert.notEqual(last.position, published.position);
        assert(last.traces.includes("published"), `${last.position}: ${last.traces}`);
      }
    });

    it("pauses, and holds what is there", async () => {
      await press(page, "Pause");
      await page.waitForSelector(".glass-house-try [aria-label=Play]");
      await page.waitForFunction(() =>
        document.querySelector(".glass-house-try .status")?.textContent?.startsWith("At epoch"),
      );
      const [position, numbers] = [await positionOf(page), await numbersOf(page)];
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.deepEqual([await positionOf(page), await numbersOf(page)], [position, numbers]);
    });

    it("steps one epoch, and seeks to the same numbers as step by step", async () => {
      const at = Number(/\d+/.exec(await positionOf(page))?.[0]);
      await press(page, "Step one epoch");
      await untilPosition(page, new RegExp(`^epoch ${at + 1} of ${EPOCHS}$`));
      const stepped = await page.waitForFunction(
        () => document.querySelector<HTMLElement>(".glass-house-try")?.dataset.digest,
      );
      const digest = await stepped.jsonValue();
      await press(page, "To the end");
      await untilDigest(page, publication.digest);
      await page.$eval(
        ".glass-house-try .transport input",
        (slider, epoch) => {
          (slider as HTMLInputElement).value = String(epoch);
          slider.dispatchEvent(new Event("change", { bubbles: true }));
        },
        at + 1,
      );
      await untilDigest(page, String(digest));
      assert.equal(await positionOf(page), `epoch ${at + 1} of ${EPOCHS}`);
    });

    it("starts anew, and plays at the press of the space bar to the end, where the ghost goes", async () => {
      await press(page, "Restart");
      await untilPosition(page, new RegExp(`^epoch 0 of ${EPOCHS}$`));
      await pace(page, "");
      await page.focus(".glass-house-try .transport input");
      await page.keyboard.press(" " as "Space");
      await untilDigest(page, publication.digest);
      await page.waitForSelector(".glass-house-try [aria-label=Play]");
      await page.waitForFunction(
        (selector) =>
          (document.querySelector(selector) as unknown as { data: { name?: string }[] }).data.every(
            ({ name: own }) => own !== "published",
          ),
        { polling: 20 },
        NOW,
      );
    });

    it("marks a preset as long as its values stand, and says what it shows", async () => {
      assert.deepEqual(await pressed(page), ["as published"]);
      const preset = demonstration.presets?.find(({ values }) => "noise" in values);
      assert(preset);
      await press(page, preset.name);
      assert.deepEqual(await pressed(page), [preset.name]);
      assert.equal(await page.$eval(".glass-house-try .says", (says) => says.textContent), preset.says);
      await untilDigest(page, digestWith(preset.values));
      await page.focus('.glass-house-try input[id$="-seed"]');
      await page.keyboard.type("7");
      assert.deepEqual(await pressed(page), []);
    });

    it("understands a decimal comma, and leaves lists alone", async () => {
      await press(page, "as published");
      for (const [field, text] of [
        ["noise", "0,3"],
        ["hiddenLayers", "3,2"],
      ]) {
        await page.$eval(
          `.glass-house-try input[id$="-${field}"]`,
          (input, value) => {
            (input as HTMLInputElement).value = value;
            input.dispatchEvent(new Event("input", { bubbles: true }));
          },
          text,
        );
      }
      await untilDigest(page, digestWith({ noise: 0.3, hiddenLayers: [3, 2] }));
    });

    it("takes values from elsewhere in the page, and comes into sight", async () => {
      await page.evaluate((notebook) => {
        scrollTo(0, document.body.scrollHeight);
        const detail = { notebook, values: { seed: 4 } };
        document.dispatchEvent(new CustomEvent("glass-house-try", { detail }));
      }, NOTEBOOK);
      await untilDigest(page, digestWith({ seed: 4 }));
      assert.equal(await page.evaluate(() => document.activeElement?.id), "try-it");
      await press(page, "as published");
      await untilDigest(page, publication.digest);
    });

    for (const size of SIZES) {
      it(`has controls, figure and main numbers on one screen of ${size.width} x ${size.height}`, async () => {
        await page.setViewport(size);
        // the chart follows its place
        await page.waitForFunction(
          (selector, width) => {
            const plot = document.querySelector(selector)?.querySelector(".main-svg");
            const place = document.querySelector(".glass-house-try .place");
            return plot && place && place.clientWidth < width && plot.clientWidth === place.clientWidth;
          },
          { polling: 50 },
          NOW,
          size.width,
        );
        // each part finds its place in its own time, and the transport, which sticks, where the panel is in sight
        await page.waitForFunction(
          (height) => {
            document.querySelector(".glass-house-try")?.scrollIntoView({ behavior: "instant" });
            const within = ".presets, .transport, .fields.first, .picture-place.first, .numbers";
            const boxes = [...document.querySelectorAll(".glass-house-try")]
              .flatMap((panel) => [...panel.querySelectorAll(within)])
              .map((element) => element.getBoundingClientRect());
            const head = document.querySelector<HTMLElement>(".bar");
            const isAlways = head !== null && getComputedStyle(head).position === "sticky";
            const least = Math.min(...boxes.map(({ top }) => top));
            const most = Math.max(...boxes.map(({ bottom }) => bottom));
            return boxes.length === 5 && most - least <= height - (isAlways ? head.offsetHeight : 0);
          },
          { polling: 50 },
          size.height,
        );
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
        assert.deepEqual(await violations(page), []);
      });
    }
  });
}

/** The panel of a report in real browsers, from a file, without a network: it has to compute what Node computes. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { plainLoop } from "../../src/experiments/runner.js";
import type { Publication } from "../../src/live/demonstration.js";
import { publish } from "../../src/live/session.js";
import { until } from "../report/toys.js";
import { type BrowserName, launchOrSkip, type OfflinePage, offlinePage } from "../support/browsers.js";
import { catchDownloads, type Download, downloaded } from "../support/downloads.js";
import { placeOf, press, proofOf, untilDigest, untilPosition } from "./page.js";
import { demonstration, digestWith, NOTEBOOK, PARAMETERS, pageText, publication } from "./sample.js";

const untilDrawn = (page: Page) =>
  page.waitForFunction(() => document.querySelectorAll(".glass-house-try .place .main-svg").length >= 2 * 3, {
    polling: 50,
  });

const field = (name: string): string => `.glass-house-try input[id$="-${name}"]`;

/** Types a value over the one that stands there. */
async function type(page: Page, name: string, value: string): Promise<void> {
  await page.click(field(name));
  // three clicks would do it, too, where nothing moves between them
  await page.$eval(field(name), (input) => (input as HTMLInputElement).select());
  if (value === "") await page.keyboard.press("Backspace");
  else await page.keyboard.type(value);
}

const statusOf = (page: Page): Promise<string> =>
  page.$eval(".glass-house-try .status", (element) => element.textContent ?? "");

for (const name of ["chromium", "firefox"] as const satisfies BrowserName[]) {
  describe(`the panel in ${name}, from a file, offline`, () => {
    let browser: Browser;
    let folder: string;
    let report: string;
    let slow: string;

    before(async function () {
      browser = await launchOrSkip(this, name);
      folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
      report = join(folder, "02-sample.html");
      writeFileSync(report, await pageText(publication));
      slow = join(folder, "02-slow.html");
      writeFileSync(
        slow,
        await pageText(publish(demonstration, { ...PARAMETERS, epochs: 50_000 }).publication),
      );
    });
    after(async () => {
      await browser?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    async function open(fragment = "", file = report): Promise<OfflinePage> {
      const opened = await offlinePage(browser);
      await opened.page.setViewport({ width: 1280, height: 900 });
      await opened.page.goto(`${pathToFileURL(file).href}${fragment}`);
      return opened;
    }

    it("trains the published network again, to the bit, and draws it", async () => {
      const { page, problems } = await open();
      const proof = await proofOf(page);
      assert.match(proof, /^Reproduced to the bit: .* 8 numbers and 2 charts/);
      assert.match(proof, new RegExp(publication.digest));
      await untilDrawn(page);
      await page.click(".glass-house-try .all-numbers summary");
      await page.waitForSelector(".glass-house-try .all-numbers tr");
      const rows = await page.$$eval(".glass-house-try .all-numbers tr", (found) =>
        found.map((row) => [...row.children].map((cell) => cell.textContent)),
      );
      assert.deepEqual(rows[0], ["one network", "now", "published"]);
      assert.deepEqual(
        rows.slice(1).map(([quantity, , published]) => [quantity, published]),
        publication.quantities.map((quantity) => [quantity.name, ""]),
      );
      assert.deepEqual(problems, []);
      await page.close();
    });

    it("says so where it computes something else than was published", async () => {
      const file = join(folder, "other.html");
      const quantities = publication.quantities.map((quantity, i) =>
        i === 0 ? { ...quantity, value: 1.5 } : quantity,
      );
      writeFileSync(file, await pageText({ ...publication, quantities, digest: "0123456789abcdef" }));
      const { page } = await open("", file);
      assert.match(await proofOf(page), /^Not reproduced: .*\(logit at the point; digest/);
      await page.close();
    });

    it("trains with what is typed and slid, as Node does; as published goes back", async () => {
      const { page, problems } = await open();
      await proofOf(page);
      await type(page, "epochs", "55");
      await untilDigest(page, digestWith({ epochs: 55 }));
      const isBeyondSlider = (): Promise<boolean> =>
        page.$eval(".glass-house-try .field input[type=range]", (slider) =>
          slider.classList.contains("elsewhere"),
        );
      await type(page, "noise", "1.5");
      assert.equal(await isBeyondSlider(), true);
      await page.$eval(".glass-house-try .field input[type=range]", (slider) => {
        (slider as HTMLInputElement).value = "0.3";
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        slider.dispatchEvent(new Event("change", { bubbles: true }));
      });
      await untilDigest(page, digestWith({ epochs: 55, noise: 0.3 }));
      assert.equal(await isBeyondSlider(), false);
      assert.equal(await page.evaluate(() => location.hash), "#try-it?noise=0.3&epochs=55");
      await press(page, "as published");
      await untilDigest(page, publication.digest);
      assert.equal(await page.$eval(field("epochs"), (input) => (input as HTMLInputElement).value), "40");
      assert.equal(await page.evaluate(() => location.hash), "");
      assert.deepEqual(problems, []);
      await page.close();
    });

    for (const stops of [false, true]) {
      it(`takes what is typed while the published network still trains${stops ? ", and is stopped" : ""}`, async () => {
        const { page, problems } = await open("", slow);
        await page.waitForSelector('.glass-house-try .transport [aria-label="Pause"]');
        if (stops) await press(page, "Pause");
        await type(page, "epochs", "40");
        await untilDigest(page, publication.digest);
        assert.match(await proofOf(page), /^Reproduced/);
        assert.deepEqual(problems, []);
        await page.close();
      });
    }

    it("downloads the numbers and what they are from, whatever has been typed since", async () => {
      const { page, problems } = await open();
      await proofOf(page);
      await untilDrawn(page);
      await type(page, "seed", "5");
      await untilDigest(page, digestWith({ seed: 5 }));
      await type(page, "noise", "-1");
      await page.waitForFunction(() => document.querySelector(".glass-house-try [aria-invalid]"));
      await catchDownloads(page);
      const saved = (button: string): Promise<Download> => downloaded(page, () => press(page, button));
      const { quantities } = publish(demonstration, { ...PARAMETERS, seed: 5 }).publication;
      const numbers = await saved("numbers (CSV)");
      assert.equal(numbers.name, `${NOTEBOOK}.csv`);
      assert.deepEqual(
        numbers.text
          .trim()
          .split("\n")
          .slice(1)
          .map((line) => line.split(",").slice(-2).map(Number)),
        quantities.map(({ value }, i) => [publication.quantities[i].value, value]),
      );
      const all = await saved("all (JSON)");
      assert.equal(all.name, `${NOTEBOOK}.json`);
      const { published, now } = JSON.parse(all.text);
      assert.deepEqual(published.parameters, PARAMETERS);
      assert.deepEqual([now.parameters.seed, now.parameters.noise], [5, 0.15]);
      assert.deepEqual(now.quantities, quantities);
      const svg = await saved("figure (SVG)");
      assert.match(svg.name, /\.svg$/);
      assert.match(svg.text, /^<svg/);
      const png = await saved("figure (PNG)");
      assert.match(png.name, /\.png$/);
      assert.match(png.text, /^.PNG/);
      assert.deepEqual(problems, []);
      await page.close();
    });

    it("refuses a silly value at its place, and keeps what was there", async () => {
      const { page } = await open();
      await proofOf(page);
      for (const [parameter, value, message] of [
        ["noise", "-3", "noise must be a finite number from 0 to 2, got -3"],
        ["noise", "", 'noise must be a finite number from 0 to 2, got ""'],
        ["epochs", "many", 'epochs must be a whole number from 0 to 1000000, got "many"'],
        ["hiddenLayers", "10, 0", "hiddenLayers[1] must be a whole number from 1 to 1024, got 0"],
        ["point", "4", "point must be two coordinates, each from -1000000 to 1000000, got [4]"],
      ]) {
        await type(page, parameter, value);
        await page.waitForFunction(
          (selector, text) =>
            document.querySelector(selector)?.closest(".field")?.querySelector(".error")?.textContent ===
            text,
          {},
          field(parameter),
          message,
        );
        assert.equal(
          await page.$eval(field(parameter), (input) => input.getAttribute("aria-invalid")),
          "true",
        );
        assert.match(await statusOf(page), /^Not run/);
        await press(page, "as published");
        await untilDigest(page, publication.digest);
      }
      assert.equal(await page.evaluate(() => location.hash), "");
      await page.close();
    });

    it("opens a shared link with its values, and follows the address", async () => {
      const { page, problems } = await open("#try-it?noise=0.4&point=[-2,3]&activation=tanh");
      const changes = { noise: 0.4, point: [-2, 3], activation: "tanh" };
      await untilDigest(page, digestWith(changes));
      assert.match(await proofOf(page), /^Reproduced/);
      assert.equal(await page.$eval(field("point"), (input) => (input as HTMLInputElement).value), "-2, 3");
      await page.evaluate(() => {
        location.hash = "#try-it?seed=9";
      });
      await untilDigest(page, digestWith({ seed: 9 }));
      assert.deepEqual(problems, []);
      await page.close();
    });

    it("tells what of an address it does not follow", async () => {
      const unfollowed = (page: Page): Promise<string> =>
        page.$eval(".glass-house-try [role=alert]", (element) => element.textContent ?? "");
      const { page, problems } = await open("#try-it?noise=0.4&nose=0.5&activation=step");
      await untilDigest(page, digestWith({ noise: 0.4 }));
      assert.match(
        await unfollowed(page),
        /address: nose=0\.5, activation=step\. There is no such parameter/,
      );
      await page.evaluate(() => {
        location.hash = "#try-it?seed=9";
      });
      await untilDigest(page, digestWith({ seed: 9 }));
      assert.equal(await unfollowed(page), "");
      for (const depth of [2, 20_000]) {
        await page.evaluate((levels) => {
          location.hash = `#try-it?hiddenLayers=${"[".repeat(levels)}3${"]".repeat(levels)}`;
        }, depth);
        await page.waitForFunction(
          () =>
            /^(Not run|This did not work)/.test(
              document.querySelector(".glass-house-try .status")?.textContent ?? "",
            ),
          { polling: 20 },
        );
        await press(page, "as published");
        await untilDigest(page, publication.digest);
      }
      assert.deepEqual(problems, []);
      await page.close();
    });

    it("stands in a page that runs no script but its own, and under any heading", async () => {
      const injected = `<base href="https://example.org/"><script>document.title = "taken"</script>
<img src="data:," onerror="document.title = 'taken'"><svg onload="document.title = 'taken'"></svg>
<script src="data:text/javascript,document.title='taken'"></script><a class="trap" href="javascript:document.title='taken'">a</a>`;
      const file = join(folder, "injected.html");
      writeFileSync(file, (await pageText(publication)).replace("</main>", `${injected}</main>`));
      const { page } = await open("", file);
      assert.match(await proofOf(page), /^Reproduced/);
      await untilDrawn(page);
      await page.$eval(".trap", (link) => (link as HTMLElement).click());
      assert.equal(await page.title(), "The sample · glass-house");
      await page.close();
    });

    it("moves the point by hand and by key, without training", async () => {
      const { page, problems } = await open();
      await proofOf(page);
      await untilDrawn(page);
      await page.$eval(".glass-house-try .handle", (handle) =>
        handle.scrollIntoView({ block: "center", behavior: "instant" }),
      );
      const box = await (await page.$(".glass-house-try .handle"))?.boundingBox();
      assert(box);
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x - 30, y + 30, { steps: 5 });
      await page.mouse.up();
      const place = async (): Promise<number[]> =>
        JSON.parse(`[${await page.$eval(field("point"), (input) => (input as HTMLInputElement).value)}]`);
      const moved = await place();
      assert(moved[0] < 4 && moved[1] < 4, `moved to ${moved}`);
      await untilDigest(page, digestWith({ point: moved }));
      await page.focus(".glass-house-try .handle");
      await page.keyboard.press("ArrowRight");
      const stepped = [Number((moved[0] + 0.1).toFixed(2)), moved[1]];
      await untilDigest(page, digestWith({ point: stepped }));
      assert.deepEqual(await place(), stepped);
      await page.keyboard.down("Shift");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.up("Shift");
      await untilDigest(page, digestWith({ point: [stepped[0], Number((stepped[1] - 1).toFixed(2))] }));
      assert.deepEqual(problems, []);
      await page.close();
    });

    it("moves the point to where the map is clicked, not where it is dragged, and keeps it there", async () => {
      const { page, problems } = await open();
      await proofOf(page);
      await untilDrawn(page);
      const handle = await page.waitForSelector(".glass-house-try .handle");
      const middle = async (): Promise<{ x: number; y: number }> => {
        const box = await handle?.boundingBox();
        assert(box);
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      };
      const point = async (): Promise<[number, number]> =>
        JSON.parse(`[${await page.$eval(field("point"), (input) => (input as HTMLInputElement).value)}]`);
      const isOnPoint = async (): Promise<boolean> => {
        const [at, wanted] = [await middle(), await placeOf(page, await point())];
        return Math.hypot(at.x - wanted.x, at.y - wanted.y) < 2;
      };
      await handle?.evaluate((e) => e.scrollIntoView({ block: "center", behavior: "instant" }));
      const { x, y } = await placeOf(page, [2, 1]);
      await page.mouse.click(x, y);
      const clicked = await point();
      assert(Math.hypot(clicked[0] - 2, clicked[1] - 1) < 0.1, `clicked ${clicked}`);
      await untilDigest(page, digestWith({ point: clicked }));
      await until(isOnPoint, "the handle on the point");
      await page.setViewport({ width: 900, height: 900 });
      await until(isOnPoint, "the handle on the point of the smaller map");
      await handle?.evaluate((e) => e.scrollIntoView({ block: "center", behavior: "instant" }));
      const start = await placeOf(page, [-1, 2]);
      await page.mouse.move(start.x, start.y);
      await page.mouse.down();
      await page.mouse.move(start.x + 60, start.y + 60, { steps: 5 });
      await page.mouse.up();
      assert.deepEqual(await point(), clicked);
      assert.deepEqual(problems, []);
      await page.close();
    });

    it("gives the verdict over the seeds, beside the published one", async () => {
      const { page, problems } = await open();
      await proofOf(page);
      await press(page, "Run all seeds: verdict");
      await page.waitForSelector(".glass-house-try .verdict-now");
      const rows = await page.$$eval(".glass-house-try .verdict-now tbody tr", (found) =>
        found.map((row) => [...row.children].map((cell) => cell.textContent)),
      );
      const expected = await demonstration.judge(PARAMETERS, plainLoop());
      assert.deepEqual(
        rows.map(([claim]) => claim),
        expected.rows.map(({ claim, isPrimary }) => (isPrimary ? `● ${claim}` : claim)),
      );
      rows.forEach(([, old, now, measured, published], i) => {
        const { outcome, measured: text, n } = expected.rows[i];
        assert(now?.startsWith(outcome) && old?.startsWith(outcome), `${old} and ${now}, not ${outcome}`);
        assert.equal(measured, `${text} (n = ${n})`);
        assert.equal(published, "the same, word for word");
      });
      assert.deepEqual(problems, []);
      await page.close();
    });

    it("shows what was recorded, once its sample is the same here; withdraws it, or measures, where it is not", async () => {
      const first = demonstration.check(PARAMETERS);
      const recorded = {
        verdict: await demonstration.judge(first, plainLoop()),
        basis: "3 seeds, 1 to 3, recorded 2026-11-30 by glass-house 1.2.3",
        key: demonstration.key(first),
        sample: [1, 2].map((seed) => ({ seed, text: demonstration.again(first, seed) })),
      };
      const file = join(folder, "recorded.html");
      const said = async (published: Publication, then?: (page: Page) => Promise<void>): Promise<string> => {
        writeFileSync(file, await pageText(published));
        const { page, problems } = await open("", file);
        await proofOf(page);
        const line = await page.$eval(".published-verdict", (element) => element.textContent ?? "");
        assert.equal(line, `Published: ${recorded.verdict.stamp}`);
        const more = await page.$eval(".glass-house-try .more", (element) => element.textContent ?? "");
        assert(more.includes(recorded.verdict.summary) && more.includes(recorded.basis), more);
        await then?.(page);
        await press(page, "Run all seeds: verdict");
        await page.waitForFunction(() =>
          /^(?:Recorded|Withdrawn|Measured here)/.test(
            document.querySelector(".glass-house-try .status")?.textContent ?? "",
          ),
        );
        const text = await statusOf(page);
        assert.deepEqual(problems, []);
        await page.close();
        return text;
      };
      assert.match(
        await said({ ...publication, recorded }),
        /^Recorded: .* Seeds 1 and 2 .* the same to the bit/,
      );
      const [one, two] = recorded.sample;
      const other = { ...recorded, sample: [one, { ...two, text: one.text }] };
      assert.match(
        await said({ ...publication, recorded: other }),
        /^Withdrawn: seeds 1 and 2 give other numbers/,
      );
      const noisier = async (page: Page): Promise<void> => {
        await type(page, "noise", "0.3");
        await untilDigest(page, digestWith({ noise: 0.3 }));
      };
      assert.match(await said({ ...publication, recorded }, noisier), /^Measured here/);
    });

    it("gives the numbers that belong to a verdict, also when it is asked for before they are there", async () => {
      const { page, problems } = await open();
      await proofOf(page);
      await type(page, "seed", "7");
      await press(page, "Run all seeds: verdict");
      await page.waitForSelector(".glass-house-try .verdict-now");
      await untilDigest(page, digestWith({ seed: 7 }));
      assert.ok(await page.$(".glass-house-try .verdict-now"));
      assert.deepEqual(problems, []);
      await page.close();
    });

    it("pauses in the middle of a long training, keeps what is there, and works afterwards", async () => {
      const { page, problems } = await open("#try-it?epochs=1000000&trainPoints=5000");
      await proofOf(page);
      await untilPosition(page, /^epoch [1-9]\d* of 1000000$/);
      await press(page, "Pause");
      await page.waitForFunction(() =>
        document.querySelector(".glass-house-try .status")?.textContent?.startsWith("At epoch"),
      );
      const { digest, epoch } = await page.$eval(".glass-house-try", (panel) => ({
        digest: (panel as HTMLElement).dataset.digest,
        epoch: Number(/^epoch (\d+)/.exec(panel.querySelector(".position")?.textContent ?? "")?.[1]),
      }));
      assert(epoch > 0 && epoch < 1_000_000, `${epoch}`);
      assert.notEqual(digest, publication.digest);
      assert.equal(page.workers().length, 1);
      await press(page, "as published");
      await type(page, "seed", "3");
      await untilDigest(page, digestWith({ seed: 3 }));
      assert.deepEqual(problems, []);
      await page.close();
    });

    it("tells when its worker cannot start or breaks", async () => {
      // the policy names the scripts of the page as it is made, not as it is broken here
      const whole = (await pageText(publication)).replace(/script-src [^;]+/, "script-src 'unsafe-inline'");
      const worker = /worker: "[^"]+"/;
      assert.match(whole, worker);
      const broken = Buffer.from(
        await new Response(
          new Blob(["throw new Error('broken on purpose')"])
            .stream()
            .pipeThrough(new CompressionStream("gzip")),
        ).arrayBuffer(),
      ).toString("base64");
      for (const [code, said] of [
        [broken, /broken on purpose/],
        ["AAAA", /No worker could be started here/],
      ] as const) {
        const file = join(folder, "broken.html");
        writeFileSync(file, whole.replace(worker, `worker: "${code}"`));
        const { page } = await open("", file);
        const status = await page.waitForFunction(() => {
          const text = document.querySelector(".glass-house-try .status")?.textContent ?? "";
          return text.startsWith("This did not work") && text;
        });
        assert.match((await status.jsonValue()) as string, said);
        await page.close();
      }
    });

    it("works before the chart library is there, and shows its numbers where scripts are off", async () => {
      const withoutLibrary = (await pageText(publication)).replace(/<script>glassHouseCharts\.load\(.*/, "");
      const file = join(folder, "bare.html");
      writeFileSync(file, withoutLibrary);
      const { page } = await open("", file);
      assert.match(await proofOf(page), /^Reproduced/);
      await type(page, "seed", "5");
      await untilDigest(page, digestWith({ seed: 5 }));
      await page.close();

      if (name === "firefox") return; // its driver cannot turn scripts off
      const silent = await offlinePage(browser);
      await silent.page.setJavaScriptEnabled(false);
      await silent.page.goto(pathToFileURL(report).href);
      const text = await silent.page.$eval(".glass-house-try", (element) => element.textContent ?? "");
      for (const quantity of publication.quantities) assert(text.includes(quantity.name), quantity.name);
      await silent.page.close();
    });
  });
}

describe("the panel in chromium, over many runs", () => {
  let browser: Browser;
  let folder: string;

  before(async function () {
    browser = await launchOrSkip(this, "chromium");
    folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
  });
  after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it("does not grow: 50 further runs leave heap and elements as they were", async () => {
    const file = join(folder, "02-sample.html");
    writeFileSync(file, await pageText(publication));
    const { page } = await offlinePage(browser);
    await page.goto(pathToFileURL(file).href);
    await page.$eval(".glass-house-try", (element) => element.scrollIntoView());
    await proofOf(page);
    await untilDrawn(page);
    const session = await page.createCDPSession();
    const run = async (from: number, to: number): Promise<{ heap: number; nodes: number }> => {
      for (let seed = from; seed < to; seed++) {
        await type(page, "seed", String(seed));
        await untilDigest(page, digestWith({ seed }));
      }
      await new Promise((settle) => setTimeout(settle, 500));
      await session.send("HeapProfiler.collectGarbage");
      const { JSHeapUsedSize = 0 } = await page.metrics();
      const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
      return { heap: JSHeapUsedSize, nodes };
    };
    const warm = await run(10, 20);
    const after = await run(20, 70);
    assert(Math.abs(after.nodes - warm.nodes) < 200, `elements went from ${warm.nodes} to ${after.nodes}`);
    assert(after.heap < warm.heap + 4e6, `the heap went from ${warm.heap} to ${after.heap} bytes`);
  });
});

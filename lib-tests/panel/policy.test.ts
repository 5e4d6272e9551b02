/**
 * What a report's policy lets happen, and what the panel does where it is let do less: training is written as
 * WebAssembly, and where there is none the plain interpreter computes the same.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "puppeteer-core";
import { type BrowserName, launchOrSkip, type OfflinePage, offlinePage } from "../support/browsers.js";
import { NOW, press, proofOf } from "./page.js";
import { pageText, publication } from "./sample.js";

const ALLOWED = " &#39;wasm-unsafe-eval&#39;";

/** How WebAssembly is refused: a change of the page, or text that the worker runs before all else. */
const refusals: Record<string, { change?: (html: string) => string; first?: string }> = {
  "by the policy": { change: (html) => html.replace(ALLOWED, "") },
  "by an engine that has none": { first: "delete globalThis.WebAssembly;" },
  "by an engine without vectors": { first: "WebAssembly.validate = () => false;" },
};

for (const name of ["chromium", "firefox"] as const satisfies BrowserName[]) {
  describe(`the policy of a report in ${name}`, () => {
    let browser: Browser;
    let folder: string;
    let html: string;

    before(async function () {
      browser = await launchOrSkip(this, name);
      folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
      html = await pageText(publication);
      assert(html.includes(ALLOWED));
    });
    after(async () => {
      await browser?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    /** Opens a page, in whose worker some text is run first; `violations` fills up as the page and its worker are refused something. */
    async function open(text: string, first = ""): Promise<OfflinePage & { violations: string[] }> {
      const file = join(folder, "report.html");
      writeFileSync(file, text);
      const opened = await offlinePage(browser);
      const { page } = opened;
      const violations: string[] = [];
      await page.exposeFunction("violated", (what: string) => violations.push(what));
      await page.evaluateOnNewDocument((text) => {
        const { violated } = window as unknown as { violated(what: string): void };
        const told = `addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
          postMessage({ violation: violatedDirective + " " + blockedURI }));`;
        addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
          violated(`${violatedDirective} ${blockedURI}`),
        );
        window.Blob = class extends Blob {
          constructor(parts: BlobPart[] = [], options: BlobPropertyBag = {}) {
            super(options.type === "text/javascript" ? [told, text, ...parts] : parts, options);
          }
        } as typeof Blob;
        window.Worker = class extends Worker {
          constructor(url: string | URL) {
            super(url);
            this.addEventListener("message", ({ data }) => data.violation && violated(data.violation));
          }
        };
      }, first);
      await page.goto(pathToFileURL(file).href);
      return { ...opened, violations };
    }

    const NOTE = ".glass-house-try .status + .note";

    it("lets the panel reproduce the published numbers, and is never violated", async () => {
      const { page, problems, violations } = await open(html);
      assert.match(await proofOf(page), /^Reproduced to the bit/);
      await page.waitForSelector(`${NOW} .main-svg path`);
      await press(page, "Run all seeds: verdict");
      await page.waitForSelector(".glass-house-try .verdict-now");
      assert.equal(await page.$eval(NOTE, (note) => note.textContent), "");
      assert.deepEqual([problems, violations], [[], []]);
      await page.close();
    });

    for (const [how, { change = (same: string) => same, first }] of Object.entries(refusals)) {
      it(`where WebAssembly is refused ${how}: the same bits, and a sentence`, async () => {
        const { page, violations } = await open(change(html), first);
        assert.match(await proofOf(page), /^Reproduced to the bit/);
        assert.match(
          (await page.$eval(NOTE, (note) => note.textContent)) ?? "",
          /^WebAssembly is not allowed/,
        );
        assert.deepEqual(
          violations.map((what) => what.split(" ")[1]),
          how === "by the policy" ? ["wasm-eval"] : [],
        );
        await page.close();
      });
    }
  });
}

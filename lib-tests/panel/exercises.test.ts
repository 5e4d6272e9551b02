/** The exercises of a report in real browsers, from a file: an answer of each kind, with the panel unopened and opened. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { EXERCISES_MIME, TRY_IT_MIME } from "../../src/display/mime.js";
import { demonstrationNamed } from "../../src/live/demonstrations.js";
import { solve } from "../../src/live/exercises.js";
import { publish } from "../../src/live/session.js";
import { renderPage } from "../../src/report/page/index.js";
import { displayed, prose, ran, runOf } from "../report/page/sample.js";
import { violations } from "../support/axe.js";
import { type BrowserName, launchOrSkip, offlinePage } from "../support/browsers.js";

/** Has exercises of every kind. */
const NOTEBOOK = "01-baseline";
const demonstration = demonstrationNamed(NOTEBOOK);
const exercises = demonstration.exercises ?? [];
const indexOf = (kind: string): number => exercises.findIndex((exercise) => exercise.kind === kind);
const solutions = exercises.map((exercise) => solve(demonstration, exercise).answer);

const article = (kind: string): string =>
  `.glass-house-exercises .exercise:nth-of-type(${indexOf(kind) + 1})`;

/** Presses Check and gives what is said in the end. */
async function checked(page: Page, kind: string): Promise<string> {
  await page.$eval(`${article(kind)} form .primary`, (button) => (button as HTMLElement).click());
  const said = await page.waitForFunction(
    (status) => {
      const text = document.querySelector(status)?.textContent ?? "";
      return text !== "" && text !== "Computing…" && text;
    },
    { polling: 20 },
    `${article(kind)} [role=status]`,
  );
  return String(await said.jsonValue());
}

async function typeAnswer(page: Page, text: string): Promise<void> {
  const input = `${article("number")} input`;
  await page.focus(input);
  await page.$eval(input, (field) => (field as HTMLInputElement).select());
  await page.keyboard.type(text);
}

for (const name of ["chromium", "firefox"] as const satisfies BrowserName[]) {
  describe(`exercises in ${name}, from a file, offline`, () => {
    let browser: Browser;
    let folder: string;
    let page: Page;
    let problems: string[];

    before(async function () {
      browser = await launchOrSkip(this, name);
      folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
      const file = join(folder, "exercises.html");
      const { publication } = publish(demonstration, { ...demonstration.defaults, epochs: 20 });
      writeFileSync(
        file,
        await renderPage(
          runOf([
            prose("# Sample\n\n## Exercises"),
            ran("showExercises(…)", [displayed({ [EXERCISES_MIME]: { notebook: NOTEBOOK } })]),
            prose(`## Further on\n\n${"text\n\n".repeat(100)}\n\n## The panel`),
            ran("showTryIt(…)", [displayed({ [TRY_IT_MIME]: publication })]),
          ]),
        ),
      );
      ({ page, problems } = await offlinePage(browser));
      await page.setViewport({ width: 390, height: 844 });
      await page.goto(pathToFileURL(file).href);
      await page.waitForSelector(`${article("number")} form`);
    });
    after(async () => {
      await browser?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });
    afterEach(() => assert.deepEqual(problems, []));

    const isOpened = (): Promise<boolean> => page.$(".glass-house-try form").then((form) => form !== null);

    it("judge a number, with the panel never opened; a decimal comma will do", async () => {
      const right = solutions[indexOf("number")] as number;
      assert.match(await checked(page, "number"), /^Type a number first/);
      await typeAnswer(page, String(right - 1));
      assert.match(await checked(page, "number"), /^Too low\. Read “/);
      await typeAnswer(page, `${right},0`);
      assert.equal(await checked(page, "number"), "Right.");
      assert.equal(await isOpened(), false);
    });

    it("judge a choice", async () => {
      const right = solutions[indexOf("choice")] as number;
      const choose = (i: number): Promise<void> =>
        page.$eval(`${article("choice")} input[value="${i}"]`, (radio) => (radio as HTMLElement).click());
      assert.match(await checked(page, "choice"), /^Choose one first/);
      await choose(right === 0 ? 1 : 0);
      assert.match(await checked(page, "choice"), /^Not so\. Read “/);
      await choose(right);
      assert.equal(await checked(page, "choice"), "Right.");
      assert.equal(await isOpened(), false);
    });

    it("say what a search has come to before the panel was opened", async () => {
      assert.match(await checked(page, "find"), /^Not yet\. With the values of the panel, test accuracy/);
      assert.equal(await isOpened(), false);
    });

    it("have a hint, and a solution that is computed when it is opened", async () => {
      const open = (which: string): Promise<void> =>
        page.$eval(`${article("find")} ${which} summary`, (summary) => (summary as HTMLElement).click());
      await open("details:not(.solution)");
      assert.equal(
        await page.$eval(`${article("find")} details[open] p`, (hint) => hint.textContent),
        exercises[indexOf("find")].hint,
      );
      assert.equal(await page.$(`${article("find")} .solution strong`), null);
      await open(".solution");
      const answer = await page.waitForSelector(`${article("find")} .solution strong`);
      const [[parameter, value]] = Object.entries(solutions[indexOf("find")] ?? {});
      assert.equal(
        await answer?.evaluate((strong) => strong.textContent),
        `Answer: ${parameter} = ${value}.`,
      );
    });

    it("leave nothing for axe to find, and nothing wider than a small screen", async () => {
      assert.deepEqual(await violations(page), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    });

    it("open the panel with their values, and take the solution from there", async () => {
      const shown = (field: string): Promise<unknown> =>
        page.$eval(
          `.glass-house-try :is(input, select)[id$="-${field}"]`,
          (input) => (input as HTMLInputElement).value,
        );
      await page.$eval(`${article("find")} form [type=button]`, (button) => (button as HTMLElement).click());
      await page.waitForSelector(".glass-house-try form");
      const exercise = exercises[indexOf("find")];
      for (const [parameter, value] of Object.entries(exercise.values))
        assert.equal(await shown(parameter), value);
      assert.match(await checked(page, "find"), /^Not yet\./);
      await page.$eval(`${article("find")} .solution button`, (button) => (button as HTMLElement).click());
      const [[parameter, value]] = Object.entries(solutions[indexOf("find")] ?? {});
      assert.equal(await shown(parameter), String(value));
      assert.match(await checked(page, "find"), /^Right\. With the values of the panel, test accuracy/);
    });

    it("say so where the panel has another value than it should", async () => {
      await page.$eval(`.glass-house-try input[id$="-noise"]`, (input) => {
        (input as HTMLInputElement).value = "0.3";
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
      assert.match(
        await checked(page, "find"),
        /^In this exercise noise stays at 0\.15, and the panel has 0\.3\./,
      );
    });
  });
}

import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import { exercises } from "../../src/display/exercises-html.js";
import { EXERCISES_MIME } from "../../src/display/mime.js";
import { answerText, changesText, judgementText } from "../../src/display/panel/exercise-words.js";
import { showExercises } from "../../src/display/show-exercises.js";
import { baseline } from "../../src/experiments/baseline/index.js";
import { demonstrationNamed } from "../../src/live/demonstrations.js";
import { renderPage } from "../../src/report/page/index.js";
import { displayed, prose, ran, runOf } from "../report/page/sample.js";
import { outputsOf } from "./fake-kernel.js";

const NOTEBOOK = "01-baseline";
const all = demonstrationNamed(NOTEBOOK).exercises ?? [];

describe("showExercises", () => {
  it("sends one output: questions and hints, as HTML and in words, and whose they are", () => {
    const [{ data }, ...others] = outputsOf(() => showExercises(baseline));
    assert.deepEqual(others, []);
    assert.deepEqual(data[EXERCISES_MIME], { notebook: NOTEBOOK });
    const { document } = new JSDOM(data["text/html"] as string).window;
    const html = document.body.textContent?.replace(/\s+/g, " ") ?? "";
    for (const { title, question, hint } of all) {
      for (const text of [title, question, hint]) {
        assert((data["text/markdown"] as string).includes(text), text);
        assert(html.includes(text.replaceAll("`", "")), text);
      }
    }
    assert.equal(document.querySelectorAll("article").length, all.length);
  });

  it("refuses an experiment without a panel, and shows nothing", () => {
    const shown = outputsOf(() => {
      assert.throws(
        () => showExercises({ ...baseline, name: "07-none" }),
        /^RangeError: notebook must be one of 01-baseline, /,
      );
    });
    assert.deepEqual(shown, []);
  });

  it("puts no reason and no solution into the page", () => {
    const { markup, scripts } = exercises(NOTEBOOK, "some-id");
    const html = `${markup}${scripts}`;
    for (const { why } of all) assert(!html.includes(why.slice(0, 30)), why);
  });

  it("is made anew by a report, and shown in words where it names no notebook of ours", async () => {
    const pageOf = async (notebook: string): Promise<Document> => {
      const cell = displayed({ [EXERCISES_MIME]: { notebook }, "text/markdown": "in words" });
      const html = await renderPage(runOf([prose("# Sample"), ran("x", [cell])]));
      return new JSDOM(html).window.document;
    };
    const own = await pageOf(NOTEBOOK);
    assert.equal(own.querySelectorAll(".glass-house-exercises .exercise").length, all.length);
    const other = await pageOf("07-none");
    assert.equal(other.querySelector(".glass-house-exercises"), null);
    assert.match(other.querySelector("main")?.textContent ?? "", /in words/);
  });
});

describe("the words for an answer", () => {
  const page = { title: "One", values: {} };
  const number = { ...page, kind: "number" as const, unit: "neurons", watch: ["loss"] };
  const find = { ...page, kind: "find" as const };

  it("say on which side a number is, and where to read", () => {
    assert.equal(judgementText(number, { kind: "too low" }), "Too low. Read “loss” in the panel.");
    assert.equal(judgementText(number, { kind: "right" }), "Right.");
  });

  it("say of a search what was measured and what was asked, where it fails only what failed", () => {
    const met = { name: "a", value: 5, atLeast: 4, isMet: true };
    const unmet = { name: "b", value: null, atMost: 0.25, isMet: false };
    assert.equal(
      judgementText(find, { kind: "missed", findings: [met, unmet] }),
      "Not yet. With the values of the panel, b is not a number (asked: at most 0.2500).",
    );
    assert.equal(
      judgementText(find, { kind: "found", findings: [met] }),
      "Right. With the values of the panel, a is 5 (asked: at least 4).",
    );
    assert.match(
      judgementText(find, { kind: "moved", parameter: "noise", value: 0.3, left: 0.15 }),
      /^In this exercise noise stays at 0\.15, and the panel has 0\.3\./,
    );
  });

  it("give a solution", () => {
    const rest = { runs: [], why: "" };
    assert.equal(answerText(number, { answer: 3, ...rest }), "Answer (neurons): 3.");
    assert.equal(
      answerText({ ...page, kind: "choice", choices: ["no", "yes"] }, { answer: 1, ...rest }),
      "Answer: yes.",
    );
    assert.equal(answerText(find, { answer: { nudge: 1e-14 }, ...rest }), "Answer: nudge = 1e-14.");
    assert.equal(answerText(find, { answer: null, ...rest }), "None of the values tried here.");
    assert.equal(changesText({ a: [1, 2 / 3], b: "full" }), "a = [1, 0.6667], b = full");
  });
});

/** Terms explain themselves in prose, once a section, and nowhere else. */
import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import { newExplained } from "../../../src/report/page/glossary.js";
import { renderPage } from "../../../src/report/page/index.js";
import { cellMarkdown, newOutline } from "../../../src/report/page/markdown.js";
import { TERMS } from "../../../src/report/page/terms.js";
import { chart, points, prose, ran, runOf, verdict, verdictOutput } from "./sample.js";

const body = (markup: string): HTMLElement => new JSDOM(markup).window.document.body;
const explaining = () => ({ ...newOutline(), explained: newExplained() });
const buttons = (root: ParentNode): string[] =>
  [...root.querySelectorAll("button.term")].map((button) => button.textContent ?? "");

describe("terms in a report", () => {
  const render = (source: string, outline = explaining()) => body(cellMarkdown(source, outline).text);

  it("are buttons where they first stand in a section, each with its meaning", () => {
    const root = render(
      "## One\n\nThe logit, the *seeds*, two logits.\n\n## Two\n\nThe Logit again & <b>1</b>.",
    );
    assert.deepEqual(buttons(root), ["logit", "seeds", "Logit"]);
    assert.equal(root.querySelector("p")?.firstChild?.textContent, "The ");
    for (const button of root.querySelectorAll("button.term")) {
      const meaning = root.querySelector(`[id="${button.getAttribute("popovertarget")}"]`);
      assert.ok(meaning?.hasAttribute("popover"));
      assert.ok(TERMS.some(({ text }) => text === meaning?.textContent));
    }
    const ids = [...root.querySelectorAll("[popover]")].map(({ id }) => id);
    assert.equal(new Set(ids).size, 3);
  });

  it("are left alone in headings, links, code, formulas, parts of words and references", () => {
    const source =
      "## The logit\n\n[the seed](#a) `epoch` $\\text{ulp}$ xulp nat-ural batchwise\n\n## References\n\nOn calibration and the sigmoid";
    assert.deepEqual(buttons(render(source)), []);
  });

  it("keep to a section over several cells, and longer terms come first", () => {
    const outline = explaining();
    assert.deepEqual(buttons(render("## A\n\nan epoch", outline)), ["epoch"]);
    assert.deepEqual(buttons(render("an epoch, a loss\nscale", outline)), ["loss\nscale"]);
    assert.deepEqual(buttons(render("### B\n\nan epoch", outline)), ["epoch"]);
  });

  it("stand in captions and verdicts, and the page's ids are its own", async () => {
    const figure = points({ caption: "The logit <of> each seed." });
    const claim = { ...verdict, summary: "The churn is small." };
    const root = body(
      await renderPage(
        runOf([prose("# T\n\n## S"), ran("show()", [chart(figure), chart(figure), verdictOutput(claim)])]),
      ),
    );
    assert.deepEqual(buttons(root), ["logit", "seed", "churn"]);
    const [caption] = root.querySelectorAll("figcaption");
    assert.match(caption.textContent ?? "", /^The logit.* <of> each seed/);
    const ids = [...root.querySelectorAll("[id]")].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("have one meaning each, in one or two sentences", () => {
    const words = TERMS.flatMap((term) => term.words.map((word) => word.toLowerCase()));
    assert.equal(new Set(words).size, words.length);
    for (const { words, text } of TERMS) {
      assert.match(text, /^[A-Z].*\.$/, words[0]);
      assert.ok((text.match(/\.(?:\s|$)/g) ?? []).length <= 2, words[0]);
    }
  });
});

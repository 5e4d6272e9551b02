import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import { type Bearing, CONCLUSIONS, type Conclusion, QUESTIONS } from "../../src/closing/conclusions.js";
import { type Closing, closingOf, type Graded, type Verdicts } from "../../src/closing/grade.js";
import { closingMarkdown, showClosing } from "../../src/display/closing.js";
import { publishedVerdicts } from "../../src/display/evidence.js";
import { CLOSING_MIME } from "../../src/display/mime.js";
import { OUTCOMES, type Outcome, type Verdict, type VerdictRow } from "../../src/experiments/verdict.js";
import { renderIndex, renderPage, summarise } from "../../src/report/page/index.js";
import { outputsOf } from "../display/fake-kernel.js";
import { displayed, ran, runOf, verdictOutput } from "../report/page/sample.js";

const verdictWith = (rows: VerdictRow[]): Verdict => ({ claim: "", stamp: "holds", rows, summary: "" });

/** Verdicts in which the lines of the bearings come out as told, in order. */
function verdictsWith(bearings: readonly Bearing[], outcomes: readonly Outcome[]): Verdicts {
  const rows = bearings.map(({ line }, i) => ({
    id: line,
    claim: "",
    measured: "",
    n: 20 + i,
    outcome: outcomes[i],
    ...(outcomes[i] === "holds only if" && { note: "it *rains*" }),
  }));
  const notebooks = [...new Set(bearings.map(({ notebook }) => notebook))];
  return Object.fromEntries(
    notebooks.map((name) => [name, verdictWith(rows.filter((_, i) => bearings[i].notebook === name))]),
  );
}

const bearing = (line: string, more: Partial<Bearing> = {}): Bearing => ({
  notebook: "07-toy",
  line,
  yes: `${line} is so`,
  no: `${line} is not so`,
  ...more,
});

/** The grade of one conclusion on two lines, of which the second may speak against it. */
function graded(outcomes: readonly Outcome[], isAgainst = false, more: Partial<Conclusion> = {}): Graded {
  const bearings = [bearing("one"), bearing("two", isAgainst ? { isAgainst } : {})];
  const conclusion = { sentence: "It is so.", bearings, ...more };
  return closingOf(verdictsWith(bearings, outcomes), [conclusion], []).conclusions[0];
}

const told = ({ reasons }: Graded): string[][] =>
  reasons.map(({ name, lines }) => [name, ...lines.map(({ text }) => text)]);

describe("the grade of a conclusion", () => {
  for (const [first, second, grade, counter] of [
    ["holds", "holds", "holds", "holds in part"],
    ["does not hold", "does not hold", "does not hold", "holds in part"],
    ["holds", "does not hold", "holds in part", "holds"],
    ["does not hold", "holds", "holds in part", "does not hold"],
    ["holds", "holds only if", "holds in part", "holds in part"],
    ["holds only if", "undecided", "holds in part", "holds in part"],
    ["holds", "undecided", "undecided", "undecided"],
    ["does not hold", "undecided", "undecided", "undecided"],
    ["holds", "not tested", "undecided", "undecided"],
    ["not tested", "not tested", "not tested here", "not tested here"],
  ] as const) {
    it(`is "${grade}" where its lines say "${first}" and "${second}", and "${counter}" where the second speaks against it`, () => {
      assert.equal(graded([first, second]).grade, grade);
      assert.equal(graded([first, second], true).grade, counter);
    });
  }

  it("names what speaks for it, what against it, under which condition, and what is open", () => {
    assert.deepEqual(told(graded(["holds", "holds"], true)), [
      ["For it", "one is so"],
      ["Against it", "two is so"],
    ]);
    assert.deepEqual(told(graded(["does not hold", "does not hold"], true)), [
      ["For it", "two is not so"],
      ["Against it", "one is not so"],
    ]);
    assert.deepEqual(told(graded(["holds only if", "holds only if"])), [
      ["For it", "one is so (on a condition: it *rains*)", "two is so (on the same condition)"],
    ]);
    assert.deepEqual(told(graded(["not tested", "undecided"])), [
      ["Undecided", "whether two is so"],
      ["Not tested", "whether one is so"],
    ]);
  });

  it("tells how many units are behind each line, and where it stands", () => {
    assert.deepEqual(graded(["holds", "holds"]).reasons[0].lines[1], {
      text: "two is so",
      notebook: "07-toy",
      line: "two",
      n: 21,
    });
  });

  it("says nothing of a line whose failure tells nothing, and grades by the others", () => {
    const { no: _, ...open } = bearing("two", { isAgainst: true });
    const bearings = [bearing("one"), open];
    const graded = (...outcomes: Outcome[]): Graded =>
      closingOf(verdictsWith(bearings, outcomes), [{ sentence: "It is so.", bearings }], []).conclusions[0];
    assert.deepEqual(told(graded("does not hold", "does not hold")), [["Against it", "one is not so"]]);
    assert.equal(graded("does not hold", "does not hold").grade, "does not hold");
    assert.equal(graded("holds", "holds").grade, "holds in part");
    const alone = [{ sentence: "It is so.", bearings: [open] }];
    const [none] = closingOf(verdictsWith([open], ["does not hold"]), alone, []).conclusions;
    assert.deepEqual([none.grade, none.reasons], ["undecided", []]);
  });

  it("is none without evidence, of the notebook or of one of the lines", () => {
    const bearings = [bearing("one"), bearing("two", { notebook: "08-other" })];
    const whole = verdictsWith(bearings, ["holds", "holds"]);
    const conclusion = { sentence: "It is so.", bearings };
    for (const without of [
      { ...whole, "08-other": undefined },
      { "07-toy": whole["07-toy"] },
      { ...whole, "08-other": verdictWith([]) },
    ]) {
      const { conclusions, questions } = closingOf(without, [conclusion], [conclusion]);
      for (const own of [...conclusions, ...questions]) {
        assert.equal(own.grade, "not graded");
        assert.equal(own.remark, "No published evidence of 08-other.");
        assert.deepEqual(own.reasons, []);
      }
    }
  });

  it("is none of our own where the conclusion goes beyond what was measured, but the trend is told", () => {
    const own = graded(["holds", "undecided"], false, { beyond: "Too large." });
    assert.deepEqual([own.grade, own.remark], ["not tested here", "Too large."]);
    assert.deepEqual(told(own), [
      ["As far as tested", "one is so"],
      ["Undecided", "whether two is so"],
    ]);
    const beyond = { sentence: "It is so.", bearings: [bearing("one")], beyond: "Too large." };
    assert.deepEqual(closingOf({}, [beyond], []).conclusions[0], {
      sentence: "It is so.",
      grade: "not tested here",
      remark: "Too large. No published evidence of 07-toy.",
      reasons: [],
    });
  });
});

describe("the essay's conclusions", () => {
  const all = [...CONCLUSIONS, ...QUESTIONS];
  const bearings = all.flatMap((own) => own.bearings);

  const verdicts = publishedVerdicts();

  it("rest on lines that the published verdicts have, each once", () => {
    for (const { notebook, line } of bearings) {
      const rows = verdicts[notebook]?.rows.filter(({ id }) => id === line);
      assert.equal(rows?.length, 1, `${notebook}: ${line}`);
    }
    for (const verdict of Object.values(verdicts)) {
      const ids = verdict?.rows.flatMap(({ id }) => id ?? []) ?? [];
      assert.equal(new Set(ids).size, ids.length, ids.join());
    }
  });

  it("are graded from the published evidence, in cells, whatever was run", () => {
    const [{ data }] = outputsOf(showClosing);
    const closing = closingOf(verdicts);
    assert.deepEqual(data[CLOSING_MIME], closing);
    assert.equal(data["text/markdown"], closingMarkdown(closing));
    assert.match(closingMarkdown(closing), /verdicts are those of the published evidence; no run of yours/);
    assert.ok([...closing.conclusions, ...closing.questions].every(({ reasons }) => reasons.length > 0));
  });

  it("read differently for every other outcome", () => {
    for (const { sentence, ...own } of all) {
      const texts = OUTCOMES.map((outcome) => {
        const other = verdictsWith(
          own.bearings,
          own.bearings.map(() => outcome),
        );
        const { conclusions, questions } = closingOf(other, [{ sentence, ...own }], [{ sentence, ...own }]);
        return JSON.stringify([told(conclusions[0]), told(questions[0])]);
      });
      assert.equal(new Set(texts).size, OUTCOMES.length, sentence);
    }
  });

  it("have clauses that go into a sentence", () => {
    for (const { yes, no, line } of bearings) {
      assert.notEqual(yes, no);
      for (const clause of no === undefined ? [yes] : [yes, no])
        assert.match(clause, /^[a-z0-9].*[^.;]$/, line);
    }
  });
});

describe("the closing page", () => {
  const line = { text: "<b>it</b> is so", notebook: "07-sample", line: "fast", n: 20 };
  const closing: Closing = {
    conclusions: [
      {
        sentence: "It <i>is</i> so.",
        grade: "holds in part",
        remark: "A <remark>.",
        reasons: [{ name: "For it", lines: [line, { ...line, notebook: "08-none", text: "so is this" }] }],
        literature: [{ found: "others <too>", address: "https://example.org/?a=1&b=2" }],
      },
    ],
    questions: [{ sentence: "Is it?", reasons: [{ name: "Found", lines: [{ ...line, line: "slow" }] }] }],
  };
  const verdict = verdictWith([
    { id: "fast", claim: "Fast.", measured: "1", n: 20, outcome: "holds", isPrimary: true },
  ]);
  const run = runOf([ran("x", [verdictOutput(verdict), displayed({ [CLOSING_MIME]: closing })])]);
  const shown = (page: string): HTMLElement | null =>
    new JSDOM(page).window.document.querySelector(".closing");

  it("is on the index, leads to the lines in the reports that there are, and escapes what it tells", async () => {
    const place = shown(renderIndex([await summarise(run)], closing));
    assert.equal(place?.querySelector("tbody th")?.textContent, "It <i>is</i> so.");
    assert.equal(place?.querySelector(".chip.holds-in-part")?.textContent, "holds in part");
    assert.equal(
      place?.querySelector("tbody td:last-child")?.textContent?.trim(),
      "A <remark>. For it: <b>it</b> is so (07, n = 20); so is this (08, n = 20). Others found: others <too>.".replaceAll(
        ", n = ",
        ",\u00a0n\u00a0=\u00a0",
      ),
    );
    assert.deepEqual(
      [...(place?.querySelectorAll("a") ?? [])].map((link) => link.getAttribute("href")),
      ["07-sample.html#glass-house--line-fast", "https://example.org/?a=1&b=2", "07-sample.html"],
    );
    assert.equal(place?.querySelector("script, b, i"), null);
  });

  it("leads to no report that failed or has other parameters, and is left out where it is not given", async () => {
    const summary = await summarise(run);
    const changes = [{ name: "noise", value: 1, original: 2 }];
    for (const other of [
      { ...summary, status: "failed" as const },
      { ...summary, changes },
    ]) {
      assert.deepEqual(shown(renderIndex([other], closing))?.querySelectorAll("a[href*='07']").length, 0);
    }
    assert.equal(shown(renderIndex([summary])), null);
  });

  it("is in the report of the notebook that shows it, which has a place for each line that has a name", async () => {
    const page = await renderPage(run);
    assert.equal(shown(page)?.querySelector(".chip")?.textContent, "holds in part");
    assert.equal(shown(page)?.querySelector("a[href*='07']"), null);
    const place = new JSDOM(page).window.document.getElementById("glass-house--line-fast");
    assert.match(place?.textContent ?? "", /Fast\./);
  });

  it("is the words of the cell where its data are not those of a closing page", async () => {
    for (const wrong of [
      {},
      { ...closing, questions: [{ sentence: 3 }] },
      {
        ...closing,
        conclusions: [{ ...closing.conclusions[0], literature: [{ found: "x", address: "javascript:x" }] }],
      },
    ]) {
      const page = await renderPage(
        runOf([ran("x", [displayed({ [CLOSING_MIME]: wrong, "text/markdown": "only words" })])]),
      );
      assert.equal(shown(page), null);
      assert.match(page, /only words/);
    }
  });
});

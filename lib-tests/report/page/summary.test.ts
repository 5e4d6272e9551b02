import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import { poisoning } from "../../../src/experiments/index.js";
import type { Outcome } from "../../../src/experiments/verdict.js";
import { renderIndex, summarise } from "../../../src/report/page/index.js";
import { chart, displayed, points, prose, ran, runOf, verdict, verdictOutput } from "./sample.js";

describe("a run's summary", () => {
  it("has title, claim, verdict, parameters and the number of charts that are shown", async () => {
    const summary = await summarise(
      runOf([
        prose("## Not yet\n\n# The *title*"),
        ran("charts", [chart(points()), displayed({ "text/html": "library" }, { role: "library" })]),
        ran("hidden", [chart(points())], "remove-output"),
        ran("v", [verdictOutput(verdict)]),
      ]),
    );
    const { keyFigure, ...rest } = summary;
    assert.deepEqual(rest, {
      name: "07-sample",
      report: "07-sample",
      changes: [],
      title: "The title",
      status: "ok",
      seconds: 12.34,
      charts: 1,
      parameters: { seed: 3, noise: 0.2, hiddenLayers: [10] },
      claim: "It *learns*.",
      verdict,
    });
    assert.match(keyFigure?.src ?? "", /^data:image\/svg\+xml/);
  });

  it("takes the chart marked as key figure, else the first, else none", async () => {
    const first = chart(points({ alt: "first" }));
    const second = points({ alt: "second" });
    const altOf = async (...outputs: (typeof first)[]) =>
      (await summarise(runOf([ran("x", outputs)]))).keyFigure?.alt;
    assert.equal(await altOf(first, chart(second, { keyFigure: true })), "second");
    assert.equal(await altOf(first, chart(second)), "first");
    assert.equal(await altOf(), undefined);
  });

  it("of a run that never started has its name and why", async () => {
    const failure = { cell: null, message: "not JSON" };
    const summary = await summarise(runOf([], { status: "failed", failure }));
    assert.equal(summary.title, "07-sample");
    assert.deepEqual(summary.failure, failure);
    assert.equal(summary.verdict, null);
    assert.equal(summary.keyFigure, null);
  });
});

describe("the index page", () => {
  it("has a card for each notebook with claim, verdict in words, key figure and link", async () => {
    const summary = await summarise(
      runOf([prose("# The title"), ran("x", [chart(points()), verdictOutput(verdict)])]),
    );
    const page = new JSDOM(renderIndex([summary])).window.document;
    const card = page.querySelector("article");
    assert.equal(card?.querySelector("h2 a")?.getAttribute("href"), "07-sample.html");
    assert.equal(card?.querySelector("h2")?.textContent, "The title");
    assert.match(card?.querySelector(".claim")?.textContent ?? "", /It learns\./);
    const chips = [...(card?.querySelectorAll(".chip") ?? [])].map((chip) => chip.textContent);
    assert.deepEqual(chips, ["does not hold"]);
    assert.match(card?.textContent ?? "", /It learns, but not always\./);
    assert.equal(card?.querySelector("img")?.getAttribute("alt"), "Three points on a rising line.");
    assert.equal(card?.querySelector("figcaption"), null);
    assert.equal(card?.querySelector(".place")?.textContent, "1 chart");
  });

  it("says which report of how many it is and what it takes to read, and writes the figure's title", async () => {
    const figure = points({ layout: { title: { text: "Seed 1:<br>so <b>it</b> went" } } });
    const cells = [ran("x", [chart(figure), verdictOutput(verdict)])];
    const page = new JSDOM(renderIndex([await summarise(runOf(cells, { name: poisoning.name }))])).window
      .document;
    assert.equal(page.querySelector(".card .place")?.textContent, `3 of 6, ${poisoning.minutes} minutes`);
    assert.equal(page.querySelector(".card figcaption")?.textContent, "Seed 1: so it went");
  });

  it("answers the essay as a whole by counting the stamps of the notebooks' own values", async () => {
    const tallyOf = async (...stamps: Outcome[]): Promise<string | undefined> => {
      const runs = stamps.map((stamp, i) =>
        summarise(runOf([ran("x", [verdictOutput({ ...verdict, stamp })])], { name: `0${i}-x` })),
      );
      const changed = { ...(await runs[0]), changes: [{ name: "a", value: 1, original: 2 }] };
      const page = new JSDOM(renderIndex([...(await Promise.all(runs)), changed])).window.document;
      return page.querySelector(".tally")?.textContent?.replace(/^.*: /, "");
    };
    assert.equal(
      await tallyOf("holds", "does not hold", "holds", "holds only if"),
      "of 4 claims, each tested on 20 networks or more, 2 hold, 1 holds only on a condition and 1 does not hold.",
    );
    assert.equal(await tallyOf("undecided"), "of 1 claim, tested on 20 networks or more, 1 is undecided.");
    assert.equal(new JSDOM(renderIndex([])).window.document.querySelector(".tally"), null);
  });

  it("has a table of every line of every verdict, and of what defends", async () => {
    const full = { ...verdict, defence: "A *smaller* step.", scale: "Up to 3 x 64." };
    const summaries = await Promise.all([
      summarise(runOf([ran("x", [verdictOutput(full)])])),
      summarise(runOf([ran("x", [verdictOutput(verdict)])], { name: "08-plain" })),
      summarise(runOf([prose("# No verdict")], { name: "09-none" })),
    ]);
    const page = new JSDOM(renderIndex(summaries)).window.document;
    const [claims, defences] = [...page.querySelectorAll(".tables table")];
    const lines = [...claims.querySelectorAll("tbody tr")].map((row) => row.textContent ?? "");
    assert.equal(lines.length, 6);
    assert.match(lines[1], /Always\..*for 15 of 20.*20.*holds only if.*noise < 0\.2/s);
    const names = [...claims.querySelectorAll("th[scope=rowgroup] a")].map((a) => a.getAttribute("href"));
    assert.deepEqual(names, ["07-sample.html", "08-plain.html"]);
    const rows = [...defences.querySelectorAll("tbody tr")].map((row) => row.textContent ?? "");
    assert.equal(rows.length, 1);
    assert.match(rows[0], /07-sample.*A smaller step\..*Up to 3 x 64\./s);
    assert.equal(new JSDOM(renderIndex([])).window.document.querySelector(".tables"), null);
  });

  it("has runs with changed parameters below the others, with their values, and judges no claim by them", async () => {
    const own = await summarise(runOf([ran("x", [verdictOutput(verdict)])]));
    const cells = [
      ran("const noise = 0.15;", [], "parameters"),
      ran("const noise = 0.3;", [], "injected-parameters"),
      ran("x", [verdictOutput(verdict)]),
    ];
    const commission = { source: "07-sample", set: { noise: 0.3 }, report: "07-sample.changed-0123abcd" };
    const changed = await summarise(runOf(cells), commission);
    const page = new JSDOM(renderIndex([changed, own])).window.document;
    const links = [...page.querySelectorAll("article h2 a")].map((link) => link.getAttribute("href"));
    assert.deepEqual(links, ["07-sample.html", "07-sample.changed-0123abcd.html"]);
    const [ownCard, changedCard] = page.querySelectorAll("article");
    assert.equal(ownCard.querySelector(".changes"), null);
    assert.equal(changedCard.querySelector(".changes .chip")?.textContent, "changed parameters");
    assert.equal(
      changedCard.querySelector(".changes li")?.textContent?.trim(),
      "noise = 0.3 in the place of 0.15",
    );
    assert.equal(page.querySelectorAll(".claims tbody tr").length, verdict.rows.length);
  });

  it("says plainly that a run failed, and where, and links to no report of it", async () => {
    const failed = await summarise(
      runOf([prose("# The title")], { status: "failed", failure: { cell: 4, message: "<b>bad</b>" } }),
    );
    const page = new JSDOM(renderIndex([failed])).window.document;
    assert.match(page.querySelector("article .failure")?.textContent ?? "", /failed at code cell 4/);
    assert.equal(page.querySelector("article pre")?.textContent, "<b>bad</b>");
    assert.equal(page.querySelector("article a"), null);
  });
});

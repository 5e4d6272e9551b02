import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import { ANSWER_MIME, TRY_IT_MIME } from "../../../src/display/mime.js";
import { renderPage } from "../../../src/report/page/index.js";
import { chart, displayed, points, prose, ran, runOf, text, verdict, verdictOutput } from "./sample.js";

async function pageOf(...[cells, changes]: Parameters<typeof runOf>): Promise<Document> {
  // no scripts run here: this is what a reader without them gets
  return new JSDOM(await renderPage(runOf(cells, changes))).window.document;
}

function textOf(parent: ParentNode, selector: string): string {
  const element = parent.querySelector(selector);
  assert.ok(element, `no ${selector}`);
  return (element.textContent ?? "").replace(/\s+/g, " ").trim();
}

describe("a report's page", () => {
  it("is one document with landmarks, a skip link and a policy that allows no network", async () => {
    const page = await pageOf([prose("# The sample\n\n## Words"), ran("1 + 1")]);
    assert.equal(page.documentElement.lang, "en");
    assert.equal(page.title, "The sample · glass-house");
    for (const landmark of ["header", "main", "nav", "footer"]) {
      assert.equal(page.querySelectorAll(landmark).length, 1, landmark);
    }
    const skip = page.querySelector("a.skip")?.getAttribute("href") ?? "";
    assert.equal(page.querySelector(skip)?.localName, "main");
    const policy = page.querySelector("meta[http-equiv=Content-Security-Policy]")?.getAttribute("content");
    assert.match(policy ?? "", /^default-src 'none';/);
    assert.match(
      policy ?? "",
      /; script-src 'sha256-[\w+/]{43}='; connect-src 'none'; base-uri 'none'; form-action 'none'$/,
    );
    assert.doesNotMatch(policy ?? "", /https?:|\*|-eval/);
    assert.equal(page.querySelectorAll("link, iframe, [src^='http'], script[src]").length, 0);
  });

  it("shows a panel, and allows it a worker; what only has a panel's name is shown in words", async () => {
    const publication = {
      notebook: "01-baseline",
      parameters: { seed: 1 },
      quantities: [
        { name: "test accuracy (%)", value: 98.5 },
        { name: "epochs until it broke", value: null, absent: "never" },
      ],
      digest: "0123456789abcdef",
    };
    const tried = (data: object) =>
      ran("showTryIt()", [displayed({ [TRY_IT_MIME]: data, "text/markdown": "in words" })]);
    const page = await pageOf([tried(publication)]);
    assert.match(textOf(page, ".glass-house-try"), /test accuracy \(%\) ?98\.5/);
    assert.match(textOf(page, ".glass-house-try"), /epochs until it broke ?never/);
    const policy = page.querySelector("meta[http-equiv=Content-Security-Policy]")?.getAttribute("content");
    assert.match(
      policy ?? "",
      /script-src( 'sha256-[\w+/]{43}=')+ 'wasm-unsafe-eval'; worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'$/,
    );
    const other = await pageOf([tried({ ...publication, notebook: "07-none" })]);
    assert.equal(other.querySelector(".glass-house-try"), null);
    assert.match(textOf(other, "main"), /in words/);
  });

  it("shows text, typeset mathematics and its contents", async () => {
    const page = await pageOf([
      prose("# Title\n\n## First part\n\nInline $x^2$ and\n\n$$\\frac{a}{b}$$"),
      prose("### A *detail*\n\n## First part"),
    ]);
    assert.equal(page.querySelectorAll("main .katex").length, 2);
    assert.equal(page.querySelectorAll("main .katex-display").length, 1);
    assert.ok(page.querySelector("main math"), "no MathML for those who listen");
    const links = [...page.querySelectorAll<HTMLAnchorElement>("nav.contents a")];
    assert.deepEqual(
      links.map((link) => link.textContent),
      ["First part", "A detail", "First part"],
    );
    for (const link of links) {
      const [place] = page.getElementsByName(decodeURIComponent(link.hash.slice(1)));
      assert.match(place?.parentElement?.localName ?? "nothing", /^h[23]$/);
    }
    assert.equal(new Set(links.map((link) => link.hash)).size, 3);
    const short = await pageOf([prose("# Title")]);
    assert.equal(short.querySelector("nav"), null, "contents without an entry");
  });

  it("lets no formula be larger than a page, which could be laid over it", async () => {
    const page = await pageOf([
      prose("$\\rule{1000em}{900em}$ $\\hspace{1000em} x$ $$\\raisebox{1000em}{x}$$"),
    ]);
    const lengths = [...page.querySelectorAll<HTMLElement>(".katex-html [style]")].flatMap((element) =>
      (element.getAttribute("style")?.match(/-?[\d.]+em/g) ?? []).map(Number.parseFloat),
    );
    assert.ok(lengths.length >= 3);
    for (const length of lengths) assert.ok(length <= 41, `${length} em`);
  });

  it("carries the fonts of mathematics only where there is some", async () => {
    const plain = await renderPage(runOf([prose("# No formula")]));
    const formula = await renderPage(runOf([prose("# One: $x$")]));
    assert.ok(!plain.includes("font/woff2"));
    assert.ok(formula.includes("url(data:font/woff2;base64,"));
    assert.doesNotMatch(formula, /url\((?!["']?data:)/);
  });

  it("has code with its number, time and colours, folded until it is asked for", async () => {
    const page = await pageOf([ran('const greeting = "hello"; // who?')]);
    assert.equal(page.querySelector("details.input")?.hasAttribute("open"), false);
    assert.equal(textOf(page, "details.input summary"), "Code [1] 0.5 s");
    assert.equal(textOf(page, "details.input .hljs-string"), '"hello"');
    assert.equal(textOf(page, "details.input code"), 'const greeting = "hello"; // who?');
  });

  it("marks the parameters, and those set for this run", async () => {
    const run = runOf([
      ran("const seed = 1;", [], "parameters"),
      ran("const seed = 3;", [], "injected-parameters"),
    ]);
    const commission = { source: "07-sample", set: { seed: 3 }, report: "07-sample.changed-0123abcd" };
    const page = new JSDOM(await renderPage(run, commission)).window.document;
    assert.match(textOf(page, ".cell.parameters summary"), /^Parameters \[/);
    assert.match(textOf(page, ".cell.injected summary"), /^Parameters set for this run/);
    const rows = [...page.querySelectorAll("footer tbody tr")].map((row) => row.textContent);
    assert.deepEqual(rows, ["seed3 set for this run", "noise0.2", "hiddenLayers[10]"]);
    assert.match(textOf(page, "footer dl"), /npm run report -- 07-sample --set "seed=3"/);
    assert.equal(textOf(page, ".changes .chip"), "changed parameters");
    assert.equal(textOf(page, ".changes li"), "seed = 3 in the place of 1");
    assert.match(page.title, /changed parameters/);
    const own = await pageOf([ran("const seed = 3;", [], "parameters")]);
    assert.equal(own.querySelector(".changes"), null);
    assert.doesNotMatch(own.title, /changed/);
  });

  it("says where its numbers come from, outside every cell", async () => {
    const page = await pageOf([ran("1")]);
    const facts = textOf(page, "footer dl");
    for (const fact of [
      "0123456789abcdef0123456789abcdef01234567",
      "node 20.20.2, tslab 1.0.22",
      "Seed3",
      "2026-01-02 03:04:05 UTC",
      "12.3 s",
    ]) {
      assert.ok(facts.includes(fact), `${fact} is not in ${facts}`);
    }
    assert.equal(page.querySelector("footer")?.closest(".cell"), null);
    const changed = await pageOf([], {
      provenance: { commit: "abc-dirty", versions: {} },
      parameters: {},
    });
    assert.match(textOf(changed, "footer dl"), /abc, with changes that are not in it/);
  });

  it("obeys the tags", async () => {
    const tagged = (...tags: string[]) => ran("the_code", [text("the output")], ...tags);
    const shown: Record<string, [code: string, output: string]> = {
      "": ["folded", "open"],
      "remove-cell": ["gone", "gone"],
      "remove-input": ["gone", "open"],
      "remove-output": ["folded", "gone"],
      "hide-input": ["folded", "open"],
      "hide-output": ["folded", "folded"],
      "hide-cell": ["folded", "folded"],
    };
    const state = (element: Element | null): string => {
      if (element === null) return "gone";
      return element.closest("details:not([open])") === null ? "open" : "folded";
    };
    for (const [tag, expected] of Object.entries(shown)) {
      const page = await pageOf([tagged(tag)]);
      const found = [state(page.querySelector("pre.code")), state(page.querySelector(".output.stdout"))];
      assert.deepEqual(found, expected, tag);
    }
    const spelt = await pageOf([tagged("remove_input", "hide_output")]);
    assert.equal(spelt.querySelector("pre.code"), null, "nbconvert's spelling");
    assert.equal(state(spelt.querySelector(".output.stdout")), "folded", "nbconvert's spelling");
    const page = await pageOf([prose("# Gone", "remove-cell"), prose("# Here")]);
    assert.equal(page.querySelectorAll("main h1").length, 1);
    assert.match(page.title, /^Here/);
    const hidden = await pageOf([prose("an aside", "hide-cell")]);
    assert.equal(state(hidden.querySelector(".prose")), "folded");
  });

  it("folds what a front end has folded, and papermill's report mode", async () => {
    const folded: [metadata: Record<string, unknown>, output: boolean][] = [
      [{ jupyter: { outputs_hidden: true } }, true],
      [{ jupyter: { source_hidden: true, outputs_hidden: false }, collapsed: false }, false],
      [{ collapsed: true }, true],
    ];
    for (const [metadata, output] of folded) {
      const page = await pageOf([{ ...ran("the_code", [text("the output")]), metadata }]);
      assert.equal(page.querySelector(".output.stdout")?.closest("details:not([open])") !== null, output);
    }
  });

  it("leaves out the stream that a tag removes, and keeps the other", async () => {
    const cell = (tag: string) => ran("both", [text("said"), text("warned", "stderr")], tag);
    for (const [gone, kept] of [
      ["stdout", "stderr"],
      ["stderr", "stdout"],
    ]) {
      const page = await pageOf([cell(`remove-${gone}`)]);
      assert.equal(page.querySelector(`.output.${gone}`), null);
      assert.ok(page.querySelector(`.output.${kept}`));
    }
  });

  it("shows each output in its richest safe form", async () => {
    const page = await pageOf([
      ran("all()", [
        text("\u001b[31mplain\u001b[0m 10%\rplain 20%\n"),
        text("careful", "stderr"),
        displayed({ "text/markdown": "| a | b |\n|---|--:|\n| 1 | $y$ |", "text/plain": "a table" }),
        displayed({ "image/png": "iVBORw0KGgo=\n", "text/plain": "a dot" }),
        displayed({ "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>" }),
        displayed({ "text/html": "<b>bold</b>", "text/plain": "bold" }),
        displayed({ "application/json": { deep: [1] } }),
        displayed({ "text/html": "progress" }, { role: "progress" }),
      ]),
    ]);
    assert.equal(textOf(page, ".stdout pre"), "plain 20%");
    assert.equal(textOf(page, ".stderr"), "stderrcareful");
    assert.ok(page.querySelector(".scroll table .katex"), "a table scrolls in a box of its own");
    const pictures = [...page.querySelectorAll(".output img")].map((image) => image.getAttribute("src"));
    assert.equal(pictures[0], "data:image/png;base64,iVBORw0KGgo=");
    assert.match(pictures[1] ?? "", /^data:image\/svg\+xml/);
    assert.equal(textOf(page, ".output b"), "bold");
    assert.match(textOf(page, ".output:last-child"), /"deep": \[ 1 \]/);
    assert.doesNotMatch(page.querySelector("main")?.textContent ?? "", /progress/);
  });

  it("gives a drawing its namespace where it has none: a picture needs it", async () => {
    const drawn = async (svg: string): Promise<string> => {
      const page = await pageOf([ran("draw()", [displayed({ "image/svg+xml": svg })])]);
      const source = page.querySelector(".output img")?.getAttribute("src") ?? "";
      return decodeURIComponent(source.replace("data:image/svg+xml,", ""));
    };
    const namespace = 'xmlns="http://www.w3.org/2000/svg"';
    assert.equal(
      await drawn('<?xml version="1.0"?><svg width="4"><g/></svg>'),
      `<?xml version="1.0"?><svg ${namespace} width="4"><g/></svg>`,
    );
    assert.equal(await drawn(`<svg\n${namespace}></svg>`), `<svg\n${namespace}></svg>`);
    assert.equal(await drawn("<svg".repeat(100_000)), `<svg ${namespace}${"<svg".repeat(99_999)}`);
  });

  it("shows the verdict as a table with the outcomes in words", async () => {
    const page = await pageOf([ran("v", [verdictOutput(verdict)])]);
    const chips = [...page.querySelectorAll(".verdict .chip")].map((chip) => chip.textContent);
    assert.deepEqual(chips, ["does not hold", "does not hold", "holds", "holds only if"]);
    assert.equal(page.querySelectorAll(".verdict tbody tr").length, 3);
    const folded = [...page.querySelectorAll("details:not([open]).lines tbody th")];
    assert.deepEqual(
      folded.map((line) => line.textContent),
      ["The loss drops.", "Always."],
    );
    const undivided = { ...verdict, rows: verdict.rows.slice(0, 2) };
    const open = await pageOf([ran("v", [verdictOutput(undivided)])]);
    assert.equal(open.querySelectorAll(".verdict tbody tr").length, 2);
    assert.equal(open.querySelector(".verdict details"), null);
    assert.match(page.querySelector(".verdict .stamp")?.textContent ?? "", /does not hold It learns/);
    assert.match(page.querySelector(".verdict .rule")?.textContent ?? "", /beyond doubt/);
    assert.equal(textOf(page, ".verdict .condition"), "noise < 0.2");
    assert.equal(textOf(page, ".verdict .summary"), "It learns, but not always.");
    const bogus = await pageOf([ran("v", [verdictOutput({ rows: "none" })])]);
    assert.equal(textOf(bogus, ".output"), "the verdict in markdown");
  });

  it("holds the chart library once, after the text, and only for charts", async () => {
    const library = /glassHouseCharts\.load\(/g;
    const without = await renderPage(runOf([prose("# None")]));
    assert.equal(without.match(library), null);
    const page = await renderPage(runOf([ran("two()", [chart(points()), chart(points())])]));
    assert.equal(page.match(library)?.length, 1);
    assert.ok(page.search(library) > page.indexOf("</main>"));
    assert.ok(page.length < 6e6);
    const document = new JSDOM(page).window.document;
    const ids = [...document.querySelectorAll(".glass-house-chart > div")].map(({ id }) => id);
    assert.equal(new Set(ids).size, 2);
    assert.equal(textOf(document, "figcaption"), "The points rise.");
    const still = document.querySelector(".glass-house-chart img");
    assert.equal(still?.getAttribute("alt"), "Three points on a rising line.");
  });

  it("shows a failure at its cell, whatever its tags say, and that the rest was not run", async () => {
    const message = "RangeError: noise must be >= 0, got -1";
    const rest = { ...ran("after()"), execution_count: null };
    const page = await pageOf(
      [
        ran("before()"),
        ran("bad()", [text("so far"), text(`\u001b[31m${message}\u001b[0m\n`, "stderr")], "remove-cell"),
        rest,
      ],
      { status: "failed", failure: { cell: 2, message }, cellSeconds: [1, 1, null] },
    );
    const cell = page.querySelector(".cell.failed");
    assert.ok(cell);
    assert.equal(textOf(cell, ".failure pre"), message);
    assert.equal(textOf(cell, ".stdout"), "so far");
    assert.equal(cell.querySelector(".stderr"), null, "the message stands there twice");
    const link = page.querySelector<HTMLAnchorElement>("main > .failure a")?.hash ?? "";
    assert.equal(page.querySelector(link), cell);
    assert.match(textOf(page, ".cell:last-of-type"), /not run/);
  });

  it("shows a failure that has no cell at the top", async () => {
    const failure = { cell: null, message: "no free port <here>" };
    const page = await pageOf([], { status: "failed", failure });
    assert.equal(textOf(page, "main > .failure pre"), "no free port <here>");
    assert.equal(textOf(page, "main h1"), "07-sample");
  });
});

describe("a report's first screen", () => {
  const answer = {
    stamp: "holds only if",
    summary: "It *learns*.",
    basis: "1000 seeds, 1 to 1000",
    isRecorded: true,
  };
  const title = prose("# The sample\n\n**The claim.** It learns $x$.\n\nMore of it.");
  const answered = (data: object) => displayed({ [ANSWER_MIME]: data, "text/markdown": "the answer" });
  const key = chart(points({ caption: "The key." }), { keyFigure: true });

  it("has title, claim, answer and key figure, wherever they stand, and their cells show them no more", async () => {
    const page = await pageOf([
      title,
      ran("first()", [chart(points())]),
      prose("## Further down"),
      ran("answer()", [answered(answer), text("kept"), key]),
    ]);
    const lead = page.querySelector("main > .lead");
    assert.ok(lead);
    assert.equal(textOf(lead, "h1"), "The sample");
    assert.match(textOf(lead, ".claim"), /^The claim\. It learns/);
    assert.equal(textOf(lead, ".answer"), "holds only if It learns.");
    assert.equal(textOf(lead, ".basis"), "◆ Recorded: 1000 seeds, 1 to 1000");
    assert.equal(textOf(lead, "figcaption"), "The key.");
    assert.equal(lead.nextElementSibling?.textContent?.trim(), "More of it.");
    for (const [selector, count] of [
      ["h1", 1],
      [".answer", 1],
      [".glass-house-chart", 2],
    ] as const) {
      assert.equal(page.querySelectorAll(selector).length, count, selector);
    }
    assert.doesNotMatch(page.querySelector("main")?.textContent ?? "", /the answer/);
    const [, second] = page.querySelectorAll("section.cell");
    assert.deepEqual(
      [...second.children].map(({ className }) => className),
      ["input", "output stdout"],
    );
  });

  it("tells what was measured here from what was published", async () => {
    const measured = { ...answer, basis: "2 seeds, 7 to 8", isRecorded: false };
    const page = await pageOf([
      title,
      ran("a()", [answered({ ...measured, published: { stamp: "holds", basis: "9 seeds" } })]),
    ]);
    assert.deepEqual(
      [...page.querySelectorAll(".lead .basis")].map(({ textContent }) => textContent),
      ["◇ Measured here: 2 seeds, 7 to 8", "With the published parameters: holds. (◆ Recorded: 9 seeds.)"],
    );
  });

  it("says why an answer was withdrawn", async () => {
    const page = await pageOf([title, ran("a()", [answered({ withdrawn: "it was edited" }), key])]);
    assert.match(textOf(page, ".lead .answer"), /^Withdrawn\. .* was refused: it was edited\.$/);
    assert.equal(page.querySelector(".lead .chip"), null);
  });

  it("is left out where there is nothing for it, and an answer that only has its name is shown in words", async () => {
    for (const cells of [
      [title, ran("c()", [chart(points())])],
      [title, ran("a()", [answered({ stamp: "maybe" })])],
      [title, ran("a()", [answered(answer), key], "remove-output")],
    ]) {
      const page = await pageOf(cells);
      assert.equal(page.querySelector(".lead"), null);
      assert.equal(textOf(page, ".prose h1"), "The sample #");
    }
    const page = await pageOf([ran("a()", [answered({ stamp: "maybe" })])]);
    assert.equal(textOf(page, ".output"), "the answer");
  });

  it("keeps what there is where a run fails early, below the failure", async () => {
    const failure = { cell: 1, message: "it failed" };
    const page = await pageOf([title, ran("a()", [answered(answer)]), prose("## Rest", "fold-section")], {
      status: "failed",
      failure,
    });
    const order = [...(page.querySelector("main")?.children ?? [])].map(({ className }) => className);
    assert.deepEqual(order.slice(0, 2), ["failure", "lead"]);
    assert.equal(textOf(page, ".lead .answer"), "holds only if It learns.");
  });
});

describe("a report's sections", () => {
  const cells = [
    prose("# The sample"),
    prose("## Try it"),
    ran("a()", [text("tried")]),
    prose("## Why\n\nBecause.", "fold-section"),
    ran("b()", [text("why")]),
    prose("more"),
    prose("### In depth\n\nDeep.", "fold-section"),
    prose("still deep"),
    prose("### Next"),
    prose("## Verdict"),
    prose("no heading", "fold-section"),
  ];

  it("fold by a tag, from their heading to the next of its level", async () => {
    const page = await pageOf(cells);
    const [why, depth] = page.querySelectorAll("details.section");
    assert.equal(page.querySelectorAll("details.section").length, 2);
    assert.equal(textOf(why, "summary"), "Why");
    assert.match(why.textContent ?? "", /Because.*why.*more.*Next/s);
    assert.doesNotMatch(why.textContent ?? "", /Verdict|tried/);
    assert.equal(depth.parentElement, why);
    assert.match(depth.textContent ?? "", /Deep.*still deep/s);
    assert.doesNotMatch(depth.textContent ?? "", /Next/);
    assert.equal(page.querySelectorAll("details.section[open]").length, 0);
    const contents = [...page.querySelectorAll("nav.contents a")].map(({ textContent }) => textContent);
    assert.deepEqual(contents, ["Try it", "Why", "In depth", "Next", "Verdict"]);
  });

  it("stand open where a cell in them failed", async () => {
    const page = await pageOf(cells, { status: "failed", failure: { cell: 2, message: "it failed" } });
    assert.deepEqual(
      [...page.querySelectorAll("details.section")].map((section) => section.hasAttribute("open")),
      [true, false],
    );
    assert.ok(page.querySelector(".failed details.input[open]"));
  });

  it("are what five minutes lead through, as far as they are open", async () => {
    const key = ran("key()", [chart(points(), { keyFigure: true })]);
    const page = await pageOf([...cells, key]);
    const path = [...page.querySelectorAll<HTMLAnchorElement>(".path a")].map(({ hash }) => hash);
    assert.deepEqual(path, ["#Try-it", "#Verdict"]);
    assert.equal((await pageOf([prose("# T\n\n## A"), key])).querySelector(".path"), null);
  });
});

describe("text from a notebook", () => {
  const EVIL = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'><svg onload=alert(1)>`;

  it("cannot break out of the page", async () => {
    const figure = points({
      caption: EVIL,
      alt: EVIL,
      layout: { title: { text: EVIL }, height: 300 },
      data: [{ type: "scatter", x: [1], y: [1], name: EVIL, text: EVIL }],
    });
    const harmless = runOf([
      prose("# x\n\nx"),
      ran("x", [text("x"), text("x", "stderr"), chart(points()), verdictOutput(verdict)]),
    ]);
    const evilVerdict = {
      claim: EVIL,
      stamp: "undecided",
      summary: EVIL,
      rows: [{ claim: EVIL, measured: EVIL, n: 1, outcome: "holds only if", note: EVIL }],
    };
    const evil = runOf(
      [
        prose(`# ${EVIL}\n\n${EVIL}\n\n$${EVIL}$\n\n$$\\href{javascript:alert(1)}{x}$$`),
        ran(EVIL, [
          text(EVIL),
          text(EVIL, "stderr"),
          chart(figure),
          verdictOutput(evilVerdict),
          displayed({ "text/html": EVIL }),
          displayed({ "image/png": EVIL, "text/plain": EVIL }),
          displayed({ "image/svg+xml": EVIL }),
          displayed({ "text/plain": EVIL }),
          { output_type: "error", ename: EVIL, evalue: EVIL, traceback: [] },
        ]),
      ],
      {
        name: EVIL,
        status: "failed",
        failure: { cell: 7, message: EVIL },
        parameters: { [EVIL]: EVIL },
        provenance: { commit: EVIL, versions: { [EVIL]: EVIL } },
        startedAt: EVIL,
      },
    );
    evil.notebook.metadata.papermill = { parameters: { [EVIL]: EVIL } };
    const count = async (run: typeof evil) => {
      const page = new JSDOM(await renderPage(run)).window.document;
      const handlers = [...page.querySelectorAll("*")].flatMap((element) =>
        element.getAttributeNames().filter((name) => name.startsWith("on")),
      );
      assert.deepEqual(handlers, []);
      assert.equal(page.querySelectorAll("[href^='javascript'], svg, iframe, [src='x']").length, 0);
      return page.querySelectorAll("script").length;
    };
    assert.equal(await count(evil), await count(harmless));
  });

  it("gets no links that run scripts, no pictures from elsewhere, no ids", async () => {
    const page = await pageOf([
      prose(
        "# T\n\n[a](javascript:alert(1)) [b](data:text/html,x) [c](https://example.org/) [d](02-next.ipynb#Part)\n\n" +
          "![far](https://example.org/x.png) ![near](data:image/png;base64,AAAA)\n\n<div id=raw>raw</div>",
      ),
    ]);
    const links = [...page.querySelectorAll(".prose p a")].map((link) => link.getAttribute("href"));
    assert.deepEqual(links, ["https://example.org/", "02-next.html#Part", "https://example.org/x.png"]);
    const pictures = [...page.querySelectorAll(".prose img")].map((image) => image.getAttribute("src"));
    assert.deepEqual(pictures, ["data:image/png;base64,AAAA"]);
    assert.equal(page.getElementById("raw"), null);
  });

  it("gives no element an id, which would stand for a global, nor takes a place that the page needs", async () => {
    const page = await pageOf([
      prose("# glassHouseCharts\n\n## MathJax\n\n## glass-house--text\n\n## glass-house--chart-1-1"),
      ran("chart", [chart(points())]),
    ]);
    const places = [...page.querySelectorAll<HTMLAnchorElement>(":is(h1, h2) > a[name]")].map(
      ({ name }) => name,
    );
    assert.deepEqual(places, [
      "glassHouseCharts",
      "MathJax",
      "section-glass-house--text",
      "section-glass-house--chart-1-1",
    ]);
    const ids = [...page.querySelectorAll("[id]")].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(page.querySelector(`#${ids.find((id) => id.includes("chart-1"))}`));
    for (const id of ids) assert.match(id, /^glass-house--/);
  });
});

describe("what a page cannot show as it is", () => {
  const half = "Zo\ud83d";

  it("is shown as best one can: half a surrogate pair", async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"><text>${half}</text></svg>`;
    const page = await pageOf([
      prose(`# ${half}\n\n## ${half} twice`),
      ran("half()", [displayed({ "image/svg+xml": svg }), text(half)]),
    ]);
    const source = page.querySelector(".output img")?.getAttribute("src") ?? "";
    assert.match(decodeURIComponent(source), /<text>Zo\ufffd<\/text>/);
    const link = page.querySelector("nav a")?.getAttribute("href") ?? "";
    assert.equal(page.getElementsByName(decodeURIComponent(link.slice(1))).length, 1);
  });

  it("is shown as best one can: percent signs that encode nothing", async () => {
    const cell = prose("![the share](attachment:%E0.png)");
    Object.assign(cell, { attachments: { "%E0.png": { "image/png": "AAAA" } } });
    const page = await pageOf([cell]);
    assert.equal(page.querySelector("img")?.getAttribute("src"), "data:image/png;base64,AAAA");
  });

  it("loses nothing else: the place names the cell, and says why", async () => {
    let deep: unknown = "x";
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const page = await pageOf([
      ran("before()", [text("before")]),
      ran("deep()", [displayed({ "application/json": deep }), text("after")]),
    ]);
    assert.match(textOf(page, ".cell .failure"), /^An output of code cell 2 cannot be shown: /);
    const streams = [...page.querySelectorAll(".stdout")].map(({ textContent }) => textContent?.trim());
    assert.deepEqual(streams, ["before", "after"]);
  });
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { cellMarkdown, newOutline, outputLatex } from "../../../src/report/page/markdown.js";

function body(markup: string): HTMLElement {
  return new JSDOM(markup).window.document.body;
}
const rendered = (source: string): HTMLElement => body(cellMarkdown(source, newOutline()).text);
/** The TeX of the formulas that are set, those in a line of their own in brackets. */
const formulas = (root: ParentNode): string[] =>
  [...root.querySelectorAll(".katex")].map((formula) => {
    const tex = formula.querySelector("annotation")?.textContent?.trim() ?? "";
    return formula.closest(".katex-display") ? `[${tex}]` : tex;
  });
const words = (root: Element): string => {
  for (const formula of root.querySelectorAll(".katex-display, .katex")) formula.replaceWith("∎");
  return (root.textContent ?? "").replace(/\s+/g, " ").trim();
};

describe("formulas in markdown", () => {
  for (const [source, found, left] of [
    ["an $x_1$ and $y_2$.", ["x_1", "y_2"], "an ∎ and ∎."],
    ["so $$x_1$$ and\n\n$$\ny\n= *z*\n$$", ["[x_1]", "[y\n= *z*]"], "so ∎ and ∎"],
    ["an \\\\( x_1 \\\\) or \\\\[ y_2 \\\\]", ["x_1", "[y_2]"], "an ∎ or ∎"],
    [
      "a \\begin{align} u &= v \\\\[2pt] w \\end{align} b",
      ["[\\begin{align*} u &= v \\\\[2pt] w \\end{align*}]"],
      "a ∎ b",
    ],
    ["$g = 0 \\text{ where $t<0$}$ and $t$", ["g = 0 \\text{ where $t<0$}", "t"], "∎ and ∎"],
    ["| n | norm |\n|---|---|\n| 2 | $|v|$ |", ["|v|"], "n norm 2 ∎"],
    ["# On $x$ #", ["x"], "On ∎ #"],
    ["*an $a*b$ end*", ["a*b"], "an ∎ end"],
    ["<div>in HTML $a<b$</div>", ["a<b"], "in HTML ∎"],
    ["> $$\n> a\n> $$\n> b", ["[a]"], "∎ b"],
    // none
    ["it costs \\$5 and \\$6", [], "it costs $5 and $6"],
    ["`$a$` and ``$b` $`` but $c$", ["c"], "$a$ and $b` $ but ∎"],
    ["```sh\necho $a\n```\n$b$\n\n~~~\n$c\n```\n$\n~~~", ["b"], "echo $a ∎ $c ``` $"],
    ["- a\n\n  ```js\n  $x$\n  ```\n- $y$", ["y"], "a $x$ ∎"],
    ["    $indented$\n\nor `not closed $x$", ["x"], "$indented$ or `not closed ∎"],
    ["<code>$a$</code> <pre>$b$</pre>", [], "$a$ $b$"],
    ["one $ here\n\nand one $ there", [], "one $ here and one $ there"],
    ["an unclosed brace ${a$ b", [], "an unclosed brace {a b"],
    ["nothing $$$$ at all", [], "nothing $$$$ at all"],
  ] as const) {
    it(`are those that Jupyter finds in ${JSON.stringify(source)}`, () => {
      const root = rendered(source);
      assert.deepEqual(formulas(root), found);
      assert.equal(words(root), left);
    });
  }

  it("stand in titles and in addresses as they were written", () => {
    const root = rendered(
      '[a](https://example.org/?a=$1&b=$2 "the $x$") <a title="$y$">b</a> ![an $z$](none.png)',
    );
    const [first, second] = root.querySelectorAll("a");
    assert.equal(first?.getAttribute("href"), "https://example.org/?a=$1&b=$2");
    assert.equal(first?.title, "the $x$");
    assert.equal(second?.title, "$y$");
    assert.match(root.textContent ?? "", /an \$z\$: the picture none\.png is not there/);
  });

  it("know the macros of the cells before", () => {
    const outline = newOutline();
    const cell = (source: string) => body(cellMarkdown(source, outline).text);
    cell("$\\newcommand{\\pt}[1]{\\mathbf{#1}} \\DeclareMathOperator{\\rank}{rank}$");
    assert.equal(cell("The point $\\pt{p}$ and $\\rank A$").querySelector(".mathbf")?.textContent, "p");
    // MathJax lets \newcommand take a name that is taken, also one of its own
    for (const letter of ["q", "r"]) {
      const root = cell(`$\\newcommand{\\R}{${letter}} \\R$`);
      assert.equal(root.querySelector(".katex-html")?.textContent, letter);
    }
    assert.equal(body(outputLatex("$\\R$", outline).text).querySelector(".katex-html")?.textContent, "r");
    assert.ok(rendered("$\\pt{p}$").querySelector("[style*='--error']"), "on another page it is unknown");
  });

  it("in LaTeX have their backslashes once", () => {
    const root = body(outputLatex("is \\(a\\), \\[b \\\\[2pt] c\\] <b>", newOutline()).text);
    assert.deepEqual(formulas(root), ["a", "[b \\\\[2pt] c]"]);
    assert.equal(words(root), "is ∎, ∎ <b>");
  });

  it("are shown as written where they are nested or long beyond reason", () => {
    for (const formula of [
      `$${"\\sqrt{".repeat(1500)}${"}".repeat(1500)}$`,
      `$${"x+".repeat(6000)}$`,
      `$${"\\text{$".repeat(1100)}${"$}".repeat(1100)}$`,
      `$\\def\\a{${"x".repeat(4000)}}${"\\a".repeat(999)}$`,
    ]) {
      const root = rendered(`a ${formula} b`);
      assert.equal(root.querySelector("code")?.textContent, formula);
      assert.match(root.querySelector("code")?.title ?? "", /^This formula cannot be set: /);
    }
  });
});

describe("headings", () => {
  it("of one name have places of their own", () => {
    const root = rendered("# a\n# a-2\n# a\n# a\n# a-2");
    const names = [...root.querySelectorAll<HTMLAnchorElement>("h1 > a[name]")].map(({ name }) => name);
    assert.deepEqual(names, ["a", "a-2", "a-3", "a-4", "a-2-2"]);
  });
});

describe("HTML in markdown", () => {
  it("is what it says, sanitized, and without its comments", () => {
    const root = rendered(
      "<!-- a note\n\nto myself -->\n\nOne<br>two, H<sub>2</sub>O\n\n<details><summary>More</summary>\n\n*text*\n\n</details>\n\n" +
        '<h2 id="mine" class="card" style="position:fixed">Head</h2>\n\n<script>alert(1)</script><form><input></form>\n\n' +
        '<p align="right" onclick="alert(1)">right</p>\n\n| a |\n|---|\n| x<br>y |',
    );
    assert.ok(!root.innerHTML.includes("note"));
    assert.equal(root.querySelectorAll("br").length, 2);
    assert.equal(root.querySelector("sub")?.textContent, "2");
    assert.equal(root.querySelector("details em")?.textContent, "text");
    assert.equal(root.querySelector<HTMLAnchorElement>("h2 > a")?.name, "Head");
    assert.equal(root.querySelector("h2")?.attributes.length, 0);
    assert.equal(root.querySelectorAll("script, form, input, [onclick]").length, 0);
    assert.equal(root.querySelector("p[style]")?.getAttribute("style"), "text-align:right");
  });

  it("cannot get at what is put in afterwards", () => {
    const source =
      "$x$ \ufdd00\ufdd1 &#xfdd0;0&#xfdd1; <b title='\ufdd00\ufdd1'>b</b> <i title='&#xfdd0;0&#xfdd1; &#xfdd0;9&#xfdd1;'>i</i>" +
      "\n\n<b title='$\"><img src=x onerror=alert(1)>$'>c</b>";
    const root = rendered(source);
    assert.equal(root.querySelectorAll("img, [onerror]").length, 0);
    assert.equal(root.querySelector("b")?.title, "\ufffd0\ufffd");
    assert.equal(root.querySelector("i")?.title, "$x$");
    assert.doesNotMatch(root.innerHTML, /[\ufdd0\ufdd1]/);
  });

  it("may be nested beyond reason, and is shown as written then", () => {
    const deep = "<div>".repeat(20_000);
    const shown = rendered(deep).querySelector("code");
    assert.equal(shown?.textContent, deep);
    assert.match(shown?.title ?? "", /its HTML is nested more than 200 deep$/);
    const flat = "<p>one<br><ul>\n<li>a\n<li>b\n</ul>\n".repeat(300);
    assert.equal(rendered(flat).querySelectorAll("li").length, 600);
  });
});

describe("text that invites going over it again and again", () => {
  for (const [what, source] of [
    ["dollars", "$".repeat(100_000)],
    ["dollars in braces", "${ ".repeat(50_000)],
    ["backquotes", Array.from({ length: 400 }, (_, i) => "`".repeat(i + 1)).join(" ")],
    ["fences", "```\n\n".repeat(10_000)],
    [
      "environments",
      Array.from(
        { length: 3000 },
        (_, i) => `\\begin{a${"b".repeat(i % 30)}} { \\end{a${"b".repeat(i % 30)}}`,
      ).join(" "),
    ],
    ["quotations", `${">".repeat(20_000)} $x$`],
    ["headings of one name", "# a\n".repeat(5000)],
    ["small formulas", "$x$ ".repeat(1000)],
  ] as const) {
    it(`is read in one go: ${what}`, function () {
      this.timeout(30_000);
      assert.equal(rendered(source).querySelector("[title^='This text cannot be read']"), null);
    });
  }
});

describe("links in a page", () => {
  const moved = { from: join("/a", "notebooks"), to: join("/b", "my reports") };
  for (const [href, expected] of [
    ["../src/core/x.ts", "../../a/src/core/x.ts"],
    ["../src/core/", "../../a/src/core/"],
    ["my%20file.md#part", "../../a/notebooks/my%20file.md#part"],
    ["02-other.ipynb", "02-other.html"],
    ["#part", "#part"],
    ["/root.txt", "/root.txt"],
    ["https://example.org/a?b#c", "https://example.org/a?b#c"],
    ["mailto:a@example.org", "mailto:a@example.org"],
  ] as const) {
    it(`lead from where it lies: ${href}`, () => {
      const [link] = body(cellMarkdown(`[a](${href})`, { ...newOutline(), moved }).text).querySelectorAll(
        "a",
      );
      assert.equal(link?.getAttribute("href"), expected);
    });
  }
});

import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import { plainText, terminalHtml } from "../../../src/report/page/terminal.js";

const ESC = "\u001b[";

describe("what a cell writes to its streams", () => {
  for (const [what, written, shown] of [
    ["ends of lines of both kinds", "a\r\nb\r\r\nc\n", "a\nb\nc\n"],
    ["a line begun again", "10 %\r 20 %\rdone", "done%"],
    ["a return with nothing behind it", "50 %\r", "50 %"],
    ["backspaces", "downlaod\b\b\boad…\b!", "download!"],
    ["backspaces beyond the beginning", "a\b\b\bb\nc\bd", "b\nd"],
    ["a character of two halves", "\u{1f600}\bx", "x"],
    ["a line emptied to its end", `a long text\r${ESC}Kshort`, "short"],
    ["a line emptied", `a text${ESC}2K\rb`, "b"],
    ["a line emptied, written on from where it was", `abc${ESC}2Kd`, "   d"],
    ["colours", `${ESC}1;31mred${ESC}0m ${ESC}38;5;200mpink${ESC}m`, "red pink"],
    [
      "what moves a cursor, names a window or links",
      `${ESC}2A${ESC}?25l\u001b]0;title\u0007a\u001b]8;;https://example.org\u0007b`,
      "ab",
    ],
  ] as const) {
    it(`is read as a terminal does: ${what}`, () => assert.equal(plainText(written), shown));
  }

  it("has its colours, without blank lines at the end", () => {
    const markup = (text: string) => terminalHtml(text).text;
    const mixed = (values: string) => `color-mix(in oklab,rgb(${values}) 50%,var(--ink))`;
    const span = (attributes: string) => `<span ${attributes}>x</span>`;
    for (const [codes, attributes] of [
      ["31", 'class="ansi-fg" style="--fg:var(--ansi-red);"'],
      ["94", 'class="ansi-fg" style="--fg:var(--ansi-blue);"'],
      ["103;30", 'class="ansi-fg ansi-bg" style="--fg:var(--ansi-black);--bg:var(--ansi-yellow);"'],
      ["1;4;3", 'class="ansi-bold ansi-underline ansi-italic"'],
      ["1;2;4;22;24;9", 'class="ansi-struck"'],
      ["31;0;7", 'class="ansi-reverse"'],
      ["38;5;9", 'class="ansi-fg" style="--fg:var(--ansi-red);"'],
      ["38;5;202", `class="ansi-fg" style="--fg:${mixed("255,95,0")};"`],
      ["48;5;244", `class="ansi-bg" style="--bg:${mixed("128,128,128")};"`],
      [
        "38;2;1;2;3;48;2;4;5;6",
        `class="ansi-fg ansi-bg" style="--fg:${mixed("1,2,3")};--bg:${mixed("4,5,6")};"`,
      ],
    ] as const) {
      assert.equal(markup(`${ESC}${codes}mx${ESC}0m\n\n`), span(attributes), codes);
    }
    for (const codes of ["", "0", "39;49", "31;39", "99", "38", "38;5;256", "38;2;1;2", "38;2;256;0;0"]) {
      assert.equal(markup(`${ESC}${codes}mx`), "x", codes);
    }
    assert.equal(
      markup(`a\n${ESC}32mb\nc${ESC}0md\n${ESC}0m\n`).replace(/ (class|style)="[^"]*"/g, ""),
      "a\n<span>b</span>\n<span>c</span>d",
    );
  });

  it("cannot break out of its place", () => {
    const root = new JSDOM(terminalHtml(`${ESC}31m<img src=x onerror=alert(1)>${ESC}38;2;1"><script>m`).text)
      .window.document;
    assert.equal(root.querySelectorAll("img, script").length, 0);
  });

  for (const [what, written] of [
    ["lines begun again", "x\r".repeat(150_000)],
    ["a long line", "x".repeat(1_000_000)],
    ["backspaces", `${"x".repeat(150_000)}${"\b".repeat(150_000)}`],
    ["a line emptied again and again", `${"x".repeat(100_000)}${`${ESC}2Kx`.repeat(50_000)}`],
    ["one character a colour", `${ESC}31mx${ESC}1mx`.repeat(25_000)],
    ["sequences without an end", `${ESC}1;`.repeat(100_000)],
    ["returns alone", "\r".repeat(1_000_000)],
    ["escapes alone", "\u001b".repeat(1_000_000)],
    ["beginnings of sequences", "\u001b[;".repeat(300_000)],
    ["blank lines", "\n".repeat(300_000)],
  ] as const) {
    it(`is read in one go: ${what}`, function () {
      this.timeout(30_000);
      plainText(written);
      terminalHtml(written);
    });
  }
});

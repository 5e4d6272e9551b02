/**
 * What a terminal would show in the end of what was written to it, as text and as HTML.
 *
 * Control sequences: ECMA-48, https://ecma-international.org/publications-and-standards/standards/ecma-48/
 */
import { stripVTControlCharacters } from "node:util";
import { type Html, html } from "./html.js";

/** How text is drawn; null is as the page draws it. */
interface Style {
  /** A colour's name, or its value where it is none of the terminal's eight. */
  foreground: string | null;
  background: string | null;
  marks: readonly string[];
}

/** Text of one style. */
interface Run {
  text: string;
  style: Style | null;
}

/** The text alone. */
export function plainText(text: string): string {
  return linesOf(text)
    .map((runs) => runs.map((run) => run.text).join(""))
    .join("\n");
}

/** The text with its colours, without blank lines at its end. */
export function terminalHtml(text: string): Html {
  const lines = linesOf(text);
  while (lines.at(-1)?.every((run) => run.text.trim() === "")) lines.pop();
  return html`${lines.map((runs, i) => html`${i > 0 && "\n"}${runs.map(runHtml)}`)}`;
}

const ESCAPE = "\u001b";
/** What follows it in those sequences that are obeyed: colours and the like (m), emptying a part of the line (K). */
const OBEYED = /\[([\d;]*)([mK])/y;

/** What stands in each line once all of them are written, some over one another. */
function linesOf(text: string): Run[][] {
  const lines: Run[][] = [];
  let line = new Line();
  let style: Style | null = null;
  const write = (part: string): void => {
    for (const [i, piece] of stripVTControlCharacters(part).split("\n").entries()) {
      if (i > 0) {
        lines.push(line.runs());
        line = new Line();
      }
      line.write(piece, style);
    }
  };
  let done = 0;
  for (let at = text.indexOf(ESCAPE); at >= 0; at = text.indexOf(ESCAPE, at + 1)) {
    OBEYED.lastIndex = at + 1;
    const [sequence, codes, command] = OBEYED.exec(text) ?? [];
    if (sequence === undefined || codes === undefined) continue;
    write(text.slice(done, at));
    done = at + 1 + sequence.length;
    if (command === "m") style = restyled(style, codes.split(";").map(Number));
    else line.erase(codes);
  }
  write(text.slice(done));
  return [...lines, line.runs()];
}

/** A line of a terminal, of any width. */
class Line {
  // two lists of what is there anyway need less than a list of pairs
  readonly #characters: string[] = [];
  readonly #styles: (Style | null)[] = [];
  #column = 0;

  write(text: string, style: Style | null): void {
    for (const character of text) {
      if (character === "\r") this.#column = 0;
      else if (character === "\b") this.#column = Math.max(0, this.#column - 1);
      else {
        this.#characters[this.#column] = character;
        this.#styles[this.#column++] = style;
      }
    }
  }

  /** Empties the line from the cursor on, or, with "2", the whole. */
  erase(part: string): void {
    if (part === "1") return;
    const rest = part === "2" ? 0 : Math.min(this.#characters.length, this.#column);
    this.#characters.length = rest;
    this.#styles.length = rest;
  }

  runs(): Run[] {
    const runs: Run[] = [];
    for (const [column, character = " "] of this.#characters.entries()) {
      const style = this.#styles[column] ?? null;
      const last = runs.at(-1);
      if (last?.style === style) last.text += character;
      else runs.push({ text: character, style });
    }
    return runs;
  }
}

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const MARKS: Record<number, string> = {
  1: "bold",
  2: "dim",
  3: "italic",
  4: "underline",
  7: "reverse",
  9: "struck",
};

/** The style after a sequence of codes (ECMA-48, 8.3.117; 38 and 48 as in ISO 8613-6). */
function restyled(style: Style | null, codes: number[]): Style | null {
  let { foreground, background, marks } = style ?? { foreground: null, background: null, marks: [] };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    const mark = MARKS[code];
    const colour = COLOURS[code % 10];
    if (code === 0) [foreground, background, marks] = [null, null, []];
    else if (mark !== undefined) marks = [...new Set([...marks, mark])];
    else if (code === 22) marks = marks.filter((one) => one !== "bold" && one !== "dim");
    else if (code > 22 && code < 30) marks = marks.filter((one) => one !== MARKS[code - 20]);
    else if (code === 38 || code === 48) {
      const isInPalette = codes[i + 1] === 5;
      const rest = codes.slice(i + 2, i + (isInPalette ? 3 : 5));
      const value = isInPalette ? paletteColour(rest[0]) : rgb(rest);
      i += 1 + rest.length;
      if (code === 38) foreground = value;
      else background = value;
    } else if (code === 39) foreground = null;
    else if (code === 49) background = null;
    else if (colour !== undefined && ((code >= 30 && code < 38) || (code >= 90 && code < 98)))
      foreground = colour;
    else if (colour !== undefined && ((code >= 40 && code < 48) || (code >= 100 && code < 108)))
      background = colour;
  }
  return foreground === null && background === null && marks.length === 0
    ? null
    : { foreground, background, marks };
}

/** Of 256 colours: the terminal's, bright ones as the others; a cube of 6 × 6 × 6; greys. */
function paletteColour(index = 0): string | null {
  if (index < 16) return COLOURS[index % 8] ?? null;
  if (index > 255) return null;
  if (index >= 232) return rgb(Array(3).fill(8 + 10 * (index - 232)));
  const cube = index - 16;
  return rgb(
    [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((level) => level && 55 + 40 * level),
  );
}

function rgb(values: readonly number[]): string | null {
  return values.length === 3 && values.every((value) => value <= 255) ? `rgb(${values.join(",")})` : null;
}

function runHtml({ text, style }: Run): Html {
  if (style === null) return html`${text}`;
  const classes = style.marks.map((mark) => `ansi-${mark}`);
  let values = "";
  for (const [part, colour] of [
    ["fg", style.foreground],
    ["bg", style.background],
  ] as const) {
    if (colour === null) continue;
    classes.push(`ansi-${part}`);
    // a terminal's own colours are the page's; of any other nobody knows whether it can be read on the page's ground
    values += `--${part}:${COLOURS.includes(colour) ? `var(--ansi-${colour})` : `color-mix(in oklab,${colour} 50%,var(--ink))`};`;
  }
  return html`<span class="${classes.join(" ")}"${values !== "" && html` style="${values}"`}>${text}</span>`;
}

/**
 * Markdown of cells and outputs to HTML, as Jupyter's front ends read it: markdown-it, formulas by KaTeX, HTML in the
 * text sanitized as that of outputs is, pictures embedded. Nothing is loaded from elsewhere.
 */
import { join, relative, sep } from "node:path";
import MarkdownIt from "markdown-it";
import { type Explained, explainTerms } from "./glossary.js";
import { highlighted } from "./highlight.js";
import { type Html, html, vouched } from "./html.js";
import { isOwnId } from "./ids.js";
import { type Attachments, Pictures } from "./pictures.js";
import { embedPictures, parsed, sanitizeTree } from "./sanitize.js";
import { formulaHtml, type Macros, newMacros, replaceFormulas } from "./tex.js";
import { inTime } from "./time-limit.js";

/** A heading, as the table of contents needs it. */
export interface Heading {
  /** 1 to 6. */
  level: number;
  /** The name of its place in the page. */
  id: string;
  /** Its text with mathematics and emphasis. */
  content: Html;
  /** Its text alone. */
  text: string;
}

/** What is known of the page while its cells are rendered one after the other. */
export interface Outline {
  /** The headings met so far, in order. */
  headings: Heading[];
  /** The names of places given so far, each with the number that the next of its name gets. */
  ids: Map<string, number>;
  /** The TeX macros defined so far. */
  macros: Macros;
  pictures: Pictures;
  /** Where the notebook lies, and where the page: links to files are written for the one and pressed in the other. */
  moved?: { from: string; to: string };
  /** The terms explained so far; none in a page that explains none. */
  explained?: Explained;
}

/**
 * The outline of a page of which nothing is rendered yet.
 *
 * @param folder - where the pictures lie that the text names; null when no file is to be read
 */
export function newOutline(folder: string | null = null): Outline {
  return { headings: [], ids: new Map(), macros: newMacros(), pictures: new Pictures(folder) };
}

/** What is not markdown. */
interface Slot {
  /** As its author wrote it. */
  source: string;
  /** In words, without markup. */
  words: string;
  html: Html;
}

/**
 * What is not markdown stays out of its way, and out of the sanitizer's: in its place stands a mark of two characters that
 * Unicode sets aside for a program's own use, with its number between them.
 */
class Slots {
  readonly #made: (() => Slot)[] = [];

  /** A mark for a slot, which is made when it is asked for, and once. */
  mark(make: () => Slot): string {
    let slot: Slot | undefined;
    const length = this.#made.push(() => {
      slot ??= make();
      return slot;
    });
    return `\ufdd0${length - 1}\ufdd1`;
  }

  /** A text without marks. */
  filled(text: string, content: (slot: Slot) => string): string {
    // in addresses markdown-it has encoded them
    return text.replace(/\ufdd0(\d+)\ufdd1|%EF%B7%90(\d+)%EF%B7%91/g, (_mark, number, encoded) => {
      const slot = this.#made[Number(number ?? encoded)]?.();
      if (slot === undefined) return "";
      return encoded === undefined ? content(slot) : encodeURI(slot.source.toWellFormed());
    });
  }

  /** A text as its author wrote it. */
  restored(text: string): string {
    return this.filled(text, ({ source }) => source);
  }
}

interface Environment {
  slots: Slots;
  isInline: boolean;
}

const markdown = new MarkdownIt({ html: true });
const { rules } = markdown.renderer;
const { code_inline, code_block } = rules as Record<string, NonNullable<(typeof rules)[string]>>;

rules.fence = (tokens, i, _options, { slots }: Environment) => {
  const { content, info } = tokens[i];
  const code = slots.restored(content);
  const language = info.trim().split(/\s/)[0];
  return `${slots.mark(() => ({ source: code, words: code, html: highlighted(code, language) }))}\n`;
};
for (const [name, rule] of Object.entries({ code_inline, code_block })) {
  rules[name] = (tokens, i, options, env: Environment, self) => {
    tokens[i].content = env.slots.restored(tokens[i].content);
    return rule(tokens, i, options, env, self);
  };
}

rules.html_inline = (tokens, i, _options, { isInline }: Environment) =>
  isInline ? html`${tokens[i].content}`.text : tokens[i].content;
// the sanitizer lets no style through
for (const rule of ["th_open", "td_open"]) {
  rules[rule] = (tokens, i, options, _env, self) => {
    const align = /^text-align:(.*)$/.exec(tokens[i].attrGet("style") ?? "")?.[1];
    tokens[i].attrs = align === undefined ? null : [["align", align]];
    return self.renderToken(tokens, i, options);
  };
}

/** Seconds that a text may take; a long one takes a tenth of one, a table of 20,000 cells some five. */
const SECONDS = 30;

/** How a text is read. */
interface Reading {
  /** Whether it stands within a line, and so holds neither blocks nor HTML. */
  isInline?: boolean;
  /** Whether its headings get ids and go into the outline. */
  hasSections?: boolean;
  attachments?: Attachments;
}

function render(source: string, outline: Outline, reading: Reading): Html {
  try {
    return inTime(SECONDS, () => {
      const { tree, slots } = treeOf(source, outline, reading);
      return complete(tree, slots);
    });
  } catch (error) {
    return unread(source, error as Error);
  }
}

/** What stands for a text that is nested, or long, beyond what can be gone through: one text loses no page. */
function unread(source: string, { message }: Error): Html {
  return html`<code title="This text cannot be read as markdown: ${message}">${source}</code>`;
}

function treeOf(
  source: string,
  outline: Outline,
  { isInline = false, hasSections = false, attachments = {} }: Reading,
): { tree: HTMLElement; slots: Slots } {
  const { text, slots } = withoutFormulas(source, "markdown", outline);
  const env: Environment = { slots, isInline };
  const tree = parsed(isInline ? markdown.renderInline(text, env) : markdown.render(text, env));
  restoreWhereNoMarkupIs(tree, slots);
  embedPictures(tree, outline.pictures, attachments);
  sanitizeTree(tree);
  finishLinks(tree, outline);
  finishTables(tree);
  if (hasSections) finishHeadings(tree, outline, slots);
  if (outline.explained) explainTerms(tree, outline.explained);
  return { tree, slots };
}

/** The markup of a sanitized tree, and what was kept out of it. */
function complete(tree: Element, slots: Slots): Html {
  return vouched(slots.filled(tree.innerHTML, ({ html }) => html.text));
}

/** A text with marks in place of its formulas. */
function withoutFormulas(
  source: string,
  language: "markdown" | "latex",
  { macros }: Outline,
): { text: string; slots: Slots } {
  const slots = new Slots();
  const text = replaceFormulas(source.replace(/[\ufdd0\ufdd1]/g, "\ufffd"), language, (formula) =>
    slots.mark(() => ({ source: formula.source, words: formula.tex, html: formulaHtml(formula, macros) })),
  );
  return { text, slots };
}

/** In attributes and in code a formula is none. */
function restoreWhereNoMarkupIs(tree: HTMLElement, slots: Slots): void {
  for (const element of tree.querySelectorAll("*")) {
    for (const attribute of element.attributes) attribute.value = slots.restored(attribute.value);
  }
  const texts = tree.ownerDocument.createTreeWalker(tree, 4 /* NodeFilter.SHOW_TEXT */);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const { data } = text as Text;
    if (data.includes("\ufdd0") && text.parentElement?.closest("pre, code"))
      (text as Text).data = slots.restored(data);
  }
}

function finishLinks(tree: HTMLElement, { moved }: Outline): void {
  for (const link of tree.querySelectorAll("a[href]")) {
    const href = link.getAttribute("href") as string;
    // A link to another notebook becomes one to its report, which lies beside this one.
    const report = href.replace(/^(?!\w+:)([^#?]*)\.ipynb(?=#|$)/, "$1.html");
    link.setAttribute("href", report !== href || moved === undefined ? report : fromPage(href, moved));
    if (/^\w+:/.test(href)) link.setAttribute("rel", "noopener noreferrer");
  }
}

/** An address relative to the notebook as one relative to the page; others stay as they are. */
function fromPage(href: string, { from, to }: { from: string; to: string }): string {
  const [, path, rest] = /^([^#?]*)(.*)$/s.exec(href) as unknown as [string, string, string];
  if (path === "" || /^(?:\w+:|\/)/.test(path)) return href;
  try {
    const names = relative(to, join(from, decodeURIComponent(path))).split(sep);
    return names.map(encodeURIComponent).join("/") + (path.endsWith("/") ? "/" : "") + rest;
  } catch {
    return href; // it is encoded in no way that could be read
  }
}

function finishTables(tree: HTMLElement): void {
  for (const head of tree.querySelectorAll("thead th")) {
    // a head without a word is no head of its column
    if (head.childNodes.length === 0) head.replaceWith(tree.ownerDocument.createElement("td"));
    else head.setAttribute("scope", "col");
  }
  for (const cell of tree.querySelectorAll("[align=left], [align=center], [align=right]")) {
    cell.setAttribute("style", `text-align:${cell.getAttribute("align")}`);
    cell.removeAttribute("align");
  }
  for (const table of tree.querySelectorAll("table")) {
    const box = parsed(
      // A group, not a region: a report has many tables, and each region is a stop of those who go by landmarks.
      '<div class="scroll" role="group" aria-label="Table" tabindex="0"></div>',
    ).firstChild as HTMLElement;
    table.replaceWith(box);
    box.append(table);
  }
}

function finishHeadings(tree: HTMLElement, { headings, ids }: Outline, slots: Slots): void {
  for (const heading of tree.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const text = slots.filled(heading.textContent ?? "", ({ words }) => words).trim();
    const id = freeId(text, ids);
    const content = heading.cloneNode(true) as Element;
    for (const link of content.querySelectorAll("a")) link.replaceWith(...link.childNodes);
    for (const picture of content.querySelectorAll("img")) picture.remove();
    headings.push({ level: Number(heading.localName.slice(1)), id, content: complete(content, slots), text });
    // Not the heading's id: an element with an id stands for the global of that name, which a script may look for.
    heading.insertAdjacentHTML("afterbegin", html`<a name="${id}"></a>`.text);
    heading.insertAdjacentHTML(
      "beforeend",
      html` <a class="anchor" href="#${encodeURIComponent(id)}" aria-label="Link to this section">#</a>`.text,
    );
  }
}

/** An id as Jupyter gives it to a heading, so that links within a notebook work there and here. */
function freeId(text: string, ids: Map<string, number>): string {
  // well formed, for it stands in links too
  const wanted = text.replace(/\s/g, "-").toWellFormed() || "section";
  const base = isOwnId(wanted) ? `section-${wanted}` : wanted;
  let number = ids.get(base) ?? 2;
  let id = base;
  while (ids.has(id)) id = `${base}-${number++}`;
  ids.set(base, number);
  if (id !== base) ids.set(id, 2);
  return id;
}

/** Markdown of a cell; its headings get ids and are added to the outline. */
export function cellMarkdown(source: string, outline: Outline, attachments: Attachments = {}): Html {
  return cellParts(source, outline, attachments).rest;
}

/** The markdown of a cell, its first blocks apart from the rest. */
export interface CellParts {
  /** Those of the blocks asked for with which it begins. */
  first: Html[];
  rest: Html;
}

/**
 * As {@link cellMarkdown}, with the first blocks apart that are of the kinds asked for.
 *
 * @param blocks - selectors of elements, in order: ["h1", "p"]
 */
export function cellParts(
  source: string,
  outline: Outline,
  attachments: Attachments = {},
  blocks: readonly string[] = [],
): CellParts {
  const before = outline.headings.length;
  try {
    return inTime(SECONDS, () => {
      const { tree, slots } = treeOf(source, outline, { hasSections: true, attachments });
      const first: Html[] = [];
      for (const name of blocks) {
        const block = tree.firstElementChild;
        if (!block?.matches(name)) break;
        block.remove();
        const only = tree.ownerDocument.createElement("div");
        only.append(block);
        first.push(complete(only, slots));
      }
      return { first, rest: complete(tree, slots) };
    });
  } catch (error) {
    outline.headings.length = before;
    return { first: [], rest: unread(source, error as Error) };
  }
}

/** Markdown of an output; its headings are no part of the outline. */
export function outputMarkdown(source: string, outline: Outline = newOutline()): Html {
  return render(source, outline, {});
}

/** LaTeX of an output: text with formulas. */
export function outputLatex(source: string, outline: Outline): Html {
  const { text, slots } = withoutFormulas(source, "latex", outline);
  return vouched(slots.filled(html`<p>${text}</p>`.text, (slot) => slot.html.text));
}

/** Markdown within a line, such as that of a verdict. */
export function inlineMarkdown(source: string, outline: Outline = newOutline()): Html {
  return render(source, outline, { isInline: true });
}

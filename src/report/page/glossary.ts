/** Terms that explain themselves: a button where a term first stands in a section, with a popover that needs no script. */
import { type Html, html, vouched } from "./html.js";
import { ownId } from "./ids.js";
import { TERMS, type Term } from "./terms.js";

/** What a page has explained so far. */
export interface Explained {
  /** In the present section. */
  met: Set<Term>;
  /** In all. */
  count: number;
}

/** A page that has explained nothing. */
export function newExplained(): Explained {
  return { met: new Set(), count: 0 };
}

const forms = new Map(TERMS.flatMap((term) => term.words.map((word) => [word.toLowerCase(), term] as const)));
const longestFirst = [...forms.keys()].sort((a, b) => b.length - a.length);
/** A form as a word of its own, its spaces at a line's end too. */
const FORM = new RegExp(
  `(?<![\\w-])(?:${longestFirst.map((form) => form.replace(/ /g, "\\s+")).join("|")})s?(?![\\w-])`,
  "gi",
);

/** Where a term is not explained: it is no prose, or pressing it does something else. */
const NO_PROSE = "h1, h2, h3, h4, h5, h6, a, button, code, pre, th, summary, [popover]";

/** Makes the first of each term in a section of a tree a button. */
export function explainTerms(tree: HTMLElement, explained: Explained): void {
  const nodes = tree.ownerDocument.createTreeWalker(tree, 1 | 4 /* elements and text */);
  const found: (Text | Element)[] = [];
  for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
    if (node.nodeType === 1) {
      if (/^h[1-3]$/i.test(node.nodeName)) found.push(node as Element);
    } else if (!node.parentElement?.closest(NO_PROSE)) found.push(node as Text);
  }
  for (const node of found) {
    if (node.nodeType === 1) enter(node.textContent ?? "", explained);
    else explainIn(node as Text, explained);
  }
}

function enter(heading: string, explained: Explained): void {
  explained.met.clear();
  // titles of papers are names
  if (/^\s*references\b/i.test(heading)) for (const term of TERMS) explained.met.add(term);
}

/** The same in a text that stands by itself, such as a caption. */
export function explainedText(text: string, explained: Explained): Html {
  return vouched(marked(text, explained) ?? html`${text}`.text);
}

function explainIn(text: Text, explained: Explained): void {
  const markup = marked(text.data, explained);
  if (markup === undefined) return;
  const holder = text.ownerDocument.createElement("span");
  holder.innerHTML = markup;
  text.replaceWith(...holder.childNodes);
}

/** The text as markup with its terms explained; nothing where there is none to explain. */
function marked(text: string, explained: Explained): string | undefined {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(FORM)) {
    const [form] = match;
    const plain = form.toLowerCase().replace(/\s+/g, " ");
    const term = forms.get(plain) ?? forms.get(plain.replace(/s$/, ""));
    if (term === undefined || explained.met.has(term)) continue;
    explained.met.add(term);
    const id = ownId(`term-${++explained.count}`);
    parts.push(
      html`${text.slice(end, match.index)}`.text,
      html`<button type="button" class="term" popovertarget="${id}">${form}</button><span popover id="${id}" class="meaning">${term.text}</span>`
        .text,
    );
    end = match.index + form.length;
  }
  return parts.length === 0 ? undefined : parts.join("") + html`${text.slice(end)}`.text;
}

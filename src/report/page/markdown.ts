/**
 * Markdown of cells and outputs to HTML: markdown-it, with KaTeX for `$…$` and `$$…$$` by the plugin that
 * VS Code's notebooks use. Raw HTML in the text is shown, not obeyed; nothing is loaded from elsewhere.
 */
import mathematics from "@vscode/markdown-it-katex";
import katex, { type KatexOptions } from "katex";
import MarkdownIt from "markdown-it";
import type { MimeBundle } from "../notebook.js";
import { highlighted } from "./highlight.js";
import { type Html, html, vouched } from "./html.js";
import { isOwnId } from "./ids.js";

/** A heading, as the table of contents needs it. */
export interface Heading {
  /** 1 to 6. */
  level: number;
  /** Its id in the page. */
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
  /** All ids given so far. */
  ids: Set<string>;
}

/** Files that a markdown cell carries, by name. */
type Attachments = Record<string, MimeBundle>;

interface Environment {
  outline?: Outline;
  attachments?: Attachments;
}

const KATEX: KatexOptions = {
  // With MathML beside the drawn formula, for those who have it read out.
  output: "htmlAndMathml",
  throwOnError: false,
  errorColor: "var(--error)",
  strict: "ignore",
  // Nothing larger than a page, which could be laid over it.
  maxSize: 40,
};

const markdown = new MarkdownIt({ html: false, highlight: (code, info) => highlighted(code, info).text });
markdown.use(mathematics, { ...KATEX, enableBareBlocks: true });
const { rules } = markdown.renderer;

// The plugin puts a <p> around display mathematics, which may not stand within a paragraph.
for (const rule of ["math_block", "math_inline_block", "math_inline_bare_block"]) {
  rules[rule] = (tokens, i) => katex.renderToString(tokens[i].content, { ...KATEX, displayMode: true });
}

// A group, not a region: a report has many tables, and each region is a stop of those who go by landmarks.
rules.table_open = () => `<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>`;
rules.table_close = () => "</table></div>";

// A head without a word is no head of its column.
rules.th_open = (tokens, i, options, _env, self) => {
  if (tokens[i + 1].content === "") return "<td>";
  tokens[i].attrSet("scope", "col");
  return self.renderToken(tokens, i, options);
};
rules.th_close = (tokens, i) => (tokens[i - 1].content === "" ? "</td>" : "</th>");

rules.link_open = (tokens, i, options, _env, self) => {
  const href = String(tokens[i].attrGet("href") ?? "");
  // A link to another notebook becomes one to its report.
  tokens[i].attrSet("href", href.replace(/^(?!\w+:)([^#?]*)\.ipynb(?=#|$)/, "$1.html"));
  if (/^\w+:/.test(href)) tokens[i].attrSet("rel", "noopener noreferrer");
  return self.renderToken(tokens, i, options);
};

rules.image = (tokens, i, _options, env: Environment) => {
  const source = String(tokens[i].attrGet("src") ?? "");
  const alt = tokens[i].content;
  const picture = source.startsWith("attachment:")
    ? attached(source.slice("attachment:".length), env)
    : source;
  if (/^data:image\/(png|jpeg|gif|webp)[;,]/.test(picture))
    return html`<img src="${picture}" alt="${alt}">`.text;
  // A page that loads nothing can't show it, but can say where it is.
  return html`<a href="${source}" rel="noopener noreferrer">${alt || source}</a>`.text;
};

function attached(name: string, { attachments }: Environment): string {
  const [type, data] = Object.entries(attachments?.[unescaped(name)] ?? {})[0] ?? [];
  return type === undefined ? "" : `data:${type};base64,${data}`;
}

/** A name out of a URL; as it stands where its percent signs encode nothing. */
function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

markdown.core.ruler.push("headings", (state) => {
  const { outline } = state.env as Environment;
  if (outline === undefined) return;
  state.tokens.forEach((token, i) => {
    if (token.type !== "heading_open") return;
    const inline = state.tokens[i + 1].children ?? [];
    const text = inline.map((part) => part.content).join("");
    const id = freeId(text, outline.ids);
    const unlinked = inline.filter((part) => !part.type.startsWith("link_"));
    const content = vouched(markdown.renderer.render(unlinked, markdown.options, state.env));
    outline.headings.push({ level: Number(token.tag.slice(1)), id, content, text });
    token.attrSet("id", id);
    const anchor = new state.Token("anchor", "", 0);
    anchor.meta = id;
    inline.push(anchor);
  });
});
rules.anchor = (tokens, i) =>
  html` <a class="anchor" href="#${encodeURIComponent(tokens[i].meta)}" aria-label="Link to this section">#</a>`
    .text;

/** An id as Jupyter gives it to a heading, so that links within a notebook work there and here. */
function freeId(text: string, ids: Set<string>): string {
  // well formed, for it stands in links too
  const wanted = text.trim().replace(/\s/g, "-").toWellFormed() || "section";
  const base = isOwnId(wanted) ? `section-${wanted}` : wanted;
  let id = base;
  for (let n = 2; ids.has(id); n++) id = `${base}-${n}`;
  ids.add(id);
  return id;
}

/** Markdown of a cell; its headings get ids and are added to the outline. */
export function cellMarkdown(source: string, outline: Outline, attachments: Attachments = {}): Html {
  return vouched(markdown.render(source, { outline, attachments } satisfies Environment));
}

/** Markdown of an output; its headings are no part of the outline. */
export function outputMarkdown(source: string): Html {
  return vouched(markdown.render(source, {} satisfies Environment));
}

/** Markdown within a line, such as that of a verdict. */
export function inlineMarkdown(source: string): Html {
  return vouched(markdown.renderInline(source, {} satisfies Environment));
}

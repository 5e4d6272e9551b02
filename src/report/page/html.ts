/**
 * Markup as a type of its own: whatever is put into an `html` template is escaped unless it is markup
 * already, so that text from a notebook cannot break out of the page by being forgotten somewhere.
 */
import { escapeHtml, type Scripted, scriptedHtml } from "../../display/html.js";

/** A piece of markup, and those scripts in it that are the page's own: no others will run. */
export class Html {
  constructor(
    readonly text: string,
    readonly scripts: readonly string[] = [],
  ) {}
}

/** What a template takes: text (escaped), markup (as it is), lists of these; null and false give nothing. */
export type Content = string | number | Html | null | undefined | false | readonly Content[];

/** Markup from a template; every value in it is escaped unless it is {@link Html}. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Html {
  const text = strings.reduce((text, part, i) => text + render(values[i - 1]) + part);
  return new Html(text, values.flatMap(scriptsIn));
}

/**
 * Vouches for markup that a library has made safe (markdown-it, KaTeX, highlight.js, DOMPurify, our charts).
 */
export function vouched(markup: string): Html {
  return new Html(markup);
}

/** Markup with scripts of ours. */
export function scripted(piece: Scripted): Html {
  return new Html(scriptedHtml(piece), piece.scripts);
}

function scriptsIn(content: Content): readonly string[] {
  if (content instanceof Html) return content.scripts;
  return Array.isArray(content) ? content.flatMap(scriptsIn) : [];
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "object") return content.map(render).join("");
  return escapeHtml(String(content));
}

/**
 * TeX in a chart's titles, names and annotations, as Plotly's own markup for text. Plotly leaves `$…$` to MathJax, which some front
 * ends have and a page has not.
 *
 * https://plotly.com/chart-studio-help/adding-HTML-and-links-to-charts/
 */
import katex from "katex";
import type { Figure } from "../../charts/figure.js";
import { escapeHtml } from "../../display/html.js";
import { isRecord } from "../../display/json.js";
import { parsed } from "./sanitize.js";
import { replaceFormulas } from "./tex.js";

/** A figure with what can be written so in place of its TeX; the rest stays as it is. */
export function withTexLabels(figure: Figure): Figure {
  try {
    return { ...figure, ...labelled({ data: figure.data, layout: figure.layout }) };
  } catch {
    return figure; // nested beyond what can be gone through
  }
}

/** The lists in a figure that hold such words; others hold its numbers. */
const LISTS = new Set(["data", "annotations"]);
const LABELS = new Set(["title", "text", "name"]);

function labelled<T extends object>(part: T): T {
  const entries = Object.entries(part).map(([key, value]: [string, unknown]): [string, unknown] => {
    if (typeof value === "string") return [key, LABELS.has(key) ? label(value) : value];
    if (Array.isArray(value) && LISTS.has(key)) return [key, value.map(inside)];
    return [key, inside(value)];
  });
  return Object.fromEntries(entries) as T;
}

function inside(value: unknown): unknown {
  return isRecord(value) ? labelled(value) : value;
}

function label(text: string): string {
  return replaceFormulas(text, "latex", ({ source, tex }) => {
    // "$5 or $6" is none
    if (!/[\\^_]|^\s*[a-z]\s*$/i.test(tex) || tex.length > 500) return source;
    try {
      const tree = parsed(katex.renderToString(tex, { output: "mathml" })).querySelector("mrow");
      return tree ? marked(tree) : source;
    } catch {
      return source;
    }
  });
}

/** Accents as marks on the letter before them. */
const ACCENTS: Record<string, string> = {
  "^": "\u0302",
  "~": "\u0303",
  ˉ: "\u0304",
  "˙": "\u0307",
  "⃗": "\u20d7",
};

/**
 * MathML as Plotly's markup.
 *
 * @throws Error when it stands in more than one line
 */
function marked(element: Element): string {
  const parts = [...element.children];
  const [base = "", first = "", second = ""] = parts.map(marked);
  const sub = (content: string): string => `<sub>${content}</sub>`;
  const sup = (content: string): string => `<sup>${content}</sup>`;
  switch (element.localName) {
    case "mi":
      return words(element).length === 1 && !element.hasAttribute("mathvariant")
        ? `<i>${words(element)}</i>`
        : words(element);
    case "mn":
    case "mo":
    case "mtext":
      return words(element);
    case "mspace":
      return " ";
    case "msub":
    case "munder":
      return base + sub(first);
    case "msup":
      return base + sup(first);
    case "mover":
      return element.hasAttribute("accent")
        ? base.replace(/(?=<\/i>|$)/, ACCENTS[first] ?? first)
        : base + sup(first);
    case "msubsup":
    case "munderover":
      return base + sub(first) + sup(second);
    case "mfrac":
      return `${inBrackets(parts[0], base)}/${inBrackets(parts[1], first)}`;
    case "msqrt":
      return `√${inBrackets(element, parts.map(marked).join(""))}`;
    case "mrow":
    case "mstyle":
      return parts.map(marked).join("");
    default:
      throw new Error(`${element.localName} is no part of a line`);
  }
}

function words(element: Element): string {
  // U+2061 only says that a function is applied
  return escapeHtml((element.textContent ?? "").replaceAll("\u2061", ""));
}

function inBrackets(element: Element | undefined, content: string): string {
  return (element?.children.length ?? 0) > 1 ? `(${content})` : content;
}

/**
 * The formulas in a text, found by the rules of Jupyter's front ends and set by KaTeX. They are taken out before the rest is
 * read as markdown, so that neither "_", "|" nor "\\" in a formula means anything there.
 *
 * https://github.com/jupyterlab/jupyterlab/blob/main/packages/rendermime/src/latex.ts
 */
import katex, { type KatexOptions } from "katex";
import { type Html, html, vouched } from "./html.js";
import { inTime } from "./time-limit.js";

/** A formula in a text. */
export interface Formula {
  /** With its delimiters, as the text has it. */
  source: string;
  tex: string;
  /** Whether it stands in a line of its own. */
  isDisplay: boolean;
}

/** TeX macros by name, such as `\pt`: those that a page's formulas have defined so far. */
export type Macros = NonNullable<KatexOptions["macros"]>;

const OPTIONS: KatexOptions = {
  // With MathML beside the drawn formula, for those who have it read out.
  output: "htmlAndMathml",
  throwOnError: false,
  errorColor: "var(--error)",
  strict: "ignore",
  // Nothing larger than a page, which could be laid over it.
  maxSize: 40,
  // A macro is known from its definition on, in other cells as well.
  globalGroup: true,
};

/** Characters of the longest formula that is set, which takes milliseconds. */
const LONGEST = 10_000;
/** Seconds that a formula may take, whose macros can make it longer without bound. */
const SECONDS = 2;

/** What KaTeX hands to a macro that is a function. */
interface MacroContext {
  isDefined(name: string): boolean;
  consumeArgs(count: number): { text: string }[][];
}

/** What MathJax has, and KaTeX has not, or otherwise. */
export function newMacros(): Macros {
  return {
    // may define anew what there is
    "\\newcommand": (context: object) => {
      const { isDefined, consumeArgs } = context as MacroContext;
      const name = consumeArgs.call(context, 1)[0]?.[0]?.text ?? "";
      return `${isDefined.call(context, name) ? "\\renewcommand" : "\\providecommand"}{${name}}`;
    },
    "\\DeclareMathOperator": "\\newcommand{#1}{\\operatorname{#2}}",
  };
}

/** A formula as HTML. What KaTeX cannot set is shown as it was written. */
export function formulaHtml({ source, tex, isDisplay }: Formula, macros: Macros): Html {
  try {
    if (tex.length > LONGEST) throw new RangeError(`longer than ${LONGEST} characters`);
    // Jupyter's front ends number no equation
    const unnumbered = tex.replace(/(\\(?:begin|end)\{(?:equation|align|alignat|gather))\}/g, "$1*}");
    return vouched(
      inTime(SECONDS, () => katex.renderToString(unnumbered, { ...OPTIONS, macros, displayMode: isDisplay })),
    );
  } catch (error) {
    return html`<code title="This formula cannot be set: ${(error as Error).message}">${source}</code>`;
  }
}

/**
 * What matters in a text besides words: ends of paragraphs, code, delimiters, braces, and what is none of these for its
 * backslash. In markdown the backslash of a delimiter is doubled, for markdown makes one of two.
 */
const TOKENS: Record<"markdown" | "latex", RegExp> = {
  markdown:
    /^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?<fence>`{3,}[^`\n]*|~{3,}.*)$|\n[ \t]*(?=\n)|\\[{}$`]|`+|\$\$?|\\\\[()[\]]|\\(?:begin|end)\{[a-z]*\*?\}|[{}]/gim,
  latex: /\n[ \t]*(?=\n)|\\[\\{}$]|\$\$?|\\[()[\]]|\\(?:begin|end)\{[a-z]*\*?\}|[{}]/gi,
};

/** Puts in place of each formula of a text what `replace` gives. */
export function replaceFormulas(
  text: string,
  language: keyof typeof TOKENS,
  replace: (formula: Formula) => string,
): string {
  const tokens = [...text.matchAll(TOKENS[language])].map(
    ({ 0: token, index, groups }): Token => ({ token, index, fence: groups?.fence }),
  );
  const code = language === "markdown" ? codeIn(tokens) : new Map<number, number>();
  let result = "";
  let done = 0;
  let start: Token | null = null;
  let depth = 0;
  /** An end within braces that do not close: the best there is, should the paragraph hold no better one. */
  let fallback: number | null = null;

  function take(from: Token, to: Token): void {
    const formula = formulaOf(text, from, to);
    if (formula.tex.trim() === "") return;
    result += text.slice(done, from.index) + replace(formula);
    done = to.index + to.token.length;
  }

  for (let i = 0; i <= tokens.length; i++) {
    const current = tokens[i];
    if (current === undefined || endsParagraph(current)) {
      if (start !== null && fallback !== null) {
        take(start, tokens[fallback] as Token);
        i = fallback;
      } else {
        i = code.get(i) ?? i;
      }
      start = null;
    } else if (code.has(i)) {
      i = code.get(i) as number;
    } else if (start === null) {
      if (closing(current.token) !== null) start = current;
      depth = 0;
      fallback = null;
    } else if (current.token === closing(start.token)) {
      if (depth > 0) fallback = i;
      else {
        take(start, current);
        start = null;
      }
    } else if (current.token === "{") depth++;
    else if (current.token === "}") depth = Math.max(0, depth - 1);
  }
  return result + text.slice(done);
}

interface Token {
  token: string;
  index: number;
  /** With a line that begins or ends a block of code: its mark and what stands behind it. */
  fence: string | undefined;
}

function endsParagraph({ token, fence }: Token): boolean {
  return token.startsWith("\n") || fence !== undefined;
}

/** The code in a markdown text: positions of the tokens with which it begins, each with that of its end. */
function codeIn(tokens: readonly Token[]): Map<number, number> {
  const code = new Map<number, number>();
  let fence: { at: number; mark: string } | null = null;
  for (const [i, token] of tokens.entries()) {
    const [, mark, info] = /^(`+|~+)(.*)$/.exec(token.fence ?? "") ?? [];
    if (mark === undefined) continue;
    if (fence === null) {
      fence = { at: i, mark };
      code.set(i, tokens.length);
    } else if (mark.startsWith(fence.mark) && info?.trim() === "") {
      code.set(fence.at, i);
      fence = null;
    }
  }
  // backwards, so that the next run of as many backticks is known
  const next = new Map<number, number>();
  for (let i = tokens.length - 1; i >= 0; i--) {
    const token = tokens[i] as Token;
    if (endsParagraph(token)) next.clear();
    if (token.fence !== undefined || !token.token.startsWith("`")) continue;
    const end = next.get(token.token.length);
    if (end !== undefined) code.set(i, end);
    next.set(token.token.length, i);
  }
  return code;
}

/** The delimiter that closes what another opens; null where it opens nothing. */
function closing(delimiter: string): string | null {
  if (delimiter.startsWith("$")) return delimiter;
  if (/^\\begin/i.test(delimiter)) return delimiter.replace(/^\\begin/i, "\\end");
  if (/^\\+[([]$/.test(delimiter)) return delimiter.replace("(", ")").replace("[", "]");
  return null;
}

function formulaOf(text: string, from: Token, to: Token): Formula {
  const source = text.slice(from.index, to.index + to.token.length);
  // of an environment the delimiters are TeX themselves
  const isTex = from.token.length > 3;
  const inner = isTex ? source : source.slice(from.token.length, -to.token.length);
  const isQuoted =
    inner.includes("\n") && /^[ \t]*>/.test(text.slice(text.lastIndexOf("\n", from.index) + 1));
  return {
    source,
    tex: isQuoted ? inner.replace(/\n[ \t]*>/g, "\n") : inner,
    isDisplay: from.token !== "$" && !from.token.endsWith("("),
  };
}

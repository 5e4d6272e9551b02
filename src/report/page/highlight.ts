/** Colours for code: highlight.js with the one language that our cells have. The colours are in page.css. */
import hljs from "highlight.js/lib/core";
import typescript from "highlight.js/lib/languages/typescript";
import { type Html, html, vouched } from "./html.js";

hljs.registerLanguage("typescript", typescript);

const NAMES = new Set(["typescript", "ts", "javascript", "js"]);

/** Code as `<pre><code>`; in a language that we don't know it is shown plainly. */
export function highlighted(code: string, language = "typescript"): Html {
  const content = NAMES.has(language)
    ? vouched(hljs.highlight(code, { language: "typescript" }).value)
    : code;
  return html`<pre class="code" tabindex="0"><code>${content}</code></pre>`;
}

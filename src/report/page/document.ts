/** The HTML document around a page's content. What it needs is in it, and its policy lets nothing else in. */
import { katexStyle, pageStyle, script } from "./assets.js";
import { type Content, type Html, html, vouched } from "./html.js";

/**
 * Nothing is fetched from anywhere. Charts insert styles and a script (the unpacked library) inline, and
 * make their PNG downloads by way of a blob.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "font-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** A document's parts. */
export interface DocumentParts {
  /** For the browser's tab. */
  title: string;
  /** One sentence for who looks at the file from outside. */
  description: string;
  /** What stands before the main part, beside the title: where we are. */
  place: Content;
  /** Whether there is code that can be hidden. */
  code: boolean;
  /** Navigation within the page. */
  contents?: Html;
  main: Content;
  footer?: Html;
  /** The chart library, if there are charts; put last, so that the text is there to be read before it. */
  library?: string;
}

/** The whole document as text. */
export function documentText(parts: DocumentParts): string {
  const body = html`<a class="skip" href="#main">Skip to the text</a>
<header class="bar">
<p class="place">${parts.place}</p>
<div class="controls">
${parts.code && html`<button type="button" data-do="code" hidden>Hide code</button>`}
<button type="button" data-do="theme" hidden>Theme: auto</button>
</div>
</header>
<div class="page">
${parts.contents}
<main id="main">
${parts.main}
</main>
${parts.footer}
</div>`.text;
  const mathematics = body.includes('class="katex') ? katexStyle() : "";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${parts.title}</title>
<meta name="description" content="${parts.description}">
<script>${vouched(script("head"))}</script>
<style>${vouched(pageStyle() + mathematics)}</style>
</head>
<body>
${vouched(body)}
<script>${vouched(script("page"))}</script>
${parts.library && vouched(parts.library)}
</body>
</html>
`.text;
}

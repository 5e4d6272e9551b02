/** The outputs of a cell as HTML, each in the best representation that a page can show safely. */
import { chartHtml } from "../../display/chart-html.js";
import type { Figure } from "../../charts/figure.js";
import { PLOTLY_MIME, type Verdict } from "../../display/mime.js";
import type { MimeBundle, Output } from "../notebook.js";
import { chip } from "./chips.js";
import { figureOf, verdictOf } from "./contents.js";
import { type Html, html, vouched } from "./html.js";
import { inlineMarkdown, outputMarkdown } from "./markdown.js";
import { plainText } from "./plain-text.js";
import { sanitized } from "./sanitize.js";

/** The still picture of a chart, as a data URI. */
export type DrawStill = (figure: Figure) => Promise<string>;

/**
 * One output.
 *
 * @param id id for its chart, if it is one
 */
export async function outputHtml(output: Output, id: string, drawStill: DrawStill): Promise<Html> {
  switch (output.output_type) {
    case "stream":
      return streamHtml(output.name, output.text);
    case "error":
      return streamHtml("stderr", output.traceback.join("\n") || `${output.ename}: ${output.evalue}`);
    default: {
      const figure = figureOf(output.data);
      if (figure !== null) return vouched(chartHtml(figure, id, await drawStill(figure)));
      return dataHtml(output.data);
    }
  }
}

function streamHtml(name: "stdout" | "stderr", text: string): Html {
  const plain = plainText(text);
  if (plain.trim() === "") return html``;
  const label = name === "stderr" && html`<p class="label">stderr</p>`;
  return html`<div class="stream ${name}">${label}<pre tabindex="0">${plain.trimEnd()}</pre></div>`;
}

function dataHtml(data: MimeBundle): Html {
  const verdict = verdictOf(data);
  if (verdict !== null) return verdictHtml(verdict);
  const text = (type: string): string | null => (typeof data[type] === "string" ? data[type] : null);
  const plain = text("text/plain");

  const markdown = text("text/markdown") ?? text("text/latex");
  if (markdown !== null) return html`<div class="prose">${outputMarkdown(markdown)}</div>`;

  const svg = text("image/svg+xml");
  if (svg !== null) return pictureHtml(`data:image/svg+xml,${encodeURIComponent(svg)}`, plain);
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp"]) {
    const picture = text(type)?.replace(/\s/g, "");
    if (picture) return pictureHtml(`data:${type};base64,${picture}`, plain);
  }

  const broken = PLOTLY_MIME in data && html`<p class="problem">This chart is no Plotly figure and cannot be drawn.</p>`;
  const markup = broken ? null : text("text/html");
  if (markup !== null) return html`<div class="prose scroll" tabindex="0">${sanitized(markup)}</div>`;
  const json = data["application/json"];
  const words = plain ?? (json === undefined ? null : JSON.stringify(json, null, 2));
  if (words !== null) return html`${broken}${streamHtml("stdout", words)}`;
  return broken || html`<p class="problem">This page cannot show an output of type ${Object.keys(data).join(", ")}.</p>`;
}

function pictureHtml(source: string, alt: string | null): Html {
  return html`<img src="${source}" alt="${alt ?? "A picture without a description"}">`;
}

function verdictHtml({ claim, rows, summary }: Verdict): Html {
  const lines = rows.map(
    (row) => html`<tr><th scope="row">${inlineMarkdown(row.claim)}</th><td>${inlineMarkdown(row.measured)}</td>
<td class="number">${row.n}</td><td>${chip(row.outcome)} ${row.condition && inlineMarkdown(row.condition)}</td></tr>`,
  );
  return html`<section class="verdict" aria-label="Verdict">
<p class="claim">${inlineMarkdown(claim)}</p>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">claim</th><th scope="col">what we measured</th>
<th scope="col" class="number">n</th><th scope="col">outcome</th></tr></thead><tbody>${lines}</tbody></table></div>
<p class="summary">${inlineMarkdown(summary)}</p>
</section>`;
}

/** The outputs of a cell as HTML, each in the richest form that a page can show safely. */
import type { Figure } from "../../charts/figure.js";
import { chart } from "../../display/chart-html.js";
import { exercises } from "../../display/exercises-html.js";
import { quantityText } from "../../display/format.js";
import { PLOTLY_MIME } from "../../display/mime.js";
import { panel } from "../../display/panel-html.js";
import type { Publication } from "../../live/demonstration.js";
import type { MimeBundle, Output } from "../notebook.js";
import { figureOf, panelPictureOf } from "./charts.js";
import { closingHtml, closingIn } from "./closing.js";
import { explainedText } from "./glossary.js";
import { type Html, html, scripted } from "./html.js";
import { type Outline, outputLatex, outputMarkdown } from "./markdown.js";
import { exercisesOf, publicationOf } from "./publication.js";
import { sanitized } from "./sanitize.js";
import { still } from "./stills.js";
import { terminalHtml } from "./terminal.js";
import { inTime } from "./time-limit.js";
import { verdictOf, verdictTable } from "./verdict.js";

/** Seconds that an output may take. */
const SECONDS = 30;

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/**
 * One output.
 *
 * @param chartId - id for its chart, if it is one
 * @param outline - what is known of the page before it
 * @param warn - told what is not shown as it should be
 */
export async function outputHtml(
  output: Output,
  chartId: string,
  outline: Outline,
  warn: (problem: string) => void,
): Promise<Html> {
  if (output.output_type === "stream") return streamHtml(output.name, output.text);
  if (output.output_type === "error") {
    return streamHtml("stderr", output.traceback.join("\n") || `${output.ename}: ${output.evalue}`);
  }
  const figure = figureOf(output);
  if (figure !== null) return chartOutput(figure, chartId, outline, warn);
  const publication = publicationOf(output);
  if (publication !== null) return panelHtml(publication, panelPictureOf(output), `${chartId}-try-it`);
  const asked = exercisesOf(output);
  if (asked !== null) return scripted(exercises(asked, `${chartId}-exercises`));
  const verdict = verdictOf(output);
  if (verdict !== null) return verdictTable(verdict, outline);
  const closing = closingIn(output);
  // a report is written before its neighbours are known, so it has no links to them
  if (closing !== null) return closingHtml(closing, () => undefined);
  return inTime(SECONDS, () => dataHtml(output.data, outline));
}

async function chartOutput(
  figure: Figure,
  chartId: string,
  { explained }: Outline,
  warn: (problem: string) => void,
): Promise<Html> {
  // before the picture, which takes its time: terms are explained in the order of the page
  const caption = explained && explainedText(figure.caption, explained);
  const { picture, problem } = await still(figure);
  if (problem !== undefined) warn(`a chart has no complete still picture: ${problem}`);
  const { markup, scripts } = chart(figure, chartId, picture);
  const plain = html`<figcaption>${figure.caption}</figcaption>`.text;
  const shown = caption
    ? markup.replace(plain, () => html`<figcaption>${caption}</figcaption>`.text)
    : markup;
  return scripted({ markup: shown, scripts });
}

/** The panel, at a place that links know; on paper, where nothing can be tried, what it was published with and its picture. */
async function panelHtml(publication: Publication, figure: Figure | null, id: string): Promise<Html> {
  const rows = publication.quantities.map(
    (quantity) => html`
<tr><th scope="row">${quantity.name}</th><td>${quantityText(quantity)}</td></tr>`,
  );
  return html`<a name="try-it"></a>${scripted(panel(publication, id))}
<div class="on-paper">${figure && html`<img src="${(await still(figure)).picture}" alt="${figure.alt}">`}<p>On a screen, this experiment can be changed and run again here. As published:</p>
<table><tbody>${rows}</tbody></table></div>`;
}

/** Text of a stream; nothing where it is blank. */
function streamHtml(name: "stdout" | "stderr", text: string): Html {
  const shown = terminalHtml(text);
  if (shown.text === "") return html``;
  const label = name === "stderr" && html`<p class="label">stderr</p>`;
  return html`<div class="output ${name}">${label}<pre tabindex="0">${shown}</pre></div>`;
}

function dataHtml(data: MimeBundle, outline: Outline): Html {
  const text = (type: string): string | undefined =>
    typeof data[type] === "string" ? data[type] : undefined;
  const markdown = text("text/markdown");
  if (markdown !== undefined)
    return html`<div class="output prose">${outputMarkdown(markdown, outline)}</div>`;
  const latex = text("text/latex");
  if (latex !== undefined) return html`<div class="output prose">${outputLatex(latex, outline)}</div>`;
  const alt = text("text/plain") ?? "A picture without a description.";
  const svg = text("image/svg+xml");
  if (svg !== undefined) return pictureHtml(svgAddress(svg), alt);
  for (const type of PICTURES) {
    const picture = text(type);
    if (picture !== undefined) return pictureHtml(`data:${type};base64,${picture.replace(/\s/g, "")}`, alt);
  }
  const markup = PLOTLY_MIME in data ? undefined : text("text/html");
  if (markup !== undefined)
    return html`<div class="output prose scroll" role="group" aria-label="Output" tabindex="0">${sanitized(markup, outline.pictures)}</div>`;
  const json = data["application/json"];
  const plain = text("text/plain") ?? (json === undefined ? undefined : JSON.stringify(json, null, 2));
  return streamHtml(
    "stdout",
    plain ?? `An output of type ${Object.keys(data).join(", ")}, which a page cannot show.`,
  );
}

/** A drawing as a data URI. Within HTML an SVG needs no namespace; as a file, and so as a picture, it does. */
function svgAddress(svg: string): string {
  const start = svg.indexOf("<svg");
  const root = svg.slice(start, svg.indexOf(">", start));
  const whole =
    start < 0 || /\sxmlns\s*=/.test(root)
      ? svg
      : `${svg.slice(0, start)}<svg xmlns="http://www.w3.org/2000/svg"${svg.slice(start + "<svg".length)}`;
  // half a surrogate pair has no encoding
  return `data:image/svg+xml,${encodeURIComponent(whole.toWellFormed())}`;
}

function pictureHtml(source: string, alt: string): Html {
  return html`<div class="output"><img src="${source}" alt="${alt}"></div>`;
}

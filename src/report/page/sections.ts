/** The sections of a report: those of the five-minute path stand open, those that a tag folds open when asked for. */
import type { CellPiece } from "./cells.js";
import { type Html, html } from "./html.js";

/** The cells in their sections, the folded ones closed unless a cell in them failed. */
export function sectionsHtml(pieces: readonly CellPiece[]): Html[] {
  const shown: Html[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const { content, isFolded, headings } = pieces[i];
    if (!isFolded) {
      shown.push(content);
      continue;
    }
    const [{ level }] = headings;
    const after = pieces.slice(i + 1);
    const end = after.findIndex((piece) => piece.headings.some((next) => next.level <= level));
    const within = end < 0 ? after : after.slice(0, end);
    shown.push(foldedSection(pieces[i], within));
    i += within.length;
  }
  return shown;
}

function foldedSection({ content, headings: [heading] }: CellPiece, within: readonly CellPiece[]): Html {
  const text = html`<a name="${heading.id}"></a>${heading.content}`;
  const hasFailed = within.some((piece) => piece.hasFailed);
  return html`<details class="section"${hasFailed && html` open`}><summary>${
    heading.level === 2 ? html`<h2>${text}</h2>` : html`<h3>${text}</h3>`
  }</summary>
${content}${sectionsHtml(within)}</details>
`;
}

/** Where five minutes lead: links to the sections that stand open. Nothing where none is folded. */
export function pathHtml(pieces: readonly CellPiece[]): Html | false {
  if (!pieces.some(({ isFolded }) => isFolded)) return false;
  const open = pieces
    .flatMap(({ isFolded, headings }) => headings.slice(isFolded ? 1 : 0))
    .filter(({ level }) => level === 2);
  return html`<p class="path"><strong>Five minutes:</strong> ${open.map(
    ({ id, content }, i) => html`${i > 0 && " · "}<a href="#${encodeURIComponent(id)}">${content}</a>`,
  )} <button type="button" class="open-all" hidden>Open the rest</button></p>`;
}

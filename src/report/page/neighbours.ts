/**
 * Previous and next on a report. A report is written while others still run, may be handed on alone, and may fail: so it is
 * written without links, and gets them when a run has ended, to the reports that the folder's index lists then. A link
 * to a file that was never there is thus never written; a report that is handed on alone keeps those of its folder, as it
 * keeps the one to the index.
 */
import { type Html, html, vouched } from "./html.js";

/** A report that another leads to. */
export interface Neighbour {
  /** Its file name without its ending. */
  report: string;
  title: string;
}

/** Those beside a report in the order of the index. */
export interface Neighbours {
  previous?: Neighbour | undefined;
  next?: Neighbour | undefined;
}

const PLACES = ["top", "end"] as const;

type Place = (typeof PLACES)[number];

/** Where {@link withNeighbours} puts the links: in the bar on top, and at the end of the page. */
export function neighboursPlace(place: Place): Html {
  return vouched(`${begin(place)}${END}`);
}

/** The page with its links in the place of those that it had; a page without places for them stays as it is. */
export function withNeighbours(page: string, neighbours: Neighbours): string {
  return PLACES.reduce((text, place) => {
    const from = text.indexOf(begin(place));
    const to = text.indexOf(END, from);
    if (from < 0 || to < 0) return text;
    return `${text.slice(0, from)}${begin(place)}${linksHtml(neighbours, place).text}${text.slice(to)}`;
  }, page);
}

/** Comments: no notebook can write one into its report, for the sanitizer takes them out. */
function begin(place: Place): string {
  return `<!--neighbours ${place}-->`;
}
const END = "<!--/neighbours-->";

function linksHtml({ previous, next }: Neighbours, place: Place): Html {
  if (previous === undefined && next === undefined) return html``;
  const link = ({ report, title }: Neighbour, rel: "prev" | "next"): Html => {
    const [before, after] = rel === "prev" ? ["← ", ""] : ["", " →"];
    const short = rel === "prev" ? "Previous" : "Next";
    return html`<a rel="${rel}" href="${encodeURIComponent(report)}.html" title="${title}">${before}${place === "top" ? short : title}${after}</a>`;
  };
  return html`<nav class="neighbours ${place}" aria-label="${place === "top" ? "Reports beside this one" : "Previous and next report"}">${
    previous && link(previous, "prev")
  }${next && link(next, "next")}</nav>`;
}

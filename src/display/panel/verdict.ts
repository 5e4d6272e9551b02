/** The verdict, as published and as it is now. */
import type { Verdict } from "../../experiments/verdict.js";
import { element } from "../client/element.js";
import { table } from "./table.js";

/** A published line of a verdict: what it said, and what became of it. */
export interface PublishedLine {
  claim: string;
  measured: string;
  outcome: string;
}

const HEADS = ["claim", "what we measured", "n", "outcome"];

/** The verdict's lines as they stand in the page, wherever and in how many tables the notebook shows them. */
export function publishedLines(): PublishedLine[] {
  return [...document.querySelectorAll("table")].flatMap((candidate) => {
    const [head, ...rows] = [...candidate.rows].map((row) => [...row.cells].map(textOf));
    if (head?.map((text) => text.toLowerCase()).join() !== HEADS.join()) return [];
    return rows.map(([claim, measured, , outcome]) => ({
      claim: claim.replace(/^● /, ""),
      measured,
      outcome,
    }));
  });
}

/** What a cell says; where it is folded away nobody knows how it would be shown. */
function textOf(cell: HTMLElement): string {
  return cell.innerText.trim() || (cell.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** The verdict, with what the page published beside it. */
export function verdictTable(
  { stamp, rows, summary }: Verdict,
  published: readonly PublishedLine[],
): HTMLElement {
  const lines = rows.map(({ claim, measured, n, outcome, note, isPrimary }) => {
    const old = published.find((line) => line.claim === claim.replace(/[*$`\\]/g, ""));
    const outcomeText = note ? `${outcome}: ${note}` : outcome;
    return [
      isPrimary ? `● ${claim}` : claim,
      old?.outcome ?? "",
      element("span", {}, [element("strong", {}, [outcomeText])]),
      `${measured} (n = ${n})`,
      old === undefined ? "" : old.measured === measured ? "the same, word for word" : old.measured,
    ];
  });
  return element("div", { class: "verdict-now" }, [
    table(["claim", "published", "now", "measured now", "as published"], lines, "Verdict, published and now"),
    element("p", {}, [element("strong", {}, [`${stamp}. `]), summary]),
  ]);
}

/** Old and new side by side: numbers and verdicts, as tables. */

import type { Quantity } from "../../experiments/panel.js";
import type { Verdict } from "../../experiments/verdict.js";
import type { RecordedVerdict } from "../../live/demonstration.js";
import { quantityText, significantText } from "../format.js";
import { element } from "./element.js";

function table(
  head: readonly string[],
  rows: readonly (readonly (string | Node)[])[],
  label: string,
): HTMLElement {
  return element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": label }, [
    element("table", {}, [
      element("thead", {}, [
        element(
          "tr",
          {},
          head.map((text) => element("th", { scope: "col" }, [text])),
        ),
      ]),
      element(
        "tbody",
        {},
        rows.map(([first, ...others]) =>
          element("tr", {}, [
            element("th", { scope: "row" }, [first]),
            ...others.map((cell) => element("td", {}, [cell])),
          ]),
        ),
      ),
    ]),
  ]);
}

/** The numbers; without new ones, the published alone. */
export function quantitiesTable(published: readonly Quantity[], now?: readonly Quantity[]): HTMLElement {
  if (now === undefined) {
    const rows = published.map((quantity) => [quantity.name, quantityText(quantity)]);
    return table(["one network", "published"], rows, "Published numbers");
  }
  const rows = now.map((quantity) => {
    const { name, value } = quantity;
    const old = published.find((other) => other.name === name);
    return [name, old ? quantityText(old) : "", quantityText(quantity), changeText(old?.value, value)];
  });
  return table(["one network", "published", "now", "change"], rows, "Numbers, published and now");
}

function changeText(old: number | null | undefined, value: number | null): string {
  if (Object.is(old, value)) return "none";
  if (old === null || old === undefined || value === null) return "";
  const change = value - old;
  return `${change > 0 ? "+" : "−"}${significantText(Math.abs(change), 3)}`;
}

/** A published line of a verdict: what it said, and what became of it. */
export interface PublishedLine {
  claim: string;
  measured: string;
  outcome: string;
}

/** The verdict's lines as they stand in the page, wherever the notebook shows them. */
export function publishedLines(): PublishedLine[] {
  const heads = ["claim", "what we measured", "n", "outcome"];
  for (const candidate of document.querySelectorAll("table")) {
    const [head, ...rows] = [...candidate.rows].map((row) =>
      [...row.cells].map((cell) => cell.innerText.trim()),
    );
    if (head?.map((text) => text.toLowerCase()).join() === heads.join()) {
      return rows.map(([claim, measured, , outcome]) => ({
        claim: claim.replace(/^● /, ""),
        measured,
        outcome,
      }));
    }
  }
  return [];
}

/** The published verdict in a line, which stays in sight whatever is changed. */
export function publishedVerdict({ verdict, basis }: RecordedVerdict): HTMLElement {
  return element("p", { class: "published-verdict" }, [
    "Published: ",
    element("strong", {}, [verdict.stamp]),
    `. ${verdict.summary} (${basis}.)`,
  ]);
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

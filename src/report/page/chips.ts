/** A verdict's outcome as a chip: a sign, words and a colour, so that none of them carries it alone. */
import type { VerdictRow } from "../../display/mime.js";
import { type Html, html } from "./html.js";

/** What became of a claim, or of a run. */
export type Outcome = VerdictRow["outcome"] | "failed";

const SIGNS: Record<Outcome, [sign: string, style: string]> = {
  holds: ["✓", "good"],
  "holds only if": ["◐", "partly"],
  "does not hold": ["✗", "bad"],
  failed: ["!", "bad"],
};

/** The chip. */
export function chip(outcome: Outcome): Html {
  const [sign, style] = SIGNS[outcome];
  return html`<span class="chip ${style}"><span aria-hidden="true">${sign}</span> ${outcome}</span>`;
}

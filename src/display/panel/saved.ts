/** What a panel hands to the reader as files, besides its picture. */
import type { Reading } from "../../experiments/panel.js";
import type { Verdict } from "../../experiments/verdict.js";
import type { Publication } from "../../live/demonstration.js";
import { save } from "../client/downloads.js";
import { csv } from "../figure-csv.js";
import type { Values } from "./fragment.js";

/** What is shown now, and the values that it is from. */
export interface Now {
  parameters: Values;
  reading: Reading;
}

/** The numbers, published and now. */
export function saveNumbers({ notebook, quantities }: Publication, now: Now | undefined): void {
  const rows = (now?.reading.quantities ?? []).map(({ name, value }, i) => [
    name,
    quantities[i]?.value,
    value,
  ]);
  save(`${notebook}.csv`, "text/csv", csv(["quantity", "published", "now"], rows));
}

/** All that is shown, and what was published. */
export function saveAll(published: Publication, now: Now | undefined, verdict: Verdict | undefined): void {
  const { notebook } = published;
  const all = { notebook, published, now: { parameters: now?.parameters, ...now?.reading, verdict } };
  save(`${notebook}.json`, "application/json", JSON.stringify(all, null, 1));
}

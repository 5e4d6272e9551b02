/** Shows a verdict: a table for the reader, and the same as data for the index of the reports. */
import type { Verdict } from "../experiments/verdict.js";
import { output } from "./kernel-output.js";
import { tableMarkdown } from "./markdown.js";
import { VERDICT_MIME } from "./mime.js";

/**
 * Shows a verdict under the cell.
 *
 * @throws Error outside a tslab kernel
 */
export function showVerdict(verdict: Verdict): void {
  const markdown = verdictMarkdown(verdict);
  output({ [VERDICT_MIME]: verdict, "text/markdown": markdown, "text/plain": markdown });
}

/** The verdict's table with its summary below, and what else there is to say. */
function verdictMarkdown({ rows, summary, defence, scale }: Verdict): string {
  const table = tableMarkdown(
    ["claim", "what we measured", "n", "outcome"],
    rows.map(({ claim, measured, n, outcome, condition }) => [
      claim,
      measured,
      n,
      condition ? `**${outcome}** ${condition}` : `**${outcome}**`,
    ]),
  );
  return [
    table,
    summary,
    ...(defence ? [`**What defends.** ${defence}`] : []),
    ...(scale ? [`**At scale.** ${scale}`] : []),
  ].join("\n\n");
}

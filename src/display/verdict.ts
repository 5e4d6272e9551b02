/** Shows a verdict: a table for the reader, and the same as data for the index of the reports. */
import { GRADING_RULE } from "../experiments/grading.js";
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

/** The stamp, the lines that make it up and the others, and what else there is to say. */
function verdictMarkdown({ claim, stamp, rows, summary, defence, scale }: Verdict): string {
  const table = tableMarkdown(
    ["claim", "what we measured", "n", "outcome"],
    rows.map(({ claim, measured, n, outcome, note, isPrimary }) => [
      isPrimary ? `● ${claim}` : claim,
      measured,
      n,
      note ? `**${outcome}**: ${note}` : `**${outcome}**`,
    ]),
  );
  return [
    `**${claim}** In short: **${stamp}**. ${summary}`,
    table,
    ...(defence ? [`**What defends.** ${defence}`] : []),
    ...(scale ? [`**At scale.** ${scale}`] : []),
    `**The rule.** ${GRADING_RULE}`,
  ].join("\n\n");
}

/** Shows an answer and a verdict: for the reader as text and a table, and for the index of the reports as data. */
import type { Experiment, ExperimentParameters } from "../experiments/experiment.js";
import { GRADING_RULE } from "../experiments/grading.js";
import type { Verdict } from "../experiments/verdict.js";
import {
  type Evidence,
  type EvidenceOf,
  judged,
  onRefusal,
  recordedEvidence,
  recordedVerdict,
  seedsText,
  textBundle,
} from "./evidence.js";
import { output } from "./kernel-output.js";
import { tableMarkdown } from "./markdown.js";
import { VERDICT_MIME } from "./mime.js";

/**
 * Shows the answer under the cell: the claim, its stamp and a sentence, by the evidence given and by what else is recorded. Where
 * recorded evidence is refused later on, the answer is withdrawn.
 *
 * @param evidence - of the first study at least, by the names of the studies
 * @throws Error outside a tslab kernel
 */
export function showAnswer<Parameters extends ExperimentParameters, Studies>(
  experiment: Experiment<Parameters, Studies>,
  parameters: Parameters,
  evidence: EvidenceOf<Studies>,
): void {
  const verdict = judged(experiment, parameters, {
    ...recordedEvidence(experiment, parameters),
    ...evidence,
  });
  const [first] = gathered(evidence);
  const quote = `> ${verdict.claim}`;
  const lines = [quote, `${answerText(verdict)} ${basisText(first)}`];
  const published = first.isRecorded ? undefined : recordedVerdict(experiment, experiment.defaults);
  if (published) {
    lines.push(
      `With the published parameters: **${published.verdict.stamp}**. (◆ Recorded: ${published.basis}.)`,
    );
  }
  const replace = output(textBundle(lines.join("\n\n")));
  onRefusal(experiment.name, (why) =>
    replace(textBundle(`${quote}\n\n**Withdrawn.** What this answer stood on was refused: ${why}.`)),
  );
}

function answerText({ stamp, summary }: Verdict): string {
  return `**${stamp.charAt(0).toUpperCase()}${stamp.slice(1)}.** ${summary}`;
}

function basisText({ isRecorded, seeds, firstSeed }: Evidence<unknown>): string {
  return `(${isRecorded ? "◆ Recorded" : "◇ Measured here"}: ${seedsText(seeds, firstSeed)}.)`;
}

/**
 * Shows the verdict under the cell, as far as the evidence goes.
 *
 * @param evidence - by the names of the studies
 * @throws Error outside a tslab kernel
 */
export function showVerdict<Parameters extends ExperimentParameters, Studies>(
  experiment: Experiment<Parameters, Studies>,
  parameters: Parameters,
  evidence: EvidenceOf<Studies>,
): void {
  const verdict = judged(experiment, parameters, evidence);
  const markdown = verdictMarkdown(verdict);
  output({ [VERDICT_MIME]: verdict, "text/markdown": markdown, "text/plain": markdown });
}

function gathered(evidence: object): Evidence<unknown>[] {
  return Object.values<Evidence<unknown> | undefined>({ ...evidence }).filter((own) => own !== undefined);
}

/** The stamp, the lines with the primary one marked, and what else there is to say. */
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

/** Shows an answer and a verdict: for the reader as text and a table, and for the index of the reports as data. */
import type { Experiment, ExperimentParameters } from "../experiments/experiment.js";
import { GRADING_RULE } from "../experiments/grading.js";
import type { FindingsOf } from "../experiments/study.js";
import type { Verdict } from "../experiments/verdict.js";
import { type Evidence, type EvidenceOf, seedsText } from "./evidence.js";
import { output } from "./kernel-output.js";
import { tableMarkdown } from "./markdown.js";
import { VERDICT_MIME } from "./mime.js";

/**
 * Shows the answer under the cell: the claim, its stamp and a sentence, by the evidence gathered so far.
 *
 * @param evidence - of the first study at least, by the names of the studies
 * @throws Error outside a tslab kernel
 */
export function showAnswer<Parameters extends ExperimentParameters, Studies>(
  experiment: Experiment<Parameters, Studies>,
  parameters: Parameters,
  evidence: EvidenceOf<Studies>,
): void {
  const { claim, stamp, summary } = judged(experiment, parameters, evidence);
  const [first] = gathered(evidence);
  const text = `> ${claim}\n\n**${capital(stamp)}.** ${summary} (${first.isRecorded ? "Recorded" : "Measured here"}: ${seedsText(first.seeds, first.firstSeed)}.)`;
  output({ "text/markdown": text, "text/plain": text });
}

/**
 * Shows the verdict under the cell, as far as the evidence goes.
 *
 * @param evidence - by the names of the studies
 * @throws Error outside a tslab kernel
 */
export function showVerdict<Parameters extends ExperimentParameters, Studies>(
  ...of:
    | [experiment: Experiment<Parameters, Studies>, parameters: Parameters, evidence: EvidenceOf<Studies>]
    | [verdict: Verdict]
): void {
  const verdict = of.length === 1 ? of[0] : judged(...of);
  const markdown = verdictMarkdown(verdict);
  output({ [VERDICT_MIME]: verdict, "text/markdown": markdown, "text/plain": markdown });
}

function judged<Parameters extends ExperimentParameters, Studies>(
  experiment: Experiment<Parameters, Studies>,
  parameters: Parameters,
  evidence: EvidenceOf<Studies>,
): Verdict {
  const entries = Object.entries<Evidence<unknown> | undefined>(evidence);
  const findings = Object.fromEntries(entries.map(([name, own]) => [name, own?.findings]));
  return experiment.verdict(findings as Partial<FindingsOf<Studies>>, parameters);
}

function gathered(evidence: object): Evidence<unknown>[] {
  return Object.values<Evidence<unknown> | undefined>({ ...evidence }).filter((own) => own !== undefined);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
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

/** Shows an answer and a verdict: for the reader as text and a table, and for the reports as data. */
import type { Experiment, ExperimentParameters } from "../experiments/experiment.js";
import { GRADING_RULE } from "../experiments/grading.js";
import type { Verdict } from "../experiments/verdict.js";
import { answerMarkdown } from "./answer-text.js";
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
import { type MimeBundle, output } from "./kernel-output.js";
import { tableMarkdown } from "./markdown.js";
import { ANSWER_MIME, type Answer, VERDICT_MIME } from "./mime.js";

/**
 * Shows the answer under the cell: the stamp, a sentence and what they rest on, by the evidence given and by what else is
 * recorded. The claim itself stands in the notebook's title cell. Where recorded evidence is refused later on, the answer is
 * withdrawn.
 *
 * @param evidence - of the first study at least, by the names of the studies
 * @throws Error outside a tslab kernel
 */
export function showAnswer<Parameters extends ExperimentParameters, Studies>(
  experiment: Experiment<Parameters, Studies>,
  parameters: Parameters,
  evidence: EvidenceOf<Studies>,
): void {
  const { stamp, summary } = judged(experiment, parameters, {
    ...recordedEvidence(experiment, parameters),
    ...evidence,
  });
  const [{ isRecorded, seeds, firstSeed }] = gathered(evidence);
  const published = isRecorded ? undefined : recordedVerdict(experiment, experiment.defaults);
  const replace = output(
    answerBundle({
      stamp,
      summary,
      basis: seedsText(seeds, firstSeed),
      isRecorded,
      ...(published && { published: { stamp: published.verdict.stamp, basis: published.basis } }),
    }),
  );
  onRefusal(experiment.name, (withdrawn) => replace(answerBundle({ withdrawn })));
}

function answerBundle(answer: Answer): MimeBundle {
  return { [ANSWER_MIME]: answer, ...textBundle(answerMarkdown(answer)) };
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

/** The texts of an answer, for a cell's output and for the first screen of a report. */
import type { Answer, GivenAnswer } from "./mime.js";

/** The whole answer without the claim, in Markdown. */
export function answerMarkdown(answer: Answer): string {
  if ("withdrawn" in answer) {
    return `**Withdrawn.** ${withdrawalText(answer.withdrawn)}`;
  }
  const { stamp, summary, published } = answer;
  const given = `**${stamp.charAt(0).toUpperCase()}${stamp.slice(1)}.** ${summary} (${basisText(answer)}.)`;
  return published ? `${given}\n\n${publishedText(published)}` : given;
}

/** The basis of an answer, in words. */
export function basisText({ isRecorded, basis }: Pick<GivenAnswer, "isRecorded" | "basis">): string {
  return `${isRecorded ? "◆ Recorded" : "◇ Measured here"}: ${basis}`;
}

/** The outcome with the published parameters, for an answer about others, in Markdown. */
export function publishedText({ stamp, basis }: NonNullable<GivenAnswer["published"]>): string {
  return `With the published parameters: **${stamp}**. (${basisText({ isRecorded: true, basis })}.)`;
}

/** Why an answer was withdrawn, as a sentence. */
export function withdrawalText(why: string): string {
  return `The evidence for this answer was refused: ${why}.`;
}

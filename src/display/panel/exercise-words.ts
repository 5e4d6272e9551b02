/** What became of an answer, in words. */
import type { Finding, Judgement, Solution } from "../../live/exercises.js";
import type { PageExercise } from "../exercises-html.js";
import { quantityText, significantText } from "../format.js";

/** A judgement in a sentence or two; it never tells the answer. */
export function judgementText({ watch = [] }: PageExercise, judgement: Judgement): string {
  const where =
    watch.length === 0 ? "" : ` Read ${watch.map((name) => `“${name}”`).join(" and ")} in the panel.`;
  switch (judgement.kind) {
    case "right":
      return "Right.";
    case "wrong":
      return `Not so.${where}`;
    case "too low":
      return `Too low.${where}`;
    case "too high":
      return `Too high.${where}`;
    case "found":
      return `Right. With the values of the panel, ${judgement.findings.map(findingText).join("; ")}.`;
    case "missed":
      return `Not yet. With the values of the panel, ${judgement.findings
        .filter((finding) => !finding.isMet)
        .map(findingText)
        .join("; ")}.`;
    case "moved":
      return `In this exercise ${judgement.parameter} stays at ${valueText(judgement.left)}, and the panel has ${valueText(judgement.value)}. Set it to that, or press “Open in the panel”.`;
  }
}

function findingText(finding: Finding): string {
  const { name, atLeast, atMost } = finding;
  const asked = [
    ...(atLeast === undefined ? [] : [`at least ${significantText(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${significantText(atMost)}`]),
  ];
  return `${name} is ${quantityText(finding)} (asked: ${asked.join(" and ")})`;
}

/** The answer of a solution, in a sentence. */
export function answerText({ kind, choices = [], unit }: PageExercise, { answer }: Solution): string {
  if (answer === null) return "None of the values tried here.";
  if (typeof answer !== "number") return `Answer: ${changesText(answer)}.`;
  return kind === "choice" ? `Answer: ${choices[answer]}.` : `Answer (${unit}): ${significantText(answer)}.`;
}

/** What was set: `learningRate = 1`. */
export function changesText(changes: Readonly<Record<string, unknown>>): string {
  const set = Object.entries(changes).map(([name, value]) => `${name} = ${valueText(value)}`);
  return set.length === 0 ? "as published" : set.join(", ");
}

function valueText(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  return value === undefined ? "no value" : String(value);
}

/** The exercises of a notebook as HTML and as markdown. */
import type { AnyExercise } from "../experiments/exercise.js";
import { demonstrationNamed } from "../live/demonstrations.js";
import { openedWith } from "../live/exercises.js";
import { escapeHtml, type Scripted, scriptJson } from "./html.js";

/** What a page needs of an exercise besides its texts. */
export interface PageExercise {
  kind: AnyExercise["kind"];
  title: string;
  /** All values of the panel when the exercise opens it. */
  values: Readonly<Record<string, unknown>>;
  /** Only for a choice. */
  choices?: readonly string[];
  /** Only for a number. */
  unit?: string;
  tolerance?: number;
  /** The quantities to compare, if there are any. */
  watch?: readonly string[];
}

/** The exercises of a notebook, for its page. */
export interface ExercisesData {
  notebook: string;
  exercises: readonly PageExercise[];
}

/**
 * Questions and hints, to which a script adds checks and solutions. The page must also hold the code of the panel.
 *
 * @param id - id of their element; unique in the page
 * @throws RangeError when the notebook has no demonstration
 */
export function exercises(notebook: string, id: string): Scripted {
  const demonstration = demonstrationNamed(notebook);
  const { exercises: all = [] } = demonstration;
  const data: ExercisesData = {
    notebook,
    exercises: all.map((exercise) => ({
      kind: exercise.kind,
      title: exercise.title,
      values: openedWith(demonstration, exercise),
      ...(exercise.kind === "choice" && { choices: exercise.choices }),
      ...(exercise.kind === "number" && { unit: exercise.unit, tolerance: exercise.tolerance }),
      ...(exercise.kind !== "find" && { watch: exercise.watch }),
    })),
  };
  const call = `(window.glassHouseExercises ??= []).push({ places: document.querySelectorAll("#${id}"), data: ${scriptJson(JSON.stringify(data))} })`;
  const markup = [
    `<section class="glass-house-exercises" id="${id}" aria-label="Exercises">`,
    ...all.map((exercise, i) => articleHtml(exercise, i + 1, `${id}-${i + 1}`)),
    `</section>`,
  ].join("\n");
  return { markup, scripts: [call] };
}

/** {@link exercises} for places that run no scripts. */
export function exercisesMarkdown(notebook: string): string {
  const { exercises: all = [] } = demonstrationNamed(notebook);
  return all
    .map((exercise, i) => {
      const choices = exercise.kind === "choice" ? exercise.choices : [];
      return [
        `**${i + 1}. ${exercise.title}.** ${exercise.question}`,
        ...(choices.length > 0 ? [choices.map((choice) => `- ${choice}`).join("\n")] : []),
        `*Hint:* ${exercise.hint}`,
      ].join("\n\n");
    })
    .join("\n\n");
}

function articleHtml(exercise: AnyExercise, number: number, id: string): string {
  const choices = exercise.kind === "choice" ? exercise.choices : [];
  return [
    `<article class="exercise" aria-labelledby="${id}">`,
    `<h3 id="${id}">${number}. ${escapeHtml(exercise.title)}</h3>`,
    `<p>${textHtml(exercise.question)}</p>`,
    ...(choices.length > 0
      ? [`<ul class="choices">${choices.map((choice) => `<li>${textHtml(choice)}</li>`).join("")}</ul>`]
      : []),
    `<details><summary>Hint</summary><p>${textHtml(exercise.hint)}</p></details>`,
    `</article>`,
  ].join("\n");
}

/** Escapes a text and turns backticks into code. */
function textHtml(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

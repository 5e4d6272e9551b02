/**
 * Exercises: what a reader is asked to find out in the panel of an experiment. An exercise holds no answer; it says of which
 * trainings, and how, the answer is made.
 */

/**
 * What one training came to: the panel's quantities by their names, NaN for those without a number.
 *
 * @throws RangeError when there is no quantity of that name
 */
export type Numbers = (quantity: string) => number;

/** What all exercises have. In their texts `…` marks what is typed. */
interface Asked<Parameters> {
  title: string;
  question: string;
  /** What the panel opens with; the rest is as published. */
  values: Partial<Parameters>;
  /** Where to look, or what to think of. */
  hint: string;
  /** The reason, once the answer is known; it states no number that is measured. */
  why: string;
}

/** What has an answer that is computed from trainings. */
interface Computed<Parameters, Answer> extends Asked<Parameters> {
  /** The trainings: what each changes of `values`. */
  runs: readonly Partial<Parameters>[];
  /** The quantities to compare. */
  watch: readonly string[];
  /** The answer, from the trainings in their order. */
  answer(runs: readonly Numbers[]): Answer;
}

/** Answered by a number. */
export interface NumberExercise<Parameters> extends Computed<Parameters, number> {
  kind: "number";
  /** What it counts: `neurons`. */
  unit: string;
  /** How far off an answer may be, in that unit. */
  tolerance: number;
}

/** Answered by one of several; `answer` gives its index. */
export interface ChoiceExercise<Parameters> extends Computed<Parameters, number> {
  kind: "choice";
  choices: readonly string[];
}

/** What a training has to come to. */
export interface Goal {
  /** Of what is measured, with its unit. */
  name: string;
  /** Of the quantity with that name by default. */
  of?(numbers: Numbers): number;
  atLeast?: number;
  atMost?: number;
}

/** Answered by what the panel is set to. */
export interface FindExercise<Parameters> extends Asked<Parameters> {
  kind: "find";
  /** Parameters that may be set; all others stay. */
  free: readonly (keyof Parameters & string)[];
  goals: readonly Goal[];
  /** Where the solution looks, in this order, until one meets the goals: what each changes of `values`. */
  tries: readonly Partial<Parameters>[];
}

/** An exercise. */
export type Exercise<Parameters> =
  | NumberExercise<Parameters>
  | ChoiceExercise<Parameters>
  | FindExercise<Parameters>;

/** An exercise whose parameters nobody needs to know. */
export type AnyExercise =
  | NumberExercise<object>
  | ChoiceExercise<object>
  | (Omit<FindExercise<object>, "free"> & { free: readonly string[] });

/** Whether a goal is met by a value, which may be NaN. */
export function isMet({ atLeast = -Infinity, atMost = Infinity }: Goal, value: number): boolean {
  return atLeast <= value && value <= atMost;
}

/** Checks and solves the exercises of a demonstration, with the same computations as its panel. */
import { type AnyExercise, isMet, type Numbers } from "../experiments/exercise.js";
import type { Quantity } from "../experiments/panel.js";
import { type AnyDemonstration, trainedBy } from "./demonstration.js";
import { keyOf } from "./session.js";

/** Values of parameters by name. */
type Values = Readonly<Record<string, unknown>>;

/** An exercise with one right answer. */
type Computed = Exclude<AnyExercise, { kind: "find" }>;

/** A number, the index of a choice, or the panel's values. */
export type Answer = number | Values;

/** A request about an exercise; `exercise` counts from 0. */
export type ExerciseRequest =
  | { kind: "check"; exercise: number; answer: Answer }
  | { kind: "solve"; exercise: number };

/** A quantity with a goal, and whether the goal is met. */
export interface Finding extends Omit<Quantity, "words"> {
  atLeast?: number;
  atMost?: number;
  isMet: boolean;
}

/** The judgement of an answer. */
export type Judgement =
  | { kind: "right" | "wrong" | "too low" | "too high" }
  | { kind: "found" | "missed"; findings: Finding[] }
  /** A parameter was changed that the exercise does not allow to change. */
  | { kind: "moved"; parameter: string; value: unknown; left: unknown };

/** An answer, and the trainings that give it. */
export interface Solution {
  /** Null if no try met the goals. */
  answer: Answer | null;
  /** For each training, its changes to the published values, and the results. */
  runs: { changes: Values; quantities: Quantity[] }[];
  why: string;
}

/** Maximal number of trainings in the solution of a search; the last ones are shown. */
const MOST_TRIES = 6;

/**
 * Returns the exercise at an index.
 *
 * @throws RangeError when there is none
 */
export function exerciseAt({ exercises = [] }: AnyDemonstration, index: number): AnyExercise {
  const found = exercises[index];
  if (found === undefined) {
    throw new RangeError(`exercise must be a whole number from 0 to ${exercises.length - 1}, got ${index}`);
  }
  return found;
}

/** All values of the panel when an exercise opens it. */
export function openedWith({ defaults }: AnyDemonstration, { values }: AnyExercise): Values {
  return { ...defaults, ...values };
}

/**
 * Judges an answer, training as often as necessary.
 *
 * @throws RangeError or TypeError when a value in the answer is not allowed
 */
export function check(demonstration: AnyDemonstration, exercise: AnyExercise, answer: Answer): Judgement {
  if (exercise.kind === "find") {
    const values = answer as Values;
    const opened = openedWith(demonstration, exercise);
    for (const [parameter, left] of Object.entries(opened)) {
      if (exercise.free.includes(parameter) || demonstration.looks.includes(parameter)) continue;
      const value = values[parameter];
      if (JSON.stringify(value) !== JSON.stringify(left)) return { kind: "moved", parameter, value, left };
    }
    const findings = findingsOf(exercise, measurer(demonstration)({ ...opened, ...values }));
    return { kind: findings.every((finding) => finding.isMet) ? "found" : "missed", findings };
  }
  return compared(exercise, answer as number, computed(demonstration, exercise).answer);
}

/** Judges an answer by the right answer. */
export function compared(exercise: Computed, answer: number, right: number): Judgement {
  if (exercise.kind === "choice") return { kind: answer === right ? "right" : "wrong" };
  // typed numbers are decimal, and a computed difference may be off in the last bits
  if (Math.abs(answer - right) <= exercise.tolerance + 1e-9) return { kind: "right" };
  return { kind: answer < right ? "too low" : "too high" };
}

/** Solves an exercise. */
export function solve(demonstration: AnyDemonstration, exercise: AnyExercise): Solution {
  const { why } = exercise;
  if (exercise.kind !== "find") return { ...computed(demonstration, exercise), why };
  const opened = openedWith(demonstration, exercise);
  const measure = measurer(demonstration);
  const runs: Solution["runs"] = [];
  for (const changes of exercise.tries) {
    const findings = findingsOf(exercise, measure({ ...opened, ...changes }));
    runs.push({ changes: { ...exercise.values, ...changes }, quantities: findings });
    if (findings.every((finding) => finding.isMet)) {
      return { answer: { ...changes }, runs: runs.slice(-MOST_TRIES), why };
    }
  }
  return { answer: null, runs: runs.slice(-MOST_TRIES), why };
}

function computed(
  demonstration: AnyDemonstration,
  exercise: Computed,
): { answer: number; runs: Solution["runs"] } {
  const opened = openedWith(demonstration, exercise);
  const measure = measurer(demonstration);
  const all = exercise.runs.map((changes) => measure({ ...opened, ...changes }));
  const runs = all.map((quantities, i) => ({
    changes: { ...exercise.values, ...exercise.runs[i] },
    quantities: exercise.watch.map((name) => quantityNamed(quantities, name)),
  }));
  return { answer: exercise.answer(all.map(numbersOf)), runs };
}

function findingsOf(
  { goals }: Extract<AnyExercise, { kind: "find" }>,
  quantities: readonly Quantity[],
): Finding[] {
  return goals.map((goal) => {
    const { name, of, atLeast, atMost } = goal;
    const numbers = numbersOf(quantities);
    const value = of === undefined ? numbers(name) : of(numbers);
    return {
      name,
      value: orNull(value),
      ...(atLeast !== undefined && { atLeast }),
      ...(atMost !== undefined && { atMost }),
      isMet: isMet(goal, value),
    };
  });
}

/** Returns a function that trains with given values and reads the quantities; does not train again if only looks change. */
function measurer(demonstration: AnyDemonstration): (values: Values) => Quantity[] {
  let last: { key: string; trained: unknown } | undefined;
  return (values) => {
    const parameters = demonstration.check(values);
    const key = keyOf(demonstration, parameters);
    if (last?.key !== key) last = { key, trained: trainedBy(demonstration.train(parameters)) };
    return demonstration
      .read(last.trained, parameters)
      .quantities.map((quantity) => ({ ...quantity, value: orNull(quantity.value ?? Number.NaN) }));
  };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function numbersOf(quantities: readonly Quantity[]): Numbers {
  return (name) => quantityNamed(quantities, name).value ?? Number.NaN;
}

function quantityNamed(quantities: readonly Quantity[], name: string): Quantity {
  const found = quantities.find((quantity) => quantity.name === name);
  if (found === undefined)
    throw new RangeError(`no quantity of this panel is called ${JSON.stringify(name)}`);
  return found;
}

/** The reply to a request. */
export type ExerciseReply =
  | { kind: "judgement"; judgement: Judgement }
  | { kind: "solution"; solution: Solution }
  | { kind: "failure"; message: string };

/** Answers a request; errors become part of the reply. */
export function replyTo(demonstration: AnyDemonstration, request: ExerciseRequest): ExerciseReply {
  try {
    const exercise = exerciseAt(demonstration, request.exercise);
    return request.kind === "check"
      ? { kind: "judgement", judgement: check(demonstration, exercise, request.answer) }
      : { kind: "solution", solution: solve(demonstration, exercise) };
  } catch (error) {
    return { kind: "failure", message: error instanceof Error ? error.message : String(error) };
  }
}

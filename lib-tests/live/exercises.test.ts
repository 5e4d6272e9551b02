/** Every exercise of every notebook has a solution, which its own check takes, and wrong answers, which it does not. */
import assert from "node:assert/strict";
import type { AnyExercise } from "../../src/experiments/exercise.js";
import { demonstrationNamed, demonstrations } from "../../src/live/demonstrations.js";
import {
  type Answer,
  check,
  compared,
  exerciseAt,
  openedWith,
  type Solution,
  solve,
} from "../../src/live/exercises.js";

/** As a reader would give it: on top of what the panel opens with. */
function given(notebook: string, exercise: AnyExercise, answer: Answer): Answer {
  return typeof answer === "number"
    ? answer
    : { ...openedWith(demonstrationNamed(notebook), exercise), ...answer };
}

for (const [notebook, demonstration] of Object.entries(demonstrations)) {
  describe(`the exercises of ${notebook}`, () => {
    const exercises = demonstration.exercises ?? [];

    it("are three or four", () => {
      assert(exercises.length === 3 || exercises.length === 4, `${exercises.length}`);
    });

    for (const exercise of exercises) {
      describe(`“${exercise.title}”`, () => {
        let solution: Solution;
        let answer: Answer;
        before(() => {
          solution = solve(demonstration, exercise);
          assert(solution.answer !== null, "has no solution");
          answer = solution.answer;
        });

        it("opens the panel with values that are allowed, and leaves room for a wrong answer", () => {
          demonstration.check(openedWith(demonstration, exercise));
          if (exercise.kind === "choice") assert(new Set(exercise.choices).size >= 2);
          if (exercise.kind === "find") assert(exercise.free.length > 0 && exercise.goals.length > 0);
        });

        it("is solved by its own solution", () => {
          if (typeof answer === "number") assert(Number.isFinite(answer), `${answer}`);
          if (exercise.kind === "choice") assert(exercise.choices[answer as number]);
          const { kind } = check(demonstration, exercise, given(notebook, exercise, answer));
          assert.equal(kind, exercise.kind === "find" ? "found" : "right");
        });

        it("is not solved by another answer", () => {
          if (exercise.kind === "number") {
            const off = 2 * exercise.tolerance + 1;
            const right = answer as number;
            assert.equal(compared(exercise, right - off, right).kind, "too low");
            assert.equal(compared(exercise, right + off, right).kind, "too high");
          } else if (exercise.kind === "choice") {
            const other = ((answer as number) + 1) % exercise.choices.length;
            assert.equal(compared(exercise, other, answer as number).kind, "wrong");
          } else {
            const opened = openedWith(demonstration, exercise);
            assert.equal(check(demonstration, exercise, opened).kind, "missed");
            const [locked] = Object.keys(opened).filter((name) => !exercise.free.includes(name));
            const moved = { ...opened, [locked]: "elsewhere" };
            assert.deepEqual(check(demonstration, exercise, moved), {
              kind: "moved",
              parameter: locked,
              value: "elsewhere",
              left: opened[locked],
            });
          }
        });

        it("shows the trainings that its solution comes from", () => {
          assert(solution.runs.length > 0);
          for (const { quantities } of solution.runs) {
            assert(quantities.some(({ value }) => value !== null));
          }
        });
      });
    }

    it("are no more than there are", () => {
      assert.throws(
        () => exerciseAt(demonstration, exercises.length),
        new RegExp(`^RangeError: exercise must be a whole number from 0 to ${exercises.length - 1}, got`),
      );
    });
  });
}

/** Exercises for the panel of notebook 04. */
import type { Exercise } from "../exercise.js";
import type { ButterflyParameters } from "./butterfly-effect.js";

const ADDED = "really added to the parameter";
const DISTANCE = "distance of the parameters at the end";
const CONTROL = "control: largest distance of the same run again";

const EXPONENTS = [-20, -19, -18, -17, -16, -15, -14, -13, -12];

/** Down to the last bit of a weight, and up again. */
export const exercises: readonly Exercise<ButterflyParameters>[] = [
  {
    kind: "number",
    title: "Too small to exist",
    question:
      "What is the smallest power of ten that really changes the weight it is added to? Answer with its exponent. (No training is needed: `epochs` is 0.)",
    values: { epochs: 0 },
    runs: EXPONENTS.map((exponent) => ({ nudge: Number(`1e${exponent}`) })),
    watch: [ADDED],
    answer: (runs) => EXPONENTS[runs.findIndex((run) => run(ADDED) !== 0)] ?? Number.NaN,
    unit: "exponent of ten",
    tolerance: 0,
    hint: "Type 1e-15, then 1e-16 and so on into `nudge`, and read what is really added.",
    why: "A double keeps 53 bits. What is less than half the gap between a weight and its neighbours is rounded away.",
  },
  {
    kind: "choice",
    title: "A hundred trillion times as large",
    question:
      "Set `nudge` to 1 instead of 1e-14. How far apart do the two networks end, compared with the small nudge?",
    values: { nudge: 1 },
    choices: [
      "Less than 10 times as far",
      "10 to a million times as far",
      "More than a million times as far",
    ],
    runs: [{ nudge: 1e-14 }, {}],
    watch: [DISTANCE],
    answer([small, large]) {
      const ratio = large(DISTANCE) / small(DISTANCE);
      return ratio < 10 ? 0 : ratio <= 1e6 ? 1 : 2;
    },
    hint: "Look at both curves of the distance. Does it ever stop growing?",
    why: "The distance can't grow for ever: both networks fit the same moons, with weights of about the same size. The nudge sets how soon it stops.",
  },
  {
    kind: "find",
    title: "Calm the storm",
    question:
      "Leave the nudge at 1e-14. Find a learning rate at which no test point is answered differently, and 98% of them are answered right.",
    values: {},
    free: ["learningRate"],
    goals: [
      { name: "test points answered differently (%)", atMost: 0 },
      { name: "test accuracy with the nudge (%)", atLeast: 98 },
    ],
    tries: [0.4, 0.3, 0.2, 0.1].map((learningRate) => ({ learningRate })),
    hint: "Long steps overshoot in the steepest directions, and that is what stretches a small difference.",
    why: "Steps that are short enough don't overshoot, and nothing stretches a small difference for long.",
  },
  {
    kind: "number",
    title: "Non-deterministic?",
    question:
      "The panel also runs the training again with no nudge at all. How far apart do these two get, at most?",
    values: {},
    runs: [{}],
    watch: [CONTROL],
    answer: ([run]) => run(CONTROL),
    unit: "distance of the parameters",
    tolerance: 0,
    hint: "Look for the control among the numbers.",
    why: "To be sensitive is not to be random: the same bits, added in the same order, give the same bits.",
  },
];

/** Exercises for the panel of notebook 03. */
import type { Exercise } from "../exercise.js";
import type { PoisoningParameters } from "./poisoning.js";

const BELIEVED = "lies believed";
const PLANE = "plane that changes class (%)";

/** Lies that the network believes, lies that it doesn't, and one's own. */
export const exercises: readonly Exercise<PoisoningParameters & { flipped: readonly number[] }>[] = [
  {
    kind: "choice",
    title: "Longer, or larger steps",
    question:
      "Make the optimizer more aggressive: four times the `epochs`, 200 instead of 50, or four times the `learningRate`, 0.8 instead of 0.2. After which does the network believe more of the five lies?",
    values: { epochs: 50 },
    choices: ["After more epochs", "After larger steps", "As many after either"],
    runs: [{ epochs: 200 }, { learningRate: 0.8 }],
    watch: [BELIEVED, "test accuracy (%)"],
    answer([longer, larger]) {
      const difference = larger(BELIEVED) - longer(BELIEVED);
      return difference < 0 ? 0 : difference > 0 ? 1 : 2;
    },
    hint: "A lie takes a fine fold of the boundary. Which is better at fine work?",
    why: "Steps that are too large overshoot whatever is fine, a fold around lies and the boundary between the moons alike. Small steps have time for both.",
  },
  {
    kind: "choice",
    title: "A straight boundary",
    question: "Take the hidden layer away. How many of the five lies does a straight boundary believe?",
    values: { hiddenLayers: [] },
    choices: ["None", "Some", "All five"],
    runs: [{}],
    watch: ["lies told", BELIEVED, PLANE],
    answer: ([run]) => (run(BELIEVED) === 0 ? 0 : run(BELIEVED) < run("lies told") ? 1 : 2),
    hint: "Could one straight line have the five lies on one side, and their true neighbours on the other?",
    why: "A network that can't bend its boundary can't reach out for five points. What makes it too weak for the moons protects it from the lies.",
  },
  {
    kind: "find",
    title: "One lie of your own",
    question: "Switch the label of a single point, so that at least 12% of the plane changes class.",
    values: { flips: 0 },
    free: ["flipped"],
    goals: [
      { name: "lies told", atMost: 1 },
      { name: PLANE, atLeast: 12 },
    ],
    tries: Array.from({ length: 25 }, (_, i) => ({ flipped: [10 * i] })),
    hint: "Try a tip, the middle, a place near the other moon. The map of every flip does so with other points.",
    why: "Most of the plane holds no data. Nothing keeps the boundary in its place there, so that a small turn near one point moves a large area.",
  },
  {
    kind: "find",
    title: "Outvoted",
    question:
      "Leave the five lies as they are and change `trainPoints` alone. Find a number of points at which none of the lies is believed.",
    values: {},
    free: ["trainPoints"],
    goals: [
      { name: "lies told", atLeast: 5 },
      { name: BELIEVED, atMost: 0 },
    ],
    tries: [250, 300, 400, 500, 750, 1000].map((trainPoints) => ({ trainPoints })),
    hint: "Who contradicts a lie, and how can there be more of them? You find `trainPoints` among the other parameters.",
    why: "The lies stay five, while their true neighbours multiply: an island for the lies would cost more true points than it wins.",
  },
];

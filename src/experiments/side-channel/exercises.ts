/** Exercises for the panel of notebook 06. */
import type { Exercise } from "../exercise.js";
import type { SideChannelParameters } from "./side-channel.js";

const COUNT = "neurons that fire at the input";
const RED = "neurons that fire for Red, mean";
const DIFFERENCE = "Blue minus Red (neurons)";
const BITS = "leak of one reading of the count (bits)";

const LESS_OR_MORE = ["Less than nine tenths of it", "As much, within a tenth", "More than that"];

const compared = (own: number, other: number): number => (own < 0.9 * other ? 0 : own <= 1.1 * other ? 1 : 2);

const GRID = [-0.5, -0.25, 0, 0.25, 0.5];

/** When the count tells the class, and when it lies. */
export const exercises: readonly Exercise<
  SideChannelParameters & { input: readonly [x: number, y: number] }
>[] = [
  {
    kind: "find",
    title: "Fool the counter",
    question:
      "Move the star to a place that the network calls Blue (class 1), although at least one neuron more fires there than on average for Red (class 0).",
    values: {},
    free: ["input"],
    goals: [
      { name: "class at the input (Red is 0, Blue is 1)", atLeast: 1 },
      { name: `${COUNT}, beyond the mean of class 0`, of: (run) => run(COUNT) - run(RED), atLeast: 1 },
    ],
    tries: GRID.flatMap((y) => GRID.map((x) => ({ input: [1 + x, y] as const }))),
    hint: "Walk along the lower moon, and watch how many fire.",
    why: "Averages are of many points. Which neurons fire changes along each moon, so that one count is a weak witness.",
  },
  {
    kind: "choice",
    title: "Before it learns",
    question:
      "Set `epochs` to 0. How much does one reading of the count tell before training, compared with after 500 epochs?",
    values: { epochs: 0 },
    choices: LESS_OR_MORE,
    runs: [{}, { epochs: 500 }],
    watch: [BITS, DIFFERENCE],
    answer: ([before, after]) => compared(before(BITS), after(BITS)),
    hint: "Compare the bits, and not the difference of the means.",
    why: "What counts is how far the two distributions of the count overlap. Their means can differ while they overlap, and agree while they don't.",
  },
  {
    kind: "choice",
    title: "Does normalization mask it?",
    question: "Set `normalization` to layer. How much does one reading tell, compared with none?",
    values: { normalization: "layer" },
    choices: LESS_OR_MORE,
    runs: [{}, { normalization: "none" }],
    watch: [BITS, DIFFERENCE],
    answer: ([layer, none]) => compared(layer(BITS), none(BITS)),
    hint: "Read how much one reading of the count leaks, with and without.",
    why: "This is one seed. Layer normalization shifts each point's sums to a mean of 0 before the ReLU, so it moves how many fire; what that does to the leak is measured over many seeds in the report.",
  },
  {
    kind: "find",
    title: "The other way round",
    question: "Find a seed whose network fires more for Blue than for Red, by half a neuron or more.",
    values: {},
    free: ["seed"],
    goals: [{ name: DIFFERENCE, atLeast: 0.5 }],
    tries: Array.from({ length: 20 }, (_, i) => ({ seed: i + 1 })),
    hint: "Go through the seeds one by one.",
    why: "In one network chance decides. Over many, Red is favoured: the lines of untrained neurons meet at the origin, the centre of Red's half circle.",
  },
];

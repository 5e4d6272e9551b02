/** Exercises for the panel of notebook 06. */
import type { Exercise } from "../exercise.js";
import type { SideChannelParameters } from "./side-channel.js";

const COUNT = "neurons that fire at the input";
const RED = "neurons that fire for Red, mean";
const DIFFERENCE = "Blue minus Red (neurons)";
const LINES = "lines stolen";
const SAVED = "multiplications that the device saves (%)";
const BITS = "leak of one reading of the count (bits)";

const LESS_OR_MORE = ["Less than nine tenths of it", "As much, within a tenth", "More than that"];

const compared = (own: number, other: number): number => (own < 0.9 * other ? 0 : own <= 1.1 * other ? 1 : 2);

const GRID = [-0.5, -0.25, 0, 0.25, 0.5];

/** When the count tells the class, and when it lies. */
export const exercises: readonly Exercise<
  SideChannelParameters & {
    input: readonly [x: number, y: number];
    thief: "none" | "counts";
    padding: number;
  }
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
    kind: "number",
    title: "The cheapest defence",
    question:
      "A thief counts, and the device works through at least `padding` neurons, whether they fire or not. What is the smallest `padding` with which the thief gets no line?",
    values: { thief: "counts", padding: 10 },
    runs: Array.from({ length: 11 }, (_, padding) => ({ padding })),
    watch: [LINES, SAVED],
    unit: "neurons",
    tolerance: 0,
    answer: (runs) => 1 + runs.findLastIndex((run) => run(LINES) > 0),
    hint: "How many neurons fire at most? The key of the map tells.",
    why: "Padding hides a neuron's switch wherever the count stays below it. A line is stolen where the count is higher, and two exact points of a line are enough. What the device pads it no longer saves.",
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

/** Exercises for the panel of notebook 02. */
import type { Exercise } from "../exercise.js";
import type { OutOfDistributionParameters } from "./parameters.js";
import { MIDDLE } from "./rays.js";
import { CLAIMED } from "./verdict.js";

const LOGIT = "logit at the point";
const REGIONS = "regions of the plane";
const DOUBT = "log₁₀(1 − confidence) there";

/** The place on the ray through the claimed point that is so many times as far from the middle. */
const further = (times: number): [number, number] => [
  MIDDLE[0] + times * (CLAIMED[0] - MIDDLE[0]),
  MIDDLE[1] + times * (CLAIMED[1] - MIDDLE[1]),
];

/** Once round the data, beginning beyond the upper moon. */
const AROUND: [number, number][] = Array.from({ length: 360 }, (_, degrees) => {
  const angle = Math.PI * (1 + degrees / 180);
  return [MIDDLE[0] + 4.5 * Math.cos(angle), MIDDLE[1] + 4.5 * Math.sin(angle)];
});

/** Where doubt is, and what takes it away. */
export const exercises: readonly Exercise<OutOfDistributionParameters>[] = [
  {
    kind: "find",
    title: "A place of doubt",
    question:
      "Move the star. Find a place at least 4 moon radii from the middle where the network is at most 90% sure.",
    values: {},
    free: ["point"],
    goals: [
      { name: "distance from the middle (moon radii)", atLeast: 4 },
      { name: DOUBT, atLeast: -1 },
    ],
    tries: AROUND.map((point) => ({ point })),
    hint: "Where is the network exactly 50% sure? Follow that line out of the data.",
    why:
      "On the boundary the logit is 0, and the boundary goes on for ever. Doubt lies along it, " +
      "in a strip that keeps its width while the plane around it grows.",
  },
  {
    kind: "number",
    title: "Twice as far",
    question: `Move the star from (${CLAIMED.join(", ")}) to (${further(2).join(", ")}): the same direction, twice as far from the middle. How many times as large is the logit there?`,
    values: {},
    runs: [{}, { point: further(2) }],
    watch: [LOGIT, "last kink on its ray (moon radii)"],
    answer: ([near, far]) => far(LOGIT) / near(LOGIT),
    unit: "times",
    tolerance: 0.05,
    hint: "Read the logit at both places and divide. Where is the last kink on the ray?",
    why: "Beyond the last kink a ReLU network is linear: along the ray, the logit changes by the same amount with every step.",
  },
  {
    kind: "choice",
    title: "A neuron that saturates",
    question: `Set \`activation\` to tanh, whose output never leaves the range from −1 to 1. How sure is the network at (${CLAIMED.join(", ")})?`,
    values: { activation: "tanh" },
    choices: ["At most 90%", "Between 90% and 99.9%", "99.9% or more"],
    runs: [{}],
    watch: [LOGIT, DOUBT],
    answer: ([run]) => (run(DOUBT) >= -1 ? 0 : run(DOUBT) > -3 ? 1 : 2),
    hint: "log₁₀(1 − confidence) counts the nines: −1 is 90%, −3 is 99.9%.",
    why: "Far out, every tanh neuron gives nearly 1 or −1, and the logit stops growing. It is bounded then, by the sum of the last weights; that doesn't make it small.",
  },
  {
    kind: "number",
    title: "Twenty lines",
    question:
      "Each neuron switches along a line. One line cuts the plane into two regions, two lines that cross make four. Into how many do the lines of 20 neurons cut it?",
    values: { hiddenLayers: [20] },
    runs: [{}],
    watch: [REGIONS],
    answer: ([run]) => run(REGIONS),
    unit: "regions",
    tolerance: 0.5,
    hint: "A new line crosses each line before it. How many regions does it cut in two?",
    why:
      "The k-th line crosses k − 1 others and so cuts k regions in two. With the plane that was whole at first, n lines make " +
      "1 + n + n (n − 1) / 2, unless two of them are parallel or three meet in a point.",
  },
];

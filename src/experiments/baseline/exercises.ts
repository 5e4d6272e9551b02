/** Exercises for the panel of notebook 01. */
import type { Exercise } from "../exercise.js";
import type { BaselineParameters } from "./baseline.js";
import { SCHEDULES, type Scheduled, SPIKE } from "./spikes.js";

/** Share of the test points, in %, that counts as having learnt the moons. */
const LEARNT = 95;

const NEURONS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** From the first steps to what goes wrong. */
export const exercises: readonly Exercise<BaselineParameters & Scheduled>[] = [
  {
    kind: "find",
    title: "One step an epoch",
    question:
      "With `batchSize` at full, the network takes one step an epoch instead of one a point. " +
      "Find a learning rate at which it still gets 98% of the test points right.",
    values: { batchSize: "full" },
    free: ["learningRate"],
    goals: [{ name: "test accuracy (%)", atLeast: 98 }],
    tries: [0.2, 0.5, 1, 2, 5].map((learningRate) => ({ learningRate })),
    hint: "There are far fewer steps now, but each follows the mean over all points. What can a step afford that is less noisy?",
    why:
      "A full batch takes one step where single samples take one a point, and longer steps make up for it. " +
      "A step along the mean of many gradients can be longer before it overshoots.",
  },
  {
    kind: "find",
    title: "Coming to rest",
    question:
      "Leave the `learningRate` at 0.8. " +
      "How else than by shorter first steps can the loss be kept from spiking at the end, with 95% of the test points right?",
    values: { learningRate: 0.8 },
    free: ["schedule", "batchSize"],
    goals: [
      { name: "rise of the loss at the end (times its lowest)", atMost: SPIKE },
      { name: "test accuracy (%)", atLeast: LEARNT },
    ],
    tries: SCHEDULES.map((schedule) => ({ schedule })),
    hint: "Each point pulls its own way, and a step follows it for its whole length. What could be shorter in the end, or agree before it steps?",
    why:
      "The gradients of single points do not vanish where their mean does, so steps of one length go on throwing the network about. " +
      "Steps that shrink throw it less and less, and the mean over many points pulls less where they disagree.",
  },
  {
    kind: "number",
    title: "How few neurons",
    question: `What is the smallest hidden layer that gets ${LEARNT}% of the test points right? Set \`hiddenLayers\` to \`[1]\`, then \`[2]\`, and so on.`,
    values: { hiddenLayers: [1] },
    runs: NEURONS.map((neurons) => ({ hiddenLayers: [neurons] })),
    watch: ["test accuracy (%)"],
    answer: (runs) => NEURONS[runs.findIndex((run) => run("test accuracy (%)") >= LEARNT)] ?? Number.NaN,
    unit: "neurons",
    tolerance: 0,
    hint: "Each ReLU neuron can fold the boundary once. How many straight pieces does it take to wind between two moons?",
    why: "The boundary is made of straight pieces, and each hidden neuron adds one place where it may bend, if training comes to use it.",
  },
  {
    kind: "choice",
    title: "Learning noise",
    question:
      "At `noise` 0.4 the moons overlap, and no boundary gets every point right. Where does the test loss end, compared with its lowest value on the way?",
    values: { noise: 0.4 },
    choices: ["At its lowest", "At most a tenth above it", "More than a tenth above it"],
    runs: [{}],
    watch: ["test loss after (nats)", "lowest test loss (nats)"],
    answer([run]) {
      const ratio = run("test loss after (nats)") / run("lowest test loss (nats)");
      return ratio <= 1 ? 0 : ratio <= 1.1 ? 1 : 2;
    },
    hint: "Follow the test curve of the losses to its lowest point, and from there to its end.",
    why: "Where the test loss rises while the training loss falls, the network learns the noise of its own points, and no other points share it.",
  },
];

/** Exercises for the panel of notebook 05. */
import type { Exercise } from "../exercise.js";
import type { FailureName } from "./failures.js";
import type { HalfPrecisionParameters } from "./half-precision.js";
import type { RemedyName } from "./remedies.js";

type Parameters = HalfPrecisionParameters & { failure: FailureName | "none"; remedy: RemedyName };

const AS_GOOD = "as good as float64 (1 yes, 0 no)";
const ACCURACY = "test accuracy (%)";
const DOUBLE_ACCURACY = "… trained in float64 (%)";
const AFTER = "training loss after (nats)";

const AGAINST_STALL: readonly RemedyName[] = ["loss scale 1024", "fused p − y", "binary32 master weights"];
const AGAINST_UNDERFLOW: readonly RemedyName[] = [
  "binary32 master weights",
  "loss scale 1024",
  "fused p − y",
];

/** What cures what, and when the essay is right. */
export const exercises: readonly Exercise<Parameters>[] = [
  {
    kind: "choice",
    title: "Cure the stall",
    question: "The failure stall stops in 16 bits and goes on in 64. Which remedy makes it as good again?",
    values: { failure: "stall" },
    choices: AGAINST_STALL,
    runs: AGAINST_STALL.map((remedy) => ({ remedy })),
    watch: [AS_GOOD, AFTER],
    answer: (runs) => runs.findIndex((run) => run(AS_GOOD) === 1),
    hint: "Its gradients are there. See how many updates are swallowed when they are added to the weights.",
    why: "In a stall, each update is less than half the gap between a weight and its neighbours, and the sum rounds back. Weights with more bits have narrower gaps.",
  },
  {
    kind: "choice",
    title: "Cure the underflow",
    question:
      "The failure underflow is the one the essay describes: gradients too small for the format. Which remedy reaches it?",
    values: { failure: "underflow" },
    choices: AGAINST_UNDERFLOW,
    runs: AGAINST_UNDERFLOW.map((remedy) => ({ remedy })),
    watch: [AS_GOOD, AFTER],
    answer: (runs) => runs.findIndex((run) => run(AS_GOOD) === 1),
    hint: "What has become 0 comes back by no care taken later on.",
    why: "A larger loss makes every gradient larger by the same factor, out of the range where the format has only 0. The update divides by it again.",
  },
  {
    kind: "number",
    title: "Eight bits",
    question:
      "Set `format` to e5m2, with two bits after the point. By how many points of test accuracy does the training gain when `masterWeights` is binary32?",
    values: { format: "e5m2" },
    runs: [{}, { masterWeights: "binary32" }],
    watch: [ACCURACY, "updates swallowed at the first weights (%)"],
    answer: ([same, master]) => master(ACCURACY) - same(ACCURACY),
    unit: "points",
    tolerance: 0.2,
    hint: "Read the test accuracy with `masterWeights` at same, then at binary32, and subtract.",
    why: "The gradients stay as coarse as they were. What changes is that a weight can take a small step.",
  },
  {
    kind: "find",
    title: "Where the essay is right",
    question:
      "Find a learning rate at which training in 16 bits is not as good as in float64, although float64 gets 85% of the test points right.",
    values: {},
    free: ["learningRate"],
    goals: [
      { name: AS_GOOD, atMost: 0 },
      { name: DOUBLE_ACCURACY, atLeast: 85 },
    ],
    tries: [0.1, 0.01, 0.001, 0.0001].map((learningRate) => ({ learningRate })),
    hint: "What becomes of an update that is much smaller than the weight it is added to?",
    why: "Learning rate times gradient is too small a step for these weights: see the updates swallowed. Derivatives that underflow, the cause that the essay names, are counted in a row of their own.",
  },
];

/** Notebook 01: does the network learn Two Moons, and is it luck? */

import * as z from "zod/mini";
import { boundaryFigure } from "../../charts/boundary.js";
import { trainingFigure } from "../../charts/curves.js";
import { documented } from "../../core/validate.js";
import { ESSAY_TASK } from "../essay-task.js";
import { type Experiment, experiment } from "../experiment.js";
import { taskGradually } from "../gradual.js";
import type { Panel } from "../panel.js";
import { rectangleAround } from "../plane.js";
import { quickPlane } from "../quick.js";
import type { TrainedTask } from "../task.js";
import { countText, lossText } from "../words.js";
import { type BaselineParameters, baselineSchema, lowestTestLoss } from "./baseline.js";
import { exercises } from "./exercises.js";
import { riseOf, SCHEDULES, type Scheduled, SPIKE, scheduleOf } from "./spikes.js";
import { type BaselineStudies, studies } from "./studies.js";
import { baselineVerdict, CLAIM } from "./verdict.js";

export {
  confusionMatrix,
  growthEpochs,
  measureBaseline,
  neuronMaps,
  worstOf,
  wrongDerivative,
} from "./baseline.js";
export { meansOf, sameBitsText, stepText, trainingText } from "./sentences.js";
export { coursesOf } from "./spikes.js";
export { middleOf } from "./studies.js";

const scheduledSchema: z.ZodMiniType<Scheduled> = z.strictObject({
  schedule: documented(
    z.enum(SCHEDULES),
    "How the learning rate goes on: it keeps its value, or it decays as 1/n, to an eleventh",
  ),
});

/** One training, its boundary and its losses. */
const panel: Panel<BaselineParameters & Scheduled, TrainedTask> = {
  invitation:
    "Blur the moons, take neurons away, or raise the learning rate. " +
    "How far can you go before the boundary stops following the moons?",
  extras: { schema: scheduledSchema, defaults: { schedule: "constant" } },
  controls: [
    { name: "noise", slider: { from: 0, to: 1, step: 0.01 } },
    { name: "learningRate", slider: { from: -3, to: 1, step: 0.05, scale: "log" } },
    { name: "schedule" },
    { name: "hiddenLayers" },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  presets: [
    {
      name: "two neurons",
      says: "With two neurons the boundary can no longer follow the moons.",
      values: { hiddenLayers: [2] },
    },
    {
      name: "noise 0.4",
      says: "The moons overlap, so no boundary is right everywhere: fewer test points are right, however long it trains.",
      values: { noise: 0.4 },
    },
    {
      name: "full batch",
      says: "One step an epoch, on all points at once: after as many epochs the loss has dropped less.",
      values: { batchSize: "full" },
    },
    {
      name: "too fast",
      says: "Steps too long: the loss jumps about and ends higher than it began.",
      values: { learningRate: 5 },
    },
    {
      name: "long steps that shrink",
      says: "Four times the step at first, but the rate decays: compare the end of the loss with that at a constant rate.",
      values: { learningRate: 0.8, schedule: "decaying" },
    },
  ],
  looks: [],
  without: ["spikes", "scale"],
  reserve:
    "The verdict trains at the constant rate, whatever the schedule, and tries no other rates or sizes of network.",
  train: (parameters) => taskGradually(parameters, scheduleOf(parameters)),
  read({ data, training: { network, history } }, { epochs }, isMoving = false) {
    const [first, last] = [history[0], history[history.length - 1]];
    const { epoch } = last;
    const lowest = lowestTestLoss(history);
    const rise = riseOf(history.map(({ train }) => train.loss));
    const right = 100 * (last.test?.accuracy ?? Number.NaN);
    const title = `After ${epoch} ${epoch === 1 ? "epoch" : "epochs"}: ${right.toFixed(1)}% of the test points right`;
    const plane = quickPlane(network, rectangleAround(data.train, 0.5), isMoving ? 40 : 80);
    return {
      pictures: [
        { name: "boundary", figure: boundaryFigure(plane, data.train, title), ghost: ["boundary"] },
        {
          name: "losses",
          figure: trainingFigure(history, epochs),
          ghost: ["training points", "test points"],
        },
      ],
      quantities: [
        { name: "training loss before (nats)", value: first.train.loss, words: lossText(first.train.loss) },
        {
          isMain: true,
          name: "training loss after (nats)",
          value: last.train.loss,
          words: lossText(last.train.loss),
        },
        {
          isMain: true,
          name: "test loss after (nats)",
          value: last.test?.loss ?? null,
          words: lossText(last.test?.loss ?? Number.NaN),
        },
        {
          name: "lowest test loss (nats)",
          value: lowest.test?.loss ?? null,
          words: `after ${lowest.epoch} of ${epoch} epochs`,
        },
        {
          name: "rise of the loss at the end (times its lowest)",
          value: rise,
          words: rise <= SPIKE ? "no spike" : Number.isNaN(rise) ? "not a number" : "it spikes",
        },
        {
          isMain: true,
          name: "training accuracy (%)",
          value: 100 * last.train.accuracy,
          words: countText(last.train.accuracy, data.train.labels.rows),
        },
        {
          isMain: true,
          name: "test accuracy (%)",
          value: right,
          words: countText(right / 100, data.test.labels.rows),
        },
      ],
    };
  },
  exercises,
};

/** Notebook 01. */
export const baseline: Experiment<BaselineParameters, BaselineStudies> = experiment({
  name: "01-baseline",
  claim: CLAIM,
  level: "introductory",
  minutes: 20,
  schema: baselineSchema,
  defaults: {
    ...ESSAY_TASK,
    sweepSeeds: 24,
    firstSeed: 110_001,
  },
  studies,
  verdict: baselineVerdict,
  panel,
});

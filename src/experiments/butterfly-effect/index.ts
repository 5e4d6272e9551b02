/** Notebook 04: two trainings that differ in almost nothing. How far apart do they get, and how does one notice? */
import { timelinesFigure } from "../../charts/timelines.js";
import { twoBoundariesFigure } from "../../charts/two-boundaries.js";
import { type Experiment, experiment } from "../experiment.js";
import type { Panel } from "../panel.js";
import { disagreement, planePoints, rectangleAround } from "../plane.js";
import { quickPlane } from "../quick.js";
import { countText, epochText, lossText, shareText } from "../words.js";
import { type ButterflyParameters, butterflySchema, CALM, PARTED, VISIBLE } from "./butterfly-effect.js";
import { exercises } from "./exercises.js";
import { compareTwins, type Twins, twinsGradually } from "./gradual.js";
import { churnTitle } from "./sentences.js";
import { type ButterflyStudies, studies } from "./studies.js";
import { lastDistance } from "./timelines.js";
import { butterflyVerdict, claimOf } from "./verdict.js";

export { type ButterflyParameters, CALM } from "./butterfly-effect.js";
export { compareCauses } from "./causes.js";
export { compilerTable, machinesText, machineTable } from "./machines.js";
export { nudged } from "./nudge.js";
export {
  churnText,
  churnTitle,
  coverageTable,
  divergenceTable,
  horizonText,
  lateTable,
  mapText,
  nudgeTable,
  nudgeText,
  partedSeedsText,
  partingText,
  repetitionText,
  twinTable,
} from "./sentences.js";
export { compareTrainings, runTimelines, trainMembers } from "./timelines.js";

const PUBLISHED: ButterflyParameters = {
  seed: 15,
  noise: 0.15,
  trainPoints: 250,
  testPoints: 2000,
  hiddenLayers: [10],
  initialisation: "he",
  learningRate: 0.4,
  batchSize: 1,
  epochs: 600,
  nudge: 1e-14,
  nudgedParameter: 0,
  sweepSeeds: 36,
  firstSeed: 410_001,
};

/** One training twice, with a nudge of one weight and without, and once more as a control. */
const panel: Panel<ButterflyParameters, Twins> = {
  invitation:
    "How small a nudge still makes another network? Make it smaller until rounding swallows it. Then lower the " +
    "learning rate until the essay's nudge no longer matters.",
  controls: [
    { name: "nudge", slider: { from: -18, to: 1, step: 0.5, scale: "log" } },
    { name: "learningRate", slider: { from: -1.5, to: 2, step: 0.05, scale: "log" } },
    { name: "batchSize" },
    { name: "nudgedParameter", slider: { from: 0, to: 40, step: 1 } },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  presets: [
    {
      name: "chaos",
      says: "The essay's nudge at this learning rate: it grows from the last digit until the two losses part.",
      values: { learningRate: 0.4 },
    },
    {
      name: "smaller steps",
      says: "The same nudge at a smaller learning rate: the distance stays about where it began, and the losses never part.",
      values: { learningRate: 0.05 },
    },
    {
      name: "deeper",
      says: "Four hidden layers, at the smaller learning rate that keeps one layer calm: the nudge grows again, and the losses part.",
      values: { hiddenLayers: [10, 10, 10, 10], learningRate: 0.05 },
    },
    {
      name: "calm",
      says: "The verdict's calm setting: all points in each step, and larger steps. With the same nudge the losses never part.",
      values: { ...CALM },
    },
    {
      name: "a nudge that is swallowed",
      says: "Less than half an ulp of the weight: the nudge is rounded away, and both trainings are the same to the bit.",
      values: { nudge: 1e-18 },
    },
  ],
  looks: [],
  without: ["horizon", "map", "reruns"],
  reserve:
    "The verdict here leaves out real numbers, depth and sums in random orders: each takes some ten seconds a seed, or more.",
  train: (parameters) => twinsGradually(parameters),
  read(twins, { epochs }, isMoving = false) {
    const { data, initial, nudge } = twins;
    const { nudged, repeated } = compareTwins(twins, isMoving ? 120 : undefined);
    const { networks, evaluations } = nudged;
    const [without, withIt] = evaluations;
    const apart = lastDistance(nudged);
    const tested = data.test.labels.rows;
    const plane = rectangleAround(data.train, 0.5);
    const otherPlane = disagreement(...networks, planePoints(plane, isMoving ? 40 : 100));
    const [own, other] = networks.map((network) => quickPlane(network, plane, isMoving ? 32 : 64));
    return {
      pictures: [
        {
          name: "timelines",
          figure: timelinesFigure(nudged, nudge, initial, epochs),
          ghost: ["loss without the nudge", "loss with the nudge", "distance of the parameters"],
        },
        {
          name: "boundaries",
          figure: twoBoundariesFigure(
            [own, other],
            ["without the nudge", "with it"],
            data.train,
            churnTitle(nudged),
          ),
          ghost: ["without the nudge", "with it"],
        },
      ],
      quantities: [
        {
          name: "really added to the parameter",
          value: nudge.moved,
          words: nudge.isSwallowed
            ? "nothing: it was swallowed"
            : `${Number((Math.abs(nudge.moved) / nudge.ulp).toPrecision(3))} ulps of the parameter`,
        },
        {
          isMain: true,
          name: "distance of the parameters at the end",
          value: apart,
          words: apartText(apart, nudged.isIdentical),
        },
        { name: "the same distance (% of their length)", value: 100 * nudged.relativeDistance },
        {
          isMain: true,
          name: `epochs until the parameters are ${PARTED} apart`,
          value: nudged.parted,
          absent: "never",
          words: epochText("parted", nudged.parted),
        },
        {
          isMain: true,
          name: `epochs until the losses differ by ${100 * VISIBLE}% of the chart`,
          value: nudged.visible,
          absent: "never",
          words: epochText("visible in a chart", nudged.visible),
        },
        {
          name: "growth of the distance until halfway there (factor)",
          value: nudged.grownHalfway,
          absent: "none",
        },
        {
          isMain: true,
          name: "test points answered differently (%)",
          value: 100 * nudged.churn,
          words: countText(nudged.churn, tested),
        },
        {
          name: "plane answered differently (%)",
          value: 100 * otherPlane,
          words: shareText(otherPlane),
        },
        { name: "test loss without the nudge (nats)", value: without.loss, words: lossText(without.loss) },
        { name: "test loss with the nudge (nats)", value: withIt.loss, words: lossText(withIt.loss) },
        {
          name: "test accuracy without the nudge (%)",
          value: 100 * without.accuracy,
          words: countText(without.accuracy, tested),
        },
        {
          name: "test accuracy with the nudge (%)",
          value: 100 * withIt.accuracy,
          words: countText(withIt.accuracy, tested),
        },
        {
          name: "control: largest distance of the same run again",
          value: Math.max(...repeated.distance),
          words: repeated.isIdentical ? "the same to the bit" : "not the same",
        },
      ],
    };
  },
  exercises,
};

function apartText(distance: number, isIdentical: boolean): string {
  if (isIdentical) return "the same to the bit";
  if (Number.isNaN(distance)) return "not a number";
  return distance < PARTED ? "not parted" : "parted";
}

/** Notebook 04. */
export const butterflyEffect: Experiment<ButterflyParameters, ButterflyStudies> = experiment({
  name: "04-butterfly-effect",
  claim: claimOf(PUBLISHED.nudge),
  level: "intermediate",
  minutes: 25,
  schema: butterflySchema,
  defaults: PUBLISHED,
  studies,
  verdict: butterflyVerdict,
  panel,
});

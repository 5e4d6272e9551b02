/** Notebook 04 in a page: one training twice, with a nudge of one weight and without, and once more as a control. */
import { timelinesFigure } from "../../charts/timelines.js";
import { twoBoundariesFigure } from "../../charts/two-boundaries.js";
import { toParameters } from "../../core/network/network.js";
import {
  type ButterflyParameters,
  butterflyParameters,
  butterflySchema,
  PARTED,
  runTimelines,
  SETTINGS,
  type Timelines,
  VISIBLE,
} from "../../experiments/butterfly/butterfly.js";
import { distance } from "../../experiments/butterfly/lyapunov.js";
import { partingsOverSeeds } from "../../experiments/butterfly/seeds.js";
import { depthMap, twinChanges, twinsOverSeeds } from "../../experiments/butterfly/twins.js";
import { butterflyVerdict } from "../../experiments/butterfly/verdict.js";
import { disagreement, planePoints, probabilityOnPlane, rectangleAround } from "../../experiments/plane.js";
import type { Demonstration } from "../demonstration.js";

/** Notebook 04. */
export const demonstration: Demonstration<ButterflyParameters, Timelines> = {
  notebook: "04-butterfly-effect",
  invitation:
    "How small a nudge still makes another network? Push it down until it is swallowed; then leave it, and turn the " +
    "learning rate down until the same nudge no longer matters.",
  schemas: [butterflySchema],
  extras: {},
  controls: [
    { name: "nudge", slider: { from: -18, to: 1, step: 0.5, scale: "log" } },
    { name: "learningRate", slider: { from: -1.5, to: 2, step: 0.05, scale: "log" } },
    { name: "batchSize" },
    { name: "nudgedParameter", slider: { from: 0, to: 40, step: 1 } },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  looks: ["sweepSeeds", "firstSeed"],
  check: (values) => butterflyParameters(values as unknown as ButterflyParameters),
  train: (parameters) => runTimelines(parameters),
  read({ data, initial, nudge, nudged, repeated }, { epochs }) {
    const { summary, networks } = nudged;
    const start = toParameters(initial);
    const plane = rectangleAround(data.train, 0.5);
    const [own, other] = networks.map((network) => probabilityOnPlane(network, plane, 64));
    return {
      pictures: [
        {
          name: "timelines",
          figure: timelinesFigure(nudged, nudge, distance(start, new Float64Array(start.length))),
          isLight: true,
        },
        {
          name: "boundaries",
          figure: twoBoundariesFigure(
            [own, other],
            ["without the nudge", "with it"],
            data.train,
            `Churn after ${epochs} epochs: ${(100 * summary.churn).toFixed(2)}%`,
          ),
        },
      ],
      quantities: [
        { name: "really added to the parameter", value: nudge.moved },
        { name: "distance of the parameters at the end", value: summary.distance },
        { name: "the same (% of their length)", value: 100 * summary.relativeDistance },
        { name: `epochs until the parameters are ${PARTED} apart`, value: summary.parted, absent: "never" },
        {
          name: `epochs until the losses differ by ${100 * VISIBLE}% of the chart`,
          value: summary.visible,
          absent: "never",
        },
        {
          name: "factor the distance has grown by half-way to there",
          value: summary.grownHalfway,
          absent: "none",
        },
        { name: "test points answered differently (%)", value: 100 * summary.churn },
        {
          name: "share of the plane answered differently (%)",
          value: 100 * disagreement(...networks, planePoints(plane, 100)),
        },
        { name: "test loss without the nudge (nats)", value: summary.testLoss[0] },
        { name: "test loss with it (nats)", value: summary.testLoss[1] },
        { name: "test accuracy without the nudge (%)", value: 100 * summary.accuracy[0] },
        { name: "test accuracy with it (%)", value: 100 * summary.accuracy[1] },
        {
          name: "control: distance of the same run again, at most",
          value: Math.max(...repeated.distance),
        },
      ],
    };
  },
  async judge(parameters, run) {
    const seedsOver = (part: number): ButterflyParameters => ({
      ...parameters,
      sweepSeeds: Math.max(2, Math.round(parameters.sweepSeeds / part)),
    });
    const partings = await partingsOverSeeds(parameters, run);
    const calm = await partingsOverSeeds({ ...seedsOver(2), ...SETTINGS.calm }, run);
    const depths = await depthMap(seedsOver(3), run);
    const defences = await twinsOverSeeds(seedsOver(2), twinChanges(parameters), run);
    return butterflyVerdict({ parameters, partings, calm, depths, defences });
  },
};

/** Notebook 02 in a page: how sure one network is at a point that can be moved, far from its data and near. */
import { Matrix } from "ml-matrix";
import { doubtFigure } from "../../charts/rays.js";
import { voidFigure } from "../../charts/void.js";
import { log10Doubt } from "../../experiments/out-of-distribution/confidence.js";
import { farLogit, rayProfile } from "../../experiments/out-of-distribution/kinks.js";
import { nearestClass, neighbourDistances } from "../../experiments/out-of-distribution/novelty.js";
import {
  defencesOverSeeds,
  logitsOnPlane,
  type OutOfDistributionParameters,
  outOfDistributionParameters,
  outOfDistributionSchema,
  voidArea,
  voidAtScale,
  voidOverSeeds,
} from "../../experiments/out-of-distribution/out-of-distribution.js";
import { logitAt, type Point, rayThrough } from "../../experiments/out-of-distribution/rays.js";
import { outOfDistributionVerdict } from "../../experiments/out-of-distribution/verdict.js";
import type { Rectangle } from "../../experiments/plane.js";
import { runTask, type TrainedTask } from "../../experiments/task.js";
import type { Demonstration } from "../demonstration.js";

/** The point of the essay; the map always has room for it, so that it stays put while the point moves. */
const CLAIMED: Point = [4, 4];

/** Notebook 02. */
export const demonstration: Demonstration<OutOfDistributionParameters, TrainedTask> = {
  notebook: "02-out-of-distribution",
  invitation:
    "Drag the star. Where, far from all data, is the network ever in doubt? Then set activation to tanh and look again.",
  schemas: [outOfDistributionSchema],
  extras: {},
  controls: [
    { name: "point" },
    { name: "activation" },
    { name: "noise", slider: { from: 0, to: 1, step: 0.01 } },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "hiddenLayers" },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  looks: ["point", "annulus", "members", "neighbours", "sweepSeeds", "firstSeed"],
  check: (values) => outOfDistributionParameters(values as unknown as OutOfDistributionParameters),
  train: (parameters) => runTask(parameters, { recordEvery: Math.max(1, parameters.epochs) }),
  read({ data, training: { network, history } }, { point, seed }) {
    const logit = logitAt(network, point);
    const { ray, radius } = rayThrough(point);
    const radii = Array.from({ length: 65 }, (_, i) => i / 8);
    return {
      pictures: [
        {
          name: "map",
          figure: voidFigure(
            logitsOnPlane(network, areaOf(point), 80),
            data.train,
            { place: point, logit },
            `The plane from afar, seed ${seed}`,
          ),
          handle: { kind: "drag", field: "point", label: "the point", at: [point[0], point[1]] },
        },
        { name: "ray", figure: doubtFigure([rayProfile(network, ray, radii)]), isLight: true },
      ],
      quantities: [
        { name: "logit at the point", value: logit },
        { name: "log₁₀(1 − confidence) there", value: log10Doubt(logit) },
        { name: "distance from the middle (moon radii)", value: radius },
        { name: "last kink on its ray (moon radii)", value: farLogit(network, ray).lastKink },
        {
          name: "distance to the nearest training point",
          value: neighbourDistances(new Matrix([[...point]]), data.train, 1)[0],
        },
        { name: "class of that point (Red is 0, Blue is 1)", value: nearestClass(point, data.train) },
        {
          name: "test accuracy (%)",
          value: 100 * (history[history.length - 1].test?.accuracy ?? Number.NaN),
        },
      ],
    };
  },
  async judge(parameters, run) {
    const results = await voidOverSeeds(parameters, run);
    const atScale = await voidAtScale(parameters, run);
    const some = { ...parameters, sweepSeeds: Math.max(2, Math.round(parameters.sweepSeeds / 2)) };
    return outOfDistributionVerdict(results, await defencesOverSeeds(some, run), atScale);
  },
};

function areaOf(point: Point): Rectangle {
  const [own, claimed] = [voidArea(point), voidArea(CLAIMED)];
  return own.x[1] > claimed.x[1] ? own : claimed;
}

/** Notebook 02: how sure is the network where it has never been, and why? */
import { doubtFigure } from "../../charts/rays.js";
import { CLASSES } from "../../charts/style.js";
import { voidFigure } from "../../charts/void.js";
import { classText } from "../../core/moons.js";
import { type Experiment, experiment } from "../experiment.js";
import { mapped, remembered, taskGradually } from "../gradual.js";
import type { Panel } from "../panel.js";
import type { PlaneGrid, Rectangle } from "../plane.js";
import type { TrainedTask } from "../task.js";
import { countText, sureText } from "../words.js";
import { linesOf, MOST_LINES, segmentsIn } from "./arrangement.js";
import { doubtText, log10Doubt } from "./confidence.js";
import { certainShare } from "./directions.js";
import { exercises } from "./exercises.js";
import { farLogit, rayProfile } from "./kinks.js";
import { nearestTo } from "./novelty.js";
import { oneLayerOf } from "./one-layer.js";
import { logitsOnPlane, regionsOf, voidArea } from "./out-of-distribution.js";
import { type OutOfDistributionParameters, outOfDistributionSchema } from "./parameters.js";
import { logitAt, MIDDLE, type Point, rayThrough } from "./rays.js";
import { type OutOfDistributionStudies, studies } from "./studies.js";
import { CLAIM, CLAIMED, outOfDistributionVerdict } from "./verdict.js";

export { pooledReliability } from "./calibration.js";
export { defenceMaps, trainDefences } from "./defences.js";
export { kinksPicture, rayProfile } from "./kinks.js";
export { voidArea } from "./out-of-distribution.js";
export type { OutOfDistributionParameters } from "./parameters.js";
export { posteriorTable, posteriorText } from "./posterior/sentences.js";
export { raysAround } from "./rays.js";
export {
  certaintyAtScale,
  detectorTable,
  detectorText,
  farDoubtText,
  kinksText,
  pointText,
  voidMeans,
} from "./sentences.js";
export { viewVoid } from "./view.js";

/** Why a number is missing. */
const NOT_ONE_LAYER = "exact for one layer of ReLUs only";

/** A trained network, and what it says of the plane, which stays while the point moves. */
interface SeenFromAfar extends TrainedTask {
  logits(area: Rectangle, resolution: number): PlaneGrid;
}

/** One network from afar, and how sure it is at a point that can be moved, far from its data and near. */
const panel: Panel<OutOfDistributionParameters, SeenFromAfar> = {
  invitation:
    "Drag the star. Is the network ever in doubt far from all data, and where? Then set activation to tanh and look again.",
  controls: [
    { name: "point" },
    { name: "activation" },
    { name: "noise", slider: { from: 0, to: 1, step: 0.01 } },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "hiddenLayers" },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  presets: [
    {
      name: "tanh",
      says:
        "tanh levels off, and so does certainty: along the ray the curve goes flat. At the star the network is still all " +
        "but sure of Red.",
      values: { activation: "tanh" },
    },
    {
      name: "among the data",
      says: "The star on the upper moon, among the points learnt from: the network is less sure here than far out in the void.",
      values: { point: [0, 1] },
    },
    {
      name: "between the moons",
      says: "The star between the moons, where a person would hesitate: the network is less sure than in the void.",
      values: { point: [0.5, 0.25] },
    },
  ],
  looks: ["point", "annulus", "members", "neighbours"],
  train: (parameters) =>
    mapped(taskGradually(parameters, { recordEvery: Math.max(1, parameters.epochs) }), (run) => ({
      ...run,
      logits: remembered((area: Rectangle, resolution: number) =>
        logitsOnPlane(run.training.network, area, resolution),
      ),
    })),
  read({ data, training: { network, history }, logits }, { point, seed }, isMoving = false) {
    const logit = logitAt(network, point);
    const nearest = nearestTo(point, data.train);
    const accuracy = history[history.length - 1].test?.accuracy ?? Number.NaN;
    const { ray, radius } = rayThrough(point);
    const { lastKink } = farLogit(network, ray);
    const layer = oneLayerOf(network);
    const regions = regionsOf(network, data.train.points);
    const isCounted = !Number.isNaN(regions.all);
    const radii = Array.from({ length: 65 }, (_, i) => i / 8);
    return {
      pictures: [
        {
          name: "map",
          figure: voidFigure(
            logits(areaOf(point), isMoving ? 40 : 80),
            data.train,
            { place: point, logit },
            `The plane from afar, seed ${seed}`,
            layer && isCounted ? segmentsIn(linesOf(layer), areaOf(point)) : [],
          ),
          ghost: ["boundary"],
          handle: { kind: "drag", field: "point", label: "the point", at: [point[0], point[1]] },
        },
        {
          name: "ray",
          figure: doubtFigure([rayProfile(network, ray, radii)]),
          ghost: CLASSES.map(({ name }) => name),
        },
      ],
      quantities: [
        { isMain: true, name: "logit at the point", value: logit, words: sureText(logit) },
        {
          isMain: true,
          name: "log₁₀(1 − confidence) there",
          value: log10Doubt(logit),
          words: Number.isNaN(logit) ? "not a number" : `a doubt of ${doubtText(log10Doubt(logit))}`,
        },
        {
          isMain: true,
          name: "directions certain at that distance (%)",
          value: layer ? 100 * certainShare(layer, MIDDLE, radius) : null,
          absent: NOT_ONE_LAYER,
        },
        {
          isMain: true,
          name: "regions of the plane",
          value: isCounted ? regions.all : null,
          absent: layer ? `counted up to ${MOST_LINES} neurons` : NOT_ONE_LAYER,
          ...(isCounted && { words: `${regions.learnt} of them hold training points` }),
        },
        { name: "distance from the middle (moon radii)", value: radius },
        {
          name: "last kink on its ray (moon radii)",
          value: lastKink,
          words: radius > lastKink ? "the point is beyond it" : "the point is not beyond it",
        },
        {
          name: "distance to the nearest training point",
          value: nearest.distance,
          words: `which is ${classText(nearest.label)}`,
        },
        {
          isMain: true,
          name: "test accuracy (%)",
          value: 100 * accuracy,
          words: countText(accuracy, data.test.labels.rows),
        },
      ],
    };
  },
  // a chain of draws does not stop to listen
  without: ["posterior"],
  exercises,
};

/** The map always has room for the essay's point, so that it stays put while the point moves. */
function areaOf(point: Point): Rectangle {
  const [own, claimed] = [voidArea(point), voidArea(CLAIMED)];
  return own.x[1] > claimed.x[1] ? own : claimed;
}

/** Notebook 02. */
export const outOfDistribution: Experiment<OutOfDistributionParameters, OutOfDistributionStudies> =
  experiment({
    name: "02-out-of-distribution",
    claim: CLAIM,
    level: "introductory",
    minutes: 20,
    schema: outOfDistributionSchema,
    defaults: {
      seed: 1,
      noise: 0.15,
      trainPoints: 250,
      testPoints: 2000,
      hiddenLayers: [10],
      activation: "relu",
      normalization: "none",
      initialisation: "he",
      learningRate: 0.2,
      batchSize: 1,
      epochs: 500,
      point: CLAIMED,
      annulus: [4, 8],
      members: 5,
      neighbours: 10,
      sweepSeeds: 24,
      firstSeed: 210_001,
    },
    studies,
    verdict: outOfDistributionVerdict,
    panel,
  });

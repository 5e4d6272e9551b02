/** What notebook 02 says about its results, in sentences and tables that are true of any results. */
import type { Dataset } from "../../core/moons.js";
import type { Network } from "../../core/network/network.js";
import type { Training } from "../../core/network/train.js";
import { type MeanInterval, meanInterval, quantile } from "../statistics.js";
import type { Variation } from "../study.js";
import { meanText } from "../verdict.js";
import { linesOf, mostRegions } from "./arrangement.js";
import { expectedCalibrationError } from "./calibration.js";
import { log10Doubt } from "./confidence.js";
import type { DefenceFindings } from "./defences.js";
import type { DefenceSummary } from "./judging.js";
import { type FarLogit, farLogit } from "./kinks.js";
import { isPiecewiseAffine, oneLayerOf } from "./one-layer.js";
import {
  type CertaintyResult,
  certainByRadius,
  DIRECTIONS,
  FAR,
  farSharesOf,
  RADII,
  regionsOf,
  SHIFT,
  type VoidResult,
} from "./out-of-distribution.js";
import { logitAt, type Point, placeText, raysAround, rayThrough } from "./rays.js";

/** A table: the heads of its columns, and its rows. */
type Table = [heads: string[], rows: string[][]];

/** What one network computes at the point, and how good it is among the data. */
export function pointText({ network, history }: Training, point: Point): string {
  const logit = logitAt(network, point);
  const right = history[history.length - 1].test?.accuracy ?? Number.NaN;
  return (
    `At ${placeText(point)} the logit of the network above is ${Number.isNaN(logit) ? "not a number" : logit.toFixed(1)}. ` +
    `It gets ${(100 * (1 - right)).toFixed(1)}% of the test points wrong.`
  );
}

const LOST = "The training diverged: its logits are not numbers.";

/** The regions into which the neurons cut the plane, and where the last kinks lie. */
export function kinksText(network: Network, point: Point, learnt: Dataset): string {
  if (Number.isNaN(logitAt(network, point))) return LOST;
  const far = (): FarLogit[] => raysAround(DIRECTIONS).map((ray) => farLogit(network, ray));
  if (!isPiecewiseAffine(network)) {
    const deviation = Math.max(...far().map((along) => along.deviation));
    return `This network is not made of straight pieces: between radius 8 and 16 the logit strays from a straight line by up to ${(100 * deviation).toFixed(1)}% of its size.`;
  }
  const { ray, radius } = rayThrough(point);
  const { lastKink } = farLogit(network, ray);
  const towards =
    `Towards ${placeText(point)}, which lies at radius ${radius.toFixed(2)}, ` +
    (lastKink > 0 ? `the last kink lies at radius ${lastKink.toFixed(2)}.` : "there is no kink.");
  const layer = oneLayerOf(network);
  const regions = regionsOf(network, learnt.points);
  if (!layer || Number.isNaN(regions.all)) {
    const kinks = far().map((along) => along.lastKink);
    if (Math.max(...kinks) === 0)
      return "No neuron switches on any ray: the logit is a straight line from the start.";
    return (
      `Over ${DIRECTIONS} directions, the last kink lies at a median radius of ${quantile(kinks, 0.5).toFixed(2)} and a largest radius of ` +
      `${Math.max(...kinks).toPrecision(3)}. ${towards}`
    );
  }
  const lines = linesOf(layer);
  const most = mostRegions(lines.length);
  return (
    `The ${counted(lines.length, "line")} cut the whole plane into ${counted(regions.all, "region")}` +
    `${regions.all === most ? ", the most that so many can make" : `; so many can make up to ${most}`}. ` +
    `${regions.learnt} of them ${regions.learnt === 1 ? "holds" : "hold"} training points, the others none. ${towards}`
  );
}

/** How fast the doubt falls far out, and in how many directions the network is certain. */
export function farDoubtText(network: Network, point: Point): string {
  const far = farSharesOf(network);
  if (Number.isNaN(far.bounded)) return LOST;
  const percent = (share: number, digits: number): string => `${(100 * share).toFixed(digits)}%`;
  const isExact = oneLayerOf(network) !== undefined;
  const certain = certainByRadius(network).map((share) => percent(share, isExact ? 2 : 0));
  const power = Math.abs(farLogit(network, rayThrough(point).ray).slope) / Math.LN10;
  return (
    `${isPiecewiseAffine(network) ? "Beyond the last kink" : "Between radius 8 and 16"}, each further moon radius towards ${placeText(point)} changes log₁₀ of ` +
    `the doubt by ${power.toPrecision(3)}. The network is certain in ${certain[0]} of ${isExact ? "all" : DIRECTIONS} directions at radius ${RADII[0]}, ` +
    `and in ${certain[FAR]} at radius ${RADII[FAR]}. The logit has a bound in ${percent(far.bounded, 0)} of them.`
  );
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** How far the confidence can be trusted, over the seeds. */
export function voidMeans(results: readonly VoidResult[]): Record<string, MeanInterval> {
  const mean = (of: (result: VoidResult) => number, factor = 1): MeanInterval =>
    meanInterval(
      results.map((result) => factor * of(result)),
      [0, factor],
    );
  return {
    "test accuracy (%)": mean(({ testAccuracy }) => testAccuracy, 100),
    "ECE on test points": mean(({ inside }) => expectedCalibrationError(inside)),
    [`ECE on moons with ${SHIFT} more noise`]: mean(({ shifted }) => expectedCalibrationError(shifted)),
    "certain test points (%)": mean(({ certainInside }) => certainInside, 100),
    "certain points of the annulus (%)": mean(({ certainAnnulus }) => certainAnnulus, 100),
    "AUROC, test points against annulus": mean(({ auroc }) => auroc.annulus),
    "AUROC, test points against far cluster": mean(({ auroc }) => auroc.cluster),
  };
}

/** What each defence costs inside. */
export function detectorTable(summaries: readonly DefenceSummary[]): Table {
  return [
    ["defence", "accuracy lost inside (points)", "ECE inside (points)", "n"],
    summaries.map(({ name, cost, calibrationError }) => [
      name,
      meanText(cost, 2, 100),
      meanText(calibrationError, 1, 100),
      String(cost.n),
    ]),
  ];
}

/** What the table of the defences leaves out. */
export function detectorText(
  { summaries: [none], temperature, churn }: DefenceFindings,
  point: Point,
): string {
  return (
    `Means over n seeds; the loss of accuracy is paired by seed. Without a defence, networks get ${meanText(none.accuracy, 2, 100, "%")} ` +
    `of the test points right. The median of the fitted temperature, sought between 2⁻²⁰ and 2²⁰, is ` +
    `${Number.isNaN(temperature) ? "not a number" : temperature.toPrecision(3)}. Pairs of an ensemble's members that name different ` +
    `classes: ${meanText(churn.point, 0, 100, "%")} at ${placeText(point)}, ${meanText(churn.inside, 1, 100, "%")} on a test point.`
  );
}

/** The certainty of wider and deeper networks. */
export function certaintyAtScale(scale: readonly Variation<CertaintyResult>[], point: Point): Table {
  return [
    [
      "hidden layers",
      "test accuracy (%)",
      `−log₁₀(1 − confidence) at ${placeText(point)}`,
      `directions certain at radius ${RADII[FAR]} (%)`,
      "AUROC, annulus",
      "n",
    ],
    scale.map(({ name, results }) => {
      const mean = (of: (result: CertaintyResult) => number, most = 1): MeanInterval =>
        meanInterval(results.map(of), [0, most]);
      const accuracy = mean(({ testAccuracy }) => testAccuracy);
      const sureness = mean(({ pointLogit }) => -log10Doubt(pointLogit), Number.POSITIVE_INFINITY);
      const directions = mean(({ certain }) => certain);
      const told = mean(({ auroc }) => auroc);
      return [
        name,
        meanText(accuracy, 1, 100),
        meanText(sureness),
        meanText(directions, 1, 100),
        meanText(told, 3),
        String(results.length),
      ];
    }),
  ];
}

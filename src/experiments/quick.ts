/** What is looked at while it moves: the numbers of `forward`, to the bit, by recordings, which take a tenth of the time. */
import { Matrix } from "ml-matrix";
import { float64 } from "../core/arithmetic/float64.js";
import type { Dataset } from "../core/moons.js";
import { sigmoid } from "../core/network/activations.js";
import { accuracyOf, type Evaluation } from "../core/network/evaluate.js";
import { logitsOf } from "../core/network/logits.js";
import type { Answers } from "../core/network/loss.js";
import type { Network } from "../core/network/network.js";
import { meanLoss } from "../core/network/objective.js";
import { gridOfValues, type PlaneGrid, planePoints, type Rectangle } from "./plane.js";

function answersOf(network: Network, points: Matrix): Answers {
  const logits = Matrix.columnVector(logitsOf(network, points));
  return { logits, probabilities: sigmoid.f(float64, logits) };
}

/** `probabilityOnPlane`, quickly. */
export function quickPlane(network: Network, area: Rectangle, resolution: number): PlaneGrid {
  const { probabilities } = answersOf(network, planePoints(area, resolution));
  return gridOfValues(area, resolution, probabilities.to1DArray());
}

/** `evaluate`, quickly. */
export function quickEvaluation(network: Network, { points, labels }: Dataset): Evaluation {
  const answers = answersOf(network, points);
  return {
    loss: meanLoss(answers, labels).get(0, 0),
    accuracy: accuracyOf(answers.logits.to1DArray(), labels.to1DArray()),
  };
}

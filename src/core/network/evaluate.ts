/** Evaluates networks: loss and accuracy. */
import type { Dataset } from "../moons.js";
import { forward } from "./forward-backward.js";
import { crossEntropy } from "./loss.js";
import type { Network } from "./network.js";
import { meanLoss } from "./objective.js";

/** Loss and accuracy of a network on a set of points. */
export interface Evaluation {
  /** Mean loss in nats; in the record of a training, in the training's loss form and format. */
  loss: number;
  /** Share of points whose class is the more probable one; at exactly 1/2 the guess is class 0. */
  accuracy: number;
}

/** Evaluates a network on a set of points, in double precision, with the cross-entropy. */
export function evaluate(network: Network, { points, labels }: Dataset): Evaluation {
  const pass = forward(network, points);
  return {
    loss: meanLoss(pass, labels, crossEntropy).get(0, 0),
    accuracy: accuracyOf(pass.logits.to1DArray(), labels.to1DArray()),
  };
}

/** Share of points whose logit is on the side of their class; a label between 0 and 1 counts as the nearer class. */
export function accuracyOf(logits: ArrayLike<number>, labels: ArrayLike<number>): number {
  let right = 0;
  for (let i = 0; i < logits.length; i++) if (logits[i] > 0 === labels[i] > 0.5) right++;
  return right / logits.length;
}

/**
 * The loss, and the logit, as functions of the parameters: for optimizers and samplers, which ask for them at many
 * thousand places. Forward and backward are recorded once and repeated, with the same bits as when they are called.
 */
import { Matrix } from "ml-matrix";
import type { Dataset } from "../moons.js";
import { backward, forward } from "./forward-backward.js";
import { crossEntropy } from "./loss.js";
import type { Network } from "./network.js";
import { gradientOf, meanLoss, plainObjective } from "./objective.js";
import { repeated } from "./repeated.js";

/** The mean loss on some points, as a function of the parameters in the order of `toParameters`. */
export interface LossLandscape {
  /** The mean binary cross-entropy, in nats. */
  loss(parameters: Float64Array): number;
  /** Its derivatives, in the order of the parameters. */
  gradient(parameters: Float64Array): Float64Array;
}

/**
 * Makes the loss on some points a function of the parameters of `network`; what is not learnt stays as it is.
 *
 * @param data - points (n x inputs) and labels (n x 1)
 * @throws RangeError when there is not one label per point, or the points do not fit the network
 */
export function lossLandscape(network: Network, { points, labels }: Dataset): LossLandscape {
  const { values, at, gradient } = repeated(network, ({ input, output, section, arithmetic }, recorded) => {
    const batch = {
      points: input("points", points.rows, points.columns),
      labels: input("labels", labels.rows, labels.columns),
    };
    section("gradient");
    const arithmetics = {
      forward: arithmetic("forward"),
      backward: arithmetic("backward"),
      update: arithmetic("update"),
    };
    const options = { arithmetics, mode: "inference" } as const;
    const { pass, gradients } = gradientOf(recorded, batch, plainObjective, options);
    section("loss");
    output("loss", meanLoss(pass, batch.labels, crossEntropy, arithmetic("loss")));
    return gradients;
  });
  values.points.set(points.to1DArray());
  values.labels.set(labels.to1DArray());
  return {
    loss(parameters) {
      at(parameters, "gradient", "loss");
      return values.loss[0];
    },
    gradient(parameters) {
      at(parameters, "gradient");
      return gradient();
    },
  };
}

/** The logits of some points, as functions of the parameters in the order of `toParameters`. */
export interface LogitLandscape {
  /** The logits, one a point. */
  logits(parameters: Float64Array): Float64Array;
  /** Their derivatives, n x parameters. */
  gradients(parameters: Float64Array): Matrix;
}

/**
 * Makes the logits of some points functions of the parameters of `network`; what is not learnt stays as it is.
 *
 * @param points - n x inputs
 * @throws RangeError when the points do not fit the network
 */
export function logitLandscape(network: Network, points: Matrix): LogitLandscape {
  const all = repeated(network, ({ input, output, section, arithmetic }, recorded) => {
    const places = input("points", points.rows, points.columns);
    section("look");
    output("logits", forward(recorded, places, arithmetic("evaluation")).logits);
    return [];
  });
  all.values.points.set(points.to1DArray());
  const each = repeated(network, ({ input, section, arithmetic }, recorded) => {
    const place = input("points", 1, points.columns);
    const one = input("one", 1, 1);
    section("gradient");
    const pass = forward(recorded, place, arithmetic("forward"));
    return backward(recorded, pass, one, arithmetic("backward")).gradients;
  });
  each.values.one[0] = 1; // dz/dz
  return {
    logits(parameters) {
      all.at(parameters, "look");
      return all.values.logits.slice();
    },
    gradients(parameters) {
      const rows = points.to2DArray().map((point) => {
        each.values.points.set(point);
        each.at(parameters, "gradient");
        return each.gradient();
      });
      return new Matrix(rows);
    },
  };
}

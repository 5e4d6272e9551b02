/** Trains in any arithmetic, also in one that is none of the formats, such as double-double. */
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import { selectPoints } from "../moons.js";
import { accuracyOf } from "./evaluate.js";
import { forward } from "./forward-backward.js";
import { smoothLabels } from "./loss.js";
import { gradientOf, meanLoss, toOperands, withPenalties } from "./objective.js";
import { startOf, takeStep } from "./step.js";
import { courseOf, type Training } from "./train.js";
import { planOf, type TrainOptions } from "./train-options.js";

/**
 * Trains as `train` does, with every operation in `arithmetic`: data, constants and parameters are converted to it first.
 * The networks returned have its matrices.
 *
 * @throws RangeError or TypeError as `train` does
 */
export function trainIn(
  arithmetic: Arithmetic,
  options: Omit<TrainOptions, "arithmetic" | "count" | "path">,
): Training {
  const plan = planOf(options);
  const { initial, train, objective, rule, labelSmoothing } = plan.trainer;
  const learningRate = arithmetic.convert(plan.trainer.learningRate);
  const learnt = {
    points: arithmetic.convert(train.points),
    labels: smoothLabels(arithmetic, train.labels, labelSmoothing),
  };
  let network = toOperands(initial, arithmetic);
  let kept = startOf(rule, network, arithmetic);

  const step = (indices: Int32Array): void => {
    const found = gradientOf(network, selectPoints(learnt, [...indices]), objective, {
      arithmetics: { forward: arithmetic, backward: arithmetic, update: arithmetic },
    });
    const gradients = withPenalties(arithmetic, found.network, found.gradients, objective.penalties);
    ({ network, kept } = takeStep(arithmetic, rule, found.network, gradients, learningRate, kept));
  };

  const course = courseOf(plan, {
    evaluate({ points, labels }) {
      const pass = forward(network, arithmetic.convert(points), arithmetic);
      return {
        loss: meanLoss(pass, arithmetic.convert(labels), objective.loss, arithmetic).get(0, 0),
        accuracy: accuracyOf(pass.logits.to1DArray(), labels.to1DArray()),
      };
    },
    network: () => network,
  });
  for (;;) {
    const { done, value: order } = course.next();
    if (done) return order;
    for (let at = 0; at < order.length; at += plan.size) step(order.subarray(at, at + plan.size));
  }
}

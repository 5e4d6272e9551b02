/** Notebook 01 in a page: one training, its boundary and its losses. */
import { boundaryFigure } from "../../charts/boundary.js";
import { trainingFigure } from "../../charts/curves.js";
import {
  type BaselineParameters,
  baselineOverSeeds,
  baselineParameters,
  baselineSchema,
  baselineVerdict,
  lowestTestLoss,
} from "../../experiments/baseline.js";
import { probabilityOnPlane, rectangleAround } from "../../experiments/plane.js";
import { runTask, type TrainedTask } from "../../experiments/task.js";
import type { Demonstration } from "../demonstration.js";

/** Notebook 01. */
export const demonstration: Demonstration<BaselineParameters, TrainedTask> = {
  notebook: "01-baseline",
  invitation:
    "Blur the moons, starve the network of neurons, or raise the learning rate until it no longer learns. " +
    "How far does each go before the boundary stops following the moons?",
  schemas: [baselineSchema],
  extras: {},
  controls: [
    { name: "noise", slider: { from: 0, to: 1, step: 0.01 } },
    { name: "learningRate", slider: { from: -3, to: 1, step: 0.05, scale: "log" } },
    { name: "hiddenLayers" },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  looks: ["sweepSeeds", "firstSeed"],
  check: (values) => baselineParameters(values as unknown as BaselineParameters),
  train: (parameters) => runTask(parameters),
  read({ data, training: { network, history } }, { epochs }) {
    const [first, last] = [history[0], history[history.length - 1]];
    const right = 100 * (last.test?.accuracy ?? Number.NaN);
    const title = `After ${epochs} epochs: ${right.toFixed(1)}% of the test points right`;
    return {
      pictures: [
        {
          name: "boundary",
          figure: boundaryFigure(
            probabilityOnPlane(network, rectangleAround(data.train, 0.5), 80),
            data.train,
            title,
          ),
        },
        { name: "losses", figure: trainingFigure(history) },
      ],
      quantities: [
        { name: "training loss before (nats)", value: first.train.loss },
        { name: "training loss after (nats)", value: last.train.loss },
        { name: "test loss after (nats)", value: last.test?.loss ?? null },
        { name: "lowest test loss (nats)", value: lowestTestLoss(history).test?.loss ?? null },
        { name: "training accuracy (%)", value: 100 * last.train.accuracy },
        { name: "test accuracy (%)", value: right },
      ],
    };
  },
  async judge(parameters, run) {
    return baselineVerdict(await baselineOverSeeds(parameters, run));
  },
};

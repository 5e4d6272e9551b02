/** Notebook 06: does the number of neurons that fire tell the class, and to whom? */
import * as z from "zod/mini";
import {
  activeCountFigure,
  countDistributionFigure,
  neuronOutputsFigure,
} from "../../charts/active-count.js";
import { documented } from "../../core/validate.js";
import { clock } from "../../timing/clock.js";
import { type Experiment, experiment } from "../experiment.js";
import { mapped, taskGradually } from "../gradual.js";
import type { Panel, Place } from "../panel.js";
import { type PlaneGrid, placeSchema, rectangleAround } from "../plane.js";
import type { TrainedTask } from "../task.js";
import { exercises } from "./exercises.js";
import { type Leak, leakOf } from "./leakage.js";
import {
  activeCountOnPlane,
  activityAt,
  type LeakResult,
  leaksOf,
  outputRange,
  type PowerReadings,
  powerReadings,
  type SideChannelParameters,
  sideChannelSchema,
} from "./side-channel.js";
import { type SideChannelStudies, studies } from "./studies.js";
import { CLAIM, sideChannelVerdict } from "./verdict.js";

export { timePrograms, timingBatches } from "../../timing/time-programs.js";
export { sequentialAttack, traceCheckpoints, welchCurve } from "./attacker.js";
export { isSixAgainstSeven, typicalResult } from "./leak-summary.js";
export { activeCounts, activityOf, pointsByClass, splitByClass } from "./leakage.js";
export { compareFolded, normalizableBatch } from "./normalization.js";
export {
  attackTable,
  balanceTable,
  countText,
  detectionText,
  foldingText,
  frontierTable,
  leakiestPass,
  leakMeans,
  leakTable,
  normalizationGroups,
  normalizationTable,
  programTests,
  timingTable,
  votesText,
} from "./sentences.js";
export { activeCountOnPlane, neuronRates, powerReadings } from "./side-channel.js";
export { BALANCED, OVER_ALL, SMALL_WEIGHTS } from "./studies.js";

/** What is looked at. */
interface Look {
  input: Place;
}

const lookSchema: z.ZodMiniType<Look> = z.strictObject({
  input: documented(placeSchema, "The input at which the neurons are looked at", "moon radii"),
});

/** A trained network, and what of it does not depend on the input. */
interface Measured {
  run: TrainedTask;
  result: LeakResult;
  readings: PowerReadings;
  leak: Leak;
  counts: PlaneGrid;
  /** Of the neurons' outputs at the training points. */
  range: [number, number];
}

/** Which neurons of one network fire at an input that can be moved over the plane. */
const panel: Panel<SideChannelParameters & Look, Measured> = {
  invitation:
    "Drag the star from one moon to the other, and watch neurons fall silent and others wake. " +
    "Could you tell from their number alone where the star is? Then set epochs to 0, or normalization to layer.",
  // the top of the upper moon
  extras: { schema: lookSchema, defaults: { input: [0, 1] } },
  controls: [
    { name: "input" },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "normalization" },
    { name: "activation" },
    { name: "hiddenLayers" },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  looks: ["input", "traceNoise", "traces", "attackers", "measurements"],
  train(parameters) {
    const recordEvery = Math.max(1, parameters.epochs);
    return mapped(taskGradually(parameters, { recordEvery }), (run) => {
      const { network } = run.training;
      const readings = powerReadings(network, run.data);
      return {
        run,
        result: leaksOf(network, run.data, parameters.seed),
        readings,
        leak: leakOf(readings.count),
        counts: activeCountOnPlane(network, rectangleAround(run.data.train, 0.5), 80),
        range: outputRange(network, run.data.train),
      };
    });
  },
  read({ run: { data, training }, result, readings, leak, counts, range }, { seed, input }) {
    const { count, saved, logit, neurons } = activityAt(training.network, input);
    const firing = neurons.filter(({ output }) => output !== 0).length;
    const guess = logit > 0 ? 1 : 0;
    return {
      pictures: [
        {
          name: "map",
          figure: activeCountFigure(counts, data.train, `Seed ${seed}`, {
            place: input,
            name: `the input: ${count} fire`,
          }),
          handle: { kind: "drag", field: "input", label: "the input", at: [input[0], input[1]] },
        },
        {
          name: "neurons",
          figure: neuronOutputsFigure(
            neurons,
            range,
            `${firing} of ${neurons.length} fire, the guess: class ${guess}`,
          ),
          isLight: true,
        },
        { name: "distribution", figure: countDistributionFigure(readings.count, `Seed ${seed}`) },
      ],
      quantities: [
        { name: "neurons that fire at the input", value: count },
        { name: "class guessed there", value: guess },
        { name: "logit there", value: logit },
        { name: "multiplications saved there (%)", value: 100 * saved },
        { name: "neurons that fire for class 0, mean", value: leak.means[0] },
        { name: "neurons that fire for class 1, mean", value: leak.means[1] },
        { name: "class 1 minus class 0 (neurons)", value: leak.difference },
        { name: "what one reading of the count tells (bits)", value: leak.bits },
        { name: "right guesses from one count (%)", value: 100 * leak.guess },
        { name: "multiplications saved, mean (%)", value: 100 * result.saved },
        { name: "test accuracy (%)", value: 100 * result.accuracy },
      ],
    };
  },
  // no line rests on the last two
  without: ["clock", "changes", "scale"],
  reserve:
    "The verdict is that of the notebook without the lines about the clock: browsers make their clocks coarse on purpose, against this very attack.",
  exercises,
};

/** Notebook 06. */
export const sideChannel: Experiment<SideChannelParameters, SideChannelStudies> = experiment({
  name: "06-side-channel",
  claim: CLAIM,
  level: "advanced",
  minutes: 40,
  schema: sideChannelSchema,
  defaults: {
    seed: 1,
    noise: 0.15,
    trainPoints: 250,
    testPoints: 1000,
    hiddenLayers: [10],
    initialisation: "he",
    initialScale: 1,
    learningRate: 0.2,
    batchSize: 1,
    epochs: 500,
    traceNoise: 1,
    traces: 2000,
    attackers: 40,
    measurements: 20_000,
    sweepSeeds: 24,
    firstSeed: 610_001,
  },
  studies: { ...studies, clock },
  verdict: sideChannelVerdict,
  panel,
});

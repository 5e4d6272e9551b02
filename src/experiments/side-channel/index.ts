/** Notebook 06: does the number of neurons that fire tell the class, and to whom? */
import * as z from "zod/mini";
import {
  activeCountFigure,
  countDistributionFigure,
  neuronOutputsFigure,
} from "../../charts/active-count.js";
import { CLASSES } from "../../charts/style.js";
import { CLASS_NAMES, selectPoints } from "../../core/moons.js";
import { documented } from "../../core/validate.js";
import { clock } from "../../timing/clock.js";
import { type Experiment, experiment } from "../experiment.js";
import { mapped, remembered, taskGradually } from "../gradual.js";
import type { Panel, Place } from "../panel.js";
import { type PlaneGrid, placeSchema, rectangleAround } from "../plane.js";
import type { TrainedTask } from "../task.js";
import { countText, partText, shareText, sureText } from "../words.js";
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

export { timePrograms, timetable } from "../../timing/time-programs.js";
export { sequentialAttack, traceCheckpoints, welchCurve } from "./attacker.js";
export { sharedBatches } from "./frontier.js";
export { isSixAgainstSeven, typicalResult } from "./leak-summary.js";
export { activeCounts, activityOf, pointsByClass, splitByClass } from "./leakage.js";
export { compareFolded } from "./normalization.js";
export {
  attackTable,
  centringText,
  countText,
  designTable,
  detectionText,
  deviceTable,
  foldingText,
  leakMeans,
  leakTable,
  meetingTable,
  passingText,
  programTests,
  spongeTable,
  timingTable,
  timingText,
  votesText,
} from "./sentences.js";
export { activeCountOnPlane, neuronRates, powerReadings } from "./side-channel.js";
export { viewSponge } from "./sponge.js";
export { SMALL_WEIGHTS } from "./studies.js";

/** What is looked at. */
interface Look {
  input: Place;
}

const lookSchema: z.ZodMiniType<Look> = z.strictObject({
  input: documented(placeSchema, "Input whose firing neurons are shown", "moon radii"),
});

/** What of a trained network does not depend on the input. */
interface Measured {
  result: LeakResult;
  readings: PowerReadings;
  leak: Leak;
  counts: PlaneGrid;
  /** Of the neurons' outputs at the training points. */
  range: [number, number];
}

/** A network as far as it is trained. */
interface Listened extends TrainedTask {
  measured(isMoving: boolean): Measured;
}

/** Test points at which a network is measured while it moves. */
const FEW = 200;

function measure(
  { data, training: { network } }: TrainedTask,
  { seed, testPoints }: SideChannelParameters,
  isMoving: boolean,
): Measured {
  const every = isMoving ? Math.max(1, Math.floor(testPoints / FEW)) : 1;
  const some = Array.from({ length: testPoints }, (_, i) => i).filter((i) => i % every === 0);
  const seen = isMoving ? { ...data, test: selectPoints(data.test, some) } : data;
  const readings = powerReadings(network, seen);
  return {
    result: leaksOf(network, seen, seed),
    readings,
    leak: leakOf(readings.count),
    counts: activeCountOnPlane(network, rectangleAround(data.train, 0.5), isMoving ? 32 : 80),
    range: outputRange(network, data.train),
  };
}

/** Which neurons of one network fire at an input that can be moved over the plane. */
const panel: Panel<SideChannelParameters & Look, Listened> = {
  invitation:
    "Drag the star from one moon to the other and watch neurons fall silent and fire. " +
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
  presets: [
    {
      name: "star on the lower moon",
      says: "The same network asked about a Blue point: other neurons fire, and the count is another one.",
      values: { input: [1, -0.5] },
    },
    {
      name: "a sponge point",
      says: "In the published network, nowhere near the moons do more neurons fire. Whoever reads the count alone can find such a place, and drain a battery.",
      values: { input: [-0.4, 1.25] },
    },
    {
      name: "untrained",
      says: "Not trained at all, and the means differ already: the leak is older than the learning.",
      values: { epochs: 0 },
    },
    {
      name: "layer norm",
      says: "Layer normalization in the hidden layer: one count tells less, and still something.",
      values: { normalization: "layer" },
    },
    {
      name: "thrifty and tight",
      says: "Trained with a penalty on the difference between the classes: as many neurons are silent, and their number hardly tells the class.",
      values: { balancePenalty: 1, batchSize: 25, learningRate: 1 },
    },
    {
      name: "a constant count",
      says: "Only the three strongest neurons may fire: the count is the same everywhere and tells nothing.",
      values: { topK: 3 },
    },
  ],
  looks: ["input", "traceNoise", "traces", "attackers", "measurements"],
  train: (parameters) =>
    mapped(taskGradually(parameters, { recordEvery: Math.max(1, parameters.epochs) }), (run) => ({
      ...run,
      measured: remembered((isMoving: boolean) => measure(run, parameters, isMoving)),
    })),
  read({ data, training, measured }, { seed, input, hiddenLayers }, isMoving = false) {
    const { result, readings, leak, counts, range } = measured(isMoving);
    const { count, saved, logit, neurons } = activityAt(training.network, input);
    const firing = neurons.filter(({ output }) => output !== 0).length;
    const guess = logit > 0 ? 1 : 0;
    const total = hiddenLayers.reduce((sum, size) => sum + size, 0);
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
          ghost: CLASS_NAMES.map((name) => `votes for ${name}`),
          figure: neuronOutputsFigure(
            neurons,
            range,
            `${firing} of ${neurons.length} fire, the guess: ${CLASS_NAMES[guess]}`,
          ),
        },
        {
          name: "distribution",
          figure: countDistributionFigure(readings.count, `Seed ${seed}`),
          ghost: CLASSES.map(({ name }) => name),
        },
      ],
      quantities: [
        { isMain: true, name: "neurons that fire at the input", value: count, words: partText(count, total) },
        { name: "class at the input (Red is 0, Blue is 1)", value: guess, words: CLASS_NAMES[guess] },
        { name: "logit at the input", value: logit, words: sureText(logit) },
        { name: "multiplications saved at the input (%)", value: 100 * saved, words: shareText(saved) },
        { isMain: true, name: "neurons that fire for Red, mean", value: leak.means[0] },
        { isMain: true, name: "neurons that fire for Blue, mean", value: leak.means[1] },
        {
          name: "Blue minus Red (neurons)",
          value: leak.difference,
          words:
            leak.difference === 0
              ? "neither fires more"
              : `${CLASS_NAMES[leak.difference > 0 ? 1 : 0]} fires more`,
        },
        {
          name: "leak of one reading of the count (bits)",
          value: leak.bits,
          words: `${(100 * leak.bits).toFixed(0)}% of the one bit there is to learn`,
        },
        {
          isMain: true,
          name: "right guesses from one count (%)",
          value: 100 * leak.guess,
          words: `${(100 * leak.guess - 50).toFixed(0)} points above a coin`,
        },
        {
          name: "multiplications saved, mean (%)",
          value: 100 * result.saved,
          words: shareText(result.saved),
        },
        {
          name: "test accuracy (%)",
          value: 100 * result.accuracy,
          words: countText(result.accuracy, data.test.labels.rows),
        },
      ],
    };
  },
  // no line rests on the last
  without: ["clock", "scale"],
  reserve:
    "The verdict has no lines about the clock: browsers make their clocks coarse on purpose, against this very attack.",
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
    measurements: 100_000,
    sweepSeeds: 24,
    firstSeed: 610_001,
  },
  studies: { ...studies, clock },
  verdict: sideChannelVerdict,
  panel,
});

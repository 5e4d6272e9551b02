/** Notebook 06: does the number of neurons that fire tell the class, and to whom? */
import * as z from "zod/mini";
import {
  activeCountFigure,
  countDistributionFigure,
  neuronOutputsFigure,
} from "../../charts/active-count.js";
import { withStolenLines } from "../../charts/stolen-lines.js";
import { CLASSES } from "../../charts/style.js";
import { CLASS_NAMES } from "../../core/moons.js";
import { documented } from "../../core/validate.js";
import { clock } from "../../timing/clock.js";
import { type Experiment, experiment } from "../experiment.js";
import { kept, mapped } from "../gradual.js";
import type { Beat, Overridden, Panel, Place, Quantity } from "../panel.js";
import { placeSchema } from "../plane.js";
import { countText, partText, shareText, sureText } from "../words.js";
import { countReader, THIEF_BOX } from "./channels.js";
import { exercises } from "./exercises.js";
import { type Listened, listened } from "./listened.js";
import { type Haul, haulOf, type Robbed, robbed, stolenIn, type Theft, theftNews } from "./played-theft.js";
import { activityAt, type SideChannelParameters, sideChannelSchema, taskWith } from "./side-channel.js";
import { type SideChannelStudies, studies } from "./studies.js";
import { CLAIM, sideChannelVerdict } from "./verdict.js";

export { timePrograms, timetable } from "../../timing/time-programs.js";
export { sequentialAttack, traceCheckpoints, welchCurve } from "./attacker.js";
export { sharedBatches } from "./frontier.js";
export { typicalResult } from "./leak-summary.js";
export { activeCounts, activityOf, pointsByClass, splitByClass } from "./leakage.js";
export { compareFolded } from "./normalization.js";
export { robberies } from "./robberies.js";
export {
  attackTable,
  detectionText,
  foldingText,
  hidingText,
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
export { clockTheftText } from "./theft-clock.js";
export { theftTable, theftText } from "./theft-words.js";

/** What the notebook does not have. */
interface Extra {
  input: Place;
  thief: "none" | "counts";
  padding: number;
}

const extraSchema: z.ZodMiniType<Extra> = z.strictObject({
  input: documented(placeSchema, "Input whose firing neurons are shown", "moon radii"),
  thief: documented(
    z.enum(["none", "counts"]),
    "Theft: whether somebody steals the network who sees only how many neurons fire",
  ),
  padding: documented(
    z.int().check(z.gte(0), z.lte(1024)),
    "Theft: how many neurons of each layer the device works through at least, firing or not",
  ),
});

/** Every step back in a theft begins it anew, of the same network. */
const robbedNetwork = kept(listened);

/** What Play runs through in a theft. */
const QUERIES: Beat = { one: "query", many: "queries", paces: [50, 200, 1000] };

/** A thief takes too long to play with more neurons than this. */
const MOST_ROBBED = 64;

/** The numbers of a theft; of none while the network is in training. */
function theftQuantities(
  { copied, savedPadded }: Listened,
  { all, found, wrong, worst }: Haul,
  theft: Theft | undefined,
  padding: number,
): Quantity[] {
  const copy = theft?.loot && copied(theft.loot);
  const saved = savedPadded(padding);
  return [
    { name: "queries of the thief", value: theft?.queries ?? 0 },
    {
      isMain: true,
      name: "lines stolen",
      value: found,
      words: `of the ${all} that pass through the box${wrong > 0 ? `, and ${wrong} that no neuron has` : ""}`,
    },
    {
      isMain: true,
      name: "worst error of a stolen line (radians, moon radii)",
      value: worst,
      absent: "no line",
    },
    {
      isMain: true,
      name: "agreement of the copy near the moons (%)",
      value: copy ? 100 * copy.agreement : Number.NaN,
      absent: "at the end",
      ...(copy && { words: `made with ${copy.labels} labels more` }),
    },
    {
      isMain: true,
      name: "multiplications that the device saves (%)",
      value: 100 * saved,
      words: shareText(saved),
    },
  ];
}

/** Which neurons of one network fire at an input that can be moved over the plane. */
const panel: Panel<SideChannelParameters & Extra, Robbed<Listened>> = {
  invitation:
    "Drag the star from one moon to the other and watch neurons fall silent and fire. " +
    "Could you tell from their number alone where the star is? Then press steal: a thief who sees nothing else wants the network.",
  // the top of the upper moon
  extras: { schema: extraSchema, defaults: { input: [0, 1], thief: "none", padding: 0 } },
  check({ thief, hiddenLayers, normalization = "none" }) {
    if (thief === "none") return;
    if (hiddenLayers.length !== 1 || hiddenLayers[0] > MOST_ROBBED) {
      const given = JSON.stringify(hiddenLayers);
      throw new RangeError(
        `hiddenLayers must be one layer of at most ${MOST_ROBBED} neurons where a thief counts, got ${given}`,
      );
    }
    if (normalization !== "none") {
      throw new RangeError(`normalization must be none where a thief counts, got ${normalization}`);
    }
  },
  overridden: ({ thief }): Overridden[] =>
    thief === "none" ? [{ name: "padding", value: 0, by: 'the thief "none"' }] : [],
  controls: [
    { name: "input" },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "thief" },
    { name: "padding", slider: { from: 0, to: 10, step: 1 } },
    { name: "normalization" },
    { name: "activation" },
    { name: "hiddenLayers" },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  presets: [
    {
      name: "steal",
      says: "Seeing only how many neurons fire, a thief looks for the line along which each of them switches.",
      values: { thief: "counts" },
      plays: true,
    },
    {
      name: "steal, with the defence",
      says: "The same thief, and a device that works through all ten neurons, firing or not: every query has the same answer.",
      values: { thief: "counts", padding: 10 },
      plays: true,
    },
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
  train(parameters) {
    const { input: _, thief, padding, ...published } = parameters;
    const { seed } = published;
    const task = taskWith(published, seed);
    if (thief === "none") return mapped(listened(task), (trained) => ({ trained }));
    return robbed(robbedNetwork(task), ({ training: { network } }) => ({
      read: countReader(network, padding),
      box: THIEF_BOX,
      seed,
    }));
  },
  beat: ({ thief }) => (thief === "none" ? undefined : QUERIES),
  read({ trained, theft }, { seed, input, hiddenLayers, thief, padding }, isMoving = false) {
    const { data, training, measured } = trained;
    const { result, readings, leak, counts, range } = measured(
      isMoving,
      ...(thief === "none" ? [] : [THIEF_BOX]),
    );
    const { count, saved, logit, neurons } = activityAt(training.network, input);
    const firing = neurons.filter(({ output }) => output !== 0).length;
    const guess = logit > 0 ? 1 : 0;
    const total = hiddenLayers.reduce((sum, size) => sum + size, 0);
    const map = activeCountFigure(counts, data.train, `Seed ${seed}`, {
      place: input,
      name: `the input: ${count} fire`,
    });
    const quantities: Quantity[] = [
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
    ];
    const lines = theft?.lines ?? [];
    const haul = thief === "none" ? undefined : haulOf(training.network, lines, THIEF_BOX);
    return {
      ...(haul && theft && { news: theftNews(haul, theft) }),
      pictures: [
        {
          name: "map",
          figure: haul
            ? withStolenLines(map, { lines: stolenIn(THIEF_BOX, lines), looks: theft?.looks ?? [] })
            : map,
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
      quantities: haul
        ? [
            ...theftQuantities(trained, haul, theft, padding),
            ...quantities.map((quantity) => ({ ...quantity, isMain: false })),
          ]
        : quantities,
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

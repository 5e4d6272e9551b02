/** Notebook 06 in a page: which neurons of one network fire at an input that can be moved over the plane. */
import * as z from "zod/mini";
import {
  activeCountFigure,
  countDistributionFigure,
  neuronOutputsFigure,
} from "../../charts/active-count.js";
import { documented, parse } from "../../core/validate.js";
import type { Place } from "../../experiments/panel.js";
import { type PlaneGrid, placeSchema, rectangleAround } from "../../experiments/plane.js";
import { measureFrontier, normalizableBatch } from "../../experiments/side-channel/frontier.js";
import {
  type AttackResult,
  activeCountOnPlane,
  activityAt,
  FULL_BATCH,
  leaksOf,
  measureAttack,
  measureCentredMoons,
  outputRange,
  type PowerReadings,
  powerReadings,
  type SideChannelParameters,
  type SideChannelResult,
  SMALL_WEIGHTS,
  sideChannelOverSeeds,
  sideChannelParameters,
  sideChannelSchema,
  sideChannelVariations,
} from "../../experiments/side-channel/side-channel.js";
import { sideChannelVerdict } from "../../experiments/side-channel/verdict.js";
import { runTask, type TrainedTask } from "../../experiments/task.js";
import type { Demonstration } from "../demonstration.js";

/** What is looked at. */
interface Look {
  input: Place;
}

type Parameters = SideChannelParameters & Look;

const lookSchema: z.ZodMiniType<Look> = z.strictObject({
  input: documented(placeSchema, "The input at which the neurons are looked at", "moon radii"),
});

/** A trained network, and what of it does not depend on the input. */
interface Measured {
  run: TrainedTask;
  leaks: SideChannelResult;
  readings: PowerReadings;
  counts: PlaneGrid;
  /** Of the neurons' outputs at the training points. */
  range: [number, number];
}

/** Notebook 06. */
export const demonstration: Demonstration<Parameters, Measured> = {
  notebook: "06-side-channel",
  invitation:
    "Drag the star from one moon to the other, and watch neurons fall silent and others wake. " +
    "Could you tell from their number alone where the star is? Then set epochs to 0, or normalization to layer.",
  schemas: [sideChannelSchema, lookSchema],
  // the top of the upper moon
  extras: { input: [0, 1] },
  controls: [
    { name: "input" },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "normalization" },
    { name: "activation" },
    { name: "hiddenLayers" },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  looks: ["input", "traceNoise", "traces", "attackers", "measurements", "sweepSeeds", "firstSeed"],
  check({ input, ...values }) {
    const parameters = sideChannelParameters(values as unknown as SideChannelParameters);
    return { ...parameters, ...parse(lookSchema, { input }, "parameters") };
  },
  train(parameters) {
    const run = runTask(parameters, { recordEvery: Math.max(1, parameters.epochs) });
    const { network } = run.training;
    return {
      run,
      leaks: leaksOf(network, run.data, parameters.seed),
      readings: powerReadings(network, run.data),
      counts: activeCountOnPlane(network, rectangleAround(run.data.train, 0.5), 80),
      range: outputRange(network, run.data.train),
    };
  },
  read({ run: { data, training }, leaks, readings, counts, range }, { seed, input }) {
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
        { name: "neurons that fire for class 0, mean", value: leaks.count.means[0] },
        { name: "neurons that fire for class 1, mean", value: leaks.count.means[1] },
        { name: "class 1 minus class 0 (neurons)", value: leaks.count.difference },
        { name: "what one reading of the count tells (bits)", value: leaks.count.bits },
        { name: "right guesses from one count (%)", value: 100 * leaks.count.guess },
        { name: "multiplications saved, mean (%)", value: 100 * leaks.saved },
        { name: "test accuracy (%)", value: 100 * leaks.testAccuracy },
      ],
    };
  },
  reserve:
    "The verdict is that of the notebook without the lines about the clock: browsers make their clocks coarse on purpose, against this very attack.",
  async judge({ input: _, ...parameters }, run) {
    const { sweepSeeds } = parameters;
    const half = { ...parameters, sweepSeeds: Math.max(2, Math.round(sweepSeeds / 2)) };
    const fewer = { ...parameters, sweepSeeds: Math.max(2, Math.round(sweepSeeds / 4)) };
    const usable = normalizableBatch(parameters);
    const results = await sideChannelOverSeeds(parameters, run);
    const [small] = await sideChannelVariations(parameters, { "small initial weights": SMALL_WEIGHTS }, run);
    const [centred] = await sideChannelVariations(parameters, { centred: {} }, run, measureCentredMoons);
    const [layer, plain, normalized, fullPlain, fullNormalized] = await sideChannelVariations(
      half,
      {
        layer: { normalization: "layer" },
        plain: { batchSize: usable },
        normalized: { batchSize: usable, normalization: "batch" },
        "plain, full batch": FULL_BATCH,
        "normalized, full batch": { ...FULL_BATCH, normalization: "batch" },
      },
      run,
    );
    const frontier = await measureFrontier(fewer, run);
    const [balanced] = await sideChannelVariations<AttackResult>(
      fewer,
      { balanced: { ...FULL_BATCH, balancePenalty: 0.1 } },
      run,
      measureAttack,
    );
    return sideChannelVerdict({
      results,
      centred: centred.results,
      small: small.results,
      normalization: {
        layer: { without: results.slice(0, half.sweepSeeds), normalized: layer.results },
        ...(usable !== "full" && {
          smallBatch: { without: plain.results, normalized: normalized.results },
        }),
        fullBatch: { without: fullPlain.results, normalized: fullNormalized.results },
      },
      frontier,
      balanced: balanced.results,
    });
  },
};

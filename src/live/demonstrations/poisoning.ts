/** Notebook 03 in a page: one network told the truth and one told lies, and any label can be switched by hand. */
import * as z from "zod/mini";
import { poisonFigure } from "../../charts/poison-map.js";
import { documented, parse } from "../../core/validate.js";
import type { Place } from "../../experiments/panel.js";
import { leavingOut } from "../../experiments/poisoning/changes.js";
import { amplification, type Damage } from "../../experiments/poisoning/damage.js";
import { poisonDefencesOverSeeds } from "../../experiments/poisoning/defences.js";
import { depthOverSeeds, matchSizes, scaleOverSeeds } from "../../experiments/poisoning/depth.js";
import { poisoningPlan } from "../../experiments/poisoning/plan.js";
import {
  ENDS_ONLY,
  type PoisonedTask,
  type PoisoningParameters,
  poisoningOverSeeds,
  poisoningParameters,
  poisoningSchema,
  runPoisoning,
} from "../../experiments/poisoning/poisoning.js";
import { damageTitle } from "../../experiments/poisoning/sentences.js";
import { poisoningVerdict } from "../../experiments/poisoning/verdict.js";
import { viewPoisoning } from "../../experiments/poisoning/view.js";
import type { Demonstration } from "../demonstration.js";

/** What a hand adds to the attack. */
interface ByHand {
  /** Indices of the training points whose labels are switched after the attack. */
  flipped: readonly number[];
}

type Parameters = PoisoningParameters & ByHand;

const byHandSchema: z.ZodMiniType<ByHand> = z.strictObject({
  flipped: documented(
    z.array(z.int().check(z.gte(0))),
    "Training points, counted from 0, whose labels are switched by hand: a true one becomes a lie, a lie true again",
  ),
});

/** Both networks, what the lies did, and what leaving the same points out would have done. */
interface Poisoned {
  task: PoisonedTask;
  damage: Damage;
  /** Nothing where no point is left. */
  leftOut: Damage | undefined;
}

/** Notebook 03. */
export const demonstration: Demonstration<Parameters, Poisoned> = {
  notebook: "03-poisoning",
  invitation:
    "Click on a point to switch its label: a truth becomes a lie, a ringed lie becomes true again. " +
    "How few lies bend the boundary, and how far from them does it move? Set flips to 0 to tell only lies of your own.",
  schemas: [poisoningSchema, byHandSchema],
  extras: { flipped: [] },
  controls: [
    { name: "attack" },
    { name: "flips", slider: { from: 0, to: 25, step: 1 } },
    { name: "flipped" },
    { name: "hiddenLayers" },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  looks: [
    "targetLoss",
    "heldOutShare",
    "patience",
    "decay",
    "smoothing",
    "neighbours",
    "sweepSeeds",
    "firstSeed",
  ],
  check({ flipped, ...values }) {
    const parameters = poisoningParameters(values as unknown as PoisoningParameters);
    const byHand = parse(byHandSchema, { flipped }, "parameters");
    const last = parameters.trainPoints - 1;
    const wrong = byHand.flipped.find((i) => i > last);
    if (wrong !== undefined) {
      throw new RangeError(`flipped must be a list of training points from 0 to ${last}, got ${wrong}`);
    }
    return { ...parameters, ...byHand };
  },
  train(parameters) {
    const task = runPoisoning(parameters, parameters.attack, [], parameters.flipped);
    const without = leavingOut(task.attacked);
    return {
      task,
      damage: task.assess(task.poisoned.network),
      leftOut:
        task.attacked.length < parameters.trainPoints
          ? task.assess(without(parameters, task, { recordEvery: ENDS_ONLY }).network)
          : undefined,
    };
  },
  read({ task, damage, leftOut }, { seed, trainPoints, flipped }) {
    const lies = task.attacked.length;
    const places = task.data.train.points.to2DArray().map(([x, y]): Place => [x, y]);
    return {
      pictures: [
        {
          name: "map",
          figure: poisonFigure(viewPoisoning(task, 48), damageTitle(seed, damage)),
          handle: { kind: "pick", field: "flipped", label: "training point", places, picked: flipped },
        },
      ],
      quantities: [
        { name: "lies told", value: lies },
        { name: "lies believed", value: damage.captured },
        { name: "plane that changes class (%)", value: 100 * damage.plane },
        { name: "of it in the void (%)", value: 100 * damage.planeVoid },
        { name: "of it among the data (%)", value: 100 * (damage.plane - damage.planeVoid) },
        {
          name: "amplification",
          value: amplification(damage.plane, lies / trainPoints) ?? null,
          absent: "not defined",
        },
        {
          name: "plane that changes class if those points are left out (%)",
          value: leftOut === undefined ? null : 100 * leftOut.plane,
          absent: "no point is left",
        },
        { name: "test points guessed otherwise (%)", value: 100 * damage.test },
        { name: "test accuracy (%)", value: 100 * damage.testAccuracy },
        {
          name: "test accuracy without lies (%)",
          value: 100 * (damage.testAccuracy + damage.accuracyDrop),
        },
      ],
    };
  },
  reserve:
    "The verdict is on the attacks, each tried anew on every seed: labels switched by hand have no part in it.",
  async judge({ flipped: _, ...parameters }, run) {
    const { deep, larger, guarded } = poisoningPlan(parameters);
    const results = await poisoningOverSeeds(parameters, run);
    const depths = await depthOverSeeds(deep, run);
    const sizes = await scaleOverSeeds(larger, run);
    const defences = await poisonDefencesOverSeeds(guarded, run);
    return poisoningVerdict(results, depths, defences, matchSizes(sizes, "loss", larger.epochs));
  },
};

/** Notebook 03: what do a few flipped labels do to the boundary, and would it have moved without them? */
import * as z from "zod/mini";
import { poisonFigure } from "../../charts/poison-map.js";
import { documented } from "../../core/validate.js";
import { ESSAY_TASK } from "../essay-task.js";
import { type Experiment, experiment } from "../experiment.js";
import { afterwards, type Gradual, inBreaths, measuredGradually } from "../gradual.js";
import type { Panel, Place } from "../panel.js";
import { checkFlips } from "./attacks.js";
import { leavingOut } from "./changes.js";
import { amplification, type Damage } from "./damage.js";
import { exercises } from "./exercises.js";
import {
  type AttackName,
  ENDS_ONLY,
  type PoisonedTask,
  type PoisoningParameters,
  poisoningSchema,
  runPoisoning,
} from "./poisoning.js";
import { damageTitle, testAccuracy } from "./sentences.js";
import { type PoisoningStudies, studies } from "./studies.js";
import { claimOf, poisoningVerdict } from "./verdict.js";
import { viewPoisoning } from "./view.js";

export { flipLabels } from "./attacks.js";
export { depthFactors, matchSizes } from "./depth.js";
export { runPoisoning } from "./poisoning.js";
export {
  damageTable,
  damageTitle,
  defenceTable,
  depthTable,
  describeCleaning,
  describeDamage,
  describeLearnt,
} from "./sentences.js";
export { describeDepth } from "./verdict.js";
export { viewAttacks, viewGrowth, viewPoisoning } from "./view.js";

/** What a hand adds to the attack. */
interface ByHand {
  /** Indices of the training points whose labels are switched after the attack. */
  flipped: readonly number[];
}

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

/** The networks told the truth, told lies and told less, side by side. */
function poisonedGradually(
  parameters: PoisoningParameters,
  attack: AttackName,
  switched: readonly number[],
): Gradual<Poisoned> {
  return measuredGradually(function* () {
    const task = yield* runPoisoning.steps(parameters, attack, [], switched);
    const { attacked } = task;
    const without =
      attacked.length < parameters.trainPoints
        ? yield* leavingOut(attacked).steps(parameters, task, { recordEvery: ENDS_ONLY })
        : undefined;
    return {
      task,
      damage: task.assess(task.poisoned.network),
      leftOut: without && task.assess(without.network),
    };
  });
}

/** One network told the truth and one told lies, and any label can be switched by hand. */
const panel: Panel<PoisoningParameters & ByHand, Poisoned> = {
  invitation:
    "Click on a point to switch its label: a truth becomes a lie, a ringed lie becomes true again. " +
    "How few lies bend the boundary, and how far from them does it move? Set flips to 0 to tell only lies of your own.",
  extras: { schema: byHandSchema, defaults: { flipped: [] } },
  controls: [
    { name: "attack" },
    { name: "flips", slider: { from: 0, to: 25, step: 1 } },
    { name: "flipped" },
    { name: "hiddenLayers" },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  looks: ["targetLoss", "heldOutShare", "patience", "decay", "smoothing", "neighbours"],
  check({ flipped, trainPoints }) {
    const last = trainPoints - 1;
    const wrong = flipped.find((i) => i > last);
    if (wrong !== undefined) {
      throw new RangeError(`flipped must be a list of training points from 0 to ${last}, got ${wrong}`);
    }
  },
  train(parameters) {
    const { attack, epochs, flipped } = parameters;
    if (attack !== "worst") return poisonedGradually(parameters, attack, flipped);
    return afterwards(
      inBreaths(runPoisoning.steps(parameters, attack, [], flipped)),
      epochs,
      ({ attacked }) => poisonedGradually({ ...parameters, flips: 0 }, "random", attacked),
    );
  },
  read({ task, damage, leftOut }, { seed, trainPoints, flipped }) {
    const lies = task.attacked.length;
    const places = task.data.train.points.to2DArray().map(([x, y]): Place => [x, y]);
    return {
      pictures: [
        {
          name: "map",
          figure: poisonFigure(viewPoisoning(task, 48), damageTitle(seed, lies, damage)),
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
        { name: "test accuracy (%)", value: 100 * testAccuracy(task.poisoned) },
        { name: "test accuracy without lies (%)", value: 100 * testAccuracy(task.clean) },
      ],
    };
  },
  without: ["rates", "causes"],
  reserve:
    "The verdict is on the attacks, each tried anew on every seed: labels switched by hand have no part in it.",
  exercises,
};

const defaults: PoisoningParameters = {
  ...ESSAY_TASK,
  attack: "cluster",
  flips: 5,
  candidates: 3,
  targetLoss: 0.03,
  heldOutShare: 0.2,
  patience: 20,
  decay: 0.001,
  smoothing: 0.1,
  neighbours: 10,
  sweepSeeds: 24,
  firstSeed: 310_001,
};

/** Notebook 03. */
export const poisoning: Experiment<PoisoningParameters, PoisoningStudies> = experiment({
  name: "03-poisoning",
  claim: claimOf(defaults),
  level: "introductory",
  minutes: 30,
  schema: poisoningSchema,
  check: ({ flips, trainPoints }) => checkFlips(flips, trainPoints),
  defaults,
  studies,
  verdict: poisoningVerdict,
  panel,
});

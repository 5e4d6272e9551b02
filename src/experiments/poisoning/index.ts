/** Notebook 03: what do a few flipped labels do to the boundary, and would it have moved without them? */
import * as z from "zod/mini";
import { poisonFigure } from "../../charts/poison-map.js";
import type { Gradual } from "../../core/network/gradual.js";
import type { TrainOptions } from "../../core/network/train-options.js";
import { documented } from "../../core/validate.js";
import { ESSAY_TASK } from "../essay-task.js";
import { type Experiment, experiment } from "../experiment.js";
import { afterwards, inBreaths, mapped, trainedGradually } from "../gradual.js";
import type { Panel, Place, Quantity } from "../panel.js";
import { drawTask, type Task, trainOptionsOf } from "../task.js";
import { countText, partText, shareText } from "../words.js";
import { attackedPoints, checkFlips, switchPoints, withFlips } from "./attacks.js";
import { amplification, assessAgainst, type Damage, measuredPlane } from "./damage.js";
import { exercises } from "./exercises.js";
import {
  ENDS_ONLY,
  type PoisonedTask,
  type PoisoningParameters,
  poisoningSchema,
  worstCluster,
} from "./poisoning.js";
import { damageTitle, testAccuracy } from "./sentences.js";
import { type PoisoningStudies, studies } from "./studies.js";
import { claimOf, poisoningVerdict } from "./verdict.js";
import { viewPoisoning } from "./view.js";

export { viewCertificate } from "./certificate-view.js";
export { certificateTable, describeCertificate } from "./certificate-words.js";
export { depthFactors, matchSizes } from "./depth.js";
export { describeDepth } from "./depth-lines.js";
export { describeFlips } from "./flip-lines.js";
export { viewFlips } from "./flip-view.js";
export { describeMemorizing } from "./memorizing-lines.js";
export { runPoisoning } from "./poisoning.js";
export { damageTable, damageTitle, defenceTable } from "./sentences.js";
export { viewGrowth, viewPoisoning } from "./view.js";

/** What a hand adds to the attack. */
interface ByHand {
  /** Indices of the training points whose labels are switched after the attack. */
  flipped: readonly number[];
}

const byHandSchema: z.ZodMiniType<ByHand> = z.strictObject({
  flipped: documented(
    z.array(z.int().check(z.gte(0))),
    "Training points, counted from 0, whose labels you switch by hand: a true label becomes a lie, a lie becomes true",
  ),
});

/** Both networks, and what leaving the same points out would have done. */
interface Poisoned {
  task: PoisonedTask;
  /** Nothing where no point is left. */
  leftOut: Damage | undefined;
}

/** The networks told the truth, told lies and told less, side by side. */
function poisonedGradually(parameters: PoisoningParameters, attacked: number[]): Gradual<Poisoned> {
  const task = drawTask(parameters);
  const plane = measuredPlane(task.data.train);
  const wish = (own: Task, leftOut: readonly number[] = []): TrainOptions =>
    trainOptionsOf(parameters, own, { recordEvery: ENDS_ONLY, leftOut });
  const wishes = [wish(task), wish(withFlips(task, attacked))];
  if (attacked.length < parameters.trainPoints) wishes.push(wish(task, attacked));
  return mapped(trainedGradually(wishes), ([clean, poisoned, without]) => {
    const assess = assessAgainst(clean.network, task.data, plane, attacked);
    return {
      task: { ...task, plane, attacked, clean, poisoned, damage: assess(poisoned.network) },
      leftOut: without && assess(without.network),
    };
  });
}

/** One network told the truth and one told lies, and any label can be switched by hand. */
const panel: Panel<PoisoningParameters & ByHand, Poisoned> = {
  invitation:
    "Click on a point to switch its label: a true label becomes a lie, a ringed lie becomes true again. " +
    "How few lies bend the boundary, and how far away from them? Set flips to 0 to tell only your own lies.",
  extras: { schema: byHandSchema, defaults: { flipped: [] } },
  controls: [
    { name: "attack" },
    { name: "flips", slider: { from: 0, to: 25, step: 1 } },
    { name: "flipped" },
    { name: "hiddenLayers" },
    { name: "epochs", slider: { from: 0, to: 1000, step: 10 } },
    { name: "seed", slider: { from: 1, to: 100, step: 1 } },
  ],
  presets: [
    {
      name: "five together",
      says: "The essay's five lies, side by side: all are believed, and most of the plane that changes class is void.",
      values: { attack: "cluster", flips: 5 },
    },
    {
      name: "five scattered",
      says: "Five lies far from each other: most are not believed, and the boundary moves all the same.",
      values: { attack: "random", flips: 5 },
    },
    {
      name: "one lie",
      says: "One label flipped: among the data little changes, out in the void the boundary swings away.",
      values: { flips: 1 },
    },
    {
      name: "none",
      says: "No lies: two trainings, one boundary. Now click on a point to tell one.",
      values: { flips: 0 },
    },
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
    const { attack, epochs, flipped, flips, seed } = parameters;
    const begin = (chosen: readonly number[]): Gradual<Poisoned> =>
      poisonedGradually(parameters, switchPoints(chosen, flipped));
    return attack === "worst"
      ? afterwards(inBreaths(worstCluster(parameters)), epochs, begin)
      : begin(attackedPoints(drawTask(parameters).data.train, { attack, flips, seed }));
  },
  read({ task, leftOut }, { seed, trainPoints, flipped }, isMoving = false) {
    const { damage } = task;
    const lies = task.attacked.length;
    const times = amplification(damage.plane, lies / trainPoints);
    const places = task.data.train.points.to2DArray().map(([x, y]): Place => [x, y]);
    const ofPlane = (name: string, share: number): Quantity => ({
      name: `${name} (%)`,
      value: 100 * share,
      words: shareText(share),
    });
    const ofTests = (name: string, share: number): Quantity => ({
      name: `${name} (%)`,
      value: 100 * share,
      words: countText(share, task.data.test.labels.rows),
    });
    return {
      pictures: [
        {
          name: "map",
          figure: poisonFigure(viewPoisoning(task, isMoving ? 32 : 48), damageTitle(seed, lies, damage)),
          ghost: ["boundary after the lies"],
          handle: { kind: "pick", field: "flipped", label: "training point", places, picked: flipped },
        },
      ],
      quantities: [
        { isMain: true, name: "lies told", value: lies, words: `${partText(lies, trainPoints)} labels` },
        {
          isMain: true,
          name: "lies believed",
          value: damage.captured,
          words: lies === 0 ? "no lie was told" : partText(damage.captured, lies),
        },
        { isMain: true, ...ofPlane("plane that changes class", damage.plane) },
        ofPlane("… of this in the void", damage.planeVoid),
        ofPlane("… of this among the data", damage.plane - damage.planeVoid),
        {
          name: "amplification",
          value: times ?? null,
          words:
            times === undefined
              ? "no lie was told"
              : `the plane changes by ${times.toFixed(1)} times the share of lies`,
          absent: "not defined",
        },
        {
          ...ofPlane("plane that changes class with the same points left out", leftOut?.plane ?? Number.NaN),
          ...(leftOut === undefined && { value: null, words: "no point is left" }),
          absent: "no point is left",
        },
        ofTests("test points whose answer changes", damage.test),
        { isMain: true, ...ofTests("test accuracy", testAccuracy(task.poisoned)) },
        ofTests("test accuracy without lies", testAccuracy(task.clean)),
      ],
    };
  },
  without: ["memorizing", "flips"],
  reserve: "The verdict tries every attack on every seed. Labels that you switch by hand do not count.",
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

/**
 * Notebook 03: what do a few flipped labels do to the boundary, and would it have moved without them?
 * Hyperparameters in, measurements out. All networks in a comparison share data, initial weights and order, except
 * for the change in question.
 */
import * as z from "zod/mini";
import type { Network } from "../../core/network/network.js";
import type { Training } from "../../core/network/train.js";
import { documented } from "../../core/validate.js";
import { type Measurement, measurement, type Steps, together } from "../measurement.js";
import {
  drawTask,
  type SweepParameters,
  sweepShape,
  type Task,
  type TaskParameters,
  taskShape,
  trainingSteps,
} from "../task.js";
import { type Attack, attackedPoints, withFlips } from "./attacks.js";
import { type Change, CONTROLS, type Control, flipping, leavingOut } from "./changes.js";
import { assessAgainst, type Damage, type MeasuredPlane, measuredPlane } from "./damage.js";

/** The attacks, and the `worst` of several clusters, found by trying them; in the order of tables and charts. */
export const ATTACKS = ["random", "deepest", "cluster", "worst"] as const;

/** The name of one of them. */
export type AttackName = (typeof ATTACKS)[number];

/** The hyperparameters of notebook 03. */
export interface PoisoningParameters extends TaskParameters, SweepParameters {
  /** The attack on show. */
  attack: AttackName;
  /** Number of flipped labels. */
  flips: number;
  /** Number of clusters tried to find the worst. */
  candidates: number;
  /** Training loss at which networks of different depth are compared, in nats. */
  targetLoss: number;
  /** Share of the training points held out for early stopping. */
  heldOutShare: number;
  /** Epochs that early stopping waits for a new lowest loss. */
  patience: number;
  /** λ of the weight decay, as a defence. */
  decay: number;
  /** ε of the label smoothing, as a defence. */
  smoothing: number;
  /** Neighbours that vote on each label, as a defence. */
  neighbours: number;
}

/** The allowed values of the hyperparameters. */
export const poisoningSchema: z.ZodMiniType<PoisoningParameters> = z.strictObject({
  ...taskShape,
  attack: documented(z.enum(ATTACKS), "Points that the attack on show lies about"),
  flips: documented(z.int().check(z.gte(0)), "Labels that the attack flips, at most those of one class"),
  candidates: documented(z.int().check(z.gte(1), z.lte(100)), "Clusters tried to find the worst"),
  targetLoss: documented(
    z.number().check(z.gt(0)),
    "Training loss at which networks of different depth are compared",
    "nats",
  ),
  heldOutShare: documented(
    z.number().check(z.gt(0), z.lt(1)),
    "Early stopping: share of the points held out",
  ),
  patience: documented(
    z.int().check(z.gte(1)),
    "Early stopping: how long to wait for a new lowest loss",
    "epochs",
  ),
  decay: documented(z.number().check(z.gte(0)), "Weight decay as a defence: the factor λ"),
  smoothing: documented(
    z.number().check(z.gte(0), z.lte(1)),
    "Label smoothing as a defence: share ε of each label spread over both classes",
  ),
  neighbours: documented(
    z.int().check(z.gte(1)),
    "Label cleaning as a defence: neighbours that vote on each label",
  ),
  ...sweepShape,
});

/** The parameters that decide which clusters are tried to find the worst. */
export type AttackedTask = TaskParameters & Pick<PoisoningParameters, "flips" | "candidates">;

/** More epochs than any training has: only the first and the last are recorded. */
export const ENDS_ONLY = 1_000_001;

/** An attack on one training, with its data and networks. */
export interface PoisonedTask extends Task {
  plane: MeasuredPlane;
  /** Indices of the lies. */
  attacked: number[];
  /** Trained on the true labels. */
  clean: Training;
  /** Trained on the lies, from the same initial weights and in the same order. */
  poisoned: Training;
  damage: Damage;
}

/**
 * Trains on true labels and on lies.
 *
 * @param attack - which attack; that of the parameters by default
 * @param snapshots - epochs after which copies of both networks are kept
 */
export const runPoisoning: Measurement<
  [parameters: PoisoningParameters, attack?: AttackName, snapshots?: readonly number[]],
  PoisonedTask
> = measurement(function* (parameters, attack = parameters.attack, snapshots = []) {
  const task = drawTask(parameters);
  const { train } = task.data;
  const plane = measuredPlane(train);
  const watch = { recordEvery: ENDS_ONLY, snapshots };
  const clean = yield* trainingSteps(parameters, task, watch);
  const attacked =
    attack === "worst"
      ? (yield* searchWorst(parameters, task, clean.network, plane)).worst.attacked
      : attackedPoints(train, { attack, flips: parameters.flips, seed: parameters.seed });
  const poisoned = yield* trainingSteps(parameters, withFlips(task, attacked), watch);
  const damage = assessAgainst(clean.network, task.data, plane, attacked)(poisoned.network);
  return { ...task, plane, attacked, clean, poisoned, damage };
});

/** A cluster of lies that was tried. */
interface Tried {
  attacked: number[];
  damage: Damage;
}

/** Trains once on each of several clusters of lies: the first of them, and the one that changed most of the plane. */
export function* searchWorst(
  parameters: AttackedTask,
  task: Task,
  clean: Network,
  plane: MeasuredPlane,
): Steps<{ first: Tried; worst: Tried }> {
  const { flips, seed, candidates } = parameters;
  const { train } = task.data;
  const clusters = Array.from({ length: Math.min(candidates, train.labels.rows) }, (_, candidate) =>
    attackedPoints(train, { attack: "cluster", flips, seed, candidate }),
  );
  const tried = yield* together(
    clusters.map(function* (attacked): Steps<Tried> {
      const network = yield* endOf.steps(parameters, withFlips(task, attacked));
      return { attacked, damage: assessAgainst(clean, task.data, plane, attacked)(network) };
    }),
  );
  const worst = tried.reduce((most, own) => (own.damage.plane > most.damage.plane ? own : most));
  return { first: tried[0], worst };
}

/** The worst of several clusters of lies. */
export function* worstCluster(parameters: AttackedTask): Steps<number[]> {
  const task = drawTask(parameters);
  const clean = yield* endOf.steps(parameters, task);
  return (yield* searchWorst(parameters, task, clean, measuredPlane(task.data.train))).worst.attacked;
}

/** The damage of an attack, and that of its control. */
export interface AttackDamage {
  /** The points' labels turned to the other class. */
  flipped: Damage;
  /** The control: the same points left out instead, the others in the same order. */
  leftOut: Damage;
}

/** The measurements of one seed. */
export interface PoisoningResult {
  seed: number;
  attacks: Record<AttackName, AttackDamage>;
  /** The other controls: true labels, and a harmless change. */
  controls: Record<Control, Damage>;
}

/** All attacks on one seed, each with its control, against the same network trained on true labels. */
export const measurePoisoning: Measurement<[parameters: AttackedTask], PoisoningResult> = measurement(
  function* (parameters) {
    const task = drawTask(parameters);
    const { train } = task.data;
    const { seed, flips } = parameters;
    const plane = measuredPlane(train);
    const clean = yield* endOf.steps(parameters, task);

    function* after(change: Change, attacked: readonly number[] = []): Steps<Damage> {
      const { network } = yield* change.steps(parameters, task, { recordEvery: ENDS_ONLY });
      return assessAgainst(clean, task.data, plane, attacked)(network);
    }
    function* compare(attacked: readonly number[], known?: Damage): Steps<AttackDamage> {
      return {
        flipped: known ?? (yield* after(flipping(attacked), attacked)),
        leftOut: yield* after(leavingOut(attacked), attacked),
      };
    }
    const pick = (attack: Attack): number[] => attackedPoints(train, { attack, flips, seed });
    const { first, worst } = yield* searchWorst(parameters, task, clean, plane);
    const clusters = worst === first ? [first] : [first, worst];
    const [random, deepest, cluster, worstCluster = cluster] = yield* together([
      compare(pick("random")),
      compare(pick("deepest")),
      ...clusters.map(({ attacked, damage }) => compare(attacked, damage)),
    ]);
    const names = Object.keys(CONTROLS) as Control[];
    const controls = yield* together(names.map((name) => after(CONTROLS[name])));
    return {
      seed,
      attacks: { random, deepest, cluster, worst: worstCluster },
      controls: Object.fromEntries(names.map((name, i) => [name, controls[i]])) as Record<Control, Damage>,
    };
  },
);

/** The network at the end of its training. */
export const endOf: Measurement<[parameters: TaskParameters, task: Task], Network> = measurement(
  function* (parameters, task) {
    return (yield* trainingSteps(parameters, task, { recordEvery: ENDS_ONLY })).network;
  },
);

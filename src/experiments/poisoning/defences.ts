/** Notebook 03: what defends against lies in the labels, and what it costs when there are none. */
import type { Dataset } from "../../moons.js";
import type { Network } from "../../network/architecture.js";
import { meanInterval } from "../../statistics.js";
import type { Runner } from "../runner.js";
import { drawTask, seedsOf, type Task, trainTask } from "../task.js";
import { type Attack, attackedPoints, flipLabels } from "./attacks.js";
import { assessAgainst, type Damage, measuredPlane } from "./damage.js";
import { holdOut } from "./held-out.js";
import { type CleaningScore, relabelByNeighbours, scoreCleaning } from "./label-cleaning.js";
import { ENDS_ONLY, endOf, type PoisoningParameters, withTraining } from "./poisoning.js";

/** The defences, the lack of one first. */
export type PoisonDefenceName =
  | "none"
  | "early stopping"
  | "weight decay"
  | "label smoothing"
  | "neighbours' labels";

/** The attacks that they are tried against. */
export const DEFENDED_ATTACKS: readonly ("random" | "cluster")[] = ["random", "cluster"];

/** One defence on one seed. */
export interface PoisonDefenceResult {
  name: PoisonDefenceName;
  /** Accuracy on the test points when no label was flipped. */
  cleanAccuracy: number;
  /** By attack, against the same defence where no label was flipped. */
  attacks: Record<"random" | "cluster", Damage>;
  /** Where labels are cleaned: what was found and harmed, by attack, and with no lie at all. */
  cleaning?: Record<"random" | "cluster" | "no lies", CleaningScore>;
}

/** Trains on data that may hold lies, by somebody who cannot know. */
type Defence = (parameters: PoisoningParameters, task: Task) => Network;

const defences: Record<PoisonDefenceName, Defence> = {
  none: endOf,
  "early stopping": (parameters, task) => {
    // what is held out was never checked either: it may hold lies like the rest
    const { train, heldOut } = holdOut(task.data.train, parameters.heldOutShare, parameters.seed);
    return trainTask(parameters, withTraining(task, train), {
      recordEvery: ENDS_ONLY,
      earlyStopping: { heldOut, patience: parameters.patience },
    }).network;
  },
  "weight decay": (parameters, task) => endOf({ ...parameters, weightDecay: parameters.decay }, task),
  "label smoothing": (parameters, task) =>
    endOf({ ...parameters, labelSmoothing: parameters.smoothing }, task),
  "neighbours' labels": (parameters, task) =>
    endOf(parameters, withTraining(task, relabelByNeighbours(task.data.train, parameters.neighbours).data)),
};

/** Every defence on one seed: without lies, and against scattered and clustered ones. */
export function measurePoisonDefences(parameters: PoisoningParameters): PoisonDefenceResult[] {
  const task = drawTask(parameters);
  const { train } = task.data;
  const { flips, seed, neighbours } = parameters;
  const plane = measuredPlane(train);
  const pick = (attack: Attack): number[] => attackedPoints(train, { attack, flips, seed });
  const attacked = { random: pick("random"), cluster: pick("cluster") };
  const score = (data: Dataset, lies: readonly number[]): CleaningScore =>
    scoreCleaning(relabelByNeighbours(data, neighbours).relabelled, lies);

  return (Object.keys(defences) as PoisonDefenceName[]).map((name) => {
    const defend = (data: Dataset): Network => defences[name](parameters, withTraining(task, data));
    const clean = defend(train);
    const damage = (lies: readonly number[]): Damage =>
      assessAgainst(clean, task.data, plane, lies)(defend(flipLabels(train, lies)));
    return {
      name,
      cleanAccuracy: assessAgainst(clean, task.data, plane, [])(clean).testAccuracy,
      attacks: { random: damage(attacked.random), cluster: damage(attacked.cluster) },
      ...(name === "neighbours' labels" && {
        cleaning: {
          random: score(flipLabels(train, attacked.random), attacked.random),
          cluster: score(flipLabels(train, attacked.cluster), attacked.cluster),
          "no lies": score(train, []),
        },
      }),
    };
  });
}

/** One defence over the seeds. */
export interface DefenceOverSeeds {
  name: PoisonDefenceName;
  /** In the order of the seeds 1, 2, 3 and so on. */
  results: PoisonDefenceResult[];
}

/** {@link measurePoisonDefences} for the seeds of the sweep. */
export async function poisonDefencesOverSeeds(
  parameters: PoisoningParameters,
  run: Runner,
): Promise<DefenceOverSeeds[]> {
  const bySeed = await run(
    seedsOf(parameters).map((seed) => ({ ...parameters, seed })),
    measurePoisonDefences,
  );
  return bySeed[0].map(({ name }, i) => ({ name, results: bySeed.map((results) => results[i]) }));
}

/** What each defence leaves of a cluster's damage, and what it costs where nobody lies, in one sentence. */
export function describeDefences(defences: readonly DefenceOverSeeds[]): string {
  const mean = (
    results: readonly PoisonDefenceResult[],
    of: (result: PoisonDefenceResult) => number,
  ): number => 100 * meanInterval(results.map(of)).mean;
  const bare = defences.find(({ name }) => name === "none");
  const texts = defences.map(({ name, results }) => {
    const plane = `${mean(results, ({ attacks }) => attacks.cluster.plane).toFixed(1)}%`;
    if (name === "none" || bare === undefined) return `${name} ${plane}`;
    const cost = mean(bare.results, own) - mean(results, own);
    return `${name} ${plane} (cost ${cost.toFixed(1)})`;
  });
  return (
    `What a cluster of lies changes of the plane, and what the defence costs in points of accuracy without lies, ` +
    `mean of ${defences[0].results.length} seeds: ${texts.join(", ")}.`
  );
}

function own({ cleanAccuracy }: PoisonDefenceResult): number {
  return cleanAccuracy;
}

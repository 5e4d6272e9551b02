/** Notebook 03: what defends against lies in the labels, and what it costs when there are none. */
import type { Dataset } from "../../core/moons.js";
import type { Network } from "../../core/network/network.js";
import { type Measurement, measurement, type Steps, together } from "../measurement.js";
import type { Runner } from "../runner.js";
import { meanInterval } from "../statistics.js";
import { drawTask, seedsOf, type Task, trainingSteps } from "../task.js";
import { meanText } from "../verdict.js";
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
type Defence = (parameters: PoisoningParameters, task: Task) => Steps<Network>;

const defences: Record<PoisonDefenceName, Defence> = {
  none: endOf.steps,
  *"early stopping"(parameters, task) {
    // what is held out was never checked either: it may hold lies like the rest
    const { train, heldOut } = holdOut(task.data.train, parameters.heldOutShare, parameters.seed);
    const { network } = yield* trainingSteps(parameters, withTraining(task, train), {
      recordEvery: ENDS_ONLY,
      earlyStopping: { heldOut, patience: parameters.patience },
    });
    return network;
  },
  "weight decay": (parameters, task) => endOf.steps({ ...parameters, weightDecay: parameters.decay }, task),
  "label smoothing": (parameters, task) =>
    endOf.steps({ ...parameters, labelSmoothing: parameters.smoothing }, task),
  "neighbours' labels": (parameters, task) =>
    endOf.steps(
      parameters,
      withTraining(task, relabelByNeighbours(task.data.train, parameters.neighbours).data),
    ),
};

/** Every defence on one seed: without lies, and against scattered and clustered ones. */
export const measurePoisonDefences: Measurement<[parameters: PoisoningParameters], PoisonDefenceResult[]> =
  measurement(function* (parameters) {
    const task = drawTask(parameters);
    const { train } = task.data;
    const { flips, seed, neighbours } = parameters;
    const plane = measuredPlane(train);
    const pick = (attack: Attack): number[] => attackedPoints(train, { attack, flips, seed });
    const attacked = { random: pick("random"), cluster: pick("cluster") };
    const score = (data: Dataset, lies: readonly number[]): CleaningScore =>
      scoreCleaning(relabelByNeighbours(data, neighbours).relabelled, lies, train.labels.rows);

    function* measure(name: PoisonDefenceName): Steps<PoisonDefenceResult> {
      const defend = (lies: readonly number[]): Steps<Network> =>
        defences[name](parameters, withTraining(task, flipLabels(train, lies)));
      const [clean, random, cluster] = yield* together([[], attacked.random, attacked.cluster].map(defend));
      const damage = (network: Network, lies: readonly number[]): Damage =>
        assessAgainst(clean, task.data, plane, lies)(network);
      return {
        name,
        cleanAccuracy: damage(clean, []).testAccuracy,
        attacks: { random: damage(random, attacked.random), cluster: damage(cluster, attacked.cluster) },
        ...(name === "neighbours' labels" && {
          cleaning: {
            random: score(flipLabels(train, attacked.random), attacked.random),
            cluster: score(flipLabels(train, attacked.cluster), attacked.cluster),
            "no lies": score(train, []),
          },
        }),
      };
    }
    return yield* together((Object.keys(defences) as PoisonDefenceName[]).map(measure));
  });

/** One defence over the seeds. */
export interface DefenceOverSeeds {
  name: PoisonDefenceName;
  /** In the order of the seeds. */
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
  const bare = defences[0].results;
  const isPoisoned = bare[0].attacks.cluster.attacked > 0;
  const texts = defences.map(({ name, results }) => {
    const left = meanInterval(
      results.map(({ attacks }) => attacks.cluster.plane),
      [0, 1],
    );
    const cost = meanInterval(
      results.map(({ cleanAccuracy }, k) => bare[k].cleanAccuracy - cleanAccuracy),
      [-1, 1],
    );
    const costs = `costs ${meanText(cost, 1, 100)}`;
    const facts = [
      ...(isPoisoned ? [meanText(left, 1, 100, "%")] : []),
      ...(results === bare ? [] : [isPoisoned ? `(${costs})` : costs]),
    ];
    return facts.length === 0 ? [] : [`${name} ${facts.join(" ")}`];
  });
  return (
    `${isPoisoned ? "What a cluster of lies changes of the plane, and what" : "What"} the defence costs in points of accuracy where ` +
    `nobody lies, ${bare.length} seeds: ${texts.flat().join("; ")}.`
  );
}

/** How many lies a vote of the neighbours restores, and what it does where there are none, in two sentences. */
export function describeCleaning(defences: readonly DefenceOverSeeds[]): string {
  const { results } = defences[defences.length - 1];
  const share = (kind: "random" | "cluster" | "no lies", of: keyof CleaningScore): string => {
    const shares = results.map(({ cleaning }) => cleaning?.[kind][of] ?? Number.NaN);
    return meanText(meanInterval(shares, [0, 1]), 1, 100, "%");
  };
  const { attacked } = results[0].attacks.cluster;
  const found =
    attacked === 0
      ? ""
      : `It restores ${share("random", "liesFound")} of the lies where they are scattered and ${share("cluster", "liesFound")} ` +
        "in a cluster. ";
  return `${found}Where nobody lied it turns ${share("no lies", "truthsHarmed")} of the true labels wrong (${results.length} seeds).`;
}

/** Notebook 03: the damage against the number of lies, and how many of them cleaning finds. */
import { type Measurement, measurement, type Steps, together } from "../measurement.js";
import { drawTask, type TaskParameters } from "../task.js";
import { type Attack, attackedPoints, flipLabels } from "./attacks.js";
import { leavingOut } from "./changes.js";
import { assessAgainst, measuredPlane } from "./damage.js";
import { type CleaningScore, relabelByNeighbours, scoreCleaning } from "./label-cleaning.js";
import { ENDS_ONLY, endOf, type PoisoningParameters, withTraining } from "./poisoning.js";

/** The shares of labels to flip. */
const RATES: readonly number[] = [0.004, 0.01, 0.02, 0.05, 0.1];

/** The attacks to compare; the worst cluster takes too many trainings. */
export const RATE_ATTACKS: readonly Attack[] = ["random", "deepest", "cluster"];

/** The damage of a number of lies to one seed. */
export interface RateDamage extends CleaningScore {
  /** Share of the plane that changed class. */
  plane: number;
  /** The same with the points left out instead; for the cluster only. */
  leftOut?: number;
  /** How many of the lies were learnt. */
  captured: number;
}

/** The damage of a number of lies, over the seeds. */
export interface RateOverSeeds {
  attack: Attack;
  flips: number;
  /** Number of training points. */
  points: number;
  results: RateDamage[];
}

/** An attack on a seed, to try at every rate. */
export interface RatePoint extends TaskParameters, Pick<PoisoningParameters, "neighbours"> {
  attack: Attack;
}

/** Numbers of flips for poison rates up to 10%, without those that round to the same, or to none. */
function rateFlips(trainPoints: number): number[] {
  const most = Math.floor(trainPoints / 2);
  const flips = RATES.map((rate) => Math.min(most, Math.round(rate * trainPoints)));
  return [...new Set(flips)].filter((count) => count > 0);
}

/** An attack at every rate; the lies of a lower rate are among those of a higher one. */
export const measureRates: Measurement<[point: RatePoint], RateDamage[]> = measurement(function* (point) {
  const { attack, seed, neighbours } = point;
  const task = drawTask(point);
  const { train } = task.data;
  const plane = measuredPlane(train);
  const clean = yield* endOf.steps(point, task);
  function* measure(flips: number): Steps<RateDamage> {
    const attacked = attackedPoints(train, { attack, flips, seed });
    const lies = flipLabels(train, attacked);
    const assess = assessAgainst(clean, task.data, plane, attacked);
    const { plane: changed, captured } = assess(yield* endOf.steps(point, withTraining(task, lies)));
    const without = leavingOut(attacked).steps(point, task, { recordEvery: ENDS_ONLY });
    return {
      plane: changed,
      captured,
      ...(attack === "cluster" && { leftOut: assess((yield* without).network).plane }),
      ...scoreCleaning(relabelByNeighbours(lies, neighbours).relabelled, attacked),
    };
  }
  return yield* together(rateFlips(train.labels.rows).map(measure));
});

/**
 * Every attack at every rate, over the seeds.
 *
 * @param rows - for each seed, the measurements of each of the {@link RATE_ATTACKS}
 */
export function ratesOverSeeds(
  rows: readonly (readonly RateDamage[][])[],
  trainPoints: number,
): RateOverSeeds[] {
  return RATE_ATTACKS.flatMap((attack, a) =>
    rateFlips(trainPoints).map((flips, i) => ({
      attack,
      flips,
      points: trainPoints,
      results: rows.map((row) => row[a][i]),
    })),
  );
}

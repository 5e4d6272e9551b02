/** Notebook 03: the damage against the number of lies, and how many of them cleaning finds. */
import { type Measurement, measurement, type Steps, together } from "../measurement.js";
import { drawTask, type TaskParameters } from "../task.js";
import { type Attack, attackedPoints, flipLabels } from "./attacks.js";
import { leavingOut } from "./changes.js";
import { assessAgainst, measuredPlane } from "./damage.js";
import { type CleaningScore, relabelByNeighbours, scoreCleaning } from "./label-cleaning.js";
import { ENDS_ONLY, endOf, type PoisoningParameters, withTraining } from "./poisoning.js";

/** The shares of the labels that are flipped. */
const RATES: readonly number[] = [0.004, 0.01, 0.02, 0.05, 0.1];

/** The attacks that are compared; the worst cluster takes too many trainings. */
export const RATE_ATTACKS: readonly Attack[] = ["random", "deepest", "cluster"];

/** What so many lies did to one seed. */
export interface RateDamage extends CleaningScore {
  /** Share of the plane that changed class. */
  plane: number;
  /** The same where the points are left out instead; of the cluster only. */
  leftOut?: number;
  /** How many of the lies were learnt. */
  captured: number;
}

/** An attack at a rate. */
export interface Rate {
  attack: Attack;
  flips: number;
}

/** What many seeds say of it. */
export interface RateOverSeeds extends Rate {
  /** Number of training points. */
  points: number;
  results: RateDamage[];
}

/** Every attack, with numbers of flips for poison rates up to 10%, without those that round to the same, or to none. */
export function ratesOf(trainPoints: number): Rate[] {
  const most = Math.floor(trainPoints / 2);
  const flips = new Set(RATES.map((rate) => Math.min(most, Math.round(rate * trainPoints))));
  flips.delete(0);
  return RATE_ATTACKS.flatMap((attack) => [...flips].map((own) => ({ attack, flips: own })));
}

/** One seed, every attack, every rate; the lies of a lower rate are among those of a higher one. */
export const measureRates: Measurement<
  [parameters: TaskParameters & Pick<PoisoningParameters, "neighbours">],
  RateDamage[]
> = measurement(function* (parameters) {
  const task = drawTask(parameters);
  const { train } = task.data;
  const { seed, neighbours } = parameters;
  const plane = measuredPlane(train);
  const clean = yield* endOf.steps(parameters, task);
  function* measure({ attack, flips }: Rate): Steps<RateDamage> {
    const attacked = attackedPoints(train, { attack, flips, seed });
    const lies = flipLabels(train, attacked);
    const assess = assessAgainst(clean, task.data, plane, attacked);
    const { plane: changed, captured } = assess(yield* endOf.steps(parameters, withTraining(task, lies)));
    const without = leavingOut(attacked).steps(parameters, task, { recordEvery: ENDS_ONLY });
    return {
      plane: changed,
      captured,
      ...(attack === "cluster" && { leftOut: assess((yield* without).network).plane }),
      ...scoreCleaning(relabelByNeighbours(lies, neighbours).relabelled, attacked),
    };
  }
  return yield* together(ratesOf(train.labels.rows).map(measure));
});

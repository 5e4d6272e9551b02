/** Notebook 03: the damage against the number of lies, and how many of them cleaning finds. */
import { type Measurement, measurement, type Steps, together } from "../measurement.js";
import type { Runner } from "../runner.js";
import { drawTask, seedsOf } from "../task.js";
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
export interface RateResult extends CleaningScore {
  seed: number;
  attack: Attack;
  flips: number;
  /** Share of the labels that were flipped. */
  poisonRate: number;
  /** Share of the plane that changed class. */
  plane: number;
  /** The same where the points are left out instead; of the cluster only. */
  leftOut?: number;
  /** Drop of the accuracy on the test points. */
  accuracyDrop: number;
  /** Share of the lies that were learnt. */
  captured: number;
}

/** Numbers of flips for poison rates up to 10%, without those that round to the same, or to none. */
export function rateFlips(trainPoints: number): number[] {
  const most = Math.floor(trainPoints / 2);
  const flips = RATES.map((rate) => Math.min(most, Math.round(rate * trainPoints)));
  return [...new Set(flips)].filter((count) => count > 0);
}

/** One seed, every attack, every rate; the lies of a lower rate are among those of a higher one. */
export const measureRates: Measurement<[parameters: PoisoningParameters], RateResult[]> = measurement(
  function* (parameters) {
    const task = drawTask(parameters);
    const { train } = task.data;
    const { seed, neighbours } = parameters;
    const plane = measuredPlane(train);
    const clean = yield* endOf.steps(parameters, task);
    function* rate(attack: Attack, flips: number): Steps<RateResult> {
      const attacked = attackedPoints(train, { attack, flips, seed });
      const lies = flipLabels(train, attacked);
      const assess = assessAgainst(clean, task.data, plane, attacked);
      const damage = assess(yield* endOf.steps(parameters, withTraining(task, lies)));
      const without = leavingOut(attacked).steps(parameters, task, { recordEvery: ENDS_ONLY });
      const score = scoreCleaning(
        relabelByNeighbours(lies, neighbours).relabelled,
        attacked,
        train.labels.rows,
      );
      return {
        seed,
        attack,
        flips,
        poisonRate: flips / train.labels.rows,
        plane: damage.plane,
        ...(attack === "cluster" && { leftOut: assess((yield* without).network).plane }),
        accuracyDrop: damage.accuracyDrop,
        captured: damage.captured / flips,
        ...score,
      };
    }
    return yield* together(
      RATE_ATTACKS.flatMap((attack) => rateFlips(train.labels.rows).map((flips) => rate(attack, flips))),
    );
  },
);

/** {@link measureRates} for the seeds of the sweep. */
export async function ratesOverSeeds(parameters: PoisoningParameters, run: Runner): Promise<RateResult[]> {
  const results = await run(
    seedsOf(parameters).map((seed) => ({ ...parameters, seed })),
    measureRates,
  );
  return results.flat();
}

/**
 * What makes two trainings part besides a nudge? No artificial change but what real machines do: another order of a
 * sum, another engine's cosine, in double and in single precision. And, as controls, the same run again and another
 * order of the points.
 */
import type { PrecisionChoice } from "../../core/arithmetic/precision.js";
import type { Summation } from "../../core/arithmetic/summation.js";
import type { Runner } from "../runner.js";
import { type ShareInterval, shareOf } from "../statistics.js";
import { drawTask, seedsOf } from "../task.js";
import {
  type ButterflyParameters,
  comparePairs,
  type Looking,
  nudged,
  PARTED,
  type Parting,
  type TimelineComparison,
} from "./butterfly.js";
import { ENGINE_POINTS, type EngineName, engineMoons } from "./engine-angles.js";
import type { Member } from "./lockstep.js";

/** What two trainings differ in. */
export type Cause =
  | "nothing"
  | "nudge"
  | "reversed"
  | "pairwise"
  | "engine"
  | "reversed32"
  | "pairwise32"
  | "order"
  | "thirdOrder";

/** Each cause in words. */
export const CAUSES: Readonly<Record<Cause, string>> = {
  nothing: "nothing: the same run again",
  nudge: "the nudge",
  reversed: "sums reversed",
  pairwise: "sums in pairs",
  engine: "the other engine's cosine",
  reversed32: "sums reversed, binary32",
  pairwise32: "sums in pairs, binary32",
  order: "another order of the points",
  thirdOrder: "yet another order",
};

/** The two engines that are compared: of these two, the same project is run in Node and in Firefox. */
export const COMPARED_ENGINES: readonly [EngineName, EngineName] = ["V8 11.3", "SpiderMonkey 153"];

const inDouble = (summation: Summation): PrecisionChoice => ({ format: "binary64", summation });
const inSingle = (summation: Summation): PrecisionChoice => ({ format: "binary32", summation });

/** Far from the seeds of any sweep. */
const [OTHER_ORDER, THIRD_ORDER] = [1_000_000, 2_000_000];

/** Trains once and once more for each cause, all but the last two in the same order of the points. */
export function compareCauses(
  parameters: ButterflyParameters,
  looking: Looking = {},
): Record<Cause, TimelineComparison> {
  const { data, initial } = drawTask(parameters);
  const { train, test } = data;
  const member = (arithmetic: PrecisionChoice): Member => ({ network: initial, train, arithmetic });
  const members: Member[] = [
    member("binary64"),
    member("binary64"),
    { ...member("binary64"), network: nudged(initial, parameters).network },
    member(inDouble("reversed")),
    member(inDouble("pairwise")),
    member("binary32"),
    member(inSingle("reversed")),
    member(inSingle("pairwise")),
    { ...member("binary64"), orderSeed: OTHER_ORDER + parameters.seed },
    { ...member("binary64"), orderSeed: THIRD_ORDER + parameters.seed },
  ];
  const pairs: Record<Exclude<Cause, "engine">, readonly [number, number]> = {
    nothing: [0, 1],
    nudge: [0, 2],
    reversed: [0, 3],
    pairwise: [0, 4],
    reversed32: [5, 6],
    pairwise32: [5, 7],
    order: [0, 8],
    thirdOrder: [0, 9],
  };
  const compared = comparePairs(parameters, members, Object.values(pairs), test, looking);
  const [nothing, nudge, reversed, pairwise, reversed32, pairwise32, order, thirdOrder] = compared;
  // the sines were recorded for so many points, and so these two trainings have so many
  const [engine] = comparePairs(
    { ...parameters, trainPoints: ENGINE_POINTS },
    COMPARED_ENGINES.map((name) => ({ network: initial, train: engineMoons(name, parameters) })),
    [[0, 1]],
    test,
    { looks: looking.looks ?? 600 },
  );
  return { nothing, nudge, reversed, pairwise, engine, reversed32, pairwise32, order, thirdOrder };
}

/** What one seed says. */
export interface SeedPartings {
  seed: number;
  causes: Record<Cause, Parting>;
}

/** Looks at each pair of trainings of a sweep. */
const LOOKS = 40;

/** Compares the causes for one seed. */
export function measurePartings(parameters: ButterflyParameters): SeedPartings {
  const entries = Object.entries(compareCauses(parameters, { looks: LOOKS }));
  return {
    seed: parameters.seed,
    causes: Object.fromEntries(
      (entries as [Cause, TimelineComparison][]).map(([cause, { summary }]) => [cause, summary]),
    ) as Record<Cause, Parting>,
  };
}

/** The same for the seeds of the sweep. */
export async function partingsOverSeeds(
  parameters: ButterflyParameters,
  run: Runner,
): Promise<SeedPartings[]> {
  const seeds = seedsOf(parameters);
  return run(
    seeds.map((seed) => ({ ...parameters, seed })),
    measurePartings,
  );
}

/** Whether two trainings ended parted. */
export function isParted({ distance }: Parting): boolean {
  return distance >= PARTED;
}

/** The share of the seeds whose two trainings ended parted. */
export function partedShare(partings: readonly SeedPartings[], cause: Cause): ShareInterval {
  return shareOf(partings, ({ causes }) => isParted(causes[cause]));
}

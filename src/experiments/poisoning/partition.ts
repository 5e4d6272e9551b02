/**
 * Notebook 03: many networks instead of one, each trained on a part of the points, for a vote: partition aggregation against
 * lies in the labels (Levine and Feizi 2021, Deep partition aggregation: provable defenses against general poisoning attacks,
 * the variant SS-DPA). Which part a point belongs to depends on no label, and what a part learns on nothing outside it.
 * So a flipped label can turn one vote and no more.
 */
import { type Dataset, selectPoints } from "../../core/moons.js";
import type { Network } from "../../core/network/network.js";
import { type Measurement, measurement, together } from "../measurement.js";
import { drawTask, type TaskParameters } from "../task.js";
import { endOf } from "./poisoning.js";

/**
 * Deals the points out to parts: sorted by their first coordinate, then by the second, the i-th goes to part i modulo the
 * number of parts, as in the authors' code. Points at the same place keep the order of the data.
 *
 * @param parts - number of parts, >= 1; where there are more than points, some are empty
 * @returns the indices of each part's points, in that order
 */
export function dealOut({ points }: Pick<Dataset, "points">, parts: number): number[][] {
  const [x, y] = [points.getColumn(0), points.getColumn(1)];
  const sorted = Array.from(x, (_, i) => i).sort((a, b) => x[a] - x[b] || y[a] - y[b] || a - b);
  return Array.from({ length: parts }, (_, part) => sorted.filter((_, rank) => rank % parts === part));
}

/**
 * Trains the network of a part as one network would be trained on all points, with weights and an order of its own: for as
 * many epochs, so in fewer steps. Without points it keeps its initial weights, which no label can change.
 *
 * @param train - all points, with the labels that the network is told
 * @param part - number of the part, from 0, from which the seeds of its weights and of its order derive
 * @param own - indices of its points, in the order of the part
 */
export const voterOf: Measurement<
  [parameters: TaskParameters, train: Dataset, part: number, own: readonly number[]],
  Network
> = measurement(function* (parameters, train, part, own) {
  const { seed, weightsSeed = seed, orderSeed = seed } = parameters;
  const wish = {
    ...parameters,
    weightsSeed: partSeed(weightsSeed, part),
    orderSeed: partSeed(orderSeed, part),
  };
  // only the weights are wanted: two points are the fewest that can be drawn beside them
  const { data, initial } = drawTask({ ...wish, trainPoints: 2, testPoints: 2 });
  if (own.length === 0) return initial;
  return yield* endOf.steps(wish, { data: { ...data, train: selectPoints(train, own) }, initial });
});

/** The networks of all parts. */
export const votersOf: Measurement<
  [parameters: TaskParameters, train: Dataset, dealt: readonly (readonly number[])[]],
  Network[]
> = measurement((parameters, train, dealt) =>
  together(dealt.map((own, part) => voterOf.steps(parameters, train, part, own))),
);

/** A seed for a part of a seed, far from the seeds of all sweeps. */
function partSeed(seed: number, part: number): number {
  return (seed + 1_000_000) * 100_000 + part;
}

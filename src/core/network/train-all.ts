/** Runs many trainings at once. */
import { type Settled, settle } from "../settled.js";
import { laneKind, laneTrainers } from "./lane-trainers.js";
import { courseOf, type Training, train } from "./train.js";
import { type Plan, planOf, type TrainOptions } from "./train-options.js";

/** Maximal number of trainings side by side: more bring no gain and need more memory. */
const MOST_LANES = 32;

/**
 * Trains with each of the options, as `train` does. Trainings with the same shape and precision run side by side. A training
 * that fails does not affect the others.
 *
 * @returns the outcomes, in the order of the options
 */
export function trainAll(options: readonly TrainOptions[]): Settled<Training>[] {
  const settled: Settled<Training>[] = [];
  const kinds = new Map<string, { index: number; plan: Plan }[]>();
  options.forEach((own, index) => {
    const kind = options.length === 1 ? undefined : settle(() => planInLane(own));
    if (!kind || "error" in kind || kind.result === undefined) settled[index] = settle(() => train(own));
    else
      kinds.set(kind.result.name, [
        ...(kinds.get(kind.result.name) ?? []),
        { index, plan: kind.result.plan },
      ]);
  });
  for (const all of kinds.values()) {
    for (let from = 0; from < all.length; from += MOST_LANES) {
      const some = all.slice(from, from + MOST_LANES);
      if (some.length === 1) settled[some[0].index] = settle(() => train(options[some[0].index]));
      else
        trainSideBySide(some.map(({ plan }) => plan)).forEach((one, lane) => {
          settled[some[lane].index] = one;
        });
    }
  }
  return settled;
}

function planInLane(options: TrainOptions): { name: string; plan: Plan } | undefined {
  const plan = planOf(options);
  const name = plan.path === "eager" ? undefined : laneKind(plan.trainer, plan.size, plan.points);
  return name === undefined ? undefined : { name, plan };
}

function trainSideBySide(plans: readonly Plan[]): Settled<Training>[] {
  const { trainers, run } = laneTrainers(plans.map(({ trainer }) => trainer));
  const courses = plans.map((plan, lane) => courseOf(plan, trainers[lane]));
  const settled: Settled<Training>[] = [];
  for (;;) {
    const orders = courses.map((course, lane) => {
      if (settled[lane]) return undefined;
      const step = settle(() => course.next());
      if ("error" in step) settled[lane] = step;
      else if (step.result.done) settled[lane] = { result: step.result.value };
      else return step.result.value;
      return undefined;
    });
    if (orders.every((order) => order === undefined)) return settled;
    run(orders, 0, plans[0].points, plans[0].size);
  }
}

/** A text that is equal for trainings that can run side by side in one machine. */
export function kindOf({ network, train, arithmetic, lossForm, batchSize, epochs }: TrainOptions): string {
  const shape = network.layers.map(({ kind, parameters }) => [
    kind,
    Object.values(parameters).map(({ rows, columns }) => [rows, columns]),
  ]);
  const numbers = typeof arithmetic === "object" ? { ...arithmetic, seed: 0 } : { format: arithmetic };
  return JSON.stringify([shape, train.labels.rows, numbers, lossForm, batchSize, epochs]);
}

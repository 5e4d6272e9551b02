/** Defences against a thief who counts. */
import type { TaskParameters } from "../task.js";

/** A defence: another network, trained for it, or a device that works through more neurons than fire. */
export interface Defence {
  name: string;
  change?: Partial<TaskParameters>;
  atLeast?: number;
}

/** The defences of a network with one hidden layer. */
export function defencesOf([width]: readonly number[]): Defence[] {
  const tenths = (count: number): number => Math.max(1, Math.round((width * count) / 10));
  return [
    ...[5, 8].map((count) => ({
      name: `at least ${tenths(count)} neurons worked through`,
      atLeast: tenths(count),
    })),
    { name: "dense: all worked through", atLeast: width },
    { name: "leaky ReLU, never 0", change: { activation: "leaky-relu" as const } },
    ...[2, 3, 5].map((count) => ({
      name: `only the ${tenths(count)} largest outputs kept`,
      change: { topK: tenths(count) },
    })),
  ];
}

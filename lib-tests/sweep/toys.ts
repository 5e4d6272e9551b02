/** Toy experiments that a worker can find, each a function of one number or a small object. */
import { writeFileSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { type Measurement, measurement } from "../../src/experiments/measurement.js";
import { taskSteps } from "../../src/experiments/task.js";
import { smallTask } from "../experiments/small-task.js";

/** A result that arithmetic would not forgive to be rounded or reordered. */
export function curious(x: number): { x: number; values: Float64Array; odd: number[] } {
  return { x, values: Float64Array.of(Math.sqrt(x), x / 3, -0), odd: [Number.NaN, -0, 1 / (x - x)] };
}

/** Keeps its thread busy for some milliseconds. */
export function busy(milliseconds: number): number {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
  return milliseconds;
}

/** The thread that it ran in, after as many milliseconds. */
export function thread(milliseconds: number): number {
  busy(milliseconds);
  return threadId;
}

/** Counts itself in shared memory once as many others as awaited have; returns the count. */
export function meeting({ done, awaited }: { done: Int32Array; awaited: number }): number {
  while (Atomics.load(done, 0) < awaited);
  return Atomics.add(done, 0, 1) + 1;
}

/** Never ends. */
export function endless(): never {
  for (;;);
}

/** Says its point, or never ends. */
export function maybeEndless(point: string): string {
  if (point === "endless") endless();
  return point;
}

/** Leaves a file behind at each point, to show that it was there. */
export function leavingTraces(path: string): void {
  writeFileSync(path, "");
}

/** Refuses what is negative, and what is zero in another way. */
export function refusing(point: { x: number }): number {
  if (point.x < 0) throw new RangeError(`x must be >= 0, got ${point.x}`);
  if (point.x === 0) throw "zero";
  return point.x;
}

/** Ends its thread at 13. */
export function dying(x: number): number {
  if (x === 13) process.exit(7);
  return 2 * x;
}

/** Returns what cannot be sent to another thread, at 13. */
export function unsendable(x: number): number | (() => void) {
  return x === 13 ? () => {} : x;
}

/** A result whose class is lost on the way to another thread. */
export function instance(x: number): unknown {
  return new (class Secret {
    x = x;
  })();
}

/** Returns what cannot be sent to another thread: the promise of a result. */
export async function promising(x: number): Promise<number> {
  return x;
}

/** A toy after a short training. */
function inSteps<Point, Result>(toy: (point: Point) => Result): Measurement<[point: Point], Result> {
  return measurement(function* (point) {
    yield* taskSteps({ ...smallTask, epochs: 1 });
    return toy(point);
  });
}

/** The toys as measurements in steps. */
export const curiousInSteps: Measurement<[x: number], ReturnType<typeof curious>> = inSteps(curious);
export const threadInSteps: Measurement<[milliseconds: number], number> = inSteps(thread);
export const endlessInSteps: Measurement<[x: number], never> = inSteps<number, never>(endless);
export const refusingInSteps: Measurement<[point: { x: number }], number> = inSteps(refusing);
export const dyingInSteps: Measurement<[x: number], number> = inSteps(dying);
export const unsendableInSteps: Measurement<[x: number], number | (() => void)> = inSteps(unsendable);

/** The final loss of a training with that seed; one with a seed that is a multiple of 5 is followed by another. */
export const trainingInSteps: Measurement<[seed: number], number[]> = measurement(function* (seed) {
  const { training } = yield* taskSteps({ ...smallTask, epochs: 3, seed });
  const more = seed % 5 === 0 ? yield* taskSteps({ ...smallTask, epochs: 3, seed: seed + 1 }) : undefined;
  return [training, ...(more ? [more.training] : [])].map(({ history }) => history[3].train.loss);
});

/** Never seen by a sweep without `modules`, and not a function. */
export const notAFunction = 7;

/**
 * Times inference on points of two classes, interleaved in random order, as dudect does. The analysis of the times
 * (experiments/side-channel/constant-time.ts) is deterministic; the times are not.
 */
import * as z from "zod/mini";
import { randomStream, seedSchema } from "../core/random.js";
import { parse } from "../core/validate.js";
import type { OnProgress } from "../experiments/runner.js";
import type { Timings } from "../experiments/side-channel/constant-time.js";
import type { Inference } from "../experiments/side-channel/inference.js";

/** The host's clock, in milliseconds; precise to the nanosecond in Node, but too coarse in a page, which times nothing. */
declare const performance: { now(): number };

/** Points of one class, one per row. */
export type Points = readonly (readonly number[])[];

/** What to time. */
export interface TimingOptions {
  /** The program to time. */
  infer: Inference;
  /** The points of the first and the second class; the same points twice for a negative control. */
  points: readonly [Points, Points];
  /** Number of times to take. */
  measurements: number;
  /**
   * Points of one class per time taken, because the clock is too coarse for a single point; 100 by default.
   */
  batch?: number;
  /** Further points in each batch of the second class, for a positive control; 0 by default. */
  delay?: number;
  /** Seed for the order of classes and points. */
  seed: number;
  /** Called now and then with the number of times taken and the total. */
  onProgress?: OnProgress;
}

/** Times, with a checksum that proves the work was done. */
export interface MeasuredTimings extends Timings {
  /** Sum of all logits: returned so that the engine cannot optimise the work away. */
  checksum: number;
}

const pointsSchema = z
  .custom<Points>((value) => Array.isArray(value) && value.length > 0)
  .check(z.meta({ title: "a list of at least 1 point" }));

const schema = z.strictObject({
  infer: z.custom<Inference>((value) => typeof value === "function").check(z.meta({ title: "a function" })),
  points: z.array(pointsSchema).check(z.length(2)) as z.ZodMiniType as z.ZodMiniType<
    readonly [Points, Points]
  >,
  measurements: z.int().check(z.gte(1), z.lte(10_000_000)),
  batch: z._default(z.int().check(z.gte(1)), 100),
  delay: z._default(z.int().check(z.gte(0)), 0),
  seed: seedSchema,
  onProgress: z.optional(
    z.custom<OnProgress>((value) => typeof value === "function").check(z.meta({ title: "a function" })),
  ),
});

/** Extra measurements, as a share, that are made first and discarded while the engine compiles the program. */
const WARM_UP = 0.1;

/** Measurements between progress reports. */
const REPORT_EVERY = 1000;

/**
 * Takes times. For each one it draws a class and points of it, copies them to the same place in memory, and only then
 * starts the clock. Nothing else should run on the machine meanwhile.
 *
 * @throws RangeError or TypeError when an option is not as described
 */
export function timeInference(options: TimingOptions): MeasuredTimings {
  const { infer, points, measurements, batch, delay, seed, onProgress = () => {} } = parse(schema, options);
  const random = randomStream("side channel/timing", seed);
  const inputs = points[0][0].length;
  const flat = points.map((own) => Float64Array.from(own.flat()));
  const room = new Float64Array((batch + delay) * inputs);
  const classes: number[] = [];
  const nanoseconds: number[] = [];
  let checksum = 0;
  const warmUp = Math.ceil(WARM_UP * measurements);
  for (let i = -warmUp; i < measurements; i++) {
    const label = random.below(2);
    for (let k = 0; k < batch + delay; k++) {
      const from = inputs * random.below(points[label].length);
      for (let c = 0; c < inputs; c++) room[k * inputs + c] = flat[label][from + c];
    }
    const end = (label === 1 ? batch + delay : batch) * inputs;
    const start = performance.now();
    for (let at = 0; at < end; at += inputs) checksum += infer(room, at);
    const time = 1e6 * (performance.now() - start);
    if (i < 0) continue;
    classes.push(label);
    nanoseconds.push(time);
    if ((i + 1) % REPORT_EVERY === 0 || i + 1 === measurements) onProgress(i + 1, measurements);
  }
  return { classes, nanoseconds, batch, checksum };
}

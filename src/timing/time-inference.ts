/**
 * The edge to the clock: times inference on points of two classes, interleaved in random order, in the manner
 * of dudect. Only what is done with the times (experiments/side-channel/constant-time.ts) can be repeated; the times
 * cannot.
 */
import * as z from "zod/mini";
import { randomStream, seedSchema } from "../core/random.js";
import { parse } from "../core/validate.js";
import type { OnProgress } from "../experiments/runner.js";
import type { Timings } from "../experiments/side-channel/constant-time.js";
import type { Inference } from "../experiments/side-channel/inference.js";

/** The clock of every host: milliseconds, in Node to the nanosecond. A page makes it coarse, and times nothing. */
declare const performance: { now(): number };

/** Points of a class, one a row. */
export type Points = readonly (readonly number[])[];

/** What to time. */
export interface TimingOptions {
  /** What to run. */
  infer: Inference;
  /** The points of the first class and those of the second; the same ones twice for a negative control. */
  points: readonly [Points, Points];
  /** How many times to take. */
  measurements: number;
  /**
   * Points of one class that are run for one time; the clock is too coarse for a single one. 100 by default.
   */
  batch?: number;
  /** Further points in each batch of the second class, for a positive control; 0 by default. */
  delay?: number;
  /** Seed of the order of the classes and of the points. */
  seed: number;
  /** Told now and then how many times are taken, and of how many. */
  onProgress?: OnProgress;
}

/** Times, and proof of the work. */
export interface MeasuredTimings extends Timings {
  /** Sum of all logits: given back so that the engine can leave out no work as unread. */
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

/**
 * Share of the measurements that are made beforehand and thrown away, for the engine to compile the program.
 */
const WARM_UP = 0.1;

/** Measurements between two reports of progress. */
const REPORT_EVERY = 1000;

/**
 * Takes times. For each, the class is drawn, then so many points of it; these are copied to the same place in
 * memory, and only then does the clock run. Nothing else should run on the machine meanwhile.
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

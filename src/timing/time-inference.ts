/**
 * Times inference on points of two classes, interleaved in random order, as dudect does (Reparaz, Balasch and
 * Verbauwhede 2017, Dude, is my code constant time?). The analysis of the times
 * (experiments/side-channel/constant-time.ts) is deterministic; the times are not.
 */
import * as z from "zod/mini";
import { randomStream, seedSchema } from "../core/random.js";
import { hasFunctions, parse, such } from "../core/validate.js";
import type { OnProgress } from "../experiments/runner.js";
import type { Device } from "../experiments/side-channel/inference.js";
import type { Elapsed, MeasuredTimings } from "../experiments/side-channel/timings.js";
import { quantile } from "../experiments/statistics.js";

/** The host's clock, in milliseconds; precise to the nanosecond in Node, but too coarse in a page, which times nothing. */
declare const performance: { now(): number };

/** Points of one class, one per row. */
export type Points = readonly (readonly number[])[];

/** What to time. */
export interface TimingOptions {
  /** The program to time. */
  device: Device;
  /** The points of the first and the second class; the same points twice for a negative control. */
  points: readonly [Points, Points];
  /** Number of times to take. */
  measurements: number;
  /** Points of one class per time taken; 1 by default. */
  batch?: number;
  /** Further points in each batch of the second class, for a positive control; 0 by default. */
  delay?: number;
  /** Seed for the order of classes and points. */
  seed: number;
  /** Called now and then with the number of times taken and the total. */
  onProgress?: OnProgress;
}

/** Times, with a checksum that proves the work was done. */
export interface CheckedTimings extends MeasuredTimings {
  /** Sum of all logits: returned so that the engine cannot optimise the work away. */
  checksum: number;
}

const pointsSchema = such<Points>(
  "a list of at least 1 point",
  (value) => Array.isArray(value) && value.length > 0,
);

const schema = z.strictObject({
  device: such<Device>("a device", hasFunctions("infer")),
  points: z.array(pointsSchema).check(z.length(2)) as z.ZodMiniType as z.ZodMiniType<
    readonly [Points, Points]
  >,
  measurements: z.int().check(z.gte(1), z.lte(10_000_000)),
  batch: z._default(z.int().check(z.gte(1)), 1),
  delay: z._default(z.int().check(z.gte(0)), 0),
  seed: seedSchema,
  onProgress: z.optional(such<OnProgress>("a function", (value) => typeof value === "function")),
});

/** Extra measurements, as a share, that are made first and discarded while the engine compiles the program. */
const WARM_UP = 0.1;

/** Measurements between progress reports. */
const REPORT_EVERY = 10_000;

/**
 * Takes times. For each one it draws a class and points of it, copies them to the same place in memory, and only then
 * starts the clock. Nothing else should run on the machine meanwhile; how much did, is told by `lost`.
 *
 * @throws RangeError or TypeError when an option is not as described
 */
export function timeInference(options: TimingOptions): CheckedTimings {
  const { device, points, measurements, batch, delay, seed, onProgress = () => {} } = parse(schema, options);
  const random = randomStream("side channel/timing", seed);
  const { infer } = device;
  const inputs = points[0][0].length;
  const flat = points.map((own) => Float64Array.from(own.flat()));
  const room = device.room((batch + delay) * inputs);
  const classes: number[] = [];
  const nanoseconds: number[] = [];
  const turns: number[] = [];
  let checksum = 0;
  let before = performance.now();
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
    const stop = performance.now();
    if (i >= 0) {
      classes.push(label);
      nanoseconds.push(1e6 * (stop - start));
      turns.push(stop - before);
    }
    before = stop;
    if (i >= 0 && ((i + 1) % REPORT_EVERY === 0 || i + 1 === measurements)) {
      onProgress(i + 1, measurements);
      before = performance.now();
    }
  }
  return { classes, nanoseconds, batch, checksum, ...elapsedOf(turns) };
}

/** Milliseconds from which on a turn that is also ten times the usual one counts as lost: a time slice of the system's. */
const PAUSE = 0.5;

/**
 * How long the turns took, from one time to the next, and what part of it the machine did other work: a turn that is
 * long past the usual was interrupted.
 *
 * @param turns - in milliseconds, at least one
 */
export function elapsedOf(turns: readonly number[]): Elapsed {
  const usual = quantile(turns, 0.5);
  const longest = Math.max(PAUSE, 10 * usual);
  let [elapsed, lost] = [0, 0];
  for (const turn of turns) {
    elapsed += turn;
    if (turn > longest) lost += turn - usual;
  }
  return { elapsed, lost };
}

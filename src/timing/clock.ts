/** What a clock sees of many networks. It can be measured again, and comes out otherwise each time. */
import { type Measurement, measurement } from "../experiments/measurement.js";
import {
  type NetworkTimings,
  type Programs,
  type TimedEffect,
  type Timings,
  testTimings,
} from "../experiments/side-channel/constant-time.js";
import { pointsByClass } from "../experiments/side-channel/leakage.js";
import { differenceOf, leaksOf, taskWith } from "../experiments/side-channel/side-channel.js";
import type { ClockPoint, SideChannelStudies } from "../experiments/side-channel/studies.js";
import { oneEach, study } from "../experiments/study.js";
import { taskSteps } from "../experiments/task.js";
import { timePrograms, timingBatches } from "./time-programs.js";

/** Trains once and times the network, in batches and singly. */
export const measureClock: Measurement<[point: ClockPoint], NetworkTimings> = measurement(function* (point) {
  const { seed, measurements, epochs } = point;
  const { data, training } = yield* taskSteps(point, { recordEvery: Math.max(1, epochs) });
  const { network } = training;
  const points = pointsByClass(data.test);
  return {
    seed,
    difference: differenceOf(leaksOf(network, data, seed)),
    batches: timingBatches(network).map((batch) => ({
      batch,
      ...effectsOf(timePrograms(network, { points, measurements, batch, seed })),
    })),
  };
});

function effectsOf({ skipping, dense, same, delayed }: Programs<Timings>): Programs<TimedEffect> {
  const of = (timings: Timings): TimedEffect => {
    const { effect, grade } = testTimings(timings);
    return { effect, grade };
  };
  return { skipping: of(skipping), dense: of(dense), same: of(same), delayed: of(delayed) };
}

/** See {@link SideChannelStudies}; what else the machine does meanwhile, it does to the times. */
export const clock: SideChannelStudies["clock"] = study({
  title: "networks under the clock",
  seeds: 200,
  reason: "a share near 80% is known to 6 points; its bar is 75%",
  isObserved: true,
  // half as many times as of the network that is shown
  points: (parameters, seed) => [
    { ...taskWith(parameters, seed), measurements: Math.ceil(parameters.measurements / 2) },
  ],
  measure: measureClock,
  findings: oneEach,
});

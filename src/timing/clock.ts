/** Times many networks with a clock. The results differ each time they are measured. */
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

/** Trains a network and times it, in batches and on single points. */
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

/** See {@link SideChannelStudies}. Other work on the machine disturbs the times. */
export const clock: SideChannelStudies["clock"] = study({
  title: "networks under the clock",
  seeds: 200,
  reason: "a share near 80% is known to 6 points; its bar is 75%",
  isObserved: true,
  // half as many measurements as for the network shown in the notebook
  points: (parameters, seed) => [
    { ...taskWith(parameters, seed), measurements: Math.ceil(parameters.measurements / 2) },
  ],
  measure: measureClock,
  findings: oneEach,
});

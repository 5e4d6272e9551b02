/** Times many networks with a clock. The results differ each time they are measured. */
import { type Measurement, measurement } from "../experiments/measurement.js";
import {
  eachProgram,
  lostShare,
  type NetworkTest,
  type NetworkTimings,
  type TimingTest,
  testTimings,
} from "../experiments/side-channel/constant-time.js";
import { leakOf, pointsByClass } from "../experiments/side-channel/leakage.js";
import { powerReadings, taskWith } from "../experiments/side-channel/side-channel.js";
import { type ClockPoint, type SideChannelStudies, WIDE } from "../experiments/side-channel/studies.js";
import type { MeanInterval } from "../experiments/statistics.js";
import { byVariation, study } from "../experiments/study.js";
import { taskSteps } from "../experiments/task.js";
import { timePrograms, timetable } from "./time-programs.js";

/** Trains a network and times it, on single points and in batches. */
export const measureClock: Measurement<[point: ClockPoint], NetworkTimings> = measurement(function* (point) {
  const { seed, measurements, epochs } = point;
  const { data, training } = yield* taskSteps(point, { recordEvery: Math.max(1, epochs) });
  const { network } = training;
  const { means, guess } = leakOf(powerReadings(network, data).count);
  const points = pointsByClass(data.test);
  const times = timetable(network, measurements).map((rows) =>
    timePrograms(network, { points, seed, ...rows }),
  );
  return {
    seed,
    difference: means[1] - means[0],
    countGuess: guess,
    lost: brief(lostShare(times.flatMap((programs) => Object.values(programs)))),
    batches: times.map((programs) => ({
      batch: programs.same.batch,
      ...eachProgram(programs, (own) => kept(testTimings(own))),
    })),
  };
});

function kept({ effect, grade, spread, guess, guessOfMany }: TimingTest): NetworkTest {
  const { n, mean, sd, low, high, points } = effect;
  const interval: MeanInterval = { n, mean: brief(mean), sd: brief(sd), low: brief(low), high: brief(high) };
  return {
    effect: points ? { ...interval, points: points.map(brief) } : interval,
    grade,
    spread: spread.grade,
    guess: brief(guess.mean),
    guessOfMany: brief(guessOfMany.mean),
  };
}

/** No clock tells more than a picosecond, and no guess more than a ten-thousandth. */
function brief(value: number): number {
  return Math.round(1e4 * value) / 1e4;
}

/** See {@link SideChannelStudies}. Other work on the machine disturbs the times. */
export const clock: SideChannelStudies["clock"] = study({
  title: "networks under the clock",
  seeds: 60,
  reason:
    "a share near three in four is known to 11 points; its bar is a half, and 77% were seen in other seeds",
  // a line needs 20 networks: fewer only show what is measured
  share: 1 / 4,
  isObserved: true,
  // half as many measurements as for the network shown in the notebook; of large networks, which take longer, a quarter
  points: (parameters, seed) => {
    const task = { ...taskWith(parameters, seed), measurements: Math.ceil(parameters.measurements / 2) };
    return [task, { ...task, ...WIDE(parameters), measurements: Math.ceil(parameters.measurements / 4) }];
  },
  measure: measureClock,
  findings: (rows, { hiddenLayers }) => byVariation([hiddenLayers.join(", "), "64, 64"], rows),
});

/** Times the programs of notebook 06 and their controls. */
import type { Network } from "../core/network/network.js";
import { compiledDevice } from "../experiments/side-channel/compiled-inference.js";
import { eachProgram, type Programs } from "../experiments/side-channel/constant-time.js";
import { scriptDevice } from "../experiments/side-channel/inference.js";
import { denseWork } from "../experiments/side-channel/leakage.js";
import { type CheckedTimings, type TimingOptions, timeInference } from "./time-inference.js";

/** What to time of a network. */
export interface ProgramOptions extends Omit<TimingOptions, "device" | "delay"> {
  batch: number;
}

/**
 * Times each program, one after the other.
 *
 * @throws RangeError or TypeError when an option is not as described, or the network has layers other than dense and ReLU
 */
export function timePrograms(network: Network, options: ProgramOptions): Programs<CheckedTimings> {
  const { points, batch, measurements, onProgress = () => {} } = options;
  const compiledSkipping = { device: compiledDevice(network, true) };
  const same = { ...compiledSkipping, points: [points[0], points[0]] as const };
  const programs: Programs<Pick<TimingOptions, "device"> & Partial<TimingOptions>> = {
    scriptDense: { device: scriptDevice(network, false) },
    scriptSkipping: { device: scriptDevice(network, true) },
    compiledDense: { device: compiledDevice(network, false) },
    compiledSkipping,
    same,
    delayed: { ...same, delay: Math.max(1, Math.round(batch / 10)) },
  };
  const names = Object.keys(programs);
  return eachProgram(programs, (program, name) =>
    timeInference({
      ...options,
      ...program,
      onProgress: (done) =>
        onProgress(measurements * names.indexOf(name) + done, measurements * names.length),
    }),
  );
}

/** How often, and how many inferences at once. */
export interface Timetable {
  batch: number;
  measurements: number;
}

/**
 * Singly, as an attacker would have the inferences; and, of small networks, a tenth as many times of batches that
 * take some microseconds, beside which the clock's own time and ticks are little.
 */
export function timetable(network: Network, measurements: number): Timetable[] {
  const batch = Math.max(1, Math.round(3000 / denseWork(network)));
  const singly = { batch: 1, measurements };
  return batch === 1 ? [singly] : [singly, { batch, measurements: Math.ceil(measurements / 10) }];
}

/** The programs that notebook 06 times, and their controls. */
import type { Network } from "../core/network/network.js";
import type { Programs } from "../experiments/side-channel/constant-time.js";
import { denseInference, skippingInference } from "../experiments/side-channel/inference.js";
import { denseWork } from "../experiments/side-channel/leakage.js";
import { type MeasuredTimings, type TimingOptions, timeInference } from "./time-inference.js";

/**
 * Takes times of each program, one after the other.
 *
 * @throws RangeError or TypeError when an option is not as described, or the network not plain ReLUs
 */
export function timePrograms(
  network: Network,
  options: Omit<TimingOptions, "infer" | "delay" | "batch"> & { batch: number },
): Programs<MeasuredTimings> {
  const { points, batch, measurements, onProgress = () => {} } = options;
  const [skip, dense] = [skippingInference(network), denseInference(network)];
  const twice = [points[0], points[0]] as const;
  const delay = Math.max(1, Math.round(batch / 10));
  const programs = [
    { infer: skip },
    { infer: dense },
    { infer: skip, points: twice },
    { infer: skip, points: twice, delay },
  ];
  const [skipping, plain, same, delayed] = programs.map((program, i) =>
    timeInference({
      ...options,
      ...program,
      onProgress: (done) => onProgress(measurements * i + done, measurements * programs.length),
    }),
  );
  return { skipping, dense: plain, same, delayed };
}

/**
 * Points to run for one time: as many as take some microseconds, for the clock, which ticks in nanoseconds and takes dozens to
 * read, so fewer of a larger network; and one, as an attacker would have it.
 */
export function timingBatches(network: Network): number[] {
  return [...new Set([Math.max(1, Math.round(3000 / denseWork(network))), 1])];
}

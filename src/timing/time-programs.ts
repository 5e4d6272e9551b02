/** Times the programs of notebook 06 and their controls. */
import type { Network } from "../core/network/network.js";
import type { Programs } from "../experiments/side-channel/constant-time.js";
import { denseInference, skippingInference } from "../experiments/side-channel/inference.js";
import { denseWork } from "../experiments/side-channel/leakage.js";
import { type MeasuredTimings, type TimingOptions, timeInference } from "./time-inference.js";

/**
 * Times each program, one after the other.
 *
 * @throws RangeError or TypeError when an option is not as described, or the network has layers other than dense and ReLU
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
 * Points per time taken: as many as take some microseconds, because reading the clock takes dozens of nanoseconds, so
 * fewer for a larger network; and one, as an attacker would prefer.
 */
export function timingBatches(network: Network): number[] {
  return [...new Set([Math.max(1, Math.round(3000 / denseWork(network))), 1])];
}

/** The programs that notebook 06 times, and their controls. */

import type { Network } from "../core/network/network.js";
import { denseInference, skippingInference } from "../experiments/side-channel/inference.js";
import { type MeasuredTimings, type TimingOptions, timeInference } from "./time-inference.js";

/** Times of two programs that run the same network, and of two controls. */
export interface ProgramTimings {
  /** Silent neurons are skipped; class 0 against class 1. */
  skipping: MeasuredTimings;
  /** Nothing is skipped. */
  dense: MeasuredTimings;
  /** Negative control: class 0 twice, skipping. */
  same: MeasuredTimings;
  /** Positive control: class 0 twice, skipping, the second with a tenth more points in each batch, or one. */
  delayed: MeasuredTimings;
}

/**
 * Takes times of each program, one after the other.
 *
 * @throws RangeError or TypeError when an option is not as described, or the network not plain ReLUs
 */
export function timePrograms(
  network: Network,
  options: Omit<TimingOptions, "infer" | "delay" | "batch"> & { batch: number },
): ProgramTimings {
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

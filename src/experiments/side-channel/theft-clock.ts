/** What a clock would have to be read for a theft: its noise in neurons, from times that were recorded. */
import { correlation, type MeanInterval, quantile } from "../statistics.js";
import type { Variation } from "../study.js";
import type { NetworkTimings } from "./constant-time.js";
import type { TheftResult } from "./theft.js";

/** A clock as a reader of the count. */
export interface ClockNoise {
  /** Nanoseconds that a neuron takes: the slope of the difference of the times over that of the counts, over networks. */
  perNeuron: number;
  /** Standard deviation of one time in nanoseconds, median over networks; without the slowest and the fastest times, which the effects leave out. */
  spread: number;
}

/**
 * The noise of a clock.
 *
 * @param networks - the difference of the classes' counts, and of their times with its interval over blocks
 * @param times - of each class in a block
 */
export function clockNoise(
  networks: readonly { difference: number; effect: MeanInterval }[],
  times: number,
): ClockNoise {
  const counts = networks.map(({ difference }) => difference);
  const effects = networks.map(({ effect }) => effect.mean);
  // of a block's difference of two means
  const spreads = networks.map(({ effect }) => effect.sd * Math.sqrt(times / 2));
  return {
    perNeuron: (correlation(counts, effects) * deviation(effects)) / deviation(counts),
    spread: quantile(spreads, 0.5),
  };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length);
}

/** A number as a formula, to one digit: 4 × 10^5. */
function powerText(value: number): string {
  const [digit, power] = value.toExponential(0).split("e+");
  return `$${digit} \\times 10^{${power}}$`;
}

/**
 * What a theft through the clock would take if the clock saw nothing but the count, by the readings that it takes through noise: they
 * grow with its square.
 *
 * @param measurements - times taken of each network
 */
export function clockTheftText(
  [own]: readonly Variation<NetworkTimings>[],
  thefts: readonly TheftResult[],
  measurements: number,
): string {
  const networks = own.results.map(({ difference, batches }) => ({
    difference,
    effect: batches[0].compiledSkipping.effect,
  }));
  if (networks.length < 2 || thefts.length === 0) return "";
  const blocks = networks[0].effect.n;
  const { perNeuron, spread } = clockNoise(networks, measurements / (2 * blocks));
  if (!(perNeuron > 0))
    return "In these times, more neurons do not take longer: a thief cannot count by this clock.";
  const noise = spread / perNeuron;
  const readings = quantile(
    thefts.map(({ noise4 }) => noise4.readings),
    0.5,
  );
  return (
    `**Through the clock**, by the times recorded above, a neuron takes ${perNeuron.toPrecision(2)} ns, and one time scatters by ` +
    `${spread.toPrecision(2)} ns, as noise of ${noise.toPrecision(2)} neurons would. If the clock saw nothing but the count, the thief would need some ` +
    `${powerText((readings * noise * noise) / 16)} readings (noise of 4 neurons: ${readings.toFixed(0)}; they grow with its square). It may see other things, too; the theft itself was not tried.`
  );
}

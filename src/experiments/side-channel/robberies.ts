/** One network stolen through a channel, and through all of them. */
import { denseLayers, type Network } from "../../core/network/network.js";
import { CHANNELS, type Channel, countReader, told } from "./channels.js";
import type { Line } from "./line.js";
import { crosses, errorsOf, isExact, trueLines } from "./line-errors.js";
import { type Loot, steal } from "./thief.js";
import { defencesOf } from "./thief-defences.js";

/** Steals a network through a channel; `until` are the readings until each line. */
export function rob(
  network: Network,
  { box, width, reader }: Channel,
  seed: number,
): { loot: Loot; readings: number; until: number[] } {
  let readings = 0;
  const until: number[] = [];
  const read = reader(network, seed, () => readings++);
  const thief = steal({ box, seed, read, ...(width !== undefined && { width }) });
  for (let step = thief.next(); ; step = thief.next()) {
    if (step.done) return { loot: step.value, readings, until };
    if (step.value.line) until.push(readings);
  }
}

/** A theft as it went on. */
export interface Robbery {
  /** What the thief saw. */
  name: string;
  /** Lines that pass through where the thief looked. */
  lines: number;
  /** Lines that are a neuron's, each with the readings until it was found, in that order. */
  found: (Line & { readings: number })[];
  /** Readings until the thief stopped. */
  readings: number;
}

/** One network stolen in several ways. */
export interface Robberies {
  /** Its lines; see {@link trueLines}. */
  lines: Line[];
  /** Through each channel, the count first, and from a device that pads. */
  ways: Robbery[];
}

/**
 * Steals one network in several ways.
 *
 * @throws RangeError when it is not one hidden layer of plain ReLUs
 */
export function robberies(network: Network, seed: number): Robberies {
  const kinds = network.layers.map(({ kind }) => kind).join(", ");
  if (kinds !== "dense, relu, dense") {
    throw new RangeError(
      `network must have one hidden layer of plain ReLUs to be stolen (dense, relu, dense), got ${kinds}`,
    );
  }
  const half = defencesOf([denseLayers(network)[0].parameters.weights.columns])[0];
  const padded: Channel = {
    ...CHANNELS.count,
    name: half.name,
    reader: (own, _, onReading) => told(countReader(own, half.atLeast), onReading),
  };
  const lines = trueLines(network);
  const ways = [...Object.values(CHANNELS), padded].map((channel): Robbery => {
    const crossing = lines.filter((line) => crosses(line, channel.box));
    const { loot, readings, until } = rob(network, channel, seed);
    const errors = errorsOf(loot.lines, crossing);
    const found = loot.lines.map((line, i) => ({ ...line, readings: until[i] }));
    return {
      name: channel.name,
      lines: crossing.length,
      found: found.filter((_, i) => isExact(errors[i])),
      readings,
    };
  });
  return { lines, ways };
}

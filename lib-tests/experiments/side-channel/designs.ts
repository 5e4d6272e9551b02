import type { DesignResult } from "../../../src/experiments/side-channel/designs.js";
import type {
  DeviceTradeoff,
  FrontierFindings,
  Tradeoff,
} from "../../../src/experiments/side-channel/frontier.js";
import type { AttackResult } from "../../../src/experiments/side-channel/side-channel.js";

/** 30 seeds that scatter around a place by so little. */
const placesOf = (saved: number, bits: number, accuracy: number): DesignResult[] =>
  Array.from({ length: 30 }, (_, i) => {
    const factor = 1 + 1e-3 * ((i % 3) - 1);
    return {
      saved: saved * factor,
      bits: bits * factor,
      hammingBits: bits * factor,
      slotBits: Math.min(1, 2 * bits * factor),
      accuracy: accuracy * factor,
    };
  });

/** A design at a place; compared with a ReLU that saves 0.2 at 0.4 bits. */
export function designOf(name: string, saved: number, bits: number, accuracy = 0.98): Tradeoff {
  const others = placesOf(0.2, 0.4, 0.98);
  return { name, family: name, baseline: "ReLU", places: placesOf(saved, bits, accuracy), others };
}

/** A device that does dummy work, and leaks so much once averaged. */
export function dummiesOf(averagedBits: number): DeviceTradeoff {
  const places = placesOf(0.1, 0.1, 1).map(({ saved, bits }) => ({ most: 1, saved, bits, averagedBits }));
  return { name: "0 to 10 dummies", family: "dummy work", places };
}

/** Designs beside ReLU, and a device. */
export function frontierOf(...designs: Tradeoff[]): FrontierFindings {
  return { designs: [designOf("ReLU", 0.2, 0.4), ...designs], devices: [dummiesOf(0.39)] };
}

/** A network that leaks, and one attack on it. */
export const leakingNetwork: AttackResult = {
  seed: 1,
  accuracy: 0.98,
  saved: 0.2,
  means: [5, 4],
  bits: 0.4,
  sds: [1, 1],
  t: -20,
  guess: 0.78,
  hammingBits: 0.3,
  votesForClass1: 5,
  agreeing: 1,
  traced: { t: -12, spreadT: 1 },
  sequential: { right: 40, wrong: 0, undecided: 0, traces: 10 },
};

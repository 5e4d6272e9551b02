import type { Tradeoff } from "../../../src/experiments/side-channel/frontier.js";
import type { AttackResult } from "../../../src/experiments/side-channel/side-channel.js";
import { meanInterval } from "../../../src/experiments/statistics.js";

/** A design at a place that 30 seeds scatter around by so little; compared with a ReLU that saves 0.2 at 0.4 bits. */
export function designOf(name: string, saved: number, bits: number, accuracy = 0.98): Tradeoff {
  const around = (value: number) => Array.from({ length: 30 }, (_, i) => value * (1 + 1e-3 * ((i % 3) - 1)));
  const places = around(saved).map((_, i) => ({
    saved: around(saved)[i],
    bits: around(bits)[i],
    accuracy: around(accuracy)[i],
  }));
  const over = (values: number[], shift = 0) => meanInterval(values.map((value) => value - shift));
  return {
    name,
    family: name,
    baseline: "ReLU",
    places,
    saved: over(around(saved)),
    bits: over(around(bits)),
    savedMore: over(around(saved), 0.2),
    bitsMore: over(around(bits), 0.4),
    hammingBits: over(around(bits)),
    accuracy: over(around(accuracy)),
    accuracyMore: over(around(accuracy), 0.98),
  };
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
  auc: 0.3,
  guess: 0.78,
  hammingBits: 0.3,
  centredBits: 0.1,
  votesForClass1: 5,
  agreeing: 1,
  traced: { t: -12, spreadT: 1 },
  sequential: { right: 40, wrong: 0, undecided: 0, traces: 10 },
};

/** What one design of the network saves and leaks, to whoever counts, weighs or sees which neurons fire. */
import { type Measurement, measurement } from "../measurement.js";
import type { TaskParameters } from "../task.js";
import {
  centredBits,
  DUMMIES,
  type DummyWork,
  dummyWork,
  type Padding,
  paddings,
  slotBits,
} from "./devices.js";
import { hammingBits, type LeakResult, leakResult, trainedSteps } from "./side-channel.js";

/** A design to train. */
export interface DesignPoint extends TaskParameters {
  /** Whether it also runs on devices that hide. */
  onDevices?: boolean;
}

/** What a design saves and leaks with one seed, and its accuracy. */
export interface DesignResult extends Pick<LeakResult, "accuracy" | "saved" | "bits"> {
  /** Least number of bits that the Hamming weight of the outputs leaks. */
  hammingBits: number;
  /** Bits that it tells to whoever sees which neurons fire. */
  slotBits: number;
  /** On devices that hide. */
  devices?: {
    paddings: Padding[];
    dummies: DummyWork[];
    /** Bits of the count if each point's preactivations were centred first. */
    centredBits: number;
  };
}

/** Trains a design once and measures. */
export const measureDesign: Measurement<[point: DesignPoint], DesignResult> = measurement(function* ({
  onDevices = false,
  ...parameters
}) {
  const { seed } = parameters;
  const working = yield* trainedSteps(parameters);
  const { network, test, pass, activity } = working;
  const { accuracy, saved, bits } = leakResult(working, seed);
  return shortened({
    accuracy,
    saved,
    bits,
    hammingBits: hammingBits(working),
    slotBits: slotBits(network, pass, test),
    ...(onDevices && {
      devices: {
        paddings: paddings(network, activity, test),
        dummies: DUMMIES.map((most) => dummyWork(network, activity, test, { most, seed })),
        centredBits: centredBits(network, pass, test),
      },
    }),
  });
});

/** All numbers to five decimals: finer than any interval over seeds, and the evidence stays small. */
function shortened<Value>(value: Value): Value {
  if (typeof value === "number") return (Math.round(1e5 * value) / 1e5) as Value;
  if (Array.isArray(value)) return value.map(shortened) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, shortened(own)])) as Value;
}

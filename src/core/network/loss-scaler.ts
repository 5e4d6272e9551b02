/**
 * Loss scaling: a factor on the loss that keeps small gradients above the underflow of a narrow format
 * (Micikevicius et al. 2018, Mixed precision training, section 3.2).
 */
import type { LossScale } from "../arithmetic/precision.js";

/** The state of loss scaling. */
export interface LossScaler {
  /** The factor for the next step. */
  readonly scale: number;
  /**
   * Records whether a step's gradient is finite, and returns whether to use it.
   *
   * @param areFinite - whether every derivative was a finite number
   */
  accepts(areFinite: boolean): boolean;
}

/** Initial dynamic scale: times a delta of at most 1 it is finite in binary16. */
const START = 32_768;

/** Good steps in a row after which a dynamic scale is doubled. */
const PATIENCE = 200;

/** Makes a new state. A constant scale accepts every step. */
export function newLossScaler(choice: LossScale): LossScaler {
  if (choice !== "dynamic") return { scale: choice, accepts: () => true };
  let scale = START;
  let goodSteps = 0;
  return {
    get scale() {
      return scale;
    },
    accepts(areFinite) {
      goodSteps = areFinite ? goodSteps + 1 : 0;
      if (!areFinite) scale /= 2;
      else if (goodSteps % PATIENCE === 0) scale *= 2;
      return areFinite;
    },
  };
}

/** Notebook 03: how its sweeps are cut, to keep it short. What takes more trainings a seed goes over fewer seeds. */
import type { PoisoningParameters } from "./poisoning.js";

/** The parameters of each sweep that is cut. */
export interface PoisoningPlan {
  /** Rates, and what makes it worse. */
  few: PoisoningParameters;
  /** Depths; a fifth of the epochs. */
  deep: PoisoningParameters;
  /** Sizes; at most 500 test points, and compared at twice the loss, where they are sooner. */
  larger: PoisoningParameters;
  /** Defences. */
  guarded: PoisoningParameters;
}

/** Cuts the sweeps. */
export function poisoningPlan(parameters: PoisoningParameters): PoisoningPlan {
  const { epochs, sweepSeeds, targetLoss, testPoints } = parameters;
  const few = { ...parameters, sweepSeeds: Math.max(2, Math.round(sweepSeeds / 4)) };
  const guarded = { ...parameters, sweepSeeds: Math.max(2, Math.round(sweepSeeds / 3)) };
  return {
    few,
    deep: { ...guarded, epochs: Math.ceil(epochs / 5) },
    larger: { ...few, targetLoss: 2 * targetLoss, testPoints: Math.min(500, testPoints) },
    guarded,
  };
}

/**
 * Hamiltonian Monte Carlo (Neal 2011, MCMC using Hamiltonian dynamics): draws from any density that is known up to a
 * factor, with its gradient. A ball with a random momentum rolls over the landscape of -log density for a while, and the step
 * of Metropolis at the end makes up for the error of its path. So the draws come from the density itself even where its
 * gradient jumps, as with ReLUs: there more of the ends are rejected.
 */
import { exp, log } from "../../../core/elementary.js";
import type { RandomStream } from "../../../core/random.js";

/** A density up to a factor. */
export interface Density {
  /** Its logarithm. */
  logDensity(place: Float64Array): number;
  /** The derivatives of the logarithm. */
  gradient(place: Float64Array): Float64Array;
}

/** What {@link hamiltonianMonteCarlo} is given. */
export interface ChainOptions extends Density {
  /** Where the chain starts. */
  start: Float64Array;
  /** Draws that only find the step size, and are thrown away: a whole number >= 1. */
  warmUp: number;
  /** Draws that are kept: a whole number >= 1. */
  draws: number;
  /** Mean length of a path: time for a ball of mass 1. Each path is between half and one and a half times as long. */
  pathLength: number;
  random: RandomStream;
}

/** A chain of draws. */
export interface Chain {
  draws: Float64Array[];
  /** Mean probability with which the kept paths were accepted. */
  acceptance: number;
  /** Kept paths whose energy went wrong by more than {@link DIVERGENT}. */
  divergences: number;
}

/** Error of the energy beyond which a path counts as divergent, as in Stan. */
const DIVERGENT = 1000;

/** The acceptance that the warm-up aims at, as in Stan. */
const TARGET = 0.8;

/** Most steps in a path. */
const MOST_STEPS = 1000;

/** Where a ball is, and how fast. */
export interface Ball {
  place: Float64Array;
  momentum: Float64Array;
}

/**
 * The leapfrog method (Neal 2011, section 2.3): half a step of the momentum, then steps of place and momentum in turn, then
 * the other half. Run backwards, with the momentum reversed, it returns; the error of the energy is of the order of the step squared.
 */
export function leapfrog(
  gradient: Density["gradient"],
  { place, momentum }: Ball,
  stepSize: number,
  steps: number,
): Ball {
  const at = place.slice();
  const speed = momentum.slice();
  const push = (size: number): void => {
    const slope = gradient(at);
    for (let k = 0; k < speed.length; k++) speed[k] += size * slope[k];
  };
  push(stepSize / 2);
  for (let step = 1; step <= steps; step++) {
    for (let k = 0; k < at.length; k++) at[k] += stepSize * speed[k];
    push(step < steps ? stepSize : stepSize / 2);
  }
  return { place: at, momentum: speed };
}

/**
 * Draws one chain.
 *
 * @throws RangeError when an option is not as described, or the density at the start is not a finite number > 0
 */
export function hamiltonianMonteCarlo(options: ChainOptions): Chain {
  const { logDensity, gradient, start, warmUp, draws, pathLength, random } = options;
  for (const [name, value] of Object.entries({ warmUp, draws })) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new RangeError(`${name} must be a whole number >= 1, got ${value}`);
    }
  }
  if (!(pathLength > 0 && pathLength < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`pathLength must be a finite number > 0, got ${pathLength}`);
  }
  let place: Float64Array = start.slice();
  let height = logDensity(place);
  if (!Number.isFinite(height)) {
    throw new RangeError(`start must be a place with a finite log density, got one with ${height}`);
  }
  const kept: Chain["draws"] = [];
  let [accepted, divergences] = [0, 0];

  const roll = (stepSize: number, steps: number): { ball: Ball; height: number; gain: number } => {
    const momentum = Float64Array.from(place, () => random.normal());
    const ball = leapfrog(gradient, { place, momentum }, stepSize, steps);
    const end = logDensity(ball.place);
    // minus the error of the energy; a path that leaves the numbers has lost it
    const gain = end - height + (energyOf(momentum) - energyOf(ball.momentum));
    return { ball, height: end, gain: Number.isNaN(gain) ? Number.NEGATIVE_INFINITY : gain };
  };

  const tuner = dualAveraging(firstStepSize((size) => roll(size, 1).gain));
  for (let draw = -warmUp; draw < draws; draw++) {
    const stepSize = draw < 0 ? tuner.stepSize : tuner.averaged;
    const length = pathLength * (0.5 + random.uniform());
    const steps = Math.min(MOST_STEPS, Math.max(1, Math.round(length / stepSize)));
    const path = roll(stepSize, steps);
    const probability = Math.min(1, exp(path.gain));
    if (random.uniform() < probability) [place, height] = [path.ball.place, path.height];
    if (draw < 0) tuner.learn(probability);
    else {
      kept.push(place);
      accepted += probability;
      if (path.gain < -DIVERGENT) divergences++;
    }
  }
  return { draws: kept, acceptance: accepted / draws, divergences };
}

function energyOf(momentum: Float64Array): number {
  return momentum.reduce((sum, value) => sum + value * value, 0) / 2;
}

/** Doubles or halves the step until a single one is accepted about every other time (Hoffman and Gelman 2014, algorithm 4). */
function firstStepSize(gainOf: (stepSize: number) => number): number {
  const isAccepted = (size: number): boolean => gainOf(size) > -Math.LN2;
  let size = 1;
  const isGrowing = isAccepted(size);
  for (let turn = 0; turn < 60 && isAccepted(size) === isGrowing; turn++) size *= isGrowing ? 2 : 0.5;
  return size;
}

/** A step size that learns. */
interface Tuner {
  /** The size for the next path of the warm-up. */
  readonly stepSize: number;
  /** The average, for afterwards. */
  readonly averaged: number;
  /** Learns from the probability with which a path was accepted. */
  learn(probability: number): void;
}

/** Nesterov's dual averaging (Hoffman and Gelman 2014, The No-U-Turn sampler, section 3.2), with their constants. */
function dualAveraging(first: number): Tuner {
  const [gamma, early, kappa] = [0.05, 10, 0.75];
  const centre = log(10 * first);
  let [t, missed, logSize, logAverage] = [0, 0, log(first), 0];
  return {
    get stepSize() {
      return exp(logSize);
    },
    get averaged() {
      return exp(logAverage);
    },
    learn(probability) {
      t++;
      missed += (TARGET - probability - missed) / (t + early);
      logSize = centre - (Math.sqrt(t) / gamma) * missed;
      const weight = exp(-kappa * log(t));
      logAverage += weight * (logSize - logAverage);
    },
  };
}

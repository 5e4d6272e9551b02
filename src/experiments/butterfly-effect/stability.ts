/** Does a training stretch small distances? Its finite-time Lyapunov exponent, the fate of its twin, the sharpness at its end. */
import { evaluate } from "../../core/network/evaluate.js";
import { sharpness } from "../../core/network/hessian.js";
import { type RandomStream, randomStream } from "../../core/random.js";
import { drawTask, trainOptionsOf } from "../task.js";
import { type ButterflyParameters, PARTED } from "./butterfly-effect.js";
import { type Lockstep, lockstep } from "./lockstep.js";
import { type LyapunovExponent, lyapunovExponent } from "./lyapunov.js";
import { distance, nudged } from "./nudge.js";

/** Distance of reference and shadow when it is put back: far above what rounding makes. */
const SEPARATION = 1e-9;

/** Distance up to which the shadow moves linearly; if it was ever farther away there is no exponent. */
export const LINEAR_TO = 1e-5;

/** The e-foldings after which the shadow is put back: 8 more are still linear. */
const LEASH = 1;

/** The stability of one training. */
export interface StabilityResult {
  /**
   * Finite-time Lyapunov exponent over the whole training, in e-foldings per epoch. NaN if it broke or if the shadow
   * was ever farther away than {@link LINEAR_TO}.
   */
  exponent: number;
  /** Whether the nudged twin ended at least {@link PARTED} away. */
  isParted: boolean;
  /** Of the training, on the test points. */
  testAccuracy: number;
  /**
   * Largest eigenvalue of the Hessian of the mean loss over all training points at the end, times η/2: above 1 a step of a
   * full batch overshoots and grows. NaN if a number is not finite, or the search for the eigenvalue did not converge.
   */
  sharpness: number;
}

/** The training itself, its nudged twin, and a shadow that is put back again and again. */
const [ITSELF, SHADOW, TWIN] = [0, 1, 2];

/** The exponent of one training, the fate of its nudged twin, and the sharpness at its end. */
export function measureStability(parameters: ButterflyParameters): StabilityResult {
  const { learningRate, epochs, seed } = parameters;
  const { data, initial } = drawTask(parameters);
  const { train, test } = data;
  const run = lockstep(trainOptionsOf(parameters, { data: { train }, initial }), [
    initial,
    initial,
    nudged(initial, parameters).network,
  ]);
  const { exponent, farthest } = exponentOf(run, epochs, randomStream("first separation", seed));
  const network = run.network(ITSELF);
  const { value, converged } = sharpness({ network, data: train });
  return {
    exponent: farthest <= LINEAR_TO ? exponent : Number.NaN,
    isParted: distance(run.parameters(ITSELF), run.parameters(TWIN)) >= PARTED,
    testAccuracy: evaluate(network, test).accuracy,
    sharpness: converged ? (learningRate / 2) * value : Number.NaN,
  };
}

/** Takes a lockstep to its end and follows the shadow, in e-foldings per epoch. */
export function exponentOf(run: Lockstep, epochs: number, random: RandomStream): LyapunovExponent {
  const start = run.parameters(ITSELF);
  const steps = epochs * run.batches;
  if (steps === 0) return { exponent: Number.NaN, farthest: SEPARATION };
  let walked = 0;
  let twin = run.parameters(TWIN);
  const { exponent, farthest } = lyapunovExponent({
    start,
    direction: start.map(() => random.normal()),
    separation: SEPARATION,
    steps,
    leash: LEASH,
    limit: LINEAR_TO,
    stretch: run.batches,
    period: run.batches,
    advance: (reference, shadow, { from, to, isReferenceMoved, isShadowMoved }) => {
      if (isReferenceMoved) {
        run.goBack(walked - from);
        run.move(ITSELF, reference);
        run.move(TWIN, twin);
      } else {
        twin = run.parameters(TWIN);
      }
      if (isShadowMoved) run.move(SHADOW, shadow);
      run.walk(to - from);
      walked = to;
      return [run.parameters(ITSELF), run.parameters(SHADOW)];
    },
  });
  // a training that broke was not followed to its end
  run.walk(steps - walked);
  return { exponent: exponent * run.batches, farthest };
}

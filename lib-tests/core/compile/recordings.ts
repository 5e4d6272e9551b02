/** A step of training, recorded by hand for the tests of machines. */
import type { Matrix } from "ml-matrix";
import type { Arithmetic, Round } from "../../../src/core/arithmetic/arithmetic.js";
import type { RoundingPhase } from "../../../src/core/arithmetic/counters.js";
import { newRecorder } from "../../../src/core/compile/recorder.js";
import type { Recording } from "../../../src/core/compile/recording.js";

/** The same for each phase. */
export function forAllPhases<T>(one: T): Record<RoundingPhase, T> {
  return { forward: one, loss: one, backward: one, update: one, evaluation: one };
}

/** 1 / (1 + e^-z), without overflow. */
export function sigmoid({ abs, negate, exp, add, divide, select, greater }: Arithmetic, z: Matrix): Matrix {
  const e = exp(negate(abs(z)));
  return divide(select(greater(0, z), e, 1), add(1, e));
}

/**
 * Dense layers with ReLU, a sigmoid at the end, cross-entropy: inputs `x`, `y`, `w0`, `b0`, …; sections `gradient`,
 * which names `gw0`, … and the probability `p`, and `update`.
 *
 * @param sizes - numbers of inputs, of hidden neurons layer by layer, and 1
 * @param batch - points in a batch
 */
export function trainingStep(sizes: readonly number[], batch: number, convert: Round, rate = 0.1): Recording {
  const recorder = newRecorder(() => convert);
  const [forward, loss, backward, update] = (["forward", "loss", "backward", "update"] as const).map(
    recorder.arithmetic,
  );
  const x = recorder.input("x", batch, sizes[0]);
  const y = recorder.input("y", batch, 1);
  const layers = sizes.slice(1).map((outputs, l) => ({
    w: recorder.input(`w${l}`, sizes[l], outputs),
    b: recorder.input(`b${l}`, 1, outputs),
  }));
  recorder.section("gradient");
  const activations = [x];
  layers.forEach(({ w, b }, l) => {
    const z = forward.add(forward.product(activations[l], w), b);
    activations.push(l === layers.length - 1 ? sigmoid(forward, z) : forward.maximum(z, 0));
  });
  const p = activations[layers.length];
  recorder.output("p", p);
  let delta = loss.subtract(p, y);
  if (batch > 1) delta = loss.divide(delta, loss.convert(batch));
  const gradients: { w: Matrix; b: Matrix }[] = [];
  for (let l = layers.length - 1; l >= 0; l--) {
    gradients[l] = {
      w: backward.product(backward.transpose(activations[l]), delta),
      b: backward.sumRows(delta),
    };
    recorder.output(`gw${l}`, gradients[l].w);
    recorder.output(`gb${l}`, gradients[l].b);
    if (l > 0) {
      const pulled = backward.product(delta, backward.transpose(layers[l].w));
      delta = backward.multiply(pulled, backward.greater(activations[l], 0));
    }
  }
  recorder.section("update");
  const eta = update.convert(rate);
  layers.forEach((layer, l) => {
    for (const name of ["w", "b"] as const) {
      recorder.carry(`${name}${l}`, update.subtract(layer[name], update.multiply(eta, gradients[l][name])));
    }
  });
  return recorder.recording();
}

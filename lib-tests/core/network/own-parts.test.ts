/** Layers, penalties and rules of a reader's own: right ones train to the same bits by either path, wrong ones are refused. */
import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import type { Arithmetic } from "../../../src/core/arithmetic/arithmetic.js";
import type { PrecisionChoice } from "../../../src/core/arithmetic/precision.js";
import { moonsSplit } from "../../../src/core/moons.js";
import { relu, sigmoid } from "../../../src/core/network/activations.js";
import { dense } from "../../../src/core/network/dense.js";
import { gradientCheck } from "../../../src/core/network/gradient-check.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import type { Layer, LayerNumbers, Matrices, Mode } from "../../../src/core/network/layer.js";
import { balancePenalty, type Penalty } from "../../../src/core/network/penalties.js";
import { gradientDescent, type StepRule } from "../../../src/core/network/step.js";
import { train } from "../../../src/core/network/train.js";
import type { TrainOptions } from "../../../src/core/network/train-options.js";
import { fingerprint } from "./fingerprint.js";

const { train: data, test } = moonsSplit({ trainPoints: 21, testPoints: 10, noise: 0.15, seed: 1 });
const plain = createNetwork({ hiddenLayers: [4], seed: 1 });
const [first, activation, last] = plain.layers;
const options: TrainOptions = {
  network: plain,
  train: data,
  test,
  learningRate: 0.1,
  batchSize: 4,
  epochs: 3,
  seed: 1,
};

/** Each input times a factor of its own, with some of its functions replaced. */
const gain = (changes: object = {}, size = 4): Layer => ({
  kind: "gain",
  parameters: { factors: Matrix.ones(1, size) },
  forward: ({ multiply }, { parameters: { factors } }, input) => ({ output: multiply(input, factors) }),
  backward: ({ multiply }, { parameters: { factors } }, _, delta) => multiply(delta, factors),
  gradient: ({ multiply, sumRows }, _, { input }, delta) => ({ factors: sumRows(multiply(delta, input)) }),
  ...changes,
});
const withLayer = (layer: Layer): Partial<TrainOptions> => ({
  network: { layers: [first, activation, layer, last] },
});
const withPenalty = (penalty: object): Partial<TrainOptions> => ({
  penalties: [{ value: ({ convert }: Arithmetic) => convert(0), ...penalty } as Penalty],
});
const withRule = (rule: Partial<StepRule>): Partial<TrainOptions> => ({
  rule: { ...gradientDescent, ...rule },
});

/** Adds a sum of what came in, over all batches, to what comes in. */
const memory: Partial<Layer> = {
  state: { factors: Matrix.zeros(1, 4) },
  forward: ({ multiply, add }, { parameters: { factors }, state = {} }, input) => ({
    output: add(multiply(input, factors), multiply(0.125, state.factors)),
  }),
  nextState: ({ add, sumRows }, { state = {} }, { input }) => ({
    factors: add(state.factors, sumRows(input)),
  }),
};

/** Keeps the parameters above what is nearest to -0.3. */
const floored: StepRule = {
  start: (parameter) => ({ floor: parameter.clone().fill(-0.3) }),
  step({ maximum, subtract, multiply }, parameter, gradient, learningRate, { floor }) {
    const change = multiply(learningRate, gradient);
    return { parameter: maximum(floor, subtract(parameter, change)), change, kept: { floor } };
  },
};

/** Adam (Kingma and Ba 2015, algorithm 1), which counts its steps in the powers of β that it keeps. */
const adam: StepRule = {
  start(parameter) {
    const zeros = Matrix.zeros(parameter.rows, parameter.columns);
    return { mean: zeros, square: zeros, power1: Matrix.ones(1, 1), power2: Matrix.ones(1, 1) };
  },
  step(m, parameter, gradient, learningRate, { mean, square, power1, power2 }) {
    const towards = (old: Matrix, now: Matrix, share: number): Matrix =>
      m.add(old, m.multiply(share, m.subtract(now, old)));
    const kept = {
      mean: towards(mean, gradient, 0.125),
      square: towards(square, m.multiply(gradient, gradient), 1 / 64),
      power1: m.multiply(power1, 1 - 0.125),
      power2: m.multiply(power2, 1 - 1 / 64),
    };
    const root = m.sqrt(m.divide(kept.square, m.subtract(1, kept.power2)));
    const direction = m.divide(m.divide(kept.mean, m.subtract(1, kept.power1)), m.add(root, 2 ** -10));
    const change = m.multiply(learningRate, direction);
    return { parameter: m.subtract(parameter, change), change, kept };
  },
};

/** A layer with functions of a class. */
class Halving implements Layer {
  readonly kind = "halving";
  readonly parameters = {};
  forward({ multiply }: Arithmetic, _: LayerNumbers, input: Matrix): { output: Matrix } {
    return { output: multiply(input, 0.5) };
  }
  backward({ multiply }: Arithmetic, _: LayerNumbers, __: object, delta: Matrix): Matrix {
    return multiply(delta, 0.5);
  }
  gradient(): Matrices {
    return {};
  }
}

describe("parts of one's own", () => {
  const names = ["loss", "loss scale", "0.weights", "__proto__", ""];
  const right: Record<string, Partial<TrainOptions>> = {
    "a layer that keeps a state, of the name of a parameter": withLayer(gain(memory)),
    "the same and a rule that keeps what is called as states are": {
      ...withLayer(gain(memory)),
      rule: {
        start: (parameter) => ({ met: parameter.clone().fill(0) }),
        step({ multiply, add, subtract }, parameter, gradient, learningRate, { met }) {
          const change = multiply(learningRate, add(multiply(0.5, met), gradient));
          return { parameter: subtract(parameter, change), change, kept: { met: gradient } };
        },
      },
    },
    "a layer of a class": withLayer(new Halving()),
    "a layer that goes by the name of the arithmetic": withLayer(
      gain({
        forward: ({ name, multiply }: Arithmetic, { parameters }: LayerNumbers, input: Matrix) => ({
          output: multiply(input, name === "binary16" ? parameters.factors : multiply(parameters.factors, 2)),
        }),
      }),
    ),
    "a layer that is another one in use": {
      ...withLayer(
        gain({
          forward: ({ multiply }: Arithmetic, _: LayerNumbers, input: Matrix, mode: Mode) => ({
            output: mode === "training" ? multiply(input, 0.5) : input,
          }),
        }),
      ),
      batchSize: "full",
    },
    "a first layer whose weights are no matrix of a dense layer": {
      network: {
        layers: [
          gain(
            {
              parameters: { weights: Matrix.ones(1, 2) },
              forward: ({ multiply }: Arithmetic, { parameters }: LayerNumbers, input: Matrix) => ({
                output: multiply(input, parameters.weights),
              }),
              backward: ({ multiply }: Arithmetic, { parameters }: LayerNumbers, _: object, delta: Matrix) =>
                multiply(delta, parameters.weights),
              gradient: (
                { multiply, sumRows }: Arithmetic,
                _: object,
                { input }: { input: Matrix },
                delta: Matrix,
              ) => ({ weights: sumRows(multiply(delta, input)) }),
            },
            2,
          ),
          ...plain.layers,
        ],
      },
    },
    "a network that begins with an activation, and has two in a row": {
      network: { layers: [relu, first, sigmoid, relu, last] },
      penalties: [balancePenalty(0.5)],
    },
    "a rule that keeps numbers that are none of the format": { rule: floored },
    Adam: { rule: adam },
    ...Object.fromEntries(
      names.map((name) => [
        `a parameter named "${name}"`,
        withLayer(
          gain({
            parameters: Object.fromEntries([[name, Matrix.ones(1, 4)]]),
            forward: ({ multiply }: Arithmetic, { parameters }: LayerNumbers, input: Matrix) => ({
              output: multiply(input, Object.values(parameters)[0]),
            }),
            backward: ({ multiply }: Arithmetic, { parameters }: LayerNumbers, _: object, delta: Matrix) =>
              multiply(delta, Object.values(parameters)[0]),
            gradient: (
              { multiply, sumRows }: Arithmetic,
              _: object,
              { input }: { input: Matrix },
              delta: Matrix,
            ) => Object.fromEntries([[name, sumRows(multiply(delta, input))]]),
          }),
        ),
      ]),
    ),
  };
  const arithmetics: PrecisionChoice[] = [
    "binary64",
    "binary16",
    { format: "binary16", rounding: "stochastic", masterWeights: "binary32" },
  ];
  for (const [name, change] of Object.entries(right)) {
    it(`train to the same bits by either path: ${name}`, () => {
      for (const arithmetic of arithmetics) {
        const own = { ...options, ...change, arithmetic };
        const [machine, eager] = (["machine", "eager"] as const).map((path) => train({ ...own, path }));
        assert.deepEqual(fingerprint(machine), fingerprint(eager), JSON.stringify(arithmetic));
      }
    });
  }

  const wrong: [Partial<TrainOptions>, string, string][] = [
    [
      withLayer(gain({ forward: () => ({}) })),
      "TypeError",
      "layers[2].forward, output, must give a matrix of 21 rows, got undefined",
    ],
    [
      withLayer(
        gain({ forward: ({ sumRows }: Arithmetic, _: object, a: Matrix) => ({ output: sumRows(a) }) }),
      ),
      "RangeError",
      "layers[2].forward, output, must give a matrix of 21 rows, got 1 x 4",
    ],
    [
      withLayer(gain({ backward: () => 0 })),
      "TypeError",
      "layers[2].backward must give a matrix of 4 x 4, got 0",
    ],
    [
      withLayer(
        gain({ backward: ({ sumColumns }: Arithmetic, _: object, __: object, d: Matrix) => sumColumns(d) }),
      ),
      "RangeError",
      "layers[2].backward must give a matrix of 4 x 4, got 4 x 1",
    ],
    [
      withLayer(gain({ gradient: () => undefined })),
      "TypeError",
      "layers[2].gradient must give matrices by name, got undefined",
    ],
    [
      withLayer(gain({ gradient: () => ({}) })),
      "TypeError",
      "layers[2].gradient, factors, must give a matrix of 1 x 4, got undefined",
    ],
    [
      withLayer(gain({ gradient: () => ({ factors: 1 }) })),
      "TypeError",
      "layers[2].gradient must give matrices by name, got factors: 1",
    ],
    [
      withLayer(
        gain({ gradient: (_: object, __: object, ___: object, delta: Matrix) => ({ factors: delta }) }),
      ),
      "RangeError",
      "layers[2].gradient, factors, must give a matrix of 1 x 4, got 4 x 4",
    ],
    [
      withLayer(
        gain({ gradient: (_: object, __: object, ___: object, delta: Matrix) => ({ gains: delta }) }),
      ),
      "TypeError",
      "layers[2].gradient must give matrices named factors only, got gains",
    ],
    [
      {
        network: {
          layers: [
            dense(Matrix.ones(2, 3), Matrix.zeros(1, 1)),
            relu,
            dense(Matrix.ones(3, 1), Matrix.zeros(1, 1)),
          ],
        },
      },
      "RangeError",
      "layers[0].gradient, biases, must give a matrix of 1 x 1, got 1 x 3",
    ],
    [
      withLayer(
        gain({
          ...memory,
          nextState: (_: object, __: object, { input }: { input: Matrix }) => ({ factors: input }),
        }),
      ),
      "RangeError",
      "layers[2].nextState, factors, must give a matrix of 1 x 4, got 4 x 4",
    ],
    [
      withPenalty({ pulls: ({ convert }: Arithmetic) => ({ 4: convert(1) }) }),
      "RangeError",
      "penalties[0].pulls must be for layers 0 to 2, got 4",
    ],
    [
      withPenalty({
        pulls: (_: object, { pass }: { pass: { layers: { output: Matrix }[] } }) => ({
          2: pass.layers[1].output,
        }),
      }),
      "RangeError",
      "penalties[0].pulls, 2, must give a matrix of 4 x 1, got 4 x 4",
    ],
    [
      withPenalty({ gradients: ({ convert }: Arithmetic) => [{ weight: convert(1) }] }),
      "TypeError",
      "penalties[0].gradients, layer 0 must give matrices named weights, biases only, got weight",
    ],
    [
      withPenalty({ gradients: () => [{}, {}, {}, {}] }),
      "RangeError",
      "penalties[0].gradients must return at most 3 layers, got 4",
    ],
    [
      withRule({ start: () => undefined as never }),
      "TypeError",
      "rule.start must give matrices by name, got undefined",
    ],
    [
      withRule({ step: (_, parameter) => ({ parameter, change: parameter, kept: { other: parameter } }) }),
      "TypeError",
      "rule.step, kept must give no matrix, got other",
    ],
    [
      withRule({
        step: ({ sumRows }, parameter) => ({ parameter: sumRows(parameter), change: parameter, kept: {} }),
      }),
      "RangeError",
      "rule.step, parameter, must give a matrix of 2 x 4, got 1 x 4",
    ],
    [
      withRule({ step: (_, parameter) => ({ parameter, kept: {} }) as never }),
      "TypeError",
      "rule.step, change, must give a matrix of 2 x 4, got undefined",
    ],
  ];
  for (const [change, name, message] of wrong) {
    for (const path of ["machine", "eager"] as const) {
      it(`are refused, ${path}: ${message}`, () => {
        assert.throws(() => train({ ...options, ...change, path }), { name, message });
      });
    }
  }

  it("that count or draw are refused where they would be recorded once", () => {
    let steps = 0;
    const counting = withRule({
      step({ multiply, subtract }, parameter, gradient, learningRate) {
        steps++;
        const change = multiply(multiply(learningRate, 1 / steps), gradient);
        return { parameter: subtract(parameter, change), change, kept: {} };
      },
    });
    const message = /must do the same at every call, and these did not/;
    assert.throws(() => train({ ...options, ...counting }), { name: "TypeError", message });
    assert.doesNotThrow(() => train({ ...options, ...counting, path: "eager" }));
  });

  it("pass the gradient check, and do not where a derivative is wrong", () => {
    const errors = (layer: Layer): number[] =>
      gradientCheck({ network: { layers: [first, activation, layer, last] }, data }).map(
        ({ relativeError }) => relativeError,
      );
    assert.ok(Math.max(...errors(gain(memory))) < 1e-6);
    const wrong = gain({ backward: ({ negate }: Arithmetic, _: object, __: object, d: Matrix) => negate(d) });
    assert.ok(Math.max(...errors(wrong)) > 0.1);
  });
});

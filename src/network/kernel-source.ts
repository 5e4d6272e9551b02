/**
 * Writes the program of the fast path: the source text of forward, loss, backward and update for one
 * architecture and one arithmetic, one point after the other, with the loops of a small network unrolled and
 * each rounding written out in its place. There is one text for all formats; they differ in what
 * {@link RoundingText} puts around an operation. What the operations mean stands in forward-backward.ts and
 * descent.ts, and so does their order within each sum.
 */
import type { RoundingText } from "../arithmetic/rounding-text.js";
import { activationTexts } from "./activation-text.js";
import type { HiddenActivation } from "./activations.js";
import type { LossForm } from "./loss.js";
import { lossText } from "./loss-text.js";
import { EPSILON, type NormalizationName } from "./normalization.js";

/** Rounding in one phase. */
export interface PhaseText {
  /** Of an operation's result. */
  round: RoundingText;
  /** Of a sum on its way. */
  accumulate: RoundingText;
}

/** A layer, as far as the program depends on it. */
export interface LayerShape {
  fanIn: number;
  fanOut: number;
  /** The output layer's is the sigmoid, which belongs to the loss. */
  activation: HiddenActivation | "sigmoid";
  normalization: NormalizationName;
}

/** What program to write. */
export interface KernelProgram {
  /** From the first hidden layer to the output. */
  layers: readonly LayerShape[];
  forward: PhaseText;
  loss: PhaseText;
  backward: PhaseText;
  /** In the format of the master weights. */
  update: PhaseText;
  /** How the loss is written down. */
  lossForm: LossForm;
  /** Of the forward pass when the network is only looked at. */
  evaluation: PhaseText;
  /**
   * Whether sums are kept in a format of their own, so that they are rounded once more when they are done.
   */
  isAccumulatorApart: boolean;
  /** Whether to tell of updates and of probabilities, so that somebody can count. */
  isCounted: boolean;
  /** Whether updates are compensated (Kahan). */
  isCompensated: boolean;
}

/**
 * Characters of the longest program that is unrolled; a longer one is left to loops. V8 optimises no function
 * of more than 60 kB of bytecode, and so much text makes one of about half that.
 */
const MOST_TEXT = 100_000;

/**
 * The text of a function body that returns the functions of `Kernel` in fused.ts, which also says what they
 * take. Free names in it: `exp`, `log`, `log1p`, `tanh`,
 * `fround`, and whatever the rounding texts call.
 */
export function kernelSource(program: KernelProgram): string {
  const unrolled = write(program, true);
  return unrolled.length <= MOST_TEXT ? unrolled : write(program, false);
}

function write(program: KernelProgram, isUnrolled: boolean): string {
  const { isCounted, isCompensated } = program;
  /**
   * A result that needs no rounding, because it is a number of the format; rounded all the same where that is
   * counted.
   */
  const exact = (round: RoundingText, expression: string): string =>
    isCounted ? round(expression) : `(${expression})`;
  const finish = ({ round }: PhaseText, sum: string): string =>
    program.isAccumulatorApart ? round(sum) : sum;
  const layers = placeLayers(program.layers);
  const last = layers.length;
  const inputs = layers[0].fanIn;
  const parameters = layers[last - 1].end;
  const neurons = inputs + layers.reduce((sum, { fanOut }) => sum + fanOut, 0);

  /** The body for every index from 0 to count - 1, as many texts or as one loop. */
  const each = (index: string, count: number, body: (index: string) => string): string =>
    isUnrolled
      ? Array.from({ length: count }, (_, i) => body(String(i))).join("")
      : `for (let ${index} = 0; ${index} < ${count}; ${index}++) {\n${body(index)}}\n`;
  /** Output, delta or normalized preactivation of neuron j of layer l: a variable of its own, or a place in an array. */
  const neuron = (array: "a" | "d" | "n", l: number, j: string): string =>
    isUnrolled ? `${array}${l}_${j}` : `${array}[${l === 0 ? 0 : layers[l - 1].firstNeuron} + ${j}]`;
  const declare = isUnrolled ? "let " : "";
  /** Statements that make s the sum of the terms, from 0 on. */
  const sumOf = (
    { accumulate }: PhaseText,
    index: string,
    count: number,
    term: (index: string) => string,
  ): string =>
    [
      "s = 0;\n",
      each(index, count, (at) => {
        const sum = `s + ${accumulate(term(at))}`;
        return `s = ${at === "0" ? exact(accumulate, sum) : accumulate(sum)};\n`;
      }),
    ].join("");

  const forward = (phase: PhaseText): string =>
    [
      each("k", inputs, (k) => `${declare}${neuron("a", 0, k)} = x[i * ${inputs} + ${k}];\n`),
      ...layers.map((layer) => {
        const { l, fanIn, fanOut, activation, normalization, weights, biases } = layer;
        const preactivations = each("j", fanOut, (j) => {
          const product = (k: string): string =>
            `${neuron("a", l - 1, k)} * w[${weights} + ${k} * ${fanOut} + ${j}]`;
          const z = phase.round(`${finish(phase, "s")} + w[${biases} + ${j}]`);
          const result = (): string => {
            if (activation === "sigmoid") return `logit = ${z}`;
            if (normalization === "layer") return `${declare}${neuron("n", l, j)} = ${z}`;
            return `${declare}${neuron("a", l, j)} = ${activationTexts[activation].f(z, phase.round)}`;
          };
          return `${sumOf(phase, "k", fanIn, product)}${result()};\n`;
        });
        return preactivations + (normalization === "layer" ? normalize(phase, layer) : "");
      }),
    ].join("");

  /** A sum over the neurons of a layer, made their mean, in s. */
  const meanOver = (phase: PhaseText, count: number, term: (j: string) => string): string =>
    `s = 0;\n${each("j", count, (j) => {
      const sum = `s + ${term(j)}`;
      return `s = ${j === "0" ? exact(phase.accumulate, sum) : phase.accumulate(sum)};\n`;
    })}s = ${phase.round(`${finish(phase, "s")} / ${count}`)};\n`;

  const normalize = (phase: PhaseText, { l, fanOut, activation, gains, shifts }: PlacedLayer): string => {
    if (activation === "sigmoid") return "";
    const { round } = phase;
    const n = (j: string): string => neuron("n", l, j);
    const setEach = (value: (j: string) => string): string =>
      each("j", fanOut, (j) => `${n(j)} = ${value(j)};\n`);
    return [
      meanOver(phase, fanOut, n),
      setEach((j) => round(`${n(j)} - s`)),
      meanOver(phase, fanOut, (j) => round(`${n(j)} * ${n(j)}`)),
      `const spread${l} = ${round(`Math.sqrt(${round(`s + ${EPSILON}`)})`)};\n`,
      setEach((j) => round(`${n(j)} / spread${l}`)),
      each("j", fanOut, (j) => {
        const h = round(`${round(`${n(j)} * w[${gains} + ${j}]`)} + w[${shifts} + ${j}]`);
        return `${declare}${neuron("a", l, j)} = ${activationTexts[activation].f(h, round)};\n`;
      }),
    ].join("");
  };

  /** Notes a point's logit, and e^-|z|, which both the sigmoid and the loss are made of. */
  const note = ({ round }: PhaseText): string => `
    z[i] = logit;
    e[i] = ${round("exp(-Math.abs(logit))")};`;
  /** Statements that declare p, given z and e of a point. */
  const probability = ({ round }: PhaseText): string => `
    const b = ${round("1 + e[i]")};
    const p = ${round("(z[i] < 0 ? e[i] : 1) / b")};`;
  const lossForm = lossText(program.lossForm);
  const isMeanFirst = program.lossForm.mean === "first";

  const add = (place: string, amount: string): string =>
    `g[${place}] = ${program.backward.accumulate(`g[${place}] + ${amount}`)};\n`;

  /** From dL/dh to dL/dz, see normalization.ts; takes the gradient of gains and shifts along. */
  const denormalize = ({ l, fanOut, gains, shifts }: PlacedLayer): string => {
    const { round } = program.backward;
    const d = (j: string): string => neuron("d", l, j);
    const n = (j: string): string => neuron("n", l, j);
    return [
      each("j", fanOut, (j) => add(`${gains} + ${j}`, round(`${d(j)} * ${n(j)}`))),
      each("j", fanOut, (j) => add(`${shifts} + ${j}`, d(j))),
      each("j", fanOut, (j) => `${d(j)} = ${round(`${d(j)} * w[${gains} + ${j}]`)};\n`),
      meanOver(program.backward, fanOut, d),
      "shared = s;\n",
      meanOver(program.backward, fanOut, (j) => round(`${d(j)} * ${n(j)}`)),
      each("j", fanOut, (j) => {
        const rest = `${round(`${d(j)} - shared`)} - ${round(`${n(j)} * s`)}`;
        return `${d(j)} = ${round(`${round(rest)} / spread${l}`)};\n`;
      }),
    ].join("");
  };

  const backward = [
    lossForm.df(program.backward.round),
    `if (scale !== 1) pull = ${program.backward.round("scale * pull")};\n`,
    isMeanFirst ? `pull = ${program.backward.round("pull / (to - from)")};\n` : "",
    `${declare}${neuron("d", last, "0")} = pull;\n`,
    ...[...layers].reverse().map((layer) => {
      const { l, fanIn, fanOut, normalization, weights, biases } = layer;
      const delta = (j: string): string => neuron("d", l, j);
      const weight = (k: string, j: string): string => `${weights} + ${k} * ${fanOut} + ${j}`;
      return [
        normalization === "layer" ? denormalize(layer) : "",
        each("k", fanIn, (k) =>
          each("j", fanOut, (j) =>
            add(weight(k, j), program.backward.accumulate(`${neuron("a", l - 1, k)} * ${delta(j)}`)),
          ),
        ),
        each("j", fanOut, (j) => add(`${biases} + ${j}`, delta(j))),
        l === 1
          ? ""
          : each("k", fanIn, (k) => {
              const { df, isSwitch } = activationTexts[layers[l - 2].activation as HiddenActivation];
              const slope = df(neuron("a", l - 1, k), program.backward.round);
              const pulled = `${finish(program.backward, "s")} * ${slope}`;
              const { round } = program.backward;
              return [
                sumOf(program.backward, "j", fanOut, (j) => `${delta(j)} * w[${weight(k, j)}]`),
                `${declare}${neuron("d", l - 1, k)} = ${isSwitch ? exact(round, pulled) : round(pulled)};\n`,
              ].join("");
            }),
      ].join("");
    }),
  ].join("");

  // whoever counts the operations of the loss counts its own e^-|z|; else there is but one
  const lossTail = isCounted ? program.loss.round("exp(-Math.abs(z[i]))") : "e[i]";
  const exactLoss: RoundingText = (expression) => exact(program.loss.round, expression);
  const loss = `
    ${program.lossForm.value === "probability" ? probability(program.evaluation) : ""}
    ${lossForm.f(program.loss.round, exactLoss, lossTail)}
    sum = ${program.loss.accumulate("sum + value")};
    if (z[i] > 0 === (y[i] === 1)) right++;`;

  const change = program.update.round("rate * g[k]");
  const carried = `
      const change = ${isCompensated ? program.update.round(`${change} + lost[k]`) : change};
      const before = m[k];
      const after = ${program.update.round("before - change")};
      ${isCompensated ? `lost[k] = ${program.update.round(`change - ${program.update.round("before - after")}`)};` : ""}
      ${isCounted ? "tellUpdate(change, before, after);" : ""}
      m[k] = after;`;

  const decayed = layers
    .map(
      ({ weights, biases }) => `
      for (let k = ${weights}; k < ${biases}; k++) g[k] = ${program.update.round(`g[k] + ${program.update.round("decay * m[k]")}`)};`,
    )
    .join("");

  const variables = "let t = 0, u = 0, c = 0, h = 0, o = 0, s = 0, shared = 0, logit = 0;";
  return `"use strict";
const a = new Float64Array(${neurons}), d = new Float64Array(${neurons}), n = new Float64Array(${neurons});
return {
  logits(w, x, z, e) {
    ${variables}
    for (let i = 0; i < z.length; i++) {
      ${forward(program.evaluation)}${note(program.evaluation)}
    }
  },
  evaluation(y, z, e) {
    ${variables}
    let sum = 0, right = 0;
    for (let i = 0; i < y.length; i++) {${loss}
    }
    return { loss: ${program.loss.round(`${finish(program.loss, "sum")} / y.length`)}, accuracy: right / y.length };
  },
  sumGradients(w, g, x, y, z, e, order, from, to, scale) {
    ${variables}
    for (let k = 0; k < ${parameters}; k++) g[k] = 0;
    for (let place = from; place < to; place++) {
      const i = order[place];
      ${forward(program.forward)}${note(program.forward)}${probability(program.forward)}
      ${isCounted ? "tellProbability(p);" : ""}
      ${backward}
    }
  },
  finishGradient(g, count, scale) {
    ${isCounted || program.isAccumulatorApart ? "" : `if (${isMeanFirst ? "" : "count === 1 && "}scale === 1) return; // nothing is left to do`}
    ${variables}
    for (let k = 0; k < ${parameters}; k++) {
      g[k] = ${isMeanFirst ? finish(program.backward, "g[k]") : program.backward.round(`${finish(program.backward, "g[k]")} / count`)};
      if (scale !== 1) g[k] = ${program.update.round("g[k] / scale")};
    }
  },
  descend(m, g, lost, rate, decay) {
    ${variables}
    if (decay !== 0) {${decayed}
    }
    for (let k = 0; k < ${parameters}; k++) {${carried}
    }
  },
};`;
}

/** A layer with its place among the parameters and the neurons. */
interface PlacedLayer extends LayerShape {
  /** Index of the layer, from 1; 0 is the input. */
  l: number;
  /** Index of its first weight, bias, gain and shift among the parameters, and that after its last parameter. */
  weights: number;
  biases: number;
  gains: number;
  shifts: number;
  end: number;
  /** Index of its first neuron, the inputs counted first. */
  firstNeuron: number;
}

function placeLayers(shapes: readonly LayerShape[]): PlacedLayer[] {
  let weights = 0;
  let firstNeuron = shapes[0].fanIn;
  return shapes.map((shape, index) => {
    const { fanIn, fanOut, normalization } = shape;
    const biases = weights + fanIn * fanOut;
    const gains = biases + fanOut;
    const shifts = normalization === "layer" ? gains + fanOut : gains;
    const end = normalization === "layer" ? shifts + fanOut : gains;
    const layer = { ...shape, l: index + 1, weights, biases, gains, shifts, end, firstNeuron };
    weights = end;
    firstNeuron += fanOut;
    return layer;
  });
}

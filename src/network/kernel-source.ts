/**
 * Writes the program of the fast path: the source text of forward, loss, backward and update for one
 * architecture and one arithmetic, one point after the other, with the loops of a small network unrolled and
 * each rounding written out in its place. There is one text for all formats; they differ in what
 * {@link RoundingText} puts around an operation. What the operations mean stands in forward-backward.ts and
 * descent.ts, and so does their order within each sum.
 */
import type { RoundingText } from "../arithmetic/rounding-text.js";

/** Rounding in one phase. */
export interface PhaseText {
  /** Of an operation's result. */
  round: RoundingText;
  /** Of a sum on its way. */
  accumulate: RoundingText;
}

/** What program to write. */
export interface KernelProgram {
  /** Neurons in each layer, the inputs first. */
  sizes: readonly number[];
  forward: PhaseText;
  loss: PhaseText;
  backward: PhaseText;
  /** In the format of the master weights. */
  update: PhaseText;
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
 * take. Free names in it: `exp`, `log1p`, `fround`, and whatever the rounding texts call.
 */
export function kernelSource(program: KernelProgram): string {
  const unrolled = write(program, true);
  return unrolled.length <= MOST_TEXT ? unrolled : write(program, false);
}

function write(program: KernelProgram, isUnrolled: boolean): string {
  const { sizes, isCounted, isCompensated } = program;
  /**
   * A result that needs no rounding, because it is a number of the format; rounded all the same where that is
   * counted.
   */
  const exact = (round: RoundingText, expression: string): string =>
    isCounted ? round(expression) : `(${expression})`;
  const finish = ({ round }: PhaseText, sum: string): string =>
    program.isAccumulatorApart ? round(sum) : sum;
  const last = sizes.length - 1;
  const layers = layersOf(sizes);
  const parameters = layers.reduce((count, { fanIn, fanOut }) => count + (fanIn + 1) * fanOut, 0);
  const neurons = sizes.reduce((sum, size) => sum + size, 0);

  /** The body for every index from 0 to count - 1, as many texts or as one loop. */
  const each = (index: string, count: number, body: (index: string) => string): string =>
    isUnrolled
      ? Array.from({ length: count }, (_, i) => body(String(i))).join("")
      : `for (let ${index} = 0; ${index} < ${count}; ${index}++) {\n${body(index)}}\n`;
  /** Output or delta of neuron j of layer l: a variable of its own, or a place in an array. */
  const neuron = (array: "a" | "d", l: number, j: string): string =>
    isUnrolled ? `${array}${l}_${j}` : `${array}[${firstNeuron(sizes, l)} + ${j}]`;
  const declare = isUnrolled ? "const " : "";
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
      each("k", sizes[0], (k) => `${declare}${neuron("a", 0, k)} = x[i * ${sizes[0]} + ${k}];\n`),
      ...layers.map(({ l, fanIn, fanOut, weights, biases }) =>
        each("j", fanOut, (j) => {
          const product = (k: string): string =>
            `${neuron("a", l - 1, k)} * w[${weights} + ${k} * ${fanOut} + ${j}]`;
          const z = phase.round(`${finish(phase, "s")} + w[${biases} + ${j}]`);
          return [
            sumOf(phase, "k", fanIn, product),
            l === last ? `logit = ${z};\n` : `${declare}${neuron("a", l, j)} = Math.max(${z}, 0);\n`,
          ].join("");
        }),
      ),
    ].join("");

  /** Notes a point's logit, and e^-|z|, which both the sigmoid and the loss are made of. */
  const note = ({ round }: PhaseText): string => `
    z[i] = logit;
    e[i] = ${round("exp(-Math.abs(logit))")};`;
  const probability = `
    const b = ${program.forward.round("1 + e[i]")};
    const p = ${program.forward.round("(logit < 0 ? e[i] : 1) / b")};
    ${isCounted ? "tellProbability(p);" : ""}`;

  const backward = [
    `${declare}${neuron("d", last, "0")} = scale === 1 ? ${program.backward.round("p - y[i]")} : ${program.backward.round(`scale * ${program.backward.round("p - y[i]")}`)};\n`,
    ...[...layers].reverse().map(({ l, fanIn, fanOut, weights, biases }) => {
      const add = (place: string, amount: string): string =>
        `g[${place}] = ${program.backward.accumulate(`g[${place}] + ${amount}`)};\n`;
      const delta = (j: string): string => neuron("d", l, j);
      const weight = (k: string, j: string): string => `${weights} + ${k} * ${fanOut} + ${j}`;
      return [
        each("k", fanIn, (k) =>
          each("j", fanOut, (j) =>
            add(weight(k, j), program.backward.accumulate(`${neuron("a", l - 1, k)} * ${delta(j)}`)),
          ),
        ),
        each("j", fanOut, (j) => add(`${biases} + ${j}`, delta(j))),
        l === 1
          ? ""
          : each("k", fanIn, (k) => {
              const pulled = `${finish(program.backward, "s")} * (${neuron("a", l - 1, k)} > 0 ? 1 : 0)`;
              return [
                sumOf(program.backward, "j", fanOut, (j) => `${delta(j)} * w[${weight(k, j)}]`),
                `${declare}${neuron("d", l - 1, k)} = ${exact(program.backward.round, pulled)};\n`,
              ].join("");
            }),
      ].join("");
    }),
  ].join("");

  // whoever counts the operations of the loss counts its own e^-|z|; else there is but one
  const lossTail = isCounted ? program.loss.round("exp(-Math.abs(z[i]))") : "e[i]";
  const loss = `
    const tail = ${program.loss.round(`log1p(${lossTail})`)};
    const hinge = ${program.loss.round(`Math.max(z[i], 0) - ${exact(program.loss.round, "z[i] * y[i]")}`)};
    sum = ${program.loss.accumulate(`sum + ${program.loss.round("hinge + tail")}`)};
    if (z[i] > 0 === (y[i] === 1)) right++;`;

  const change = program.update.round("rate * g[k]");
  const carried = `
      const change = ${isCompensated ? program.update.round(`${change} + lost[k]`) : change};
      const before = m[k];
      const after = ${program.update.round("before - change")};
      ${isCompensated ? `lost[k] = ${program.update.round(`change - ${program.update.round("before - after")}`)};` : ""}
      ${isCounted ? "tellUpdate(change, before, after);" : ""}
      m[k] = after;`;

  const variables = "let t = 0, u = 0, c = 0, s = 0, logit = 0;";
  return `"use strict";
const a = new Float64Array(${neurons}), d = new Float64Array(${neurons});
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
    for (let n = from; n < to; n++) {
      const i = order[n];
      ${forward(program.forward)}${note(program.forward)}${probability}
      ${backward}
    }
  },
  finishGradient(g, count, scale) {
    ${isCounted || program.isAccumulatorApart ? "" : "if (count === 1 && scale === 1) return; // a sum of one, divided by one"}
    ${variables}
    for (let k = 0; k < ${parameters}; k++) {
      g[k] = ${program.backward.round(`${finish(program.backward, "g[k]")} / count`)};
      if (scale !== 1) g[k] = ${program.update.round("g[k] / scale")};
    }
  },
  descend(m, g, lost, rate) {
    ${variables}
    for (let k = 0; k < ${parameters}; k++) {${carried}
    }
  },
};`;
}

interface LayerPlace {
  /** Index of the layer, from 1; 0 is the input. */
  l: number;
  fanIn: number;
  fanOut: number;
  /** Index of its first weight, and of its first bias, among the parameters. */
  weights: number;
  biases: number;
}

function layersOf(sizes: readonly number[]): LayerPlace[] {
  let next = 0;
  return sizes.slice(1).map((fanOut, index) => {
    const fanIn = sizes[index];
    const weights = next;
    const biases = weights + fanIn * fanOut;
    next = biases + fanOut;
    return { l: index + 1, fanIn, fanOut, weights, biases };
  });
}

function firstNeuron(sizes: readonly number[], layer: number): number {
  return sizes.slice(0, layer).reduce((sum, size) => sum + size, 0);
}

/**
 * Writes the program of the fast path: the source text of forward, loss, backward and update for one
 * architecture and one arithmetic, one point after the other, with the loops of a small network unrolled and
 * each rounding written out in its place. Where the points of a batch depend on each other, by batch
 * normalization or by the penalty on imbalance, the program goes over the points in several passes, and what a
 * later pass needs of a point is kept in arrays. There is one text for all formats; they differ in what
 * {@link RoundingText} puts around an operation. What the operations mean stands in forward-backward.ts and
 * descent.ts, and so does their order within each sum.
 */
import type { RoundingText } from "../arithmetic/rounding-text.js";
import type { Summation } from "../arithmetic/summation.js";
import { activationTexts } from "./activation-text.js";
import type { HiddenActivation } from "./activations.js";
import type { LossForm } from "./loss.js";
import { lossText } from "./loss-text.js";
import { EPSILON, type NormalizationName } from "./normalization.js";
import { STEEPNESS } from "./penalty.js";

/** Rounding in one phase. */
export interface PhaseText {
  /** Of an operation's result. */
  round: RoundingText;
  /** Of a sum on its way. */
  accumulate: RoundingText;
  /**
   * The order of sums over neurons, and in `backward` of that over points too, but that whoever wants it pairwise
   * has to take the points one by one; `sequential` by default.
   */
  summation?: Summation;
}

/** A layer, as far as the program depends on it. */
export interface LayerShape {
  fanIn: number;
  fanOut: number;
  /** The output layer's is the sigmoid, which belongs to the loss. */
  activation: HiddenActivation | "sigmoid";
  normalization: NormalizationName;
  /** How many outputs stay at a point; undefined for all. */
  winners: number | undefined;
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
  /** Whether there is a penalty on what hidden neurons do. */
  hasActivityPenalty: boolean;
  hasBalancePenalty: boolean;
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
/** Characters for each parameter in the shortest unrolled program. */
const LEAST_TEXT = 150;

/**
 * The text of a function body that returns the functions of `Kernel` in fused.ts, which also says what they
 * take. Free names in it: `exp`, `log`, `log1p`, `tanh`,
 * `fround`, and whatever the rounding texts call.
 */
export function kernelSource(program: KernelProgram): string {
  const parameters = placeLayers(program.layers)[program.layers.length - 1].end;
  if (parameters * LEAST_TEXT > MOST_TEXT) return write(program, false);
  const unrolled = write(program, true);
  return unrolled.length <= MOST_TEXT ? unrolled : write(program, false);
}

function write(program: KernelProgram, isUnrolled: boolean): string {
  const { isCounted, isCompensated, hasActivityPenalty, hasBalancePenalty } = program;
  const layers = placeLayers(program.layers);
  const last = layers.length;
  const hidden = layers.slice(0, -1);
  const inputs = layers[0].fanIn;
  const parameters = layers[last - 1].end;
  const neurons = inputs + layers.reduce((sum, { fanOut }) => sum + fanOut, 0);
  const isBatched = hasBalancePenalty || layers.some(({ normalization }) => normalization === "batch");
  const isMeanFirst = program.lossForm.mean === "first";

  /**
   * A result that needs no rounding, because it is a number of the format; rounded all the same where that is
   * counted.
   */
  const exact = (round: RoundingText, expression: string): string =>
    isCounted ? round(expression) : `(${expression})`;
  const finish = ({ round }: PhaseText, sum: string): string =>
    program.isAccumulatorApart ? round(sum) : sum;
  /** The body for every index from 0 to count - 1, as many texts or as one loop. */
  const each = (index: string, count: number, body: (index: string) => string): string =>
    isUnrolled
      ? Array.from({ length: count }, (_, i) => body(String(i))).join("")
      : `for (let ${index} = 0; ${index} < ${count}; ${index}++) {\n${body(index)}}\n`;
  /**
   * A number of neuron j of layer l at a point: a variable of its own, or a place in an array where there are
   * loops or more than one pass. a: output. d: delta. n: normalized preactivation. q: what the activation is of.
   * f: soft count.
   */
  const isNamed = isUnrolled && !isBatched;
  const neuron = (array: "a" | "d" | "n" | "q" | "f", l: number, j: string): string =>
    isNamed ? `${array}${l}_${j}` : `${array}[at + ${firstNeuron(l)} + ${j}]`;
  const firstNeuron = (l: number): number => (l === 0 ? 0 : layers[l - 1].firstNeuron);
  const declare = isNamed ? "let " : "";
  /** s of layer normalization at a point. */
  const spread = (l: number): string => (isNamed ? `spread${l}` : `r[at + ${firstNeuron(l)}]`);
  /** A number of neuron j of layer l for the whole batch. */
  const ofBatch = (array: string, l: number, j: string): string => `${array}[${firstNeuron(l)} + ${j}]`;

  /** {@link each} from the last index to the first. */
  const eachBackwards = (index: string, count: number, body: (index: string) => string): string =>
    isUnrolled
      ? Array.from({ length: count }, (_, i) => body(String(count - 1 - i))).join("")
      : `for (let ${index} = ${count - 1}; ${index} >= 0; ${index}--) {\n${body(index)}}\n`;
  /** Statements that make s the sum of the terms, from 0 on; what the orders mean stands in summation.ts. */
  const sumOf = (
    { accumulate, summation }: PhaseText,
    index: string,
    count: number,
    term: (index: string) => string,
  ): string => {
    if (summation === "pairwise") {
      const join = (at: string, width: string): string =>
        `sums[${at}] = ${accumulate(`sums[${at}] + sums[${at} + ${width}]`)};\n`;
      return [
        each(index, count, (at) => `sums[${at}] = ${exact(accumulate, `0 + ${term(at)}`)};\n`),
        isUnrolled
          ? pairsOf(count).map(([at, width]) => join(String(at), String(width)))
          : `for (let width = 1; width < ${count}; width *= 2)
               for (let first = 0; first + width < ${count}; first += 2 * width) ${join("first", "width")}`,
        "s = sums[0];\n",
      ]
        .flat()
        .join("");
    }
    const [inOrder, first] = summation === "reversed" ? [eachBackwards, count - 1] : [each, 0];
    const step = (at: string): string => {
      const sum = `s + ${term(at)}`;
      return `s = ${at === String(first) ? exact(accumulate, sum) : accumulate(sum)};\n`;
    };
    return `s = 0;\n${inOrder(index, count, step)}`;
  };
  /** Statements that make s the mean of the terms. */
  const meanOf = (phase: PhaseText, index: string, count: number, term: (index: string) => string): string =>
    `${sumOf(phase, index, count, term)}s = ${phase.round(`${finish(phase, "s")} / ${count}`)};\n`;

  /** Statements for every point of the batch. */
  const forPoints = (text: string): string => `
    for (${program.backward.summation === "reversed" ? "let place = to - 1; place >= from; place--" : "let place = from; place < to; place++"}) {
      const i = order[place];
      ${isBatched ? `const at = (place - from) * ${neurons};` : ""}
      ${text}
    }`;

  /** The normalized preactivation becomes an output. */
  const activate = (
    phase: PhaseText,
    { l, fanOut, activation, normalization, winners, ...place }: PlacedLayer,
  ): string => {
    const { f } = activationTexts[activation as HiddenActivation];
    const { round } = phase;
    const h = (j: string): string => {
      const n = neuron("n", l, j);
      if (normalization === "none") return n;
      return round(`${round(`${n} * w[${place.gains} + ${j}]`)} + w[${place.shifts} + ${j}]`);
    };
    return [
      each("j", fanOut, (j) => {
        const q = neuron("q", l, j);
        const output = `${declare}${neuron("a", l, j)} = `;
        return hasBalancePenalty
          ? `${q} = ${h(j)};\n${output}${f(q, round)};\n`
          : `${output}${f(h(j), round)};\n`;
      }),
      winners === undefined ? "" : keepLargest(l, fanOut, winners),
    ].join("");
  };

  /** See winners.ts: the rank of each first, for a loser's output is gone afterwards. */
  const keepLargest = (l: number, fanOut: number, winners: number): string => {
    const a = (j: string): string => neuron("a", l, j);
    const rank = (j: string): string => (isNamed ? `rank${l}_${j}` : `rank[${j}]`);
    return [
      each("j", fanOut, (j) =>
        [
          `${declare}${rank(j)} = 0;\n`,
          each("k", fanOut, (k) =>
            j === k && isUnrolled
              ? ""
              : `if (${a(k)} > ${a(j)} || (${a(k)} === ${a(j)} && ${k} < ${j})) ${rank(j)}++;\n`,
          ),
        ].join(""),
      ),
      each("j", fanOut, (j) => `if (${rank(j)} >= ${winners}) ${a(j)} = 0;\n`),
    ].join("");
  };

  /** Centres and scales a point's preactivations by the mean and spread of their neurons. */
  const standardize = ({ round }: PhaseText, { l, fanOut }: PlacedLayer): string =>
    each("j", fanOut, (j) => {
      const n = neuron("n", l, j);
      const centred = round(`${n} - ${ofBatch("mean", l, j)}`);
      return `${n} = ${centred};\n${n} = ${round(`${n} / ${ofBatch("wide", l, j)}`)};\n`;
    });

  /** See normalization.ts. */
  const normalizeLayer = (phase: PhaseText, { l, fanOut }: PlacedLayer): string => {
    const { round } = phase;
    const n = (j: string): string => neuron("n", l, j);
    const setEach = (value: (j: string) => string): string =>
      each("j", fanOut, (j) => `${n(j)} = ${value(j)};\n`);
    return [
      meanOf(phase, "j", fanOut, n),
      setEach((j) => round(`${n(j)} - s`)),
      meanOf(phase, "j", fanOut, (j) => round(`${n(j)} * ${n(j)}`)),
      `${isNamed ? "const " : ""}${spread(l)} = ${round(`Math.sqrt(${round(`s + ${EPSILON}`)})`)};\n`,
      setEach((j) => round(`${n(j)} / ${spread(l)}`)),
    ].join("");
  };

  /** Mean and spread of each neuron over the batch, and its variance; leaves the normalized preactivations. */
  const normalizeBatch = (phase: PhaseText, { l, fanOut }: PlacedLayer): string => {
    const { round } = phase;
    const n = (j: string): string => neuron("n", l, j);
    const perNeuron = (text: (j: string) => string): string => each("j", fanOut, text);
    const mean = (j: string): string => ofBatch("mean", l, j);
    const variance = (j: string): string => ofBatch("variance", l, j);
    const sum = (target: (j: string) => string, term: (j: string) => string): string =>
      [
        perNeuron((j) => `${target(j)} = 0;\n`),
        forPoints(perNeuron((j) => `${target(j)} = ${phase.accumulate(`${target(j)} + ${term(j)}`)};\n`)),
        perNeuron((j) => `${target(j)} = ${round(`${finish(phase, target(j))} / (to - from)`)};\n`),
      ].join("");
    return [
      sum(mean, n),
      forPoints(perNeuron((j) => `${n(j)} = ${round(`${n(j)} - ${mean(j)}`)};\n`)),
      sum(variance, (j) => round(`${n(j)} * ${n(j)}`)),
      perNeuron(
        (j) => `${ofBatch("wide", l, j)} = ${round(`Math.sqrt(${round(`${variance(j)} + ${EPSILON}`)})`)};\n`,
      ),
      forPoints(perNeuron((j) => `${n(j)} = ${round(`${n(j)} / ${ofBatch("wide", l, j)}`)};\n`)),
    ].join("");
  };

  const preactivate = (phase: PhaseText, { l, fanIn, fanOut, weights, biases }: PlacedLayer): string =>
    each("j", fanOut, (j) => {
      const product = (k: string): string =>
        phase.accumulate(`${neuron("a", l - 1, k)} * w[${weights} + ${k} * ${fanOut} + ${j}]`);
      const z = phase.round(`${finish(phase, "s")} + w[${biases} + ${j}]`);
      return `${sumOf(phase, "k", fanIn, product)}${l === last ? "logit" : `${declare}${neuron("n", l, j)}`} = ${z};\n`;
    });

  /** Notes a point's logit, and e^-|z|, which both the sigmoid and the loss are made of. */
  const note = ({ round }: PhaseText): string => `
    z[i] = logit;
    e[i] = ${round("exp(-Math.abs(logit))")};`;

  /**
   * The way forward, in as many parts as there are passes over the points; between them the statistics of
   * batch normalization, which `between` writes.
   */
  const forward = (phase: PhaseText, between: (layer: PlacedLayer) => string): string[] => {
    const parts = [each("k", inputs, (k) => `${declare}${neuron("a", 0, k)} = x[i * ${inputs} + ${k}];\n`)];
    const write = (text: string): void => {
      parts[parts.length - 1] += text;
    };
    for (const layer of layers) {
      write(preactivate(phase, layer));
      if (layer.l === last) break;
      if (layer.normalization === "layer") write(normalizeLayer(phase, layer));
      if (layer.normalization === "batch") parts.push(between(layer), "");
      write(activate(phase, layer));
    }
    write(note(phase));
    return parts;
  };

  /** Statements that declare p, given z and e of a point. */
  const probability = ({ round }: PhaseText): string => `
    const b = ${round("1 + e[i]")};
    const p = ${round("(z[i] < 0 ? e[i] : 1) / b")};`;
  const lossForm = lossText(program.lossForm);

  const { round, accumulate } = program.backward;
  const add = (place: string, amount: string): string =>
    `g[${place}] = ${accumulate(`g[${place}] + ${amount}`)};\n`;
  /** What goes for the loss's derivative at the output goes for that of a penalty. */
  const likeLoss = (variable: string): string =>
    [
      `if (scale !== 1) ${variable} = ${round(`scale * ${variable}`)};\n`,
      isMeanFirst ? `${variable} = ${round(`${variable} / (to - from)`)};\n` : "",
    ].join("");

  /** Takes the gradient of gains and shifts along; leaves γ dL/dh in d. */
  const throughGains = ({ l, fanOut, gains, shifts }: PlacedLayer): string => {
    const d = (j: string): string => neuron("d", l, j);
    return [
      each("j", fanOut, (j) => add(`${gains} + ${j}`, round(`${d(j)} * ${neuron("n", l, j)}`))),
      each("j", fanOut, (j) => add(`${shifts} + ${j}`, d(j))),
      each("j", fanOut, (j) => `${d(j)} = ${round(`${d(j)} * w[${gains} + ${j}]`)};\n`),
    ].join("");
  };

  /** From γ dL/dh to dL/dz, see normalization.ts, given the two means over the group and s. */
  const denormalize = (
    { l, fanOut }: PlacedLayer,
    [shared, stretch, width]: readonly ((j: string) => string)[],
  ): string =>
    each("j", fanOut, (j) => {
      const d = neuron("d", l, j);
      const rest = `${round(`${d} - ${shared(j)}`)} - ${round(`${neuron("n", l, j)} * ${stretch(j)}`)}`;
      return `${d} = ${round(`${round(rest)} / ${width(j)}`)};\n`;
    });

  const denormalizeLayer = (layer: PlacedLayer): string => {
    const { l, fanOut } = layer;
    const d = (j: string): string => neuron("d", l, j);
    return [
      meanOf(program.backward, "j", fanOut, d),
      "shared = s;\n",
      meanOf(program.backward, "j", fanOut, (j) => round(`${d(j)} * ${neuron("n", l, j)}`)),
      denormalize(layer, [() => "shared", () => "s", () => spread(l)]),
    ].join("");
  };

  /** The two means of each neuron over the batch. */
  const meansOfBatch = ({ l, fanOut }: PlacedLayer): string => {
    const [shared, stretch] = ["shareds", "stretches"].map((array) => (j: string) => ofBatch(array, l, j));
    const d = (j: string): string => neuron("d", l, j);
    const sum = (target: string, term: string): string =>
      `${target} = ${accumulate(`${target} + ${term}`)};\n`;
    const mean = (target: string): string =>
      `${target} = ${round(`${finish(program.backward, target)} / (to - from)`)};\n`;
    return [
      each("j", fanOut, (j) => `${shared(j)} = 0;\n${stretch(j)} = 0;\n`),
      forPoints(
        each("j", fanOut, (j) =>
          [sum(shared(j), d(j)), sum(stretch(j), round(`${d(j)} * ${neuron("n", l, j)}`))].join(""),
        ),
      ),
      each("j", fanOut, (j) => mean(shared(j)) + mean(stretch(j))),
    ].join("");
  };

  /** See penalty.ts: the soft counts of all points, then what each class is pulled by. */
  const balance = (): string => {
    const soft = ({ l, fanOut }: PlacedLayer): string =>
      each("j", fanOut, (j) => {
        const f = neuron("f", l, j);
        const one = (array: string): string =>
          `${ofBatch(array, l, j)} = ${accumulate(`${ofBatch(array, l, j)} + ${f}`)};\n`;
        return `
        v = ${round(`${STEEPNESS} * ${neuron("q", l, j)}`)};
        tail = ${round("exp(-Math.abs(v))")};
        base = ${round("1 + tail")};
        ${f} = ${round("(v < 0 ? tail : 1) / base")};
        if (y[i] > 0.5) ${one("ones")} else ${one("zeros")}`;
      });
    const mean = (array: string, count: string, l: number, j: string): string =>
      round(`${finish(program.backward, ofBatch(array, l, j))} / ${count}`);
    const more = ({ l, fanOut }: PlacedLayer): string =>
      each(
        "j",
        fanOut,
        (j) => `
        v = ${mean("ones", "n1", l, j)};
        tail = ${mean("zeros", "n0", l, j)};
        v = ${round("v - tail")};
        s = ${round("s + v")};`,
      );
    return `
    let tail = 0, base = 0, n0 = 0, n1 = 0;
    ones.fill(0);
    zeros.fill(0);
    ${forPoints(`if (y[i] > 0.5) n1++; else n0++;\n${hidden.map(soft).join("")}`)}
    s = 0;
    if (n0 > 0 && n1 > 0) {
      ${hidden.map(more).join("")}
      v = ${round("balance * s")};
      v = ${round("v * (to - from)")};
      pull0 = -${round("v / n0")};
      pull1 = ${round("v / n1")};
    }
    ${likeLoss("pull0")}
    ${likeLoss("pull1")}`;
  };

  /** Adds dP/dh of the balance to the delta of neuron k of layer l. */
  const addBalance = (l: number, k: string): string => {
    const f = neuron("f", l, k);
    const slope = round(`${STEEPNESS} * ${round(`${f} * ${round(`1 - ${f}`)}`)}`);
    const d = neuron("d", l, k);
    return `${d} = ${round(`${d} + ${round(`(y[i] > 0.5 ? pull1 : pull0) * ${slope}`)}`)};\n`;
  };

  /** The way back, in parts like {@link forward}. */
  const backward = (): string[] => {
    const start = [
      probability(program.forward),
      isCounted ? "tellProbability(p);" : "",
      lossForm.df(round),
      likeLoss("pull"),
      `${declare}${neuron("d", last, "0")} = pull;\n`,
    ];
    const parts = [start.join("\n")];
    const write = (text: string): void => {
      parts[parts.length - 1] += text;
    };
    for (const layer of [...layers].reverse()) {
      const { l, fanIn, fanOut, normalization, weights, biases } = layer;
      const delta = (j: string): string => neuron("d", l, j);
      const weight = (k: string, j: string): string => `${weights} + ${k} * ${fanOut} + ${j}`;
      if (normalization !== "none") write(throughGains(layer));
      if (normalization === "layer") write(denormalizeLayer(layer));
      if (normalization === "batch") {
        const means = ["shareds", "stretches", "wide"].map((array) => (j: string) => ofBatch(array, l, j));
        parts.push(meansOfBatch(layer), denormalize(layer, means));
      }
      write(
        each("k", fanIn, (k) =>
          each("j", fanOut, (j) => add(weight(k, j), accumulate(`${neuron("a", l - 1, k)} * ${delta(j)}`))),
        ),
      );
      write(each("j", fanOut, (j) => add(`${biases} + ${j}`, delta(j))));
      if (l === 1) break;
      const { df, isSwitch } = activationTexts[layers[l - 2].activation as HiddenActivation];
      write(
        each("k", fanIn, (k) => {
          const a = neuron("a", l - 1, k);
          const sum = finish(program.backward, "s");
          const dA = hasActivityPenalty ? round(`${sum} + active * Math.sign(${a})`) : sum;
          const product = `${dA} * ${df(a, round)}`;
          return [
            sumOf(program.backward, "j", fanOut, (j) => accumulate(`${delta(j)} * w[${weight(k, j)}]`)),
            `${declare}${neuron("d", l - 1, k)} = ${isSwitch ? exact(round, product) : round(product)};\n`,
            hasBalancePenalty ? addBalance(l - 1, k) : "",
          ].join("");
        }),
      );
    }
    return parts;
  };

  /** All passes over the points of a batch: parts at even places are for every point, those between for none. */
  const passes = (): string => {
    const there = forward(program.forward, (layer) => normalizeBatch(program.forward, layer));
    const back = backward();
    const all = hasBalancePenalty
      ? [...there, balance(), ...back]
      : [...there.slice(0, -1), there[there.length - 1] + back[0], ...back.slice(1)];
    return all.map((part, place) => (place % 2 === 0 ? forPoints(part) : part)).join("");
  };

  /** The way forward of a single point, with the statistics that training met. */
  const look = (): string =>
    forward(program.evaluation, (layer) => standardize(program.evaluation, layer)).join("");

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

  const variables = "let t = 0, u = 0, c = 0, h = 0, o = 0, v = 0, s = 0, shared = 0, logit = 0;";
  const arrays = ["a", "d", "n", "q", "f", "r"];
  return `"use strict";
let ${arrays.map((array) => `${array} = new Float64Array(${neurons})`).join(", ")};
const [variance, shareds, stretches, ones, zeros] = Array.from({ length: 5 }, () => new Float64Array(${neurons}));
const rank = new Int32Array(${neurons}), sums = new Float64Array(${neurons});
const means = new Float64Array(${neurons}), wides = new Float64Array(${neurons});
return {
  means,
  variances: variance,
  logits(w, x, z, e, mean, wide) {
    ${variables}
    const at = 0;
    for (let i = 0; i < z.length; i++) {
      ${look()}
    }
  },
  evaluation(y, z, e) {
    ${variables}
    let sum = 0, right = 0;
    for (let i = 0; i < y.length; i++) {${loss}
    }
    return { loss: ${program.loss.round(`${finish(program.loss, "sum")} / y.length`)}, accuracy: right / y.length };
  },
  sumGradients(w, g, x, y, z, e, order, from, to, scale, activity, balance) {
    ${variables}
    ${
      isBatched
        ? `if (a.length < (to - from) * ${neurons}) {
      ${arrays.map((array) => `${array} = new Float64Array((to - from) * ${neurons});`).join(" ")}
    }
    const mean = means, wide = wides;`
        : "const at = 0;"
    }
    let active = activity, pull0 = 0, pull1 = 0;
    ${hasActivityPenalty ? likeLoss("active") : ""}
    for (let k = 0; k < ${parameters}; k++) g[k] = 0;
    ${passes()}
  },
  finishGradient(g, count, scale) {
    ${isCounted || program.isAccumulatorApart ? "" : `if (${isMeanFirst ? "" : "count === 1 && "}scale === 1) return; // nothing is left to do`}
    ${variables}
    for (let k = 0; k < ${parameters}; k++) {
      g[k] = ${isMeanFirst ? finish(program.backward, "g[k]") : round(`${finish(program.backward, "g[k]")} / count`)};
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

/** The additions of a pairwise sum in their order: the sum at `at` takes up the one `width` places on. */
function pairsOf(count: number): [at: number, width: number][] {
  const pairs: [number, number][] = [];
  for (let width = 1; width < count; width *= 2) {
    for (let at = 0; at + width < count; at += 2 * width) pairs.push([at, width]);
  }
  return pairs;
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
    const shifts = normalization === "none" ? gains : gains + fanOut;
    const end = normalization === "none" ? gains : shifts + fanOut;
    const layer = { ...shape, l: index + 1, weights, biases, gains, shifts, end, firstNeuron };
    weights = end;
    firstNeuron += fanOut;
    return layer;
  });
}

/** How much of a network the thief steals through each channel, and which defences stop them. */
import { Matrix } from "ml-matrix";
import type { Split } from "../../core/moons.js";
import { assignment } from "../../core/network/assignment.js";
import { evaluate } from "../../core/network/evaluate.js";
import { forward } from "../../core/network/forward-backward.js";
import { logitsOf } from "../../core/network/logits.js";
import { denseLayers, type Network, withDense } from "../../core/network/network.js";
import { randomStream } from "../../core/random.js";
import { type Measurement, measurement, together } from "../measurement.js";
import { disagreement, planePoints, type Rectangle } from "../plane.js";
import { drawTask, type TaskParameters, taskSteps, trainingSteps } from "../task.js";
import { countReader, steadied, THIEF_BOX, weightReader } from "./channels.js";
import { type Copy, copyOf } from "./copy.js";
import { activityOf, savedShare } from "./leakage.js";
import { heightOf, type Loot, type Oracle, type Point, type StolenLine, steal, stolenFrom } from "./thief.js";

/** Where the moons are, with a margin. */
export const MOONS_SQUARE: Rectangle = { x: [-1.5, 2.5], y: [-1.25, 1.75] };

/** A line counts as stolen if its angle (in radians) and its offset (in moon radii) are known to this. */
export const EXACT = 1e-6;

/** What was stolen through one channel. */
export interface Stolen {
  /** Readings of the device. */
  readings: number;
  /** Lines that are known to {@link EXACT}. */
  found: number;
  /** Lines that the thief believes in and that are no neuron's. */
  wrong: number;
}

/** What a network saves, and how good it is. */
export interface Working {
  /** Share of the multiply-accumulates that are saved at the test points. */
  saved: number;
  /** Share of the test points that it gets right. */
  accuracy: number;
}

/** What a defence leaves to the thief, and its price. */
export interface Defended extends Stolen, Working {
  name: string;
  /** Lines of its network that pass through the box. */
  lines: number;
}

/** Shares of points at which a copy says what the network says. */
export interface Agreement {
  box: number;
  square: number;
  test: number;
}

/** The theft of one seed's network. */
export interface TheftResult extends Working {
  seed: number;
  /** Neurons whose lines pass through the box, and neurons whose lines miss it. */
  lines: number;
  outside: number;
  /** The count without noise, and with noise of as many neurons as the name says. */
  count: Stolen & { angle: number; offset: number };
  noise1: Stolen;
  noise4: Stolen;
  /** The Hamming weight of the hidden outputs, in the moons' square. */
  weight: Stolen & { lines: number };
  /** By {@link defencesOf}. */
  defences: Defended[];
  /** The copy, and labels bought for it. */
  copy: { labels: number; open: number; agreement: Agreement; loss: number };
  /** A network trained on as many labels as all queries of the copy, without a side channel. */
  labelsOnly: { labels: number; agreement: Agreement };
  /** Test loss of the network itself. */
  loss: number;
}

/** A defence: another network, trained for it, or a device that works through more neurons than fire. */
export interface Defence {
  name: string;
  change?: Partial<TaskParameters>;
  atLeast?: number;
}

/** The defences of a network with one hidden layer. */
export function defencesOf([width]: readonly number[]): Defence[] {
  const tenths = (count: number): number => Math.max(1, Math.round((width * count) / 10));
  return [
    ...[5, 8].map((count) => ({
      name: `at least ${tenths(count)} neurons worked through`,
      atLeast: tenths(count),
    })),
    { name: "dense: all worked through", atLeast: width },
    { name: "leaky ReLU, never 0", change: { activation: "leaky-relu" as const } },
    ...[2, 3, 5].map((count) => ({
      name: `only the ${tenths(count)} largest outputs kept`,
      change: { topK: tenths(count) },
    })),
  ];
}

/** Whether a network of these parameters is one that the thief knows how to steal. */
export function isStealable({
  hiddenLayers,
  normalization = "none",
  activation = "relu",
  topK,
}: TaskParameters): boolean {
  return hiddenLayers.length === 1 && normalization === "none" && activation === "relu" && topK === undefined;
}

/** From the seed of a network's weights to those of the network that learns from its labels. */
const OTHER_WEIGHTS = 500_000;

/** Wrong counts that the thief accepts among noisy ones. */
const ERROR = 1e-4;

/** Inputs to average the Hamming weight over. */
const SAMPLES = 16;

/**
 * Trains a network of one hidden layer of ReLUs and steals it.
 *
 * @throws RangeError when it is another network
 */
export const measureTheft: Measurement<[parameters: TaskParameters], TheftResult> = measurement(
  function* (parameters) {
    const { seed, hiddenLayers } = parameters;
    if (!isStealable(parameters)) {
      throw new RangeError(
        `parameters must be of 1 hidden layer of ReLUs without normalization or topK, got hiddenLayers ${JSON.stringify(hiddenLayers)}`,
      );
    }
    const last = { recordEvery: Math.max(1, parameters.epochs) };
    const defences = defencesOf(hiddenLayers);
    const changes = defences.flatMap(({ change }) => (change ? [change] : []));
    const [own, ...changed] = yield* together(
      [{}, ...changes].map((change) => taskSteps({ ...parameters, ...change }, last)),
    );
    const { data, training } = own;
    const { network } = training;

    const truth = trueLines(network);
    const { loot } = rob(network, CHANNELS.count, seed);
    const inBox = truth.filter((line) => crosses(line, THIEF_BOX));
    const inSquare = truth.filter((line) => crosses(line, MOONS_SQUARE));
    const through = (channel: Channel, lines: readonly Line[]): Stolen => {
      const robbed = rob(network, channel, seed);
      return { ...stolen(robbed.loot, lines), readings: robbed.readings };
    };

    const copy = copyFrom(network, loot, seed);
    const labels = loot.queries + copy.queries;
    const another = { ...parameters, weightsSeed: seed + OTHER_WEIGHTS };
    const { initial } = drawTask(another);
    const asked = { train: labelled(network, labels, seed), test: data.test };
    const trained = yield* trainingSteps(another, { data: asked, initial }, last);
    return {
      seed,
      saved: savedShare(network, activityOf(network, forward(network, data.test.points))),
      accuracy: evaluate(network, data.test).accuracy,
      lines: inBox.length,
      outside: truth.length - inBox.length,
      count: compared(loot, inBox),
      noise1: through(CHANNELS.noise1, inBox),
      noise4: through(CHANNELS.noise4, inBox),
      weight: { ...through(CHANNELS.weight, inSquare), lines: inSquare.length },
      defences: defences.map(({ name, change, atLeast = 0 }) => {
        const run = change && changed[changes.indexOf(change)];
        return { name, ...defended(run ? run.training.network : network, atLeast, data, seed) };
      }),
      copy: {
        labels: copy.queries,
        open: copy.open,
        agreement: agreement(network, copy.network, data),
        loss: evaluate(calibrated(copy.network, network, data), data.test).loss,
      },
      labelsOnly: { labels, agreement: agreement(network, trained.network, data) },
      loss: evaluate(network, data.test).loss,
    };
  },
);

/** Copies a network from what was stolen of it, and from labels near the moons and over the box. */
export function copyFrom(network: Network, loot: Loot, seed: number): Copy {
  const label = (at: Point): number => (forward(network, new Matrix([[...at]])).logits.get(0, 0) > 0 ? 1 : 0);
  return copyOf({ loot, label, areas: [MOONS_SQUARE, THIEF_BOX], seed });
}

/** n·x + d = 0. */
type Line = Pick<StolenLine, "normal" | "offset">;

/** Lines where the neurons of the hidden layer switch, firing on the positive side; none of neurons without weights. */
export function trueLines(network: Network): Line[] {
  const { weights, biases } = denseLayers(network)[0].parameters;
  return Array.from({ length: weights.columns }, (_, j): Line[] => {
    const [x, y] = weights.getColumn(j);
    const length = Math.sqrt(x * x + y * y);
    return length > 0 ? [{ normal: [x / length, y / length], offset: biases.get(0, j) / length }] : [];
  }).flat();
}

/** Whether a line passes through a box: it parts its corners. */
export function crosses(line: Line, { x, y }: Rectangle): boolean {
  const sides = x.flatMap((u) => y.map((v) => heightOf(line, [u, v]) > 0));
  return sides.includes(true) && sides.includes(false);
}

/** Errors of the stolen lines against the neurons' own, each to its own: angle in radians, offset in units of the plane. */
export function errorsOf(
  stolen: readonly Line[],
  lines: readonly Line[],
): { angle: number; offset: number }[] {
  const size = Math.max(stolen.length, lines.length);
  const errors = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) =>
      i < stolen.length && j < lines.length
        ? errorOf(stolen[i], lines[j])
        : { angle: Math.PI, offset: FARTHEST },
    ),
  );
  const cost = errors.map((row) => row.map(({ angle, offset }) => angle + Math.min(offset, FARTHEST)));
  const columns = assignment(cost);
  return errors.slice(0, stolen.length).map((row, i) => row[columns[i]]);
}

/** An error of the offset beyond which it does not matter how large it is. */
const FARTHEST = 1e3;

function errorOf(a: Line, b: Line): { angle: number; offset: number } {
  const [dx, dy] = [a.normal[0] - b.normal[0], a.normal[1] - b.normal[1]];
  // the chord between the normals: the angle, but for its cube
  return { angle: Math.sqrt(dx * dx + dy * dy), offset: Math.abs(a.offset - b.offset) };
}

function stolen(
  { lines: believed, queries }: Pick<Loot, "lines" | "queries">,
  lines: readonly Line[],
): Stolen {
  const exact = errorsOf(believed, lines).filter(isExact);
  return { readings: queries, found: exact.length, wrong: believed.length - exact.length };
}

function isExact({ angle, offset }: { angle: number; offset: number }): boolean {
  return angle <= EXACT && offset <= EXACT;
}

/** Compares what was stolen with a network's lines; the errors are the worst of the lines that are found. */
export function compared(
  loot: Pick<Loot, "lines" | "queries">,
  lines: readonly Line[],
): TheftResult["count"] {
  const exact = errorsOf(loot.lines, lines).filter(isExact);
  const most = (of: "angle" | "offset"): number => Math.max(0, ...exact.map((error) => error[of]));
  return { ...stolen(loot, lines), angle: most("angle"), offset: most("offset") };
}

/** Steals from a network behind a defence. */
function defended(own: Network, atLeast: number, { test }: Split, seed: number): Omit<Defended, "name"> {
  const lines = trueLines(own).filter((line) => crosses(line, THIEF_BOX));
  const read = countReader(own, atLeast);
  return {
    ...stolen(stolenFrom({ read, box: THIEF_BOX, seed }), lines),
    lines: lines.length,
    saved: savedShare(own, activityOf(own, forward(own, test.points)), atLeast),
    accuracy: evaluate(own, test).accuracy,
  };
}

/** Points along each side of the grid on which a copy is compared. */
const GRID = 100;

/** How far a copy says what the network says. */
export function agreement(network: Network, copy: Network, { test }: Split): Agreement {
  const agrees = (points: Matrix): number => 1 - disagreement(network, copy, points);
  return {
    box: agrees(planePoints(THIEF_BOX, GRID)),
    square: agrees(planePoints(MOONS_SQUARE, GRID)),
    test: agrees(test.points),
  };
}

/** Inputs in the moons' square with the network's labels. */
function labelled(network: Network, count: number, seed: number): Split["train"] {
  const random = randomStream("side channel/labels", seed);
  const [[left, right], [low, high]] = [MOONS_SQUARE.x, MOONS_SQUARE.y];
  const points = new Matrix(
    Array.from({ length: count }, () => [
      left + (right - left) * random.uniform(),
      low + (high - low) * random.uniform(),
    ]),
  );
  return {
    points,
    labels: Matrix.columnVector(Array.from(logitsOf(network, points), (z) => (z > 0 ? 1 : 0))),
  };
}

/** The copy with its logits multiplied by the factor that no label tells: the one that brings them nearest to the network's. */
function calibrated(copy: Network, network: Network, { test }: Split): Network {
  const [own, others] = [logitsOf(copy, test.points), logitsOf(network, test.points)];
  const [product, square] = own.reduce(([a, b], z, i) => [a + z * others[i], b + z * z], [0, 0]);
  const factor = square > 0 ? product / square : 0;
  const [hidden, { parameters }] = denseLayers(copy);
  const scaled = (matrix: Matrix): Matrix => matrix.clone().mul(factor);
  return withDense(copy, [
    hidden.parameters,
    { weights: scaled(parameters.weights), biases: scaled(parameters.biases) },
  ]);
}

/** A theft as it went on. */
export interface Robbery {
  /** What the thief saw. */
  name: string;
  /** Lines that pass through where the thief looked. */
  lines: number;
  /** Lines that are a neuron's, each with the readings until it was found, in that order. */
  found: (Line & { readings: number })[];
  /** Readings until the thief stopped. */
  readings: number;
}

/** One network stolen in several ways. */
export interface Robberies {
  /** Its lines; see {@link trueLines}. */
  lines: Line[];
  /** Through each channel, the count first, and from a device that pads. */
  ways: Robbery[];
}

/**
 * Steals one network in several ways.
 *
 * @throws RangeError when it is not one hidden layer of plain ReLUs
 */
export function robberies(network: Network, seed: number): Robberies {
  const kinds = network.layers.map(({ kind }) => kind).join(", ");
  if (kinds !== "dense, relu, dense") {
    throw new RangeError(
      `network must have one hidden layer of plain ReLUs to be stolen (dense, relu, dense), got ${kinds}`,
    );
  }
  const half = defencesOf([denseLayers(network)[0].parameters.weights.columns])[0];
  const padded: Channel = {
    ...CHANNELS.count,
    name: half.name,
    reader: (own, _, onReading) => told(countReader(own, half.atLeast), onReading),
  };
  const lines = trueLines(network);
  const ways = [...Object.values(CHANNELS), padded].map((channel): Robbery => {
    const crossing = lines.filter((line) => crosses(line, channel.box));
    const { loot, readings, until } = rob(network, channel, seed);
    const errors = errorsOf(loot.lines, crossing);
    const found = loot.lines.map((line, i) => ({ ...line, readings: until[i] }));
    return {
      name: channel.name,
      lines: crossing.length,
      found: found.filter((_, i) => isExact(errors[i])),
      readings,
    };
  });
  return { lines, ways };
}

/** A way to look at a device. */
interface Channel {
  name: string;
  /** Where the thief looks. */
  box: Rectangle;
  /** As in the thief's options. */
  width?: number;
  reader(network: Network, seed: number, onReading: () => void): Oracle;
}

function told(read: Oracle, onReading: () => void): Oracle {
  return (point, spread) => {
    onReading();
    return read(point, spread);
  };
}

function noisyCount(noise: number): Channel {
  return {
    name: `count, noise of ${noise} ${noise === 1 ? "neuron" : "neurons"}`,
    box: THIEF_BOX,
    reader(network, seed, onReading) {
      const random = randomStream(`side channel/readings/${noise}`, seed);
      return steadied(countReader(network), { noise, error: ERROR, random, onReading });
    },
  };
}

/** What a thief may see of a network. */
export const CHANNELS: Readonly<Record<"count" | "noise1" | "noise4" | "weight", Channel>> = {
  count: {
    name: "count",
    box: THIEF_BOX,
    reader: (network, _, onReading) => told(countReader(network), onReading),
  },
  noise1: noisyCount(1),
  noise4: noisyCount(4),
  weight: {
    name: "Hamming weight, near the moons",
    box: MOONS_SQUARE,
    width: 1e-8,
    reader(network, seed, onReading) {
      const random = randomStream("side channel/near inputs", seed);
      return weightReader(network, { samples: SAMPLES, random, onReading });
    },
  },
};

/** Steals a network through a channel; `until` are the readings until each line. */
function rob(
  network: Network,
  { box, width, reader }: Channel,
  seed: number,
): { loot: Loot; readings: number; until: number[] } {
  let readings = 0;
  const until: number[] = [];
  const read = reader(network, seed, () => readings++);
  const thief = steal({ box, seed, read, ...(width !== undefined && { width }) });
  for (let step = thief.next(); ; step = thief.next()) {
    if (step.done) return { loot: step.value, readings, until };
    if (step.value.line) until.push(readings);
  }
}

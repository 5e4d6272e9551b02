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
import { heightOf, type Loot, type Oracle, type Point, type StolenLine, stolenFrom } from "./thief.js";

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

/** What a defence leaves to the thief. */
export interface Defended extends Stolen {
  /** Share of the multiply-accumulates that it still saves at the test points. */
  saved: number;
  /** Share of the test points that the network gets right. */
  accuracy: number;
}

/** Shares of points at which a copy says what the network says. */
export interface Agreement {
  box: number;
  square: number;
  test: number;
}

/** The theft of one seed's network. */
export interface TheftResult {
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
  defences: Defended[];
  /** The copy, and labels bought for it. */
  copy: { labels: number; open: number; agreement: Agreement; loss: number };
  /** A network trained on as many labels as all queries of the copy, without a side channel. */
  labelsOnly: { labels: number; agreement: Agreement };
  /** Test loss of the network itself. */
  loss: number;
}

/** Defences, by name; those that change the network are trained for it. */
export const DEFENCES: readonly { name: string; change?: Partial<TaskParameters>; atLeast?: number }[] = [
  { name: "none" },
  { name: "at least 5 neurons", atLeast: 5 },
  { name: "at least 8 neurons", atLeast: 8 },
  { name: "dense, nothing skipped", atLeast: 10 },
  { name: "3 winners", change: { topK: 3 } },
  { name: "5 winners", change: { topK: 5 } },
  { name: "leaky ReLU", change: { activation: "leaky-relu" } },
];

/** Wrong counts that the thief accepts among noisy ones. */
const ERROR = 1e-4;

/** Inputs to average the Hamming weight over. */
const SAMPLES = 16;

/**
 * Trains a network of one hidden layer of ReLUs and steals it.
 *
 * @throws RangeError when it has another number of hidden layers
 */
export const measureTheft: Measurement<[parameters: TaskParameters], TheftResult> = measurement(
  function* (parameters) {
    const { seed, hiddenLayers } = parameters;
    if (hiddenLayers.length !== 1) {
      throw new RangeError(`hiddenLayers must have 1 layer to steal, got ${hiddenLayers.length}`);
    }
    const last = { recordEvery: Math.max(1, parameters.epochs) };
    const changes = DEFENCES.flatMap(({ change }) => (change ? [change] : []));
    const [own, ...changed] = yield* together(
      [{}, ...changes].map((change) => taskSteps({ ...parameters, ...change }, last)),
    );
    const { data, training } = own;
    const { network } = training;

    const searched = { box: THIEF_BOX, seed };
    const loot = stolenFrom({ ...searched, read: countReader(network) });
    const truth = trueLines(network);
    const inBox = truth.filter((line) => crosses(line, THIEF_BOX));
    const count = compared(loot, inBox);

    const noisy = (noise: number): Stolen =>
      metered(inBox, (onReading) => {
        const random = randomStream(`side channel/readings/${noise}`, seed);
        const read = steadied(countReader(network), { noise, error: ERROR, random, onReading });
        return stolenFrom({ ...searched, read });
      });

    const inSquare = truth.filter((line) => crosses(line, MOONS_SQUARE));
    const weight = metered(inSquare, (onReading) => {
      const random = randomStream("side channel/near inputs", seed);
      const read = weightReader(network, { samples: SAMPLES, random, onReading });
      return stolenFrom({ box: MOONS_SQUARE, seed, width: 1e-8, read });
    });

    const copy = copyFrom(network, loot, seed);
    const labels = loot.queries + copy.queries;
    const trained = yield* trainingSteps(
      { ...parameters, weightsSeed: seed + 500_000 },
      {
        data: { train: labelled(network, labels, seed), test: data.test },
        initial: drawTask({ ...parameters, weightsSeed: seed + 500_000 }).initial,
      },
      last,
    );
    return {
      seed,
      lines: inBox.length,
      outside: truth.length - inBox.length,
      count,
      noise1: noisy(1),
      noise4: noisy(4),
      weight: { ...weight, lines: inSquare.length },
      defences: defended(
        changed.map((run) => run.training.network),
        network,
        data,
        seed,
      ),
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

/** Steals, counting the readings of the device. */
function metered(lines: readonly Line[], steal: (onReading: () => void) => Loot): Stolen {
  let readings = 0;
  const loot = steal(() => readings++);
  return { ...stolen(loot, lines), readings };
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

function defended(changed: readonly Network[], network: Network, { test }: Split, seed: number): Defended[] {
  const left = [...changed];
  return DEFENCES.map(({ change, atLeast = 0 }) => {
    const own = change ? (left.shift() ?? network) : network;
    const read: Oracle = countReader(own, atLeast);
    const lines = trueLines(own).filter((line) => crosses(line, THIEF_BOX));
    return {
      ...stolen(stolenFrom({ read, box: THIEF_BOX, seed }), lines),
      saved: savedShare(own, activityOf(own, forward(own, test.points)), atLeast),
      accuracy: evaluate(own, test).accuracy,
    };
  });
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

/** How much of a network the thief steals through each channel, and which defences stop them. */
import { Matrix } from "ml-matrix";
import type { Split } from "../../core/moons.js";
import { evaluate } from "../../core/network/evaluate.js";
import { forward } from "../../core/network/forward-backward.js";
import { logitsOf } from "../../core/network/logits.js";
import { denseLayers, type Network, withDense } from "../../core/network/network.js";
import { randomStream } from "../../core/random.js";
import { type Measurement, measurement, together } from "../measurement.js";
import { disagreement, planePoints } from "../plane.js";
import { drawTask, type TaskParameters, taskSteps, trainingSteps } from "../task.js";
import { CHANNELS, type Channel, countReader, MOONS_SQUARE, THIEF_BOX } from "./channels.js";
import { type Copy, copyOf } from "./copy.js";
import { activityOf, savedShare } from "./leakage.js";
import type { Line, Point } from "./line.js";
import { type Compared, compared, crosses, type Stolen, stolen, trueLines } from "./line-errors.js";
import { rob } from "./robberies.js";
import { type Loot, stolenFrom } from "./thief.js";
import { defencesOf } from "./thief-defences.js";

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
  count: Compared;
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

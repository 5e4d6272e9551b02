/**
 * Why one class is favoured. Untrained neurons have no biases, so their lines meet at the origin, which is the centre of Red's
 * half circle. Here they meet elsewhere; the data, the weights and the order of the points are the same.
 */
import { cos, sin } from "../../core/elementary.js";
import { makeMoons } from "../../core/moons.js";
import { denseLayers, mapMatrix, type Network, withDense } from "../../core/network/network.js";
import { randomStream } from "../../core/random.js";
import { type Measurement, measurement } from "../measurement.js";
import { meanOf } from "../statistics.js";
import type { Variation } from "../study.js";
import { drawTask, type TaskParameters, trainingSteps } from "../task.js";
import { pointsByClass } from "./leakage.js";
import { type LeakResult, leaksOf, neuronRates } from "./side-channel.js";

/** A place where lines meet: [x₁, x₂], in moon radii. */
export type MeetingPlace = readonly [x: number, y: number];

/** Where they meet in an untrained network. */
export const ORIGIN: MeetingPlace = [0, 0];

const MIRRORED = "mirror image";

/** The places to move them to, by name: the point about which a half turn takes either moon to the other, and the origin turned so. */
export const MEETING_PLACES: Readonly<Record<string, MeetingPlace>> = {
  halfway: [0.5, 0.25],
  [MIRRORED]: [1, 0.5],
};

/** The networks whose lines met at the origin's mirror image; none where it was not tried. */
export function mirroredOf<Result>(meeting: readonly Variation<Result>[]): Result[] {
  return meeting.find(({ name }) => name === MIRRORED)?.results ?? [];
}

/**
 * A copy of the network in which the lines of the first hidden layer's neurons meet at a place m: their biases are -w·m. A
 * network without hidden neurons has no such lines, and stays as it is.
 */
export function meetingAt(network: Network, place: MeetingPlace): Network {
  const [first, ...rest] = denseLayers(network).map(({ parameters }) => parameters);
  if (rest.length === 0) return network;
  const { weights } = first;
  const biases = mapMatrix(
    first.biases,
    (_, __, j) => -(weights.get(0, j) * place[0] + weights.get(1, j) * place[1]),
  );
  return withDense(network, [{ weights, biases }, ...rest]);
}

/** A network to train, and where its lines meet at the start. */
export interface MeetingPoint extends TaskParameters {
  place: MeetingPlace;
}

/** What it leaks, and how many neurons of its last hidden layer have a positive weight into the output. */
export interface MeetingResult extends LeakResult {
  votesForClass1: number;
}

/** Trains once and measures. */
export const measureMeeting: Measurement<[point: MeetingPoint], MeetingResult> = measurement(function* ({
  place,
  ...parameters
}) {
  const { data, initial } = drawTask(parameters);
  const task = { data, initial: meetingAt(initial, place) };
  const options = { recordEvery: Math.max(1, parameters.epochs) };
  const { network } = yield* trainingSteps(parameters, task, options);
  return {
    ...leaksOf(network, data, parameters.seed),
    votesForClass1: neuronRates(network, data).filter(({ vote }) => vote > 0).length,
  };
});

/** Points of each moon, and directions, to integrate over. */
const STEPS = 720;

/**
 * How many of the 360 degrees of directions favour Blue, seen from a place: a neuron whose line goes through the place, and which
 * fires on that side, answers more strongly to Blue, ∫ max(0, u·(x - m)) over Blue being larger than over Red. That is
 * how its output weight v moves in the first step, while the network still gives every point the same probability p: then
 * dL/dv = Σ (p - y) a, and a is the neuron's answer. The moons are those without
 * noise; a direction in which neither lies favours neither.
 */
export function degreesForBlue(place: MeetingPlace): number {
  const moons = pointsByClass(
    makeMoons({ samples: 2 * STEPS, noise: 0, random: randomStream("dataset/train", 0) }),
  );
  const favoursBlue = (u: MeetingPlace): boolean => {
    const [red, blue] = moons.map((points) =>
      meanOf(points.map(([x, y]) => Math.max(0, u[0] * (x - place[0]) + u[1] * (y - place[1])))),
    );
    return blue > red;
  };
  let count = 0;
  for (let k = 0; k < STEPS; k++) {
    // between the multiples, so that no direction lies on an axis of the moons
    const angle = (2 * Math.PI * (k + 0.5)) / STEPS;
    if (favoursBlue([cos(angle), sin(angle)])) count++;
  }
  return (360 * count) / STEPS;
}

import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { type Dataset, makeMoons, type Split } from "../../../src/core/moons.js";
import { relu } from "../../../src/core/network/activations.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { denseLayers, mapMatrix, type Network, withDense } from "../../../src/core/network/network.js";
import { gradientOf } from "../../../src/core/network/objective.js";
import { randomStream } from "../../../src/core/random.js";
import {
  degreesForBlue,
  MEETING_PLACES,
  measureMeeting,
  meetingAt,
  mirroredOf,
  ORIGIN,
} from "../../../src/experiments/side-channel/meeting.js";
import { leaksOf, measureLeak } from "../../../src/experiments/side-channel/side-channel.js";
import { drawTask, trainTask } from "../../../src/experiments/task.js";
import { denseOf } from "../../support/networks.js";
import { smallTask } from "../small-task.js";

describe("where the lines of untrained neurons meet", () => {
  it("is moved by their biases alone", () => {
    const network = createNetwork({ hiddenLayers: [10, 4], seed: 1 });
    const place = [1.5, -0.25] as const;
    const moved = meetingAt(network, place);
    const inputs = forward(moved, new Matrix([[...place]])).layers[0].output.to1DArray();
    assert.ok(inputs.every((input) => Math.abs(input) < 1e-12));
    const [before, after] = [network, moved].map((one) => denseLayers(one).map((layer) => layer.parameters));
    assert.deepEqual(
      after.map(({ weights }) => weights),
      before.map(({ weights }) => weights),
    );
    assert.deepEqual(after.slice(1), before.slice(1));
    const none = createNetwork({ hiddenLayers: [], seed: 1 });
    assert.equal(meetingAt(none, place), none);
  });

  it("changes nothing else: at the origin it is the usual training, elsewhere another", () => {
    const { votesForClass1, ...usual } = measureMeeting({ ...smallTask, place: ORIGIN });
    assert.deepEqual(usual, measureLeak(smallTask));
    assert.ok(votesForClass1 > 0 && votesForClass1 < 10);
    const [halfway, mirrored] = Object.values(MEETING_PLACES);
    assert.deepEqual(mirrored, [2 * halfway[0] - ORIGIN[0], 2 * halfway[1] - ORIGIN[1]]);
    assert.notDeepEqual(
      measureMeeting({ ...smallTask, place: mirrored }).means,
      measureMeeting({ ...smallTask, place: halfway }).means,
    );
    const name = Object.keys(MEETING_PLACES)[1];
    assert.deepEqual(
      mirroredOf([
        { name: "halfway", results: [1] },
        { name, results: [2] },
      ]),
      [2],
    );
    assert.deepEqual(mirroredOf([]), []);
  });

  it("favours no class where a half turn swaps the moons: turned data and weights give the opposite lead", () => {
    const { data, initial } = drawTask(smallTask);
    const centre = MEETING_PLACES.halfway;
    const mapped = ({ points, labels }: Dataset, sign: number): Dataset => ({
      points: mapMatrix(points, (value, _, k) => sign * (value - centre[k])),
      labels: mapMatrix(labels, (label) => (sign > 0 ? label : 1 - label)),
    });
    const all = (sign: number): Split => ({ train: mapped(data.train, sign), test: mapped(data.test, sign) });
    const turned: Network = withDense(
      initial,
      denseLayers(initial).map(({ parameters: { weights, biases } }) => ({
        weights: mapMatrix(weights, (weight) => -weight),
        biases,
      })),
    );
    const [own, other] = [
      { data: all(1), initial },
      { data: all(-1), initial: turned },
    ].map((task) => leaksOf(trainTask(smallTask, task).network, task.data, 1));
    assert.notEqual(own.means[0], own.means[1]);
    assert.deepEqual(other.means, [own.means[1], own.means[0]]);
    assert.equal(other.accuracy, own.accuracy);
  });

  it("favours no class before training: with all weights turned round silent neurons fire", () => {
    const { data, initial } = drawTask(smallTask);
    const turned = withDense(
      initial,
      denseLayers(initial).map(({ parameters: { weights, biases } }) => ({
        weights: mapMatrix(weights, (weight) => -weight),
        biases,
      })),
    );
    const [own, other] = [initial, turned].map((network) => leaksOf(network, data, 1));
    assert.notEqual(own.means[0], own.means[1]);
    for (const label of [0, 1]) assert.ok(Math.abs(own.means[label] + other.means[label] - 10) < 1e-9);
  });

  it("decides how many directions favour Blue: half of them halfway, and as many for Red from the mirror image", () => {
    const [halfway, mirrored] = Object.values(MEETING_PLACES);
    assert.equal(degreesForBlue(halfway), 180);
    assert.equal(degreesForBlue(ORIGIN) + degreesForBlue(mirrored), 360);
    for (const [x, y] of [
      [0, 0.5],
      [0.25, 0.75],
    ]) {
      assert.equal(degreesForBlue([x, y]) + degreesForBlue([1 - x, 0.5 - y]), 360);
    }
  });

  it("so decides the first step of the output weights", () => {
    const moons = makeMoons({ samples: 2000, noise: 0, random: randomStream("dataset/train", 1) });
    const angles = Array.from({ length: 720 }, (_, k) => (Math.PI * (k + 0.5)) / 360);
    // output weights of 0: every point has the probability 1/2
    const network: Network = {
      layers: [
        denseOf([angles.map(Math.cos), angles.map(Math.sin)], new Array(720).fill(0)),
        relu,
        denseOf(new Array(720).fill([0]), [0]),
      ],
    };
    const { gradients } = gradientOf(network, moons);
    const towardsBlue = gradients[2].weights.to1DArray().filter((slope) => slope < 0).length;
    assert.equal(towardsBlue / 2, degreesForBlue(ORIGIN));
    assert.ok(towardsBlue / 2 < 180);
  });
});

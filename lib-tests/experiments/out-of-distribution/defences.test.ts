import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { makeMoons } from "../../../src/core/moons.js";
import { toParameters } from "../../../src/core/network/network.js";
import { randomStream } from "../../../src/core/random.js";
import { isCertain } from "../../../src/experiments/out-of-distribution/confidence.js";
import {
  DEFENCES,
  defenceMaps,
  measureDefences,
  summariseDefences,
  trainDefences,
} from "../../../src/experiments/out-of-distribution/defences.js";
import { ensembleAnswer, trainEnsemble } from "../../../src/experiments/out-of-distribution/ensemble.js";
import {
  type Answers,
  drawPointSets,
  HELD_OUT_POINTS,
  judgeDefence,
  REFUSED_INSIDE,
} from "../../../src/experiments/out-of-distribution/judging.js";
import { withNoise } from "../../../src/experiments/out-of-distribution/noise-training.js";
import { nearestTo, neighbourDistances } from "../../../src/experiments/out-of-distribution/novelty.js";
import {
  annulusPoints,
  clusterPoints,
  distanceFromMoons,
  nearPoints,
} from "../../../src/experiments/out-of-distribution/outside.js";
import type { OutOfDistributionParameters } from "../../../src/experiments/out-of-distribution/parameters.js";
import { logitAt, logitsAt, MIDDLE } from "../../../src/experiments/out-of-distribution/rays.js";
import { rectangleAround } from "../../../src/experiments/plane.js";
import { runTask } from "../../../src/experiments/task.js";
import { close } from "../../support/close.js";
import { smallTask } from "../small-task.js";

const parameters: OutOfDistributionParameters = {
  ...smallTask,
  trainPoints: 100,
  testPoints: 200,
  epochs: 60,
  point: [4, 4],
  annulus: [4, 8],
  members: 3,
  neighbours: 5,
  sweepSeeds: 2,
  firstSeed: 1,
};

describe("points outside", () => {
  it("fill the annulus evenly", () => {
    const radii = annulusPoints([3, 5], 2000, 1)
      .to2DArray()
      .map(([x, y]) => Math.hypot(x - MIDDLE[0], y - MIDDLE[1]));
    assert.ok(radii.every((r) => r >= 3 - 1e-9 && r <= 5 + 1e-9));
    // the area within radius 4 is 7/16 of the annulus; 2000 points: 4 standard deviations are 0.044
    close(radii.filter((r) => r < 4).length / 2000, 7 / 16, 0.044);
  });

  it("stand around the point", () => {
    const cluster = clusterPoints([4, -3], 2000, 1);
    const mean = cluster.mean("column");
    close(mean[0], 4, 0.03);
    close(mean[1], -3, 0.03);
  });

  it("stand near the moons, three to six times the noise away, evenly", () => {
    for (const noise of [0.15, 0]) {
      const sigma = Math.max(noise, 0.01);
      const distances = nearPoints(noise, 2000, 1).to2DArray().map(distanceFromMoons);
      assert.ok(distances.every((distance) => distance >= 3 * sigma && distance <= 6 * sigma));
    }
    // the upper moon's own outer band is a half ring, in which half the area lies beyond the radius of mean square
    const above = nearPoints(0.15, 4000, 1)
      .to2DArray()
      .filter(([x, y]) => y > 0.5 && x < 0 && Math.hypot(x, y) > 1)
      .map(([x, y]) => Math.hypot(x, y));
    const half = Math.sqrt((1.45 ** 2 + 1.9 ** 2) / 2);
    close(above.filter((r) => r < half).length / above.length, 0.5, 2 / Math.sqrt(above.length));
  });

  it("are as far from the moons as by hand", () => {
    const cases: [x: number, y: number, distance: number][] = [
      [0, 1, 0],
      [1, -0.5, 0],
      [0, 3, 2],
      [0, 0, Math.sqrt(1.25) - 1], // the lower moon's middle is (1, 1/2)
      [0, 0.25, Math.sqrt(1 + 1 / 16) - 1],
      [2.3, 0.9, 0.5], // the lower moon's right end is 0.3 and 0.4 away
      [-4, -4, 5], // the upper moon's left end is 3 and 4 away
      [1, -2, 1.5],
    ];
    for (const [x, y, distance] of cases) close(distanceFromMoons([x, y]), distance);
  });
});

describe("distance to the data", () => {
  const train = {
    points: new Matrix([
      [0, 0],
      [3, 4],
      [6, 8],
    ]),
    labels: new Matrix([[0], [1], [0]]),
  };

  it("is that to the k-th nearest point, by hand", () => {
    const points = new Matrix([
      [0, 0],
      [6, 8],
    ]);
    assert.deepEqual(neighbourDistances(points, train, 1), [0, 0]);
    assert.deepEqual(neighbourDistances(points, train, 2), [5, 5]);
    assert.deepEqual(neighbourDistances(points, train, 3), [10, 10]);
  });

  it("is that to the farthest where there are fewer than k", () => {
    assert.deepEqual(neighbourDistances(new Matrix([[0, 0]]), train, 99), [10]);
  });

  it("agrees with sorting all distances", () => {
    const data = makeMoons({ samples: 50, noise: 0.2, random: randomStream("test/train", 1) });
    const points = makeMoons({ samples: 20, noise: 0.5, random: randomStream("test/points", 1) }).points;
    const sorted = points.to2DArray().map(
      ([x, y]) =>
        data.points
          .to2DArray()
          .map(([u, v]) => Math.sqrt((u - x) * (u - x) + (v - y) * (v - y)))
          .sort((a, b) => a - b)[6],
    );
    assert.deepEqual(neighbourDistances(points, data, 7), sorted);
  });

  it("names the class of the nearest point, and how far away it is", () => {
    assert.deepEqual(
      [
        [1.5, 2],
        [3, 3],
        [9, 12],
      ].map((point) => nearestTo(point, train)),
      [
        { label: 0, distance: 2.5 },
        { label: 1, distance: 1 },
        { label: 0, distance: 5 },
      ],
    );
  });
});

describe("an ensemble", () => {
  it("answers with its mean, by hand", () => {
    // probabilities 3/4 and 1/4: the mean is 1/2
    const log3 = Math.log(3);
    const { logit, disagreement, spread } = ensembleAnswer([log3, -log3]);
    close(logit, 0);
    // the divergence of (3/4, 1/4) from (1/2, 1/2)
    close(disagreement, 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5));
    close(spread, log3);
  });

  it("does not disagree where all members say the same", () => {
    assert.deepEqual(ensembleAnswer([2, 2, 2]), { logit: 2, disagreement: 0, spread: 0 });
  });

  it("disagrees by log 2 where certain members are split in halves, and stays exact far out", () => {
    const split = ensembleAnswer([5000, -5000]);
    close(split.logit, 0);
    close(split.disagreement, Math.log(2));
    // mean of e^-1000 and e^-2000 left of doubt
    const certain = ensembleAnswer([1000, 2000]);
    close(certain.logit, 1000 + Math.log(2), 1e-9);
    assert.equal(certain.spread, 500);
    assert.equal(certain.disagreement, 0);
  });

  it("is exact where members are infinitely sure", () => {
    const most = Number.POSITIVE_INFINITY;
    assert.deepEqual(ensembleAnswer([most, most]), { logit: most, disagreement: 0, spread: 0 });
    assert.deepEqual(ensembleAnswer([-most]), { logit: -most, disagreement: 0, spread: 0 });
    const split = ensembleAnswer([most, -most]);
    close(split.logit, 0);
    close(split.disagreement, Math.log(2));
    assert.equal(split.spread, most);
    assert.equal(ensembleAnswer([0, most]).spread, most);
    assert.equal(ensembleAnswer([0, Number.NaN]).spread, Number.NaN);
  });

  it("has the network of the parameters as its first member, and no two alike", () => {
    const members = trainEnsemble(parameters, 3);
    const plain = runTask(parameters).training.network;
    assert.deepEqual(toParameters(members[0]), toParameters(plain));
    const first = members.map((member) => toParameters(member)[0]);
    assert.equal(new Set(first).size, 3);
  });
});

describe("defences", () => {
  const trained = trainDefences(parameters);
  const { heldOut } = drawPointSets(parameters);
  const result = measureDefences(parameters);

  it("answer in the order of their names, all as plain data", () => {
    assert.deepEqual(
      trained.defences.map(({ name }) => name),
      DEFENCES,
    );
    assert.equal(result.defences.length, DEFENCES.length);
    assert.deepEqual(structuredClone(result), result);
  });

  it("refuse one in a hundred held-out points, or none at all", () => {
    for (const { name, mayRefuse, answer } of trained.defences) {
      const { refused } = answer(heldOut.points);
      const count = refused.filter(Boolean).length;
      assert.equal(mayRefuse, DEFENCES.indexOf(name) >= DEFENCES.indexOf("ensemble's disagreement"));
      assert.equal(count, mayRefuse ? REFUSED_INSIDE * HELD_OUT_POINTS : 0, name);
    }
  });

  it("by temperature change no AUROC and no accuracy, and divide the logits by T", () => {
    const [none, temperature] = result.defences;
    assert.deepEqual(temperature.auroc, none.auroc);
    assert.equal(temperature.accuracy, none.accuracy);
    assert.notEqual(trained.temperature, 1);
    const logits = trained.defences.slice(0, 2).map(({ answer }) => answer(heldOut.points).logits);
    assert.deepEqual(
      logits[1],
      logits[0].map((z) => z / trained.temperature),
    );
  });

  it("by distance refuse the point in the void, and answer as the network does elsewhere", () => {
    const distance = trained.defences[DEFENCES.indexOf("distance to the data")];
    const points = new Matrix([
      [4, 4],
      [0, 1],
    ]);
    const { logits, refused } = distance.answer(points);
    assert.deepEqual(refused, [true, false]);
    assert.deepEqual(logits, logitsAt(trained.members[0], points));
    assert.equal(result.defences[8].certain.cluster, 0);
    assert.equal(result.defences[8].auroc.cluster, 1);
  });

  it("on noise learn doubt where it was drawn, within a moon radius of the data", () => {
    const { data } = runTask({ ...parameters, epochs: 0 });
    const { points, labels } = withNoise(data.train, parameters.seed);
    assert.deepEqual([points.rows, labels.rows], [200, 200]);
    assert.deepEqual(points.getRow(7), data.train.points.getRow(7));
    assert.deepEqual(labels.to1DArray().slice(100), new Array(100).fill(0.5));
    const { x, y } = rectangleAround(data.train, 0);
    const noise = points.to2DArray().slice(100);
    for (const [axis, [low, high]] of [x, y].entries()) {
      const values = noise.map((point) => point[axis]);
      assert.ok(Math.min(...values) >= low - 1 && Math.max(...values) <= high + 1);
      assert.ok(Math.min(...values) < low - 0.5 && Math.max(...values) > high + 0.5);
    }
    const learnt = result.defences[DEFENCES.indexOf("training on noise")];
    assert.ok(learnt.certain.near < result.defences[0].certain.near);
  });

  it("are judged by what they score, answer and refuse, by hand", () => {
    const at = (...xs: number[]): Matrix => new Matrix(xs.map((x) => [x, 0]));
    // class 1 to the right of 0, no answer beyond 10, and a score that falls with the distance from 0
    const answer = (points: Matrix): Answers => {
      const xs = points.getColumn(0);
      return {
        logits: xs.map((x) => 10 * x),
        scores: xs.map((x) => -Math.abs(x)),
        refused: xs.map((x) => x > 10),
      };
    };
    const { auroc, certain, accuracy } = judgeDefence(
      { answer },
      {
        test: { points: at(-1, 1, 2, 11), labels: new Matrix([[0], [1], [0], [1]]) },
        outside: { annulus: at(20, 30), cluster: at(0.1, -20), near: at(0, 1.5) },
      },
    );
    assert.equal(accuracy, 2 / 4); // one is wrong, and one right but refused
    assert.deepEqual(auroc, { annulus: 1, cluster: 4 / 8, near: 2 / 8 });
    assert.deepEqual(certain, { annulus: 0, cluster: 1 / 2, near: 1 / 2 });
  });

  it("are certain only of what they answer", () => {
    const maps = defenceMaps(trained, { x: [3, 5], y: [3, 5] }, 3);
    assert.deepEqual(maps[7].refused.values.flat(), new Array(9).fill(1));
    assert.deepEqual(maps[0].refused.values.flat(), new Array(9).fill(0));
    const p = maps[0].probability.values[1][1];
    const z = logitAt(trained.members[0], [4, 4]);
    assert.equal(isCertain(z), p > 0.99 || p < 0.01);
  });

  it("count how often members differ", () => {
    const { point, inside } = result.churn;
    assert.ok([0, 2 / 3].some((share) => Math.abs(point - share) < 1e-12)); // of three pairs none, or two
    assert.ok(inside >= 0 && inside < 0.2);
    const lost = measureDefences({ ...parameters, epochs: 1, learningRate: 1e300 }).churn;
    assert.deepEqual(lost, { point: Number.NaN, inside: Number.NaN });
  });

  it("are summed up by paired differences", () => {
    const other = structuredClone({ ...result, temperature: 3 * result.temperature });
    for (const defence of other.defences) defence.accuracy -= 0.1; // the same for all: no cost changes
    const { summaries, temperature, churn } = summariseDefences([
      result,
      other,
      result,
      other,
      result,
      other,
    ]);
    assert.deepEqual(
      summaries.map(({ name }) => name),
      DEFENCES,
    );
    assert.deepEqual([churn.point.mean, churn.inside.mean], [result.churn.point, result.churn.inside]);
    close(temperature, 2 * result.temperature);
    const [none, , tanh] = summaries;
    assert.deepEqual([none.cost.mean, none.cost.low, none.cost.high], [0, 0, 0]);
    close(tanh.cost.mean, result.defences[0].accuracy - result.defences[2].accuracy);
    close(tanh.accuracy.mean, result.defences[2].accuracy - 0.05);
    close(tanh.gain.near.mean, result.defences[2].auroc.near - result.defences[0].auroc.near);
    assert.deepEqual([none.gain.annulus.mean, none.gain.annulus.high], [0, 0]);
  });
});

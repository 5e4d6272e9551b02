import assert from "node:assert/strict";
import { denseLayers } from "../../../src/core/network/network.js";
import { mostRegions } from "../../../src/experiments/out-of-distribution/arrangement.js";
import { reliabilityDiagram } from "../../../src/experiments/out-of-distribution/calibration.js";
import { isCertain } from "../../../src/experiments/out-of-distribution/confidence.js";
import { measureDefences, summariseDefences } from "../../../src/experiments/out-of-distribution/defences.js";
import { outOfDistribution } from "../../../src/experiments/out-of-distribution/index.js";
import {
  certainByRadius,
  logitsOnPlane,
  measureCertainty,
  measureVoid,
  RADII,
  voidArea,
} from "../../../src/experiments/out-of-distribution/out-of-distribution.js";
import type { OutOfDistributionParameters } from "../../../src/experiments/out-of-distribution/parameters.js";
import {
  logitAt,
  logitsAlongRay,
  logitsAt,
  raysAround,
} from "../../../src/experiments/out-of-distribution/rays.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { doStudy } from "../../../src/experiments/study.js";
import { runTask } from "../../../src/experiments/task.js";
import { smallTask } from "../small-task.js";

const parameters: OutOfDistributionParameters = {
  ...smallTask,
  epochs: 60,
  point: [4, 4],
  annulus: [4, 8],
  members: 2,
  neighbours: 5,
  sweepSeeds: 2,
  firstSeed: 1,
};

describe("out of distribution: parameters", () => {
  it("are returned as they came, over those that are published", () => {
    const published = { activation: "relu", normalization: "none" };
    assert.deepEqual(outOfDistribution.parameters(parameters), { ...published, ...parameters });
    const optional = { ...parameters, activation: "tanh", normalization: "layer" } as const;
    assert.deepEqual(outOfDistribution.parameters(optional), optional);
  });

  const pair = "two coordinates, each from -1000000 to 1000000";
  const radii = "an inner and a larger outer radius from 0 to 1000000";
  const refused: [string, unknown, string, string][] = [
    ["point", [4], "RangeError", `point must be ${pair}, got [4]`],
    ["point", [4, 2e6], "RangeError", `point must be ${pair}, got [4,2000000]`],
    ["point", 4, "TypeError", `point must be ${pair}, got 4`],
    ["annulus", [8, 4], "RangeError", `annulus must be ${radii}, got [8,4]`],
    ["annulus", [4, 4], "RangeError", `annulus must be ${radii}, got [4,4]`],
    ["annulus", [-1, 4], "RangeError", `annulus must be ${radii}, got [-1,4]`],
    ["members", 1, "RangeError", "members must be a whole number from 2 to 100, got 1"],
    ["neighbours", 0, "RangeError", "neighbours must be a whole number from 1 to 10000, got 0"],
    ["sweepSeeds", 1, "RangeError", "sweepSeeds must be a whole number from 2 to 10000, got 1"],
  ];
  for (const [name, value, error, message] of refused) {
    it(`refuse ${name} = ${JSON.stringify(value)}`, () => {
      assert.throws(() => outOfDistribution.parameters({ ...parameters, [name]: value } as never), {
        name: error,
        message,
      });
    });
  }
});

describe("out of distribution: one network", () => {
  const { network } = runTask(parameters).training;
  const result = measureVoid(parameters);

  it("is measured at the point, along the rays and on the test points", () => {
    assert.equal(result.pointLogit, logitAt(network, [4, 4]));
    assert.deepEqual(result.certain, certainByRadius(network));
    assert.equal(result.certain.length, RADII.length);
    const { testAccuracy, pointLogit, certain, auroc } = result;
    const atScale = { testAccuracy, pointLogit, certain: certain[2], auroc: auroc.annulus };
    assert.deepEqual(measureCertainty(parameters), atScale);
    const { test } = runTask(parameters).data;
    const whole = reliabilityDiagram(logitsAt(network, test.points), test.labels.to1DArray());
    for (const [k, { count, wrong, doubt }] of result.inside.entries()) {
      assert.deepEqual([count, wrong], [whole[k].count, whole[k].wrong]);
      assert.ok(Math.abs(doubt - whole[k].doubt) <= 1e-5 * whole[k].doubt, `${doubt}, ${whole[k].doubt}`);
    }
    assert.deepEqual(structuredClone(result), result);
  });

  it("has its directions and regions counted exactly where it has one layer of ReLUs", () => {
    assert.equal(result.isExact, true);
    const { weights } = denseLayers(network)[0].parameters;
    assert.equal(result.regions.all, mostRegions(weights.columns));
    assert.ok(result.regions.learnt > 1 && result.regions.learnt <= result.regions.all);
    const sampled = raysAround(5000).map((ray) => logitsAlongRay(network, ray, RADII));
    for (const [k, certain] of result.certain.entries()) {
      const share = sampled.filter((logits) => isCertain(logits[k])).length / sampled.length;
      assert.ok(Math.abs(share - certain) < 4e-3, `${share}, ${certain} at ${RADII[k]}`);
    }
    const deep = measureVoid({ ...parameters, hiddenLayers: [4, 3], epochs: 2 });
    assert.equal(deep.isExact, false);
    assert.ok(deep.certain.every((share) => Number.isInteger(64 * share)));
    assert.deepEqual(deep.regions, { all: Number.NaN, learnt: Number.NaN });
  });

  it("knows a point beyond the last kink of its ray from one before it", () => {
    const isBeyond = (point: readonly number[]): boolean =>
      measureVoid({ ...parameters, point }).isBeyondKinks;
    assert.deepEqual(
      [
        [400, 400],
        [0.5, 0.26],
      ].map(isBeyond),
      [true, false],
    );
  });

  it("of tanh neurons is not, and has no kinks", () => {
    const tanh = measureVoid({ ...parameters, activation: "tanh", epochs: 5 });
    assert.equal(tanh.isExact, false);
    assert.equal(tanh.isBeyondKinks, false);
  });

  it("is measured whatever its shape, and where it diverged", () => {
    for (const change of [
      { hiddenLayers: [] },
      { hiddenLayers: [1] },
      { hiddenLayers: [4, 3, 2] },
      { epochs: 0 },
      { normalization: "layer" as const },
      { point: [0.5, 0.25] },
    ]) {
      const { auroc, far } = measureVoid({ ...parameters, epochs: 2, ...change });
      assert.ok(auroc.annulus >= 0 && auroc.annulus <= 1, JSON.stringify(change));
      assert.ok(far.doubtful >= 0 && far.doubtful <= far.bounded && far.bounded <= 1, JSON.stringify(change));
    }
    const lost = measureVoid({ ...parameters, learningRate: 1e300 });
    assert.deepEqual([lost.pointLogit, lost.certainInside, lost.isBeyondKinks], [Number.NaN, 0, false]);
    assert.deepEqual(lost.far, { bounded: Number.NaN, doubtful: Number.NaN });
  });

  it("is nearest to a point of the data where it stands on one", () => {
    const [x, y] = runTask(parameters).data.train.points.getRow(0);
    const at = measureVoid({ ...parameters, point: [x, y] });
    assert.deepEqual([at.nearestClass, at.nearestDistance], [0, 0]);
  });

  it("is drawn on a square that holds the point, row by row", () => {
    for (const point of [[4, 4], [-7, 1], MIDDLE_OF_NOWHERE, [0.5, 0.25]]) {
      const { x, y } = voidArea(point);
      assert.ok(x[0] < point[0] && point[0] < x[1] && y[0] < point[1] && point[1] < y[1]);
      assert.ok(x[0] <= -2 && x[1] >= 3);
    }
    const grid = logitsOnPlane(network, { x: [3, 5], y: [2, 4] }, 3);
    assert.equal(grid.values[2][1], logitAt(network, [4, 4]));
  });
});

const MIDDLE_OF_NOWHERE = [100, -2000];

describe("out of distribution: studies", () => {
  const { seeds, defences, scale } = outOfDistribution.studies;
  const few = { ...parameters, epochs: 20, sweepSeeds: 8 };

  it("measure the seeds in their order", async () => {
    const results = await doStudy(seeds, parameters, plainLoop());
    assert.deepEqual(
      results.map(({ seed }) => seed),
      [1, 2],
    );
    assert.deepEqual(results[1], measureVoid({ ...parameters, seed: 2 }));
    assert.deepEqual(
      await doStudy(defences, parameters, plainLoop()),
      summariseDefences([1, 2].map((seed) => measureDefences({ ...parameters, seed }))),
    );
  });

  it("grow the network, at smaller steps for a shorter time", async () => {
    const [narrow, , deep] = await doStudy(scale, few, plainLoop());
    assert.deepEqual([narrow.name, deep.name], ["10", "64 × 64"]);
    const change = { hiddenLayers: [64, 64], learningRate: few.learningRate / 4, epochs: 1 };
    assert.deepEqual(
      deep.results,
      [1, 2].map((seed) => measureCertainty({ ...few, ...change, seed })),
    );
  });
});

import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { farCertaintyFigure, posteriorMapsFigure } from "../../../../src/charts/posterior.js";
import { createNetwork, type NetworkOptions } from "../../../../src/core/network/initialisation.js";
import { type Network, toParameters, withParameters } from "../../../../src/core/network/network.js";
import { gradeLines } from "../../../../src/experiments/grading.js";
import { probabilityOf } from "../../../../src/experiments/out-of-distribution/confidence.js";
import { outOfDistribution } from "../../../../src/experiments/out-of-distribution/index.js";
import type { OutOfDistributionParameters } from "../../../../src/experiments/out-of-distribution/parameters.js";
import {
  canSample,
  type PosteriorFindings,
  type PosteriorResult,
  posteriorFindings,
} from "../../../../src/experiments/out-of-distribution/posterior/findings.js";
import { posteriorLines } from "../../../../src/experiments/out-of-distribution/posterior/lines.js";
import {
  ANSWERERS,
  FAR_RADII,
  MAP_CELLS,
  measurePosterior,
  type PosteriorPart,
} from "../../../../src/experiments/out-of-distribution/posterior/posterior.js";
import { pointsOnLines } from "../../../../src/experiments/out-of-distribution/posterior/ridge.js";
import {
  posteriorTable,
  posteriorText,
} from "../../../../src/experiments/out-of-distribution/posterior/sentences.js";
import type { Outcome, VerdictRow } from "../../../../src/experiments/verdict.js";

const parameters = outOfDistribution.parameters({
  trainPoints: 40,
  testPoints: 100,
  hiddenLayers: [3],
  epochs: 20,
  seed: 1,
});
const partsOf = (change: Partial<OutOfDistributionParameters>, isMapped = false): PosteriorPart[] =>
  [false, true].map((isSampled) => measurePosterior({ ...parameters, ...change, isSampled, isMapped }));
const [result] = posteriorFindings([partsOf({}, true)]).results;
const [one, top, last, all, drawn] = result.answers;
const farthest = FAR_RADII.length - 1;

describe("the posterior of one seed", () => {
  it("is sampled by chains that agree", () => {
    const { rHat, effective, divergences, acceptance } = result.sampling;
    assert.deepEqual([rHat.length, effective.length], [3, 3]);
    assert.ok(Math.max(...rHat) < 1.05, `${rHat}`);
    assert.ok(Math.min(...effective) > 200, `${effective}`);
    assert.equal(divergences, 0);
    assert.ok(acceptance > 0.6 && acceptance < 1);
  });

  it("leaves a single network certain everywhere far away, and Laplace less so, up to a limit", () => {
    for (const { certain } of [one, top]) assert.ok(certain[farthest] > 0.9, `${certain}`);
    for (const { certain, confidence } of [last, all]) {
      assert.ok(certain[farthest] < 0.9, `${certain}`);
      // the confidence at 1000 radii is that at 300, and not 1
      assert.ok(Math.abs(confidence[farthest] - confidence[farthest - 1]) < 1e-3);
      assert.ok(confidence[farthest] < 0.99);
    }
    // more is uncertain when more parameters are, in every direction
    for (const k of FAR_RADII.keys()) assert.ok(all.confidence[k] <= last.confidence[k] + 1e-12);
  });

  it("keeps the sides of the top with Laplace, and takes its certainty", () => {
    for (const { pointLogit } of [last, all]) {
      assert.equal(Math.sign(pointLogit), Math.sign(top.pointLogit));
      assert.ok(Math.abs(pointLogit) < Math.abs(top.pointLogit));
    }
    assert.equal(last.judged.accuracy, top.judged.accuracy);
    assert.ok(drawn.judged.accuracy > 0.8);
  });

  it("is mapped when asked", () => {
    assert.equal(result.maps?.length, ANSWERERS.length);
    for (const map of result.maps ?? []) {
      assert.equal(map.length, MAP_CELLS * MAP_CELLS);
      assert.ok(map.every((p) => p >= 0 && p <= 1));
    }
  });

  it("of a network without hidden layers has a smooth top", () => {
    const [linear] = posteriorFindings([partsOf({ trainPoints: 10, hiddenLayers: [] })]).results;
    assert.equal(linear.maps, undefined);
    assert.deepEqual([linear.top.isExact, linear.top.onLines], [true, 0]);
    assert.ok(linear.top.slope < 1e-6);
    assert.ok(linear.top.spread < 1e-9);
    // all layers are the last one
    for (const [k, share] of linear.answers[3].confidence.entries()) {
      assert.ok(Math.abs(share - linear.answers[2].confidence[k]) < 1e-9);
    }
  });
});

/** Results in which only what a test names differs. */
function results(count: number, change: (own: PosteriorResult) => void = () => {}): PosteriorResult[] {
  return Array.from({ length: count }, (_, i) => {
    const { maps: _maps, ...own } = structuredClone(result);
    own.seed = i + 1;
    own.sampling = {
      rHat: [1.009, 1, 1],
      effective: [900, 800, 400],
      divergences: 0,
      acceptance: 0.8,
    };
    change(own);
    return own;
  });
}

const findingsOf = (all: PosteriorResult[]): PosteriorFindings =>
  posteriorFindings(
    all.map(({ seed, top, sampling, answers, maps }) => [
      { seed, top, answers: answers.slice(0, -1), ...(maps && { maps: maps.slice(0, -1) }) },
      { seed, sampling, answers: answers.slice(-1), ...(maps && { maps: maps.slice(-1) }) },
    ]),
  );

describe("the findings", () => {
  it("trust the seeds whose chains agree, have moved enough, and never diverged", () => {
    const bad: ((own: PosteriorResult) => void)[] = [
      ({ sampling }) => {
        sampling.rHat[1] = 1.01;
      },
      ({ sampling }) => {
        sampling.rHat[2] = Number.NaN;
      },
      ({ sampling }) => {
        sampling.effective[0] = 399;
      },
      ({ sampling }) => {
        sampling.divergences = 1;
      },
    ];
    const {
      trusted,
      results: every,
      summaries,
    } = findingsOf([...results(3), ...bad.flatMap((of) => results(1, of))]);
    assert.equal(every.length, 7);
    assert.equal(trusted.length, 3);
    assert.deepEqual(
      summaries.map(({ name, accuracy }) => [name, accuracy.n]),
      ANSWERERS.slice(1).map((name) => [name, 3]),
    );
    assert.equal(summaries[0].cost.mean, one.judged.accuracy - top.judged.accuracy);
  });

  it("are none where there is too much to sample", () => {
    assert.ok(canSample(outOfDistribution.defaults));
    assert.ok(!canSample({ ...outOfDistribution.defaults, hiddenLayers: [1024, 1024] }));
    assert.ok(!canSample({ ...outOfDistribution.defaults, trainPoints: 10_000 }));
    const { points } = outOfDistribution.studies.posterior;
    assert.equal(points(parameters, 7).length, 2);
    assert.deepEqual(points({ ...parameters, trainPoints: 10_000 }, 7), []);
    const none = posteriorFindings([[], []]);
    assert.deepEqual(none, { results: [], trusted: [], summaries: [] });
    assert.match(posteriorText(none), /was not sampled/);
    assert.deepEqual(posteriorTable(none, [4, 4])[1], []);
    for (const figure of [farCertaintyFigure(none), posteriorMapsFigure(none, parameters)]) {
      assert.deepEqual(figure.data, []);
      assert.match(figure.caption ?? "", /was not sampled/);
    }
    const unmapped = posteriorMapsFigure(findingsOf(results(2)), parameters);
    assert.deepEqual([unmapped.data, unmapped.caption?.includes("001")], [[], true]);
  });

  it("are told in a table, in words and in figures", () => {
    const findings = findingsOf([result, ...results(4)]);
    findings.trusted = findings.results;
    const [heads, rows] = posteriorTable(findings, parameters.point);
    assert.ok(rows.every((row) => row.length === heads.length));
    assert.match(rows[4][2], /^0\.0/);
    const distance = Math.abs(probabilityOf(top.pointLogit) - probabilityOf(drawn.pointLogit));
    assert.ok(rows[1][2].startsWith((100 * distance).toFixed(1)), rows[1][2]);
    assert.equal(farCertaintyFigure(findings).data.length, ANSWERERS.length);
    const maps = posteriorMapsFigure(findings, parameters);
    assert.match(maps.caption ?? "", /^The plane of seed 1\./);
    assert.doesNotMatch(JSON.stringify(maps.layout), />none</);
  });
});

describe("a ridge", () => {
  /** Two neurons that switch on the axes, one that the prior has shrunk, and one that is gone. */
  const neurons = (options: Omit<NetworkOptions, "hiddenLayers" | "seed"> = {}): Network =>
    withParameters(createNetwork({ hiddenLayers: [4], seed: 1, ...options }), [
      ...[1, 0, 1e-9, 0],
      ...[0, 1, 2e-9, 0],
      ...[0, 0, 1e-9, 0],
      ...[1, 1, 1e-9, 0, 0],
    ]);
  const data = {
    points: new Matrix([
      [0, 3],
      [2, 0],
      [0, 0],
      [1, 1],
    ]),
    labels: new Matrix([[0], [1], [0], [1]]),
  };

  it("has training points on lines: each counts once, and only on the line of a neuron that is left", () => {
    assert.equal(pointsOnLines(neurons(), data), 3);
    assert.equal(pointsOnLines(neurons({ activation: "leaky-relu" }), data), 3);
  });

  it("is none where the activation has no kink, or there is no neuron", () => {
    for (const activation of ["tanh", "softplus"] as const) {
      assert.equal(pointsOnLines(neurons({ activation }), data), 0);
    }
    assert.equal(pointsOnLines(createNetwork({ hiddenLayers: [], seed: 1 }), data), 0);
  });

  it("lies where the normalized input is 0", () => {
    const network = createNetwork({ hiddenLayers: [2], normalization: "layer", seed: 1 });
    const parameters = [1, 0, 0, 1, 0, 0, ...toParameters(network).slice(6)];
    // of two neurons, where both have the same input
    assert.equal(pointsOnLines(withParameters(network, parameters), data), 2);
  });

  it("is told of the seeds that have one, with the exact Hessian", () => {
    const textOf = (onLines: number, slope: number): string =>
      posteriorText(
        findingsOf(
          results(5, ({ seed, top }) => {
            Object.assign(top, { isExact: seed > 2, onLines: seed > 1 ? onLines : 0, slope });
          }),
        ),
      );
    assert.match(
      textOf(3, 2),
      /positive definite in 3 of 5 seeds; .* stands in\. In 4 of 5 seeds the top is a ridge.*\(median: 3\)\.$/,
    );
    for (const smooth of [textOf(3, 1e-6), textOf(0, 2)]) assert.doesNotMatch(smooth, /ridge/);
  });
});

describe("the lines of the verdict", () => {
  const rowsOf = (rows: PosteriorResult[]): VerdictRow[] =>
    gradeLines(posteriorLines(findingsOf(rows), "(4, 4)"));
  const outcomes = (change: (own: PosteriorResult) => void): Outcome[] =>
    rowsOf(results(40, change)).map(({ outcome }) => outcome);

  it("hold where all is well, and do not where nothing is", () => {
    const well = outcomes(({ answers }) => {
      for (const answer of answers) answer.pointLogit = 1;
      answers[2].certain[farthest] = 0.01;
    });
    assert.deepEqual(well, ["holds", "holds", "holds"]);
    const ill = outcomes(({ answers }) => {
      for (const answer of answers) answer.pointLogit = 9;
      answers[3].pointLogit = 0;
      answers[2].certain[farthest] = 0.5;
    });
    assert.deepEqual(ill, ["does not hold", "does not hold", "does not hold"]);
  });

  it("rest on trusted seeds alone, and are none without any", () => {
    const distrust = ({ sampling }: PosteriorResult): void => {
      sampling.divergences = 1;
    };
    const rows = rowsOf([...results(30), ...results(10, distrust)]);
    assert.deepEqual(
      rows.map(({ n }) => n),
      [30, 30, 30],
    );
    assert.match(rows[0].measured, /Left out, .*: 10 of 40 seeds\.$/);
    assert.deepEqual(rowsOf(results(5, distrust)), []);
  });

  it("compare with the top and with the last layer", () => {
    const rows = rowsOf(
      results(40, ({ seed, answers }) => {
        answers[1].pointLogit = seed <= 10 ? 1 : 9;
        answers[2].pointLogit = seed <= 15 ? answers[4].pointLogit : -9 * Math.sign(answers[4].pointLogit);
      }),
    );
    assert.match(rows[0].measured, /a single network, in 10 of 40 seeds/);
    assert.match(rows[2].measured, /with the last layer alone in 15 of 40 seeds/);
  });
});

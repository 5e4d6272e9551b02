import assert from "node:assert/strict";
import {
  accumulate,
  logLikelihoodRatio,
  type Moments,
  newMoments,
  recordTraces,
  secondOrderT,
  sequentialAttack,
  singleTraceGuess,
  templateOf,
  traceCheckpoints,
  tracesToDetect,
  welchCurve,
  welchT,
  welchTest,
} from "../../../src/experiments/side-channel/attacker.js";

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

function momentsOf(values: readonly number[]): Moments {
  const moments = newMoments();
  for (const value of values) accumulate(moments, value);
  return moments;
}

describe("Welch's t", () => {
  it("is that of R's t.test(b, a)", () => {
    // mean 3 and 5, variance 2.5 and 10, n 5 and 5: t = 2 / sqrt(0.5 + 2)
    close(welchT(momentsOf([1, 2, 3, 4, 5]), momentsOf([1, 3, 5, 7, 9])), 2 / Math.sqrt(2.5), 1e-14);
  });

  it("keeps its digits far from 0, where the sum of squares loses them", () => {
    const values = [4, 7, 13, 16];
    const far = momentsOf(values.map((value) => value + 1e9));
    close(far.squares, 90, 1e-6);
  });

  it("is guarded where nothing varies, or there is too little", () => {
    const [three, four] = [momentsOf([3, 3]), momentsOf([4, 4, 4])];
    assert.equal(welchT(three, momentsOf([3, 3, 3])), 0);
    assert.equal(welchT(three, four), Number.POSITIVE_INFINITY);
    assert.equal(welchT(four, three), Number.NEGATIVE_INFINITY);
    assert.equal(welchT(momentsOf([1]), four), Number.NaN);
  });

  it("of second order sees spreads where the means are equal", () => {
    const [narrow, wide] = [
      [4, 6, 4, 6, 5, 5],
      [1, 9, 2, 8, 5, 5],
    ];
    assert.equal(welchTest([narrow, wide]).t, 0);
    assert.ok(secondOrderT([narrow, wide]) > 2);
    assert.equal(secondOrderT([narrow, narrow]), 0);
  });

  it("can be expected at 4.5 after so many traces", () => {
    const traces = tracesToDetect({ means: [5, 6], sds: [0, 0] }, 3);
    assert.equal(traces, 2 * 4.5 * 4.5 * 18);
    const [point] = welchCurve({ readings: [[5], [6]], noise: 3, attackers: 400, seed: 1 }, [
      Math.round(traces),
    ]);
    close(point.median, 4.5, 0.15);
    assert.equal(tracesToDetect({ means: [5, 5], sds: [1, 1] }, 1), Number.POSITIVE_INFINITY);
  });
});

describe("traces", () => {
  it("make |t| grow with their root, and leave it alone where there is nothing", () => {
    const options = { noise: 1, attackers: 200, seed: 1 };
    const leaking = welchCurve({ ...options, readings: [[5], [6]] }, [400, 1600]);
    close(leaking[1].median / leaking[0].median, 2, 0.1);
    const silent = welchCurve({ ...options, readings: [[5], [5]] }, [400, 1600]);
    for (const { median, high } of silent) {
      close(median, 0.67, 0.15); // the median of |z|
      close(high, 1.96, 0.35);
    }
  });

  it("come from both classes in turn, are the same again for a seed and others for another", () => {
    const options = { readings: [[1], [2]], noise: 0.5, traces: 7, seed: 1 } as const;
    const recorded = recordTraces(options);
    assert.deepEqual(
      recorded.map(({ length }) => length),
      [4, 3],
    );
    assert.deepEqual(recordTraces(options), recorded);
    assert.notDeepEqual(recordTraces({ ...options, seed: 2 }), recorded);
    assert.deepEqual(recordTraces({ ...options, noise: 0 }), [
      [1, 1, 1, 1],
      [2, 2, 2],
    ]);
  });

  it("are looked at more and more rarely", () => {
    const places = traceCheckpoints(4 * 2 ** 24);
    assert.deepEqual(
      places,
      Array.from({ length: 25 }, (_, i) => 4 * 2 ** i),
    );
    assert.deepEqual(traceCheckpoints(4), [4]);
  });
});

describe("a template", () => {
  const template = templateOf([
    [5, 5, 5, 6],
    [6, 6, 6, 5],
  ]);

  it("holds smoothed shares", () => {
    assert.deepEqual(template.levels, [5, 6]);
    assert.deepEqual(template.probabilities, [
      [0.7, 0.3],
      [0.3, 0.7],
    ]);
  });

  it("weighs a trace with and without noise", () => {
    close(logLikelihoodRatio(template, 6, 0), Math.log(7 / 3), 1e-14);
    assert.equal(logLikelihoodRatio(template, 7, 0), 0);
    close(logLikelihoodRatio(template, 5.5, 1), 0, 1e-14);
    close(logLikelihoodRatio(template, 6, 0.01), Math.log(7 / 3), 1e-12);
    // far from every level the nearest decides, and nothing underflows
    close(logLikelihoodRatio(template, 1e3, 1), Math.log(7 / 3), 1e-12);
    const [near, far] = [Math.exp(-0.125), Math.exp(-1.125)];
    const ratio = (0.3 * far + 0.7 * near) / (0.7 * far + 0.3 * near);
    close(logLikelihoodRatio(template, 6.5, 1), Math.log(ratio), 1e-14);
  });
});

describe("guesses", () => {
  const repeat = (values: number[], times: number): number[] => new Array(times).fill(values).flat();

  it("from one reading are as good as the distributions allow", () => {
    // 3 of 4 readings are the own class's
    assert.equal(
      singleTraceGuess([repeat([5, 5, 5, 5, 5, 5, 6, 6], 20), repeat([6, 6, 6, 6, 6, 6, 5, 5], 20)]),
      0.75,
    );
    assert.equal(singleTraceGuess([repeat([5], 20), repeat([6], 20)]), 1);
    assert.equal(singleTraceGuess([repeat([5], 20), repeat([5], 20)]), 0.5);
  });

  it("in sequence are wrong no more often than agreed, and take longer in noise", () => {
    const readings = [repeat([5, 5, 6, 6, 6, 6, 7, 7], 25), repeat([6, 6, 7, 7, 7, 7, 8, 8], 25)] as const;
    const options = { readings, attackers: 600, seed: 1, error: 0.05, mostTraces: 10_000 };
    const means = [0, 2].map((noise) => {
      const { right, wrong, undecided, traces } = sequentialAttack({ ...options, noise });
      assert.equal(right + wrong, 600);
      assert.equal(undecided, 0);
      assert.ok(wrong / 600 < 0.07, `${wrong} wrong`);
      return traces.reduce((sum, count) => sum + count, 0) / 600;
    });
    assert.ok(means[1] > 3 * means[0], `${means}`);
  });

  it("in sequence are given up where there is nothing to learn", () => {
    const readings = [repeat([5], 20), repeat([5], 20)] as const;
    const attack = sequentialAttack({
      readings,
      noise: 1,
      attackers: 6,
      seed: 1,
      error: 0.01,
      mostTraces: 50,
    });
    assert.deepEqual([attack.right, attack.wrong, attack.undecided], [0, 0, 6]);
    assert.deepEqual(attack.traces, new Array(6).fill(50));
  });

  it("from one point over and over are only as good as that point", () => {
    const readings = [repeat([5, 5, 5, 5, 5, 5, 6, 6], 20), repeat([6, 6, 6, 6, 6, 6, 5, 5], 20)] as const;
    const options = { readings, noise: 0.5, attackers: 400, seed: 1, error: 0.01, mostTraces: 10_000 };
    const { wrong } = sequentialAttack({ ...options, isSamePoint: true });
    close(wrong / 400, 0.25, 0.06);
    assert.ok(sequentialAttack(options).wrong < 12);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ByClass,
  logLikelihoodRatio,
  profileAndAttack,
  recordTraces,
  secondOrderT,
  sequentialAttack,
  singleTraceGuess,
  templateOf,
  traceCheckpoints,
  tracesToDetect,
  welchCurve,
  welchTest,
} from "../../../src/experiments/side-channel/attacker.js";
import {
  isSixAgainstSeven,
  summariseLeaks,
  typicalResult,
} from "../../../src/experiments/side-channel/leak-summary.js";
import {
  binned,
  classBits,
  countTable,
  leakOf,
  mutualInformation,
} from "../../../src/experiments/side-channel/leakage.js";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

/** Readings as counts come: few levels, many ties. */
const counts = (minLength: number) => fc.array(fc.integer({ min: 0, max: 10 }), { minLength, maxLength: 40 });
const readings = (minLength: number) => fc.tuple(counts(minLength), counts(minLength));
const turned = ([first, second]: ByClass): ByClass => [second, first];
const none: ByClass = [[], []];
const constants: ByClass = [
  [3, 3, 3],
  [5, 5, 5],
];

describe("the t-test at its edges", () => {
  it("is infinite between constants, and needs two of each class to be so", () => {
    assert.equal(tracesToDetect({ means: [5, 5], sds: [0, 0] }, 0), infinity);
    assert.equal(tracesToDetect({ means: [5, 6], sds: [0, 0] }, 0), 4);
    assert.equal(tracesToDetect({ means: [5, 6], sds: [nan, 0] }, 0), nan);
    const listening = { readings: constants, noise: 0, attackers: 40, seed: 1 };
    assert.deepEqual(welchCurve(listening, [4]), [
      { traces: 4, median: infinity, low: infinity, high: infinity },
    ]);
    assert.deepEqual(welchCurve({ ...listening, readings: [[3], [3]] }, [4]), [
      { traces: 4, median: 0, low: 0, high: 0 },
    ]);
  });

  it("has no mean of nothing, no spread of one, and no t of what is not finite", () => {
    assert.deepEqual(welchTest(none), { means: [nan, nan], sds: [nan, nan], t: nan });
    assert.deepEqual(welchTest([[4], [4, 6]]), { means: [4, 5], sds: [nan, Math.SQRT2], t: nan });
    assert.equal(
      welchTest([
        [1, infinity],
        [1, 2],
      ]).t,
      nan,
    );
    assert.equal(secondOrderT(none), nan);
  });

  it("takes no rounding of a mean for a spread", () => {
    // 0.1 + 0.2 and 0.3 differ, and so do distances that are alike but for the mean's rounding
    assert.equal(
      welchTest([
        [0.1 + 0.2, 0.3],
        [0.3, 0.3],
      ]).t,
      0,
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 9 }),
        (step, n, offset) => {
          // two levels, as often each: every squared distance is (step / 2)², wherever the mean
          const levels = (from: number): number[] =>
            Array.from({ length: 2 * n }, (_, i) => from + (i < n ? 0 : step));
          assert.equal(secondOrderT([levels(0.1), levels(offset / 3)]), 0);
        },
      ),
    );
  });

  it("turns its sign with the classes", () => {
    fc.assert(
      fc.property(readings(2), (both) => {
        assert.equal(welchTest(turned(both)).t + 0, -welchTest(both).t + 0);
        assert.equal(secondOrderT(turned(both)) + 0, -secondOrderT(both) + 0);
      }),
    );
  });

  it("is looked at at rising numbers of traces, the last of them all", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 1_000_000 }), (traces) => {
        const places = traceCheckpoints(traces);
        assert.deepEqual([places[0], places[places.length - 1]], [4, traces]);
        assert.ok(places.every((place, i) => i === 0 || place > places[i - 1]));
      }),
    );
    assert.throws(() => traceCheckpoints(3), {
      name: "RangeError",
      message: "traces must be a whole number >= 4, got 3",
    });
  });

  it("draws from no empty class, which would take for ever", () => {
    const half: ByClass = [[1], []];
    const message = "readings[1] must hold at least 1, got 0";
    assert.throws(() => recordTraces({ readings: half, noise: 1, traces: 4, seed: 1 }), {
      name: "RangeError",
      message,
    });
    assert.throws(() => welchCurve({ readings: half, noise: 1, attackers: 2, seed: 1 }, [4]), { message });
    assert.throws(() => welchCurve({ readings: constants, noise: 1, attackers: 0, seed: 1 }, [4]), {
      message: "attackers must be a whole number >= 1, got 0",
    });
    assert.throws(() => leakOf(half), { message });
  });
});

describe("guesses at their edges", () => {
  it("weigh any trace, however far, and turn with the classes", () => {
    const trace = fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -20, max: 20 }));
    const noise = fc.oneof(fc.constant(0), fc.double({ min: 1e-300, max: 1e300, noNaN: true }));
    fc.assert(
      fc.property(readings(0), trace, noise, (both, at, sigma) => {
        const ratio = logLikelihoodRatio(templateOf(both), at, sigma);
        assert.ok(Number.isFinite(ratio), `${ratio}`);
        assert.ok(Math.abs(ratio + logLikelihoodRatio(templateOf(turned(both)), at, sigma)) < 1e-9);
      }),
    );
  });

  it("far from all levels go by the nearest", () => {
    const template = templateOf([
      [1, 1, 1, 2],
      [2, 2, 2, 1],
    ]);
    const [low, high] = [1, 2].map((level) => logLikelihoodRatio(template, level, 0));
    for (const [trace, nearest] of [
      [-infinity, low],
      [-1e200, low],
      [1e200, high],
      [infinity, high],
    ]) {
      assert.ok(Math.abs(logLikelihoodRatio(template, trace, 1) - nearest) < 1e-12, `${trace}`);
    }
    assert.equal(logLikelihoodRatio(templateOf(none), 1, 1), 0);
  });

  it("from one reading lie between 0 and 1, and are there only of 2 points of each class", () => {
    fc.assert(
      fc.property(readings(2), (both) => {
        const guess = singleTraceGuess(both);
        assert.ok(guess >= 0 && guess <= 1);
      }),
    );
    assert.equal(singleTraceGuess([[1], [2, 3]]), nan);
    assert.deepEqual(profileAndAttack(none), { profile: [[], []], attack: [[], []] });
  });

  it("in sequence come to an end of each attack, right, wrong or undecided", () => {
    fc.assert(
      fc.property(readings(2), fc.double({ min: 0.001, max: 0.499, noNaN: true }), (both, error) => {
        const attack = sequentialAttack({
          readings: both,
          noise: 1,
          attackers: 3,
          seed: 1,
          error,
          mostTraces: 20,
        });
        assert.equal(attack.right + attack.wrong + attack.undecided, 3);
        assert.ok(attack.traces.every((traces) => traces >= 1 && traces <= 20));
      }),
      { numRuns: 50 },
    );
    const attack = { noise: 0, attackers: 1, seed: 1, mostTraces: 9 };
    assert.throws(() => sequentialAttack({ ...attack, readings: [[1], [1, 2]], error: 0.1 }), {
      name: "RangeError",
      message: "readings[0] must hold at least 2, got 1",
    });
    for (const error of [0, 0.5, nan]) {
      assert.throws(() => sequentialAttack({ ...attack, readings: constants, error }), {
        message: `error must be a number above 0 and below 0.5, got ${error}`,
      });
    }
  });
});

describe("leaks at their edges", () => {
  it("keep to their bounds, whatever the readings, and turn with the classes", () => {
    fc.assert(
      fc.property(readings(1), (both) => {
        const [leak, other] = [leakOf(both), leakOf(turned(both))];
        assert.ok(leak.bits >= 0 && leak.bits <= 1);
        assert.ok(Math.abs(leak.bits - other.bits) < 1e-12);
        assert.equal(leak.difference + 0, -other.difference + 0);
      }),
    );
    assert.equal(classBits([[1], [2]]), 1);
    assert.equal(classBits([[1], [1]]), 0);
  });

  it("take an infinite reading for a symbol like others", () => {
    assert.deepEqual(
      countTable([
        [infinity, 1],
        [-infinity, infinity],
      ]),
      [
        [0, 1, 1],
        [1, 0, 1],
      ],
    );
    assert.deepEqual(binned([[infinity], [infinity]]), [[15], [15]]);
    assert.deepEqual(binned(none), [[], []]);
  });

  it("are told by symbols that may be renamed", () => {
    fc.assert(
      fc.property(readings(1), fc.integer({ min: 1, max: 1000 }), (both, factor) => {
        const renamed: ByClass = [
          both[0].map((value) => -factor * value),
          both[1].map((value) => -factor * value),
        ];
        assert.ok(Math.abs(classBits(both) - classBits(renamed)) < 1e-12);
      }),
    );
  });

  it("refuse a table without rows", () => {
    assert.throws(() => mutualInformation([]), { name: "RangeError", message: /at least 1 observation/ });
  });

  it("are summed up of at least one network", () => {
    const message = "results must hold at least 1 result, got none";
    assert.throws(() => summariseLeaks([]), { name: "RangeError", message });
    assert.throws(() => typicalResult([]), { name: "RangeError", message });
    assert.equal(isSixAgainstSeven({ means: [nan, 7] }), false);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  errorsAndDoubt,
  expectedCalibrationError,
  fitTemperature,
  pooledReliability,
  RELIABILITY_BINS,
  reliabilityDiagram,
} from "../../../src/experiments/out-of-distribution/calibration.js";
import {
  doubt,
  isCertain,
  log10Doubt,
  negativeLogDoubt,
  probabilityOf,
} from "../../../src/experiments/out-of-distribution/confidence.js";
import { close } from "../../support/close.js";

/** The logit of a probability. */
const logit = (p: number): number => Math.log(p / (1 - p));

/** Points as a list of logits, infinite ones and ties among them, and one of labels. */
const points = fc
  .array(
    fc.tuple(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -6, max: 6 })), fc.constantFrom(0, 1)),
    { minLength: 1, maxLength: 30 },
  )
  .map((pairs) => ({ logits: pairs.map(([z]) => z), labels: pairs.map(([, label]) => label) }));

describe("confidence", () => {
  it("tells what is left of doubt, by hand", () => {
    assert.equal(doubt(0), 0.5);
    close(doubt(Math.log(3)), 0.25);
    close(doubt(-Math.log(3)), 0.25);
    close(log10Doubt(Math.log(99)), -2);
    close(probabilityOf(Math.log(3)), 0.75);
    close(probabilityOf(-Math.log(3)), 0.25);
  });

  it("goes on where 1 - p would be 0 and where e^-z is", () => {
    close(doubt(50) / 1.9287498479639178e-22, 1, 1e-15); // e^-50 (1 - e^-50)
    close(log10Doubt(10_000), -10_000 / Math.LN10, 1e-11);
    assert.ok(negativeLogDoubt(5001) > negativeLogDoubt(5000));
    assert.equal(negativeLogDoubt(-40), negativeLogDoubt(40));
  });

  it("never falls with the size of the logit, and is the same for either class", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        const [near, far] = [a, b].sort((x, y) => Math.abs(x) - Math.abs(y));
        assert.ok(doubt(far) <= doubt(near) && negativeLogDoubt(far) >= negativeLogDoubt(near));
        assert.ok(a > 0 ? probabilityOf(a) >= 0.5 : probabilityOf(a) <= 0.5);
        assert.ok(doubt(a) >= 0 && doubt(a) <= 0.5);
        assert.equal(doubt(-a), doubt(a));
      }),
    );
    const [most, none] = [Number.POSITIVE_INFINITY, Number.NaN];
    assert.deepEqual([doubt(most), log10Doubt(-most), probabilityOf(-most)], [0, -most, 0]);
    assert.deepEqual([doubt(none), log10Doubt(none), probabilityOf(none)], [none, none, none]);
  });

  it("is certain above 0.99, and never of what is not a number", () => {
    assert.deepEqual([4.59, 4.6, -4.6, Number.NaN, Number.POSITIVE_INFINITY].map(isCertain), [
      false,
      true,
      true,
      false,
      true,
    ]);
  });
});

/** The ends of a bin. */
const endsOf = (bin: number): [low: number, high: number] => [
  0.5 + bin * (0.5 / RELIABILITY_BINS),
  0.5 + (bin + 1) * (0.5 / RELIABILITY_BINS),
];

describe("calibration", () => {
  it("bins points by confidence, by hand", () => {
    // confidences 0.78 (right), 0.78 (right), 0.78 (wrong, the guess is class 0), 0.97 (right)
    const logits = [logit(0.78), logit(0.22), logit(0.22), logit(0.97)];
    const diagram = reliabilityDiagram(logits, [1, 0, 1, 1]);
    assert.equal(diagram.length, RELIABILITY_BINS);
    assert.deepEqual(
      diagram.map(({ count, wrong }) => [count, wrong]),
      [0, 0, 0, 0, 0, 3, 0, 0, 0, 1].map((count) => [count, count === 3 ? 1 : 0]),
    );
    close(diagram[5].doubt, 3 * 0.22);
    // 3/4 |0.78 - 2/3| + 1/4 |0.97 - 1|
    close(expectedCalibrationError(diagram), 0.75 * (0.78 - 2 / 3) + 0.25 * 0.03);
    const { wrong, admitted } = errorsAndDoubt(diagram);
    close(wrong, 0.25);
    close(admitted, (0.22 + 0.22 + 0.22 + 0.03) / 4);
  });

  it("puts the ends of the range into the first and the last bin", () => {
    const diagram = reliabilityDiagram([0, 1000], [0, 1]);
    assert.deepEqual(
      [diagram[0], diagram[9]],
      [
        { count: 1, wrong: 0, doubt: 0.5 }, // at exactly 1/2 the guess is class 0
        { count: 1, wrong: 0, doubt: 0 },
      ],
    );
  });

  it("puts a confidence on the edge of two bins into the lower one", () => {
    for (let k = 0; k < RELIABILITY_BINS; k++) {
      // the logits around an edge, for no double need have exactly that confidence
      const edge = 0.5 + (k + 1) * (0.5 / RELIABILITY_BINS);
      const around = [-2, -1, 0, 1, 2].map((ulps) => logit(edge + ulps * 2 ** -53)).filter(Number.isFinite);
      for (const z of around) {
        const [low, high] = endsOf(reliabilityDiagram([z], [1]).findIndex(({ count }) => count > 0));
        const confidence = 1 - doubt(z);
        assert.ok((confidence > low || low === 0.5) && confidence <= high, `${confidence}`);
      }
    }
  });

  it("counts every point once, between the ends of its bin, whatever the logits, also pooled", () => {
    fc.assert(
      fc.property(points, fc.nat(), ({ logits, labels }, place) => {
        const diagram = reliabilityDiagram(logits, labels);
        assert.equal(
          diagram.reduce((sum, { count }) => sum + count, 0),
          logits.length,
        );
        for (const [k, { count, wrong, doubt }] of diagram.entries()) {
          const [low, high] = endsOf(k).map((confidence) => count * (1 - confidence));
          assert.ok(doubt < low + 1e-12 && doubt > high - 1e-12 && wrong >= 0 && wrong <= count);
        }
        const error = expectedCalibrationError(diagram);
        assert.ok(error >= 0 && error <= 1);
        const { wrong, admitted } = errorsAndDoubt(diagram);
        assert.ok(wrong >= 0 && wrong <= 1 && admitted >= 0 && admitted <= 0.5);
        assert.ok(Math.abs(wrong - admitted) <= error + 1e-12);
        const cut = place % logits.length;
        const parts = [
          reliabilityDiagram(logits.slice(0, cut), labels.slice(0, cut)),
          reliabilityDiagram(logits.slice(cut), labels.slice(cut)),
        ];
        for (const [k, bin] of pooledReliability(parts).entries()) {
          for (const key of ["count", "wrong", "doubt"] as const) close(bin[key], diagram[k][key]);
        }
      }),
    );
  });

  it("is exact at infinite logits, for a single point and for none", () => {
    const most = Number.POSITIVE_INFINITY;
    assert.equal(expectedCalibrationError(reliabilityDiagram([most, -most], [1, 0])), 0);
    assert.equal(expectedCalibrationError(reliabilityDiagram([most], [0])), 1);
    assert.deepEqual(errorsAndDoubt(reliabilityDiagram([-most, 0], [1, 0])), { wrong: 0.5, admitted: 0.25 });
    assert.deepEqual(errorsAndDoubt(reliabilityDiagram([], [])), { wrong: Number.NaN, admitted: Number.NaN });
    assert.equal(expectedCalibrationError([]), Number.NaN);
  });

  it("refuses labels that are none, or not one a logit", () => {
    const short = { name: "RangeError", message: "labels must hold 2 classes, one a logit, got 1" };
    const wrong = { name: "RangeError", message: "labels must hold 0 or 1, got 0.5" };
    for (const use of [reliabilityDiagram, fitTemperature]) {
      assert.throws(() => use([1, 2], [1]), short);
      assert.throws(() => use([1, 2], [1, 0.5]), wrong);
    }
    assert.throws(() => pooledReliability([]), {
      message: "diagrams must hold at least 1 diagram, got none",
    });
  });

  it("has no error where confidence and accuracy agree", () => {
    // ten points of confidence 0.7, seven of them right
    const labels = Array.from({ length: 10 }, (_, i) => (i < 7 ? 1 : 0));
    close(expectedCalibrationError(reliabilityDiagram(new Array(10).fill(logit(0.7)), labels)), 0);
  });

  it("leaves out what is not a number, and says NaN for nothing", () => {
    const diagram = reliabilityDiagram([Number.NaN], [1]);
    assert.ok(diagram.every(({ count }) => count === 0));
    assert.equal(expectedCalibrationError(diagram), Number.NaN);
  });
});

describe("temperature", () => {
  it("is found where the answer is known", () => {
    // logits of ±4 that are right three times in four: z / T must be log 3
    const logits = [4, 4, 4, 4, -4, -4, -4, -4];
    const labels = [1, 1, 1, 0, 0, 0, 0, 1];
    close(fitTemperature(logits, labels), 4 / Math.log(3), 1e-9);
  });

  it("turns with the scale of the logits", () => {
    const logits = [1, 2, -1, -3, 0.5, -0.2];
    const labels = [1, 1, 0, 0, 0, 1];
    const temperature = fitTemperature(logits, labels);
    close(
      fitTemperature(
        logits.map((z) => 10 * z),
        labels,
      ) / temperature,
      10,
      1e-9,
    );
  });

  it("ends at the ends of its range where the loss has no lowest value", () => {
    assert.equal(fitTemperature([1, -1], [1, 0]), 1 / (1 << 20)); // all right: the sharper the better
    assert.equal(fitTemperature([1, -1], [0, 1]), 1 << 20); // all wrong
    assert.equal(fitTemperature([Number.NaN, 1], [1, 0]), Number.NaN);
    assert.throws(() => fitTemperature([], []), { message: "logits must hold at least 1 number, got none" });
  });

  it("is 1 where no temperature changes the loss", () => {
    const most = Number.POSITIVE_INFINITY;
    for (const logits of [[0], [0, 0], [most, -most], [most, 0]]) {
      assert.equal(
        fitTemperature(
          logits,
          logits.map(Number).map((z) => (z > 0 ? 1 : 0)),
        ),
        1,
        String(logits),
      );
    }
  });

  it("takes no notice of infinite logits that are right, and flattens to the end for one that is wrong", () => {
    const [logits, labels] = [
      [3, 1, -2, 4, -0.5],
      [1, 0, 0, 1, 1],
    ];
    const most = Number.POSITIVE_INFINITY;
    const temperature = fitTemperature(logits, labels);
    assert.equal(fitTemperature([most, ...logits, -most], [1, ...labels, 0]), temperature);
    assert.equal(fitTemperature([...logits, 1e300], [...labels, 1]), temperature); // the limit of large ones
    for (const wrong of [most, 1e300]) {
      assert.equal(fitTemperature([wrong, ...logits], [0, ...labels]), 1 << 20);
      assert.equal(fitTemperature([-wrong, ...logits], [1, ...labels]), 1 << 20);
    }
  });

  it("leaves a loss that no other temperature of the range makes lower", () => {
    const lossAt = (temperature: number, logits: number[], labels: number[]): number =>
      logits.reduce((sum, z, i) => {
        const against = (labels[i] === 1 ? -z : z) / temperature;
        return sum + Math.max(0, against) + Math.log1p(Math.exp(-Math.abs(against)));
      }, 0) / logits.length;
    fc.assert(
      fc.property(points, fc.double({ min: -20, max: 20, noNaN: true }), ({ logits, labels }, power) => {
        const temperature = fitTemperature(logits, labels);
        assert.ok(temperature >= 2 ** -20 && temperature <= 2 ** 20, String(temperature));
        const [least, other] = [temperature, 2 ** power].map((t) => lossAt(t, logits, labels));
        assert.ok(least <= other * (1 + 1e-9) + 1e-15, `${least} at ${temperature}, ${other} at 2^${power}`);
      }),
    );
  });
});

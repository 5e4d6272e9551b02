import assert from "node:assert/strict";
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

const close = (actual: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

/** The logit of a probability. */
const logit = (p: number): number => Math.log(p / (1 - p));

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

describe("calibration", () => {
  it("bins points by confidence, by hand", () => {
    // confidences 0.78 (right), 0.78 (right), 0.78 (wrong, the guess is class 0), 0.97 (right)
    const logits = [logit(0.78), logit(0.22), logit(0.22), logit(0.97)];
    const diagram = reliabilityDiagram(logits, [1, 0, 1, 1]);
    assert.equal(diagram.length, RELIABILITY_BINS);
    assert.deepEqual(
      diagram.map(({ count }) => count),
      [0, 0, 0, 0, 0, 3, 0, 0, 0, 1],
    );
    close(diagram[5].confidence, 0.78);
    close(diagram[5].accuracy, 2 / 3);
    // 3/4 |0.78 - 2/3| + 1/4 |0.97 - 1|
    close(expectedCalibrationError(diagram), 0.75 * (0.78 - 2 / 3) + 0.25 * 0.03);
    const { wrong, admitted } = errorsAndDoubt(diagram);
    close(wrong, 0.25);
    close(admitted, (0.22 + 0.22 + 0.22 + 0.03) / 4);
  });

  it("puts the ends of the range into the first and the last bin", () => {
    const diagram = reliabilityDiagram([0, 1000], [0, 1]);
    assert.deepEqual([diagram[0].count, diagram[9].count], [1, 1]);
    assert.equal(diagram[0].accuracy, 1); // at exactly 1/2 the guess is class 0
  });

  it("has no error where confidence and accuracy agree", () => {
    // ten points of confidence 0.7, seven of them right
    const labels = Array.from({ length: 10 }, (_, i) => (i < 7 ? 1 : 0));
    close(expectedCalibrationError(reliabilityDiagram(new Array(10).fill(logit(0.7)), labels)), 0);
  });

  it("leaves out what is not a number, and says NaN for nothing", () => {
    const diagram = reliabilityDiagram([Number.NaN], [1]);
    assert.equal(
      diagram.reduce((sum, { count }) => sum + count, 0),
      0,
    );
    assert.equal(expectedCalibrationError(diagram), Number.NaN);
  });

  it("pools diagrams as if their points were one set", () => {
    const logits = [0.1, -0.4, 2, 3, -5, 0.9, 1.7];
    const labels = [1, 1, 0, 1, 0, 1, 1];
    const pooled = pooledReliability([
      reliabilityDiagram(logits.slice(0, 3), labels.slice(0, 3)),
      reliabilityDiagram(logits.slice(3), labels.slice(3)),
    ]);
    reliabilityDiagram(logits, labels).forEach((bin, i) => {
      assert.equal(pooled[i].count, bin.count);
      if (bin.count === 0) return;
      close(pooled[i].confidence, bin.confidence);
      close(pooled[i].accuracy, bin.accuracy);
    });
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
  });
});

import assert from "node:assert/strict";
import {
  type FailureName,
  failures,
  type OrdinaryRun,
  type StartedRun,
} from "../../../src/experiments/half-precision/failures.js";
import type { GradientLoss } from "../../../src/experiments/half-precision/gradient-sizes.js";
import type { PrecisionRun } from "../../../src/experiments/half-precision/half-precision.js";
import {
  PREDICTIONS,
  type RemedyCell,
  type RemedyName,
  remedyNames,
} from "../../../src/experiments/half-precision/remedies.js";
import { describeTraining } from "../../../src/experiments/half-precision/sentences.js";
import {
  type HalfPrecisionEvidence,
  halfPrecisionVerdict,
} from "../../../src/experiments/half-precision/verdict.js";

const N = 60;
const many = <T>(value: T): T[] => new Array(N).fill(value);
const sizes = { exponents: [], counts: [], zeros: 0, notFinite: 0 };

const healthy: PrecisionRun = {
  seed: 1,
  epochs: [0, 1],
  losses: [0.7, 0.01],
  accuracies: [0.5, 0.98],
  trueLoss: 0.01,
  trueAccuracy: 0.98,
  weightsFinite: true,
};
const flat: PrecisionRun = { ...healthy, losses: [0.7, 0.69], accuracies: [0.5, 0.5], trueLoss: 0.69 };
const broken: PrecisionRun = { ...healthy, losses: [0.7, Number.NaN], brokenFrom: 1 };
const dead: PrecisionRun = { ...broken, trueLoss: Number.NaN, weightsFinite: false };

const gradients = (saturated: number, flushed: number): GradientLoss => ({
  nonzero: 100,
  saturated,
  underflown: 0,
  flushed,
  belowNormal: 0,
  belowSubnormal: 0,
  double: sizes,
  reduced: sizes,
});
const failed = (run: PrecisionRun, flushed: number, swallowed: number): StartedRun => ({
  ...run,
  gradients: gradients(0, flushed),
  updates: { ratios: sizes, nonzero: 100, swallowed },
});
const ordinaryRun = (run: PrecisionRun, flushed: number, atEnd: GradientLoss): OrdinaryRun => ({
  ...failed(run, flushed, 0),
  atEnd,
});
const asTold: Record<FailureName, StartedRun> = {
  "loss NaN": failed(broken, 0, 0),
  "weights NaN": failed(dead, 0, 0),
  stall: failed({ ...healthy, losses: [0.7, 0.3], accuracies: [0.5, 0.85], trueLoss: 0.3 }, 0, 90),
  underflow: failed(flat, 98, 0),
};

function cells(cured: (failure: FailureName, remedy: RemedyName) => boolean): RemedyCell[] {
  return failures(100).flatMap(({ name }) =>
    remedyNames.map((remedy) => ({
      failure: name,
      remedy,
      isAlreadySo: false,
      runs: many(healthy),
      cured: cured(name, remedy) ? N : 0,
    })),
  );
}

const inference = (changed: number): HalfPrecisionEvidence["inference"] =>
  many([{ format: "binary16", changed, planeChanged: 0, accuracy: 1, doubleAccuracy: 1 }]);

const evidence: HalfPrecisionEvidence = {
  format: "binary16",
  ordinary: many(ordinaryRun(healthy, 0, gradients(80, 0))),
  double: many(healthy),
  failures: failures(100).map((failure) => ({
    failure,
    reference: many(healthy),
    reduced: many(asTold[failure.name]),
  })),
  remedies: cells((failure, remedy) => PREDICTIONS[failure].cures.includes(remedy)),
  inference: inference(0),
};

const outcomes = (change: Partial<HalfPrecisionEvidence> = {}): string[] =>
  halfPrecisionVerdict({ ...evidence, ...change }).rows.map(({ outcome }) => outcome);

describe("half precision: a training in words", () => {
  it("tells a curve that fails from a network that does", () => {
    const judged = (run: PrecisionRun): string => describeTraining("binary16", run, healthy);
    assert.match(judged(healthy), /that is as good as binary64\.$/);
    assert.match(judged(broken), /Only the curve fails: the network is as good as binary64's\.$/);
    assert.match(judged({ ...broken, accuracies: [0.5, 0.9] }), /that is not as good as binary64\.$/);
    assert.match(judged(dead), /that is not as good as binary64\.$/);
  });
});

describe("half precision: verdict", () => {
  it("where healthy trainings live and each regime does what it was made to show", () => {
    assert.deepEqual(outcomes(), [
      "does not hold", // flat
      "does not hold", // worse
      "does not hold", // underflow at first
      "holds", // zeros at last
      "holds only if", // loss NaN
      "holds only if", // weights NaN
      "holds only if", // stall
      "holds only if", // underflow
      "holds", // remedies
      "does not hold", // inference
    ]);
    const { stamp, summary, rows } = halfPrecisionVerdict(evidence);
    assert.equal(stamp, "does not hold");
    assert.match(summary, /^As told the claim does not hold.*in 4 of the 4 ways/);
    assert.match(rows[7].note ?? "", /the weights start near 10⁻⁶/);
  });

  it("where the training of the parameters is dead", () => {
    const ordinary = many(ordinaryRun(flat, 60, gradients(0, 60)));
    assert.deepEqual(outcomes({ ordinary }).slice(0, 4), ["holds", "holds", "holds", "does not hold"]);
    assert.equal(halfPrecisionVerdict({ ...evidence, ordinary }).stamp, "holds");
    // no condition where the failure is there without it: here the line from underflow
    assert.deepEqual(outcomes({ ordinary }).slice(4, 8), [
      "holds only if",
      "holds only if",
      "holds only if",
      "holds",
    ]);
  });

  it("where no regime does what it was made to show", () => {
    const none = evidence.failures.map((one) => ({ ...one, reduced: many(failed(healthy, 0, 0)) }));
    assert.deepEqual(outcomes({ failures: none }).slice(4, 8), new Array(4).fill("does not hold"));
    assert.doesNotMatch(halfPrecisionVerdict({ ...evidence, failures: none }).summary, /ways/);
    assert.equal(outcomes({ inference: inference(0.05) })[9], "holds");
  });

  it("with remedies that do not do as predicted", () => {
    const nearly = cells(
      (failure, remedy) =>
        PREDICTIONS[failure].cures.includes(remedy) || (failure === "stall" && remedy === "loss scale 1024"),
    );
    const row = halfPrecisionVerdict({ ...evidence, remedies: nearly }).rows[8];
    assert.equal(row.outcome, "does not hold");
    assert.match(row.measured, /not: loss scale 1024 against stall \(0 of 60\)/);
    assert.equal(outcomes({ remedies: [] })[8], "not tested");
    // where nothing fails there is nothing to cure
    assert.equal(outcomes({ remedies: cells(() => true) })[8], "not tested");
  });

  it("of remedies counts seeds, and those of the cell that has fewest", () => {
    const few = evidence.remedies.map((cell) =>
      cell.failure === "stall"
        ? { ...cell, runs: cell.runs.slice(0, 3), cured: Math.min(cell.cured, 3) }
        : cell,
    );
    const { n, outcome } = halfPrecisionVerdict({ ...evidence, remedies: few }).rows[8];
    assert.deepEqual([n, outcome], [3, "undecided"]);
  });

  it("is undecided with few seeds, and says how many it takes", () => {
    const few = evidence.failures.map(({ failure, reference, reduced }) => ({
      failure,
      reference: reference.slice(0, 3),
      reduced: reduced.slice(0, 3),
    }));
    const [row] = halfPrecisionVerdict({ ...evidence, failures: few }).rows.slice(4);
    assert.equal(row.outcome, "undecided");
    assert.match(row.note ?? "", /3 of the 20/);
    assert.match(row.measured, /^In its regime, in binary16: 3 of 3 seeds\. /);
  });
});

import assert from "node:assert/strict";
import type { ScaleRounding } from "../../../src/core/arithmetic/scaled-blocks.js";
import {
  type FailureName,
  failureNames,
  type OrdinaryResult,
  type PairedResult,
} from "../../../src/experiments/half-precision/failures.js";
import type {
  PrecisionResult,
  PrecisionRun,
} from "../../../src/experiments/half-precision/half-precision.js";
import { halfPrecision } from "../../../src/experiments/half-precision/index.js";
import type { PrecisionMap } from "../../../src/experiments/half-precision/map.js";
import {
  PREDICTIONS,
  type RemedyCell,
  type RemedyName,
  remedyNames,
} from "../../../src/experiments/half-precision/remedies.js";
import type { ScriptResult } from "../../../src/experiments/half-precision/script.js";
import { describeSums, describeTraining } from "../../../src/experiments/half-precision/sentences.js";
import type { HalfPrecisionStudies } from "../../../src/experiments/half-precision/studies.js";
import type { UnaskedResult } from "../../../src/experiments/half-precision/underflow.js";
import type { FindingsOf } from "../../../src/experiments/study.js";
import type { Verdict } from "../../../src/experiments/verdict.js";
import { assertOneSentence } from "../one-sentence.js";

type Findings = FindingsOf<HalfPrecisionStudies>;

const N = 60;
const many = <T>(value: T): T[] => new Array(N).fill(value);

const healthy: PrecisionRun = {
  seed: 1,
  epochs: [0, 1],
  losses: [0.7, 0.01],
  accuracy: 0.98,
  trueLoss: 0.01,
  trueAccuracy: 0.98,
  weightsFinite: true,
};
const flat: PrecisionRun = { ...healthy, losses: [0.7, 0.69], accuracy: 0.5, trueLoss: 0.69 };
const broken: PrecisionRun = { ...healthy, losses: [0.7, Number.NaN], brokenFrom: 1 };
const dead: PrecisionRun = { ...broken, trueLoss: Number.NaN, weightsFinite: false };

const paired = (own: PrecisionResult, flushed: number, swallowed: number): PairedResult => ({
  own,
  double: healthy,
  flushed,
  swallowed,
});
const ordinary = (
  own: PrecisionResult,
  flushed: number,
  saturated: number,
  late: number,
): OrdinaryResult => ({
  ...paired(own, flushed, 0),
  underflown: 0,
  atEnd: { saturated, underflown: 0, flushed: late },
});
const asTold: Record<FailureName, PairedResult> = {
  "loss NaN": paired(broken, 0, 0),
  "weights NaN": paired(dead, 0, 0),
  stall: paired({ ...healthy, losses: [0.7, 0.3], accuracy: 0.85, trueLoss: 0.3 }, 0, 0.9),
  underflow: paired(flat, 0.98, 0),
};

function cells(cured: (failure: FailureName, remedy: RemedyName) => boolean): RemedyCell[] {
  return failureNames.flatMap((failure) =>
    remedyNames.map((remedy) => ({
      failure,
      remedy,
      isAlreadySo: false,
      n: N,
      cured: cured(failure, remedy) ? N : 0,
      accuracy: 0.98,
    })),
  );
}

const inference = (changed: number): Findings["inference"] => [
  { name: "binary16", results: many({ changed, planeChanged: 0, gain: 0 }) },
];

const evidence = {
  seeds: many(ordinary(healthy, 0, 0.8, 0)),
  failures: failureNames.map((name) => ({ name, results: many(asTold[name]) })),
  remedies: cells((failure, remedy) => PREDICTIONS[failure].cures.includes(remedy)),
  inference: inference(0),
} satisfies Partial<Findings>;

const verdictOf = (change: Partial<Findings> = {}): Verdict =>
  halfPrecision.verdict({ ...evidence, ...change }, halfPrecision.defaults);
const outcomes = (change: Partial<Findings> = {}): string[] =>
  verdictOf(change).rows.map(({ outcome }) => outcome);

describe("half precision: a training in words", () => {
  it("tells a curve that fails from a network that does", () => {
    const judged = (run: PrecisionRun): string => describeTraining("binary16", run, healthy);
    assert.match(judged(healthy), /that is as good as float64\.$/);
    assert.match(judged(broken), /Only the curve fails: the network is as good as the one in float64\.$/);
    assert.match(judged({ ...broken, accuracy: 0.9 }), /that is not as good as float64\.$/);
    assert.match(judged(dead), /that is not as good as float64\.$/);
  });

  it("tells what a sum of equal losses made of a training's loss", () => {
    const sums = { format: "binary16", counts: [250], means: [0.7046] } as const;
    assert.match(
      describeSums({ ...sums, counts: [...sums.counts], means: [...sums.means] }, flat),
      /^In float16, .*0\.6931 comes out as 0\.7046 for 250 points\. By its own sum .* ends at 0\.690; .* 0\.6900\.$/,
    );
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
    const { stamp, summary, rows } = verdictOf();
    assert.equal(stamp, "does not hold");
    assert.match(summary, /^In float16 the loss is a flat line in 0 of 60 seeds; 4 of 4 provoked failures/);
    assertOneSentence(summary);
    assert.match(rows[7].note ?? "", /the weights start near 10⁻⁶/);
  });

  it("where the training of the parameters is dead", () => {
    const seeds = many(ordinary(flat, 0.6, 0, 0.6));
    assert.deepEqual(outcomes({ seeds }).slice(0, 4), ["holds", "holds", "holds", "does not hold"]);
    assert.equal(verdictOf({ seeds }).stamp, "holds");
    // no condition where the failure is there without it: here the line from underflow
    assert.deepEqual(outcomes({ seeds }).slice(4, 8), [
      "holds only if",
      "holds only if",
      "holds only if",
      "holds",
    ]);
  });

  it("where no regime does what it was made to show", () => {
    const none = evidence.failures.map(({ name }) => ({ name, results: many(paired(healthy, 0, 0)) }));
    assert.deepEqual(outcomes({ failures: none }).slice(4, 8), new Array(4).fill("does not hold"));
    assert.doesNotMatch(verdictOf({ failures: none }).summary, /provoked/);
    assert.equal(outcomes({ inference: inference(0.05) })[9], "holds");
  });

  it("with remedies that do not do as predicted", () => {
    const nearly = cells(
      (failure, remedy) =>
        PREDICTIONS[failure].cures.includes(remedy) || (failure === "stall" && remedy === "loss scale 1024"),
    );
    const row = verdictOf({ remedies: nearly }).rows[8];
    assert.equal(row.outcome, "does not hold");
    assert.match(row.measured, /not: loss scale 1024 against stall \(0 of 60\)/);
    assert.equal(outcomes({ remedies: [] })[8], "not tested");
    // where nothing fails there is nothing to cure
    assert.equal(outcomes({ remedies: cells(() => true) })[8], "not tested");
  });

  it("of remedies counts seeds, and those of the cell that has fewest", () => {
    const few = evidence.remedies.map((cell) =>
      cell.failure === "stall" ? { ...cell, n: 3, cured: Math.min(cell.cured, 3) } : cell,
    );
    const { n, outcome } = verdictOf({ remedies: few }).rows[8];
    assert.deepEqual([n, outcome], [3, "undecided"]);
  });

  it("is undecided with few seeds, and says how many it takes", () => {
    const few = evidence.failures.map(({ name, results }) => ({ name, results: results.slice(0, 3) }));
    const [row] = verdictOf({ failures: few }).rows.slice(4);
    assert.equal(row.outcome, "undecided");
    assert.match(row.note ?? "", /3 of the 20/);
    assert.match(row.measured, /^In its regime, in float16: 3 of 3 seeds\. /);
  });

  it("is stamped by the first study alone, and leaves out what was not studied", () => {
    const { rows, stamp, scale } = halfPrecision.verdict({ seeds: evidence.seeds }, halfPrecision.defaults);
    assert.deepEqual([rows.length, stamp, scale], [4, "does not hold", undefined]);
    assert.deepEqual(
      rows.map(({ isPrimary = false }) => isPrimary),
      [true, false, false, false],
    );
    assert.equal(halfPrecision.verdict({}, halfPrecision.defaults).stamp, "not tested");
  });

  it("names what defends", () => {
    assert.match(
      verdictOf().defence ?? "",
      /; stall by float32 master weights, stochastic rounding, Kahan's sums; under/,
    );
    assert.match(
      verdictOf({ remedies: cells(() => false) }).defence ?? "",
      /loss NaN by none of them; weights/,
    );
    assert.match(verdictOf({ remedies: cells(() => true) }).defence ?? "", /: loss NaN is no failure here; /);
  });

  it("tells a loss that is no number from a flat one and from one that falls", () => {
    const seeds = [
      ...many(ordinary(broken, 0, 0, 0)),
      ...many(ordinary({ ...healthy, losses: [0.8, 0.2] }, 0, 0, 0)),
    ];
    const { summary, rows } = verdictOf({ seeds });
    assert.match(summary, /a flat line in 0 of 120 seeds and not a number at some time in 60;/);
    assert.match(
      rows[0].measured,
      /; not a number in 60\. In the median of the other seeds, .* at 25% of its first value\./,
    );
    assert.doesNotMatch(verdictOf({ seeds: seeds.slice(0, N) }).rows[0].measured, /median/);
    assert.doesNotMatch(verdictOf({ seeds: seeds.slice(N) }).summary, /not a number/);
  });

  it("claims of another format what it claims of half precision", () => {
    assert.equal(verdictOf().claim, halfPrecision.claim);
    assert.match(halfPrecision.claim, /^Training in half precision \(float16\) /);
    const parameters = halfPrecision.parameters({ format: "bfloat16" });
    assert.match(halfPrecision.verdict(evidence, parameters).claim, /^Training in bfloat16 /);
  });

  const lastOutcomes = (change: Partial<Findings>, count: number): string[] => outcomes(change).slice(-count);

  it("tells a script that looks dead from one that is", () => {
    const result = (own: PrecisionRun, textbookBrokenFrom?: number): ScriptResult => ({
      script: own,
      double: healthy,
      largestGap: 0.01,
      ...(textbookBrokenFrom !== undefined && { textbookBrokenFrom }),
    });
    const script = (...results: ScriptResult[]): Findings["script"] =>
      ["single samples", "full batch"].map((name, i) => ({ name, results: many(results[i]) }));
    const looksDead = script(result(healthy, 12), result(flat, 12));
    assert.deepEqual(lastOutcomes({ script: looksDead }, 2), ["does not hold", "holds"]);
    const [worse, hidden] = verdictOf({ script: looksDead }).rows.slice(-2);
    assert.match(worse.measured, /^Not as good in 0 of 60 .*; a flat line in 0\. With full batch: 60 of 60 /);
    assert.match(hidden.measured, /^In 60 of 60 .* With full batch: 0 of 60 /);
    const isDead = script(result(flat, 12), result(healthy));
    assert.deepEqual(lastOutcomes({ script: isDead }, 2), ["holds", "does not hold"]);
    assert.deepEqual(lastOutcomes({ script: script(result(healthy), result(healthy)) }, 2), [
      "does not hold",
      "does not hold",
    ]);
  });

  it("weighs the trainings that a loss scale rescues against those that it spoils", () => {
    const trained = (plain: number, scaled: number, double = 0.99): UnaskedResult => ({
      double,
      plain,
      scaled,
      flushed: [0.25, 0.5],
    });
    const found = (...results: UnaskedResult[]): Findings["underflow"] =>
      results.map((result, i) => ({ name: `${i}`, results: many(result) }));
    const outcomeOf = (underflow: Findings["underflow"]): string => lastOutcomes({ underflow }, 1)[0];
    assert.equal(outcomeOf(found(trained(0.5, 0.99), trained(0.99, 0.99))), "holds");
    assert.equal(outcomeOf(found(trained(0.99, 0.99), trained(0.5, 0.5))), "does not hold");
    // as many spoiled as rescued
    assert.equal(outcomeOf(found(trained(0.5, 0.99), trained(0.99, 0.5))), "does not hold");
    assert.equal(outcomeOf(found(trained(0.5, 0.99, 0.5))), "not tested");
    const { rows, scale } = verdictOf({ underflow: found(trained(0.5, 0.99), trained(0.99, 0.99)) });
    assert.match(
      rows[10].measured,
      /: 50\.0% in all 60\. .*: 25\.0% in all 60 at the first weights, 50\.0% in all 60 at/,
    );
    assert.match(
      scale ?? "",
      /^Of 120 .*, 60 learn in float16 .* and 120 with .*: 60 only with the scale, 0 only/,
    );
  });

  it("says what a scale and its rounding decide in eight bits", () => {
    /** A map on which a number of settings learn in the row of the smallest weights. */
    const map = (scale: ScaleRounding, learning: number): PrecisionMap => ({
      numbers: { blocks: { element: "e4m3", scale } },
      learningRates: [1, 2, 3],
      scales: [1e-6],
      cells: [[0, 1, 2].map((j) => many(j < learning ? "learns" : "stalls"))],
    });
    const decided = (none: number, down: number, up: number): string[] =>
      lastOutcomes({ blocks: [map("none", none), map("down", down), map("up", up)] }, 2);
    assert.deepEqual(decided(0, 1, 1), ["holds only if", "does not hold"]);
    assert.deepEqual(decided(0, 0, 2), ["holds", "holds"]);
    assert.deepEqual(decided(1, 2, 1), ["does not hold", "does not hold"]);
    const { rows, summary } = verdictOf({ blocks: [map("none", 0), map("down", 1), map("up", 3)] });
    const [begins, rounded] = rows.slice(-2);
    assert.match(begins.measured, /^Without scales in 60 of 60 .*, with scales in 0 of 60 /);
    assert.equal(begins.note, "the elements have no scale in common");
    // a condition met elsewhere is no provoked failure
    assert.match(summary, /4 of 4 provoked failures/);
    assert.equal(rounded.measured, "Up minus down: 2.00 in all 60 settings. Down: 1.0 in all 60.");
  });
});

import assert from "node:assert/strict";
import { memorizingFigure } from "../../../src/charts/memorizing-map.js";
import { evaluate } from "../../../src/core/network/evaluate.js";
import { gradeLines } from "../../../src/experiments/grading.js";
import { attackedPoints } from "../../../src/experiments/poisoning/attacks.js";
import { guesses } from "../../../src/experiments/poisoning/damage.js";
import { poisoning } from "../../../src/experiments/poisoning/index.js";
import {
  countWrong,
  KINDS,
  type Kind,
  type MemorizedShares,
  type MemorizingCell,
  measureMemorizing,
  memorizingPoints,
  suspectedPairs,
} from "../../../src/experiments/poisoning/memorizing.js";
import { describeMemorizing, memorizingLines } from "../../../src/experiments/poisoning/memorizing-lines.js";
import { runPoisoning } from "../../../src/experiments/poisoning/poisoning.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { doStudy } from "../../../src/experiments/study.js";
import { trainTask } from "../../../src/experiments/task.js";
import type { VerdictRow } from "../../../src/experiments/verdict.js";

const parameters = poisoning.parameters({
  ...poisoning.defaults,
  trainPoints: 60,
  testPoints: 100,
  hiddenLayers: [6],
  epochs: 25,
  flips: 4,
  sweepSeeds: 12,
  firstSeed: 1,
});

describe("poisoning: what a network answers", () => {
  // four points of class 1, 1, 0, 0
  const truth = [true, true, false, false];

  it("is wrong where its sign is not the label's, and 0 is class 0", () => {
    assert.equal(countWrong(Float64Array.of(1, -1, -1, 2), truth), 2);
    assert.equal(countWrong(Float64Array.of(0, 1, 0, -1), truth), 1);
    assert.equal(
      countWrong(Float64Array.of(-1, -1, 1, 1), truth, (i) => i > 0),
      3,
    );
  });

  it("gives a lie away by a larger loss than a truth has", () => {
    const isLie = [true, false, false, false];
    // the lie is not believed: told 0, it is answered with 1
    assert.equal(suspectedPairs(Float64Array.of(3, 1, -1, -2), truth, isLie), 3);
    // it is believed more firmly than every truth
    assert.equal(suspectedPairs(Float64Array.of(-5, 1, -1, -2), truth, isLie), 0);
    // it is believed, as firmly as one truth, less than another, more than a third
    assert.equal(suspectedPairs(Float64Array.of(-2, 1, -2, -3), truth, isLie), 1.5);
  });

  it("tells nothing apart without numbers, and nothing at all without lies or truths", () => {
    const isLie = [true, false, false, true];
    assert.equal(suspectedPairs(Float64Array.of(Number.NaN, 1, 1, 1), truth, isLie), 2);
    for (const all of [true, false]) {
      const same = truth.map(() => all);
      assert.equal(suspectedPairs(Float64Array.of(1, 1, 1, 1), truth, same), 0);
    }
  });
});

describe("poisoning: memorizing", () => {
  it("is measured at multiples of the learning rate and the epochs, equal ones once", () => {
    const points = memorizingPoints(parameters);
    assert.deepEqual(
      points.map(({ learningRate }) => learningRate),
      [0.05, 0.1, 0.2, 0.4, 0.8],
    );
    for (const { epochs, stages } of points) {
      assert.deepEqual(stages, [1, 3, 10, 25, 50, 100]);
      assert.equal(epochs, 100);
    }
    assert.deepEqual(memorizingPoints({ ...parameters, epochs: 0 })[0].stages, [0]);
    assert.equal(memorizingPoints({ ...parameters, epochs: 1e6 })[0].epochs, 1e6);
    assert.equal(memorizingPoints({ ...parameters, learningRate: 1e308 }).length, 3);
  });

  it("counts what separate trainings come to", () => {
    const [, point] = memorizingPoints({ ...parameters, seed: 3 }).slice(1);
    const measured = measureMemorizing({ ...point, epochs: 25, stages: [3, 25] });
    for (const kind of KINDS) {
      const run = runPoisoning({ ...parameters, ...point, epochs: 25 }, kind);
      const { train, test } = run.data;
      const lies = attackedPoints(train, { attack: kind, flips: 4, seed: 3 });
      const without = trainTask({ ...point, epochs: 25 }, run, { leftOut: lies });
      const [lied, honest, leftOut] = [run.poisoned, run.clean, without].map(({ network }) => {
        const wrong = guesses(network, train.points).map(
          (guess, i) => guess !== (train.labels.get(i, 0) === 1),
        );
        return {
          truths: wrong.filter((own, i) => own && !lies.includes(i)).length,
          test: Math.round(100 * (1 - evaluate(network, test).accuracy)),
        };
      });
      const own = measured[1][kind];
      assert.equal(measured[1].wrongHonest, honest.test);
      assert.deepEqual([own.wrong, own.wrongLeftOut], [lied.test, leftOut.test]);
      assert.equal(own.truthsLost, lied.truths - honest.truths);
      assert.equal(own.learnt, run.damage.captured);
      assert.ok(own.suspected >= 0 && own.suspected <= 4 * 56);
    }
    const early = measureMemorizing({ ...point, epochs: 3, stages: [3] });
    assert.deepEqual(measured[0], early[0]);
  });

  it("is found by setting, as shares and differences of shares", async () => {
    const own = { ...parameters, epochs: 5 };
    const cells = await doStudy(poisoning.studies.memorizing, own, plainLoop());
    assert.equal(cells.length, 5 * 6);
    const { learningRate, epochs, seeds } = cells[2 * 6 + 4];
    assert.deepEqual([learningRate, epochs], [0.2, 10]);
    const point = memorizingPoints(own)[2];
    const counts = [1, 2].map((seed) => measureMemorizing({ ...point, seed })[4]);
    for (const kind of KINDS) {
      seeds[kind].forEach((shares, i) => {
        const { wrongHonest } = counts[i];
        const { learnt, suspected, truthsLost, wrong, wrongLeftOut } = counts[i][kind];
        assert.deepEqual(shares, {
          learnt: learnt / 4,
          suspected: suspected / 4 / 56,
          accuracy: 1 - wrongHonest / 100,
          accuracyLost: (wrong - wrongHonest) / 100,
          lostToLeftOut: (wrong - wrongLeftOut) / 100,
          truthsLost: truthsLost / 56,
        });
      });
    }
  });

  it("has nothing to learn without lies", () => {
    const [point] = memorizingPoints({ ...parameters, flips: 0, epochs: 1 });
    const [{ cluster, random, wrongHonest }] = measureMemorizing({ ...point, stages: [1], epochs: 1 });
    assert.deepEqual(cluster, random);
    const none = { learnt: 0, suspected: 0, truthsLost: 0, wrong: wrongHonest, wrongLeftOut: wrongHonest };
    assert.deepEqual(cluster, none);
  });
});

const RATES = [0.1, 0.2, 0.4];
const EPOCHS = [10, 100, 1000];

type Shares = Pick<MemorizedShares, "learnt" | "suspected" | "accuracy">;

/** A map of three rates and three numbers of epochs; a cell's shares vary by a jitter over the seeds. */
function mapOf(
  find: (kind: Kind, rate: number, stage: number, seed: number) => Partial<Shares>,
  seeds = 100,
): MemorizingCell[] {
  return RATES.flatMap((learningRate, r) =>
    EPOCHS.map((epochs, e): MemorizingCell => {
      const of = (kind: Kind): MemorizedShares[] =>
        Array.from({ length: seeds }, (_, i) => {
          const { learnt = 0, suspected = 0.95, accuracy = 0.98 } = find(kind, r, e, i);
          const jitter = 1e-3 * (i % 3);
          return {
            learnt,
            suspected: suspected + jitter,
            accuracy: accuracy + jitter,
            accuracyLost: 0.02 + jitter,
            lostToLeftOut: 0.01 + jitter,
            truthsLost: 0.03 + jitter,
          };
        });
      return { learningRate, epochs, seeds: { cluster: of("cluster"), random: of("random") } };
    }),
  );
}

const judge = (cells: readonly MemorizingCell[]): VerdictRow[] =>
  gradeLines(memorizingLines(cells, { learningRate: 0.2 }));
const outcomes = (cells: readonly MemorizingCell[]): string[] => judge(cells).map(({ outcome }) => outcome);

describe("poisoning: what is said of memorizing", () => {
  const last = (r: number, e: number): boolean => r === 2 && e === 2;

  it("holds where lies are learnt as surely as truths at one setting, and does not where they are doubted", () => {
    const blind = mapOf((_, r, e) => (last(r, e) ? { learnt: 1, suspected: 0.5 } : {}));
    const [told, apart] = judge(blind);
    assert.deepEqual([told.outcome, apart.outcome], ["holds", "holds"]);
    assert.match(
      told.measured,
      /every lie in 100 of 100 seeds .* 50\.1 .*% of the pairs \(learning rate 0\.4, 1000 epochs\)/,
    );
    const doubted = mapOf((_, r, e) => (last(r, e) ? { learnt: 1 } : {}));
    assert.equal(outcomes(doubted)[0], "does not hold");
    const half = mapOf((_kind, _r, _e, i) => ({ learnt: i % 2, suspected: 0.5 }));
    assert.equal(outcomes(half)[0], "does not hold");
    const unlearnt = mapOf(() => ({ learnt: 0.8, suspected: 0.5 }));
    assert.deepEqual(outcomes(unlearnt).slice(0, 2), ["does not hold", "does not hold"]);
  });

  it("holds only if the lies are clustered where scattered ones are told apart", () => {
    const cells = mapOf((kind) => (kind === "cluster" ? { learnt: 1, suspected: 0.5 } : {}));
    const [told] = judge(cells);
    assert.deepEqual([told.outcome, told.note], ["holds only if", "the lies are clustered"]);
  });

  it("counts no setting at which not even the truth is learnt", () => {
    const lost = mapOf((_, r, e) => (last(r, e) ? { learnt: 1, suspected: 0.5, accuracy: 0.7 } : {}));
    assert.equal(outcomes(lost)[0], "does not hold");
    assert.doesNotMatch(judge(lost)[0].measured, /0\.4, 1000/);
    const nowhere = mapOf(() => ({ accuracy: 0.7 }));
    assert.deepEqual(outcomes(nowhere).slice(0, 2), ["not tested", "not tested"]);
    assert.match(judge(nowhere)[0].measured, /no setting learns/);
    assert.match(describeMemorizing(nowhere, { flips: 5 }), /^After 1000 epochs, no learning rate/);
  });

  it("finds the direction in both, seed by seed", () => {
    const rising = mapOf((_, r, e) => ({ learnt: 0.1 * r + 0.2 * e }));
    const [, , direction] = judge(rising);
    assert.equal(direction.outcome, "holds");
    // ten times the epochs are 3.32 doublings
    assert.match(
      direction.measured,
      /of the epochs at a learning rate of 0\.2: 6\.0 points in all 100 \(clustered\)/,
    );
    assert.match(
      direction.measured,
      /of the learning rate after 1000 epochs, while it learns: 10\.0 points in all 100/,
    );
    assert.equal(outcomes(mapOf((_, r, e) => ({ learnt: 0.5 - 0.1 * r + 0.2 * e })))[2], "does not hold");
    assert.equal(outcomes(mapOf((_, r, e) => ({ learnt: 0.1 * r + 0.4 - 0.2 * e })))[2], "does not hold");
    // a rate at which nothing is learnt is no step of the ladder
    const lost = mapOf((_, r, e) => ({
      learnt: r === 2 ? 0 : 0.1 * r + 0.2 * e,
      accuracy: r === 2 ? 0.6 : 0.98,
    }));
    assert.equal(outcomes(lost)[2], "holds");
    const alone = mapOf((_, r) => ({ accuracy: r === 0 ? 0.98 : 0.6 }));
    assert.equal(outcomes(alone)[2], "not tested");
  });

  it("is undecided while the seeds are few", () => {
    const few = mapOf((_, r, e) => (last(r, e) ? { learnt: 1, suspected: 0.5 } : {}), 3);
    assert.deepEqual(outcomes(few), new Array(3).fill("undecided"));
    assert.doesNotMatch(JSON.stringify(judge(few)), /NaN/);
  });

  it("tells of the most aggressive setting that learns what the lies come to and what they cost", () => {
    const cells = mapOf((kind, r) => ({
      learnt: kind === "cluster" ? 0.6 : 0.2,
      accuracy: r === 2 ? 0.6 : 0.98,
    }));
    assert.match(
      describeMemorizing(cells, { flips: 5 }),
      /\(learning rate 0\.2, 1000 epochs\) learns 60\.0% in all 100 \(clustered\) and 20\.0% in all 100 \(scattered\) of the lies\. They cost 2\.1 .* points \(clustered\) and 2\.1 .* of test accuracy; .* costs, 1\.1 /,
    );
    assert.match(describeMemorizing(cells, { flips: 0 }), /^No label was flipped/);
  });
});

describe("charts of memorizing", () => {
  interface Trace {
    name: string;
    x: (number | null)[];
    base: number[];
    text: string[];
    marker: { color: string | string[] };
    xaxis: string;
  }
  const cells = mapOf((kind, r, e) => ({
    learnt: kind === "cluster" ? 0.25 * e : 0,
    suspected: 0.9,
    accuracy: r === 2 && e === 0 ? 0.7 : 0.98,
  }));
  const figure = memorizingFigure(cells);
  const traces = figure.data as unknown as Trace[];

  it("have a map for each measure and kind of lies, with the mean in each tile", () => {
    const learning = traces.filter(({ name }) => name === "learns");
    assert.equal(learning.length, 6);
    assert.equal(new Set(learning.map(({ xaxis }) => xaxis)).size, 6);
    assert.deepEqual(learning[0].text, ["0", "25", "50", "0", "25", "50", "25", "50"]);
    assert.deepEqual(learning[0].x, [0, 0, 0, 1, 1, 1, 2, 2]);
    assert.deepEqual([...new Set(learning[1].text)], ["3"]);
    assert.deepEqual([...new Set(learning[2].text)], ["90"]);
    assert.deepEqual([...new Set(learning[3].text)], ["0"]);
    assert.match(
      figure.alt,
      /Lies together: where the network learns, 0 to 50% are learnt\. Lies scattered: .* 0 to 0%/,
    );
    assert.match(figure.caption, /100 seeds/);
  });

  it("shade by the mean, from nothing on", () => {
    const [{ marker, text }] = traces;
    const shadeOf = (value: string): string => (marker.color as string[])[text.indexOf(value)];
    assert.equal(shadeOf("0"), "rgb(247, 247, 245)");
    assert.notEqual(shadeOf("25"), shadeOf("50"));
  });

  it("cross out the settings at which nothing is learnt, of which a guess would say something", () => {
    const crossed = traces.filter(({ name }) => /^✗/.test(name));
    assert.equal(crossed.length, 6);
    for (const { x, text } of crossed) assert.deepEqual([x, text], [[2], ["✗"]]);
    assert.doesNotMatch(JSON.stringify(figure), /NaN/);
    const nowhere = memorizingFigure(mapOf(() => ({ accuracy: 0.5 })));
    assert.match(nowhere.alt, /together: no setting learns\. scattered: no setting learns/);
  });
});

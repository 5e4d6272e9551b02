import assert from "node:assert/strict";
import { evaluate } from "../../../src/core/network/evaluate.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import type { Network } from "../../../src/core/network/network.js";
import { toParameters } from "../../../src/core/network/network.js";
import { disagreement } from "../../../src/experiments/plane.js";
import { attackedPoints, flipLabels, withFlips } from "../../../src/experiments/poisoning/attacks.js";
import { CONTROLS, type Control, otherSeed } from "../../../src/experiments/poisoning/changes.js";
import {
  amplification,
  assessAgainst,
  type Damage,
  guesses,
  measuredPlane,
  VOID_DISTANCE,
} from "../../../src/experiments/poisoning/damage.js";
import { DEFENCES, type DefenceResult, measureDefence } from "../../../src/experiments/poisoning/defences.js";
import { matchSizes, type SizeResult } from "../../../src/experiments/poisoning/depth.js";
import { describeDepth } from "../../../src/experiments/poisoning/depth-lines.js";
import { poisoning } from "../../../src/experiments/poisoning/index.js";
import { outvoted } from "../../../src/experiments/poisoning/label-cleaning.js";
import {
  endOf,
  measurePoisoning,
  type PoisoningParameters,
  type PoisoningResult,
  runPoisoning,
} from "../../../src/experiments/poisoning/poisoning.js";
import { type Comparison, measureSensitivity } from "../../../src/experiments/poisoning/sensitivity.js";
import { describeDefences, describeScale } from "../../../src/experiments/poisoning/sentences.js";
import { claimOf } from "../../../src/experiments/poisoning/verdict.js";
import { viewGrowth, viewPoisoning } from "../../../src/experiments/poisoning/view.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { doStudy, type Variation } from "../../../src/experiments/study.js";
import { drawTask, runTask, trainTask } from "../../../src/experiments/task.js";
import type { Verdict } from "../../../src/experiments/verdict.js";
import { denseOf } from "../../support/networks.js";
import { assertOneSentence } from "../one-sentence.js";

const parameters: PoisoningParameters = {
  seed: 1,
  noise: 0.15,
  trainPoints: 60,
  testPoints: 100,
  hiddenLayers: [6],
  initialisation: "he",
  learningRate: 0.2,
  batchSize: 1,
  epochs: 30,
  attack: "cluster",
  flips: 4,
  candidates: 3,
  targetLoss: 0.2,
  heldOutShare: 0.2,
  patience: 5,
  decay: 0.001,
  smoothing: 0.1,
  neighbours: 5,
  sweepSeeds: 2,
  firstSeed: 1,
};

/** Class 1 to the right of `edge`. */
function splitAt(edge: number): Network {
  return { layers: [denseOf([[1], [0]], [-edge])] };
}

describe("poisoning: parameters", () => {
  it("are returned as they came, with no flip or as many as a class has points", () => {
    for (const flips of [0, 30]) {
      assert.deepEqual(poisoning.parameters({ ...parameters, flips }), { ...parameters, flips });
    }
  });

  it("refuse what makes no sense, and say what would", () => {
    const refused: [Partial<Record<keyof PoisoningParameters, unknown>>, string][] = [
      [
        { flips: 31 },
        "flips must be a whole number from 0 to 30, the points of the smaller class of 60 points, got 31",
      ],
      [{ flips: 2.5 }, "flips must be a whole number >= 0, got 2.5"],
      [{ attack: "all" }, 'attack must be one of "random", "deepest", "cluster", "worst", got "all"'],
      [{ candidates: 0 }, "candidates must be a whole number from 1 to 100, got 0"],
      [{ heldOutShare: 1 }, "heldOutShare must be a finite number > 0 and < 1, got 1"],
      [{ patience: 0 }, "patience must be a whole number >= 1, got 0"],
      [{ decay: -1 }, "decay must be a finite number >= 0, got -1"],
      [{ targetLoss: 0 }, "targetLoss must be a finite number > 0, got 0"],
    ];
    for (const [change, message] of refused) {
      assert.throws(() => poisoning.parameters({ ...parameters, ...change } as PoisoningParameters), {
        message,
      });
    }
  });
});

describe("damage", () => {
  const { data } = drawTask(parameters);
  const plane = measuredPlane(data.train);

  it("of an identical network is none, and so is the amplification", () => {
    const network = splitAt(0.5);
    const damage = assessAgainst(network, data, plane, [])(splitAt(0.5));
    assert.deepEqual(damage, {
      plane: 0,
      planeVoid: 0,
      test: 0,
      accuracyDrop: 0,
      captured: 0,
    });
    assert.equal(amplification(damage.plane, 0.02), 0);
  });

  it("is the share of the plane between two straight boundaries", () => {
    const [low, high] = plane.area.x;
    const [a, b] = [low + 0.25 * (high - low), low + 0.5 * (high - low)];
    const damage = assessAgainst(splitAt(a), data, plane, [])(splitAt(b));
    assert.equal(damage.plane, disagreement(splitAt(a), splitAt(b), plane.points));
    assert.ok(Math.abs(damage.plane - 0.25) < 0.03, String(damage.plane));
    assert.ok(damage.planeVoid > 0 && damage.planeVoid < damage.plane);
    const between = data.test.points.getColumn(0).filter((x) => x > a && x <= b).length;
    assert.equal(damage.test, between / 100);
  });

  it("is a loss of accuracy where fewer test points are right", () => {
    const [half, all] = [100, 0.5].map((edge) => evaluate(splitAt(edge), data.test).accuracy);
    assert.ok(half < all);
    const { accuracyDrop } = assessAgainst(splitAt(0.5), data, plane, [])(splitAt(100));
    assert.ok(Math.abs(accuracyDrop - (all - half)) < 1e-12);
  });

  it("counts a lie as learnt when the network guesses as it says", () => {
    const truth = data.train.labels.to1DArray();
    const sayOne: Network = splitAt(-100);
    const attacked = [0, 1, 2, 50, 51]; // three of class 0, two of class 1
    assert.deepEqual(
      attacked.map((i) => truth[i]),
      [0, 0, 0, 1, 1],
    );
    assert.equal(assessAgainst(splitAt(0), data, plane, attacked)(sayOne).captured, 3);
  });

  it("knows the void by its distance from every point", () => {
    const points = data.train.points.to2DArray();
    plane.points.to2DArray().forEach(([x, y], i) => {
      const nearest = Math.min(...points.map(([u, v]) => Math.hypot(u - x, v - y)));
      assert.equal(plane.isVoid[i], nearest > VOID_DISTANCE);
    });
  });

  it("has no amplification where nothing was flipped", () => {
    assert.equal(amplification(0.1, 0), undefined);
    assert.equal(amplification(0.1, 0.02), 5);
  });

  it("guesses as forward does", () => {
    const { training } = runTask({ ...parameters, hiddenLayers: [5, 4] });
    const logits = forward(training.network, plane.points).logits.to1DArray();
    assert.deepEqual(
      guesses(training.network, plane.points),
      logits.map((logit) => logit > 0),
    );
  });
});

describe("poisoning: one attack", () => {
  it("differs from the clean training in the lies alone", () => {
    const task = runPoisoning(parameters, "cluster", [0, 30]);
    const { initial, clean, poisoned, attacked } = task;
    const start = toParameters(initial);
    assert.deepEqual(toParameters(clean.snapshots[0].network), start);
    assert.deepEqual(toParameters(poisoned.snapshots[0].network), start);
    assert.notDeepEqual(toParameters(poisoned.network), toParameters(clean.network));
    assert.deepEqual(
      toParameters(poisoned.network),
      toParameters(endOf(parameters, withFlips(task, attacked))),
    );
    assert.equal(attacked.length, 4);
  });

  it("changes nothing when there is nothing to flip", () => {
    for (const attack of ["random", "deepest", "cluster", "worst"] as const) {
      const { clean, poisoned, damage } = runPoisoning({ ...parameters, flips: 0 }, attack);
      assert.deepEqual(toParameters(poisoned.network), toParameters(clean.network));
      assert.equal(damage.plane, 0);
    }
  });

  it("is seen as it is", () => {
    const task = runPoisoning(parameters);
    const view = viewPoisoning(task, 7);
    assert.equal(view.clean.values.length, 7);
    assert.equal(view.captured.filter((is) => is).length, task.damage.captured);
    const same = viewPoisoning(task, 7, { clean: task.clean.network, poisoned: task.clean.network });
    assert.deepEqual(same.poisoned, same.clean);
  });

  it("is seen as it grows", () => {
    const [before, after] = viewGrowth(runPoisoning(parameters, "cluster", [0, 30]), 7);
    assert.deepEqual([before.epoch, before.changed, before.view.poisoned], [0, 0, before.view.clean]);
    const task = runPoisoning(parameters);
    assert.deepEqual(after.view, viewPoisoning(task, 7));
    assert.equal(after.changed, task.damage.plane);
  });
});

describe("poisoning: attacks beside their controls", () => {
  const result = measurePoisoning(parameters);

  it("share data, initial weights and order with the clean training", () => {
    const task = drawTask(parameters);
    const { train } = task.data;
    const attacked = attackedPoints(train, { attack: "random", flips: 4, seed: 1 });
    const clean = endOf(parameters, task);
    const assess = assessAgainst(clean, task.data, measuredPlane(train), attacked);
    const measure = (data: typeof train): Damage =>
      assess(endOf(parameters, { ...task, data: { ...task.data, train: data } }));
    assert.deepEqual(result.attacks.random, {
      flipped: measure(flipLabels(train, attacked)),
      leftOut: assess(trainTask(parameters, task, { leftOut: attacked }).network),
    });
    const otherWeights = { ...parameters, weightsSeed: otherSeed(1) };
    const otherOrder = { ...parameters, orderSeed: otherSeed(1) };
    assert.deepEqual(drawTask(otherWeights).data, task.data);
    for (const [name, own] of [
      ["other initial weights", otherWeights],
      ["another order", otherOrder],
    ] as const) {
      assert.equal(result.controls[name].plane, assess(endOf(own, drawTask(own))).plane, name);
    }
  });

  it("change one thing alone", () => {
    const task = drawTask(parameters);
    const start = (name: Control): number[] => [
      ...toParameters(CONTROLS[name]({ ...parameters, epochs: 0 }, task).network),
    ];
    const before = [...toParameters(task.initial)];
    assert.deepEqual(start("another order"), before);
    const moved = start("a nudge of 1e-14").flatMap((w, k) => (w === before[k] ? [] : [w - before[k]]));
    assert.equal(moved.length, 1);
    assert.ok(moved[0] > 0.9e-14 && moved[0] < 1.1e-14, String(moved));
    assert.ok(start("other initial weights").every((w, k) => w !== before[k] || w === 0));
    const full = { ...parameters, batchSize: "full" as const };
    const [own, ordered] = [trainTask, CONTROLS["another order"]].map((change) => change(full, task).network);
    assert.deepEqual(ordered, own, "all points at once have no order");
  });

  it("the worst cluster is at least as bad as the first", () => {
    for (const own of [result, measurePoisoning({ ...parameters, seed: 2 })]) {
      assert.ok(own.attacks.worst.flipped.plane >= own.attacks.cluster.flipped.plane);
    }
    const only = measurePoisoning({ ...parameters, candidates: 1 });
    assert.deepEqual(only.attacks.worst, only.attacks.cluster);
  });

  it("without a flip neither flipping nor leaving out does anything; other weights do", () => {
    const none = measurePoisoning({ ...parameters, flips: 0 });
    for (const { flipped, leftOut } of Object.values(none.attacks)) {
      assert.equal(flipped.plane, 0);
      assert.equal(leftOut.plane, 0);
    }
    assert.ok(none.controls["other initial weights"].plane > 0);
  });

  it("run over the seeds from 1 on", async () => {
    const results = await doStudy(poisoning.studies.seeds, parameters, plainLoop());
    assert.deepEqual(results, [result, measurePoisoning({ ...parameters, seed: 2 })]);
  });

  it("takes weights and an order that no seed of a sweep has, for any seed", () => {
    assert.equal(otherSeed(3), 1_000_003);
    assert.equal(otherSeed(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER - 1_000_000);
  });
});

describe("poisoning: sensitivity", () => {
  const { targetLoss } = parameters;
  const point = { ...parameters, isComparedAtEnd: true };

  it("measures at the end what the attacks and their controls do", () => {
    const { attacks, controls } = measurePoisoning(parameters);
    assert.deepEqual(measureSensitivity(point).end, {
      flipped: attacks.cluster.flipped.plane,
      leftOut: attacks.cluster.leftOut.plane,
      "another order": controls["another order"].plane,
      "other initial weights": controls["other initial weights"].plane,
      "a nudge of 1e-14": controls["a nudge of 1e-14"].plane,
    });
  });

  it("compares at the first epoch after which the clean loss is at the target", () => {
    const { history } = runTask(parameters).training;
    const first = history.find(({ train }) => train.loss <= targetLoss);
    const { target, end } = measureSensitivity({ ...parameters, isComparedAtEnd: false });
    assert.equal(end, undefined);
    assert.ok(first && first.epoch > 0 && first.epoch < 30);
    const stopped = measureSensitivity({ ...point, epochs: first.epoch });
    assert.deepEqual(target, { epoch: first.epoch, ...stopped.end });
    assert.deepEqual(measureSensitivity(point).target, target);
  });

  it("has no such comparison where the loss never gets there", () => {
    assert.equal(measureSensitivity({ ...point, targetLoss: 1e-9 }).target, undefined);
  });
});

describe("poisoning: defences", () => {
  const names = Object.keys(DEFENCES) as (keyof typeof DEFENCES)[];

  it("are measured against themselves, and cost nothing where there are none", async () => {
    const defences = await doStudy(poisoning.studies.defences, { ...parameters, sweepSeeds: 6 }, plainLoop());
    assert.deepEqual(
      defences.map(({ name }) => name),
      ["none", "early stopping", "weight decay", "label smoothing", "neighbours' labels"],
    );
    defences.forEach(({ results }, i) => {
      const one = (seed: number): DefenceResult => measureDefence({ ...parameters, seed, defence: names[i] });
      assert.deepEqual(results, [1, 2].map(one));
    });
    const { cluster, random } = measurePoisoning(parameters).attacks;
    const [{ results }, , , , cleaned] = defences;
    assert.deepEqual(results[0], {
      seed: 1,
      cleanAccuracy: runTask(parameters).training.history[30].test?.accuracy,
      plane: cluster.flipped.plane,
      planeScattered: random.flipped.plane,
      accuracyDrop: cluster.flipped.accuracyDrop,
      captured: cluster.flipped.captured,
    });
    const { train } = drawTask(parameters).data;
    const lies = attackedPoints(train, { attack: "cluster", flips: 4, seed: 1 });
    const turned = outvoted(flipLabels(train, lies), parameters.neighbours);
    assert.deepEqual(cleaned.results[0].cleaned, {
      restored: turned.filter((i) => lies.includes(i)).length,
      harmed: outvoted(train, parameters.neighbours).length,
    });
  });

  it("do nothing at zero strength", () => {
    const [none, ...idle] = (["none", "weight decay", "label smoothing"] as const).map((defence) =>
      measureDefence({ ...parameters, decay: 0, smoothing: 0, defence }),
    );
    assert.deepEqual(idle, [none, none]);
  });
});

describe("poisoning: studies", () => {
  it("measure by what matters to them, and by nothing else", () => {
    const changes: Record<string, [change: Partial<PoisoningParameters>, studies: string[]]> = {
      "what is shown": [{ attack: "worst", sweepSeeds: 99, firstSeed: 77 }, []],
      candidates: [{ candidates: 2 }, ["seeds", "flips"]],
      neighbours: [{ neighbours: 3 }, ["defences"]],
      "target loss": [{ targetLoss: 0.1 }, ["depth", "scale"]],
      flips: [{ flips: 3 }, ["seeds", "memorizing", "depth", "flips", "defences", "certificate", "scale"]],
      noise: [{ noise: 0.2 }, Object.keys(poisoning.studies)],
    };
    for (const [name, [change, changed]] of Object.entries(changes)) {
      const own = Object.entries(poisoning.studies).flatMap(([study, { points }]) => {
        const [before, after] = [parameters, { ...parameters, ...change }].map((values) =>
          JSON.stringify(points(values, 9)),
        );
        return before === after ? [] : [study];
      });
      assert.deepEqual(own, changed, name);
    }
  });

  it("have the seed in every point", () => {
    for (const { points } of Object.values(poisoning.studies)) {
      for (const point of points({ ...parameters, seed: 1 }, 9)) assert.equal(point.seed, 9);
    }
  });
});

const still: Damage = {
  plane: 0.01,
  planeVoid: 0.005,
  test: 0.001,
  accuracyDrop: 0,
  captured: 0,
};
const bent: Damage = { ...still, plane: 0.2, planeVoid: 0.15, test: 0.2, accuracyDrop: 0.05, captured: 4 };

/** A share that differs a little from seed to seed. */
function jittered(share: number, i: number): number {
  return share + 1e-3 * (i % 3);
}

describe("poisoning: depth", () => {
  type Arms = Partial<Comparison>;
  const [little, much] = [0.01, 0.2];
  const size = (layers: number, arms: Arms, seeds = 20, reached = true): SizeResult => ({
    hiddenLayers: new Array<number>(layers).fill(10),
    epochs: 30,
    results: Array.from({ length: seeds }, (_, i) => {
      const own = {
        flipped: little,
        leftOut: little,
        "another order": little,
        "other initial weights": little,
        "a nudge of 1e-14": little,
        ...arms,
      };
      const comparison: Comparison = {
        ...own,
        flipped: jittered(own.flipped, i + layers),
        "a nudge of 1e-14": jittered(own["a nudge of 1e-14"], i + layers),
      };
      return { end: comparison, ...(reached && { target: { epoch: 9, ...comparison } }) };
    }),
  });
  const verdict = (shallow: SizeResult, deep: SizeResult): Verdict =>
    poisoning.verdict({ seeds: seedsOf({}), depth: [shallow, deep] }, parameters);
  const outcomes = (shallow: SizeResult, deep: SizeResult): string[] =>
    verdict(shallow, deep)
      .rows.slice(-3)
      .map(({ outcome }) => outcome);

  const same = (own: SizeResult): SizeResult => ({
    ...own,
    results: own.results.map(({ end }) => {
      const level = { ...(end as Comparison), flipped: little, "a nudge of 1e-14": little };
      return { end: level, target: { epoch: 9, ...level } };
    }),
  });

  it("smooths out, or worsens, as the poison's own part says", () => {
    const [calm, poisoned] = [{}, { flipped: much }];
    assert.deepEqual(outcomes(size(1, poisoned), size(4, calm)).slice(0, 2), ["holds", "does not hold"]);
    assert.deepEqual(outcomes(size(1, calm), size(4, poisoned)).slice(0, 2), ["does not hold", "holds"]);
  });

  it("takes off what leaving the same points out does, and tells the network's own instability", () => {
    const deep = size(4, { flipped: much, leftOut: much, "a nudge of 1e-14": much });
    assert.deepEqual(outcomes(size(1, { flipped: 0.1 }), deep), ["holds", "holds", "holds"]);
    assert.equal(outcomes(size(1, { "a nudge of 1e-14": much }), size(4, {}))[2], "does not hold");
  });

  it("needs both comparisons", () => {
    const [shallow, deep] = [1, 4].map((layers) =>
      size(layers, layers === 1 ? { flipped: much } : {}, 20, false),
    );
    assert.equal(outcomes(shallow, deep)[0], "not tested");
    assert.match(verdict(shallow, deep).rows.at(-3)?.measured ?? "", /no seed to compare at the same loss/);
    const split = size(4, {});
    for (const result of split.results) {
      if (result.target) result.target = { ...result.target, flipped: 0.5 };
    }
    assert.equal(outcomes(size(1, { flipped: much }), split)[0], "does not hold");
  });

  it("is not decided by few seeds, of which the values are given", () => {
    const [shallow, deep] = [size(1, { flipped: much }, 2), size(4, {}, 2)];
    assert.deepEqual(outcomes(shallow, deep), new Array(3).fill("undecided"));
    const { measured, n } = verdict(shallow, deep).rows[verdict(shallow, deep).rows.length - 3];
    assert.equal(n, 2);
    assert.match(
      measured,
      /^Change from 1 to 4 hidden layers: -\d+\.\d, -\d+\.\d points after the same epochs \(n = 2\), -\d/,
    );
  });

  const told = { flips: 5 };

  it("is answered in a paragraph that tells the poison from harmless changes", () => {
    const more = { flipped: much, leftOut: 0.1, "another order": 0.1, "a nudge of 1e-14": 0 };
    assert.match(describeDepth([size(1, {}), size(4, more)], { flips: 0 }), /^No label was flipped/);
    const answer = describeDepth([size(1, {}), size(4, more)], told);
    assert.match(
      answer,
      /^From 1 to 4 hidden layers, the poison itself seems to grow, by both comparisons\. /,
    );
    assert.match(
      answer,
      /after the same epochs \(n = 20\), what the lies change seems to grow \(19\.0 points in all 20\)/,
    );
    assert.match(
      answer,
      /\. The poison in it, beyond leaving the same points out, seems to grow \(10\.0 points/,
    );
    assert.match(
      answer,
      /harmless changes, the effect of leaving the same points out and another order seems to grow; that of a nudge of 1e-14 seems to shrink; that of other initial weights is not seen to change\. .*, the effect of/,
    );
    // all that grows is what leaving the points out does
    const sensitive = describeDepth(
      [size(1, { flipped: 0.1 }), size(4, { flipped: much, leftOut: much })],
      told,
    );
    assert.match(
      sensitive,
      /the poison itself seems to shrink, by both .* what the lies change seems to grow .* the same points out, seems to shrink/,
    );
    assert.match(
      describeDepth([size(1, {}), size(4, {})].map(same), told),
      /the poison itself is not seen to change, by both/,
    );
  });

  it("is answered for each comparison where the two disagree, or cannot be made", () => {
    const split = size(4, {});
    for (const result of split.results) {
      if (result.target) result.target = { ...result.target, flipped: 0.5 };
    }
    const shallow = size(1, { flipped: much });
    assert.match(
      describeDepth([shallow, split], told),
      /itself seems to shrink after the same epochs and seems to grow at the same loss on the true labels\. /,
    );
    const unmatched = describeDepth([shallow, size(4, {}, 20, false)], told);
    assert.match(
      unmatched,
      /itself seems to shrink after the same epochs and cannot be compared at the same loss/,
    );
    assert.match(unmatched, / No seed can be compared at the same loss on the true labels\.$/);
    assert.doesNotMatch(unmatched, /NaN|undefined/);
    // two seeds decide nothing
    assert.match(
      describeDepth([size(1, { flipped: much }, 2), size(4, {}, 2)], told),
      /itself is not seen to change, by both/,
    );
  });

  it("compares at the loss only seeds in which every depth got there", () => {
    const [shallow, deep] = [size(1, { flipped: much }, 6), size(4, {}, 6)];
    delete deep.results[2].target;
    assert.deepEqual(
      matchSizes([shallow, deep], "loss").map(({ comparisons }) => comparisons.length),
      [5, 5],
    );
    assert.equal(matchSizes([shallow, deep], "budget")[1].comparisons.length, 6);
  });

  it("is measured for one to four layers of the same width, for a fifth of the epochs, seeds paired", async () => {
    const own = { ...parameters, targetLoss: 0.65, sweepSeeds: 6 };
    const depths = await doStudy(poisoning.studies.depth, own, plainLoop());
    assert.deepEqual(
      depths.map(({ hiddenLayers, epochs }) => [hiddenLayers, epochs]),
      [[6], [6, 6], [6, 6, 6], [6, 6, 6, 6]].map((layers) => [layers, 6]),
    );
    const { targetLoss, ...alone } = { ...own, hiddenLayers: [6, 6], epochs: 6, learningRate: 0.05 };
    [1, 2].forEach((seed, i) => {
      const one = measureSensitivity({ ...alone, targetLoss, seed, isComparedAtEnd: true });
      assert.ok(one.target);
      assert.deepEqual(depths[1].results[i], one);
    });
  });

  it("is measured for larger networks at twice the target loss alone", async () => {
    const own = { ...parameters, testPoints: 600, targetLoss: 0.325, sweepSeeds: 8 };
    const [ten, ...larger] = await doStudy(poisoning.studies.scale, own, plainLoop());
    assert.deepEqual(
      larger.map(({ hiddenLayers }) => hiddenLayers),
      [
        [32, 32],
        [64, 64, 64],
      ],
    );
    const change = { hiddenLayers: [10], learningRate: 0.05, targetLoss: 0.65, testPoints: 500 };
    assert.deepEqual(ten.results[0], measureSensitivity({ ...own, ...change, isComparedAtEnd: false }));
    assert.ok(ten.results[0].target);
  });

  it("of other sizes says what the lies change, with intervals from five seeds on", () => {
    const sizes = (seeds: number): SizeResult[] => [size(1, { flipped: much }, seeds)];
    assert.match(
      describeScale(sizes(5)),
      /\(5 seeds\): 10: 20\.\d \[\d+\.\d, \d+\.\d\]% \(19\.\d \[.*\]\)\.$/,
    );
    assert.match(describeScale(sizes(2)), /\(2 seeds\): 10: 20\.1, 20\.2% \(19\.1, 19\.2\)\.$/);
    assert.match(describeScale([size(1, {}, 3, false)]), /^In no seed/);
  });
});

/** What is measured of the seeds; each part as a harmless training has it by default. */
function seedsOf(
  {
    cluster = bent,
    random = bent,
    leftOut = still,
    ...controls
  }: Partial<Record<Control | "cluster" | "random" | "leftOut", Damage>>,
  count = 24,
): PoisoningResult[] {
  return Array.from({ length: count }, (_, i) => {
    const attack = (flipped: Damage): PoisoningResult["attacks"]["random"] => ({
      flipped: { ...flipped, plane: jittered(flipped.plane, i) },
      leftOut,
    });
    return {
      seed: i + 1,
      attacks: {
        random: attack(random),
        deepest: attack(cluster),
        cluster: attack(cluster),
        worst: attack(cluster),
      },
      controls: {
        "another order": still,
        "a nudge of 1e-14": still,
        "other initial weights": still,
        ...controls,
      },
    };
  });
}

describe("poisoning: verdict", () => {
  const told = { ...parameters, trainPoints: 250 };
  const judge = (seeds: PoisoningResult[], flips = 4): Verdict =>
    poisoning.verdict({ seeds }, { ...told, flips });
  const outcomes = (results: PoisoningResult[]): string[] =>
    judge(results).rows.map(({ outcome }) => outcome);

  it("holds where the lies alone bend the boundary, are learnt, and cost accuracy", () => {
    const { stamp, rows, summary } = judge(seedsOf({}));
    assert.deepEqual(outcomes(seedsOf({})).slice(0, 7), new Array(7).fill("holds"));
    assert.equal(stamp, "holds");
    assert.deepEqual(
      rows.flatMap(({ isPrimary }, i) => (isPrimary ? [i] : [])),
      [0],
    );
    assert.match(summary, /; accuracy suffers, and most networks learn every lie\.$/);
    assert.match(
      rows[0].measured,
      / Clustered lies change 20\.1 \[20\.1, 20\.1\]% of the plane, 15\.0 points in all 24 of it where/,
    );
  });

  it("falls line by line with what was measured", () => {
    const more = { ...bent, plane: 0.5, test: 0.5 };
    const fallen = (change: Parameters<typeof seedsOf>[0]): number[] =>
      outcomes(seedsOf(change)).flatMap((outcome, i) => (outcome === "does not hold" ? [i] : []));
    assert.deepEqual(fallen({ leftOut: more }), [0, 3, 7]); // as many points left out do more
    assert.deepEqual(fallen({ "another order": more }), [4, 7]);
    assert.deepEqual(fallen({ "a nudge of 1e-14": more }), [5, 7]);
    assert.deepEqual(fallen({ "other initial weights": more }), [6, 7]);
    const hidden = { ...bent, accuracyDrop: 0.001 };
    assert.deepEqual(fallen({ cluster: hidden, random: hidden }), [2, 7]); // the accuracy hides it
    const elsewhere = { ...bent, test: 0.0001 };
    assert.deepEqual(fallen({ cluster: elsewhere, random: elsewhere }), [3, 7]); // not where data live
    const unlearnt = { ...bent, captured: 3 };
    assert.deepEqual(fallen({ cluster: unlearnt, random: unlearnt }), [1, 7]);
  });

  it("is not passed by moving more than the share of the labels, if leaving points out does so too", () => {
    const amplified = { ...still, plane: 0.2 };
    assert.equal(
      outcomes(
        seedsOf({ leftOut: { ...amplified, plane: 0.201 }, cluster: amplified, random: amplified }),
      )[0],
      "undecided",
    );
    assert.equal(outcomes(seedsOf({ leftOut: { ...amplified, plane: 0.25 } }))[0], "does not hold");
  });

  it("holds only if the lies are clustered where scattered ones do not", () => {
    const { rows, stamp } = judge(seedsOf({ random: { ...bent, captured: 0 } }));
    assert.deepEqual(
      [rows[1].outcome, rows[1].note, rows[7].outcome, stamp],
      ["holds only if", "the lies are clustered", "holds", "holds"],
    );
    const harmless = judge(seedsOf({ random: { ...bent, plane: 0 } }));
    assert.deepEqual([harmless.stamp, harmless.rows[0].note], ["holds only if", "the lies are clustered"]);
    assert.match(harmless.summary, /^Only clustered lies change more of the plane/);
  });

  it("is undecided while the seeds are too few, and gives their values", () => {
    const { rows, stamp, summary } = judge(seedsOf({}, 3));
    assert.deepEqual(new Set(rows.map(({ outcome }) => outcome)), new Set(["undecided"]));
    assert.equal(stamp, "undecided");
    assert.match(rows[0].measured, /^Clustered: 19\.0, 19\.1, 19\.2 points more\./);
    assert.doesNotMatch(JSON.stringify([rows, summary]), /NaN/);
  });

  it("tells nothing apart where there is a single lie", () => {
    const one = { ...bent, captured: 1 };
    const { rows, stamp } = judge(seedsOf({ cluster: one, random: { ...one, captured: 0, plane: 0 } }), 1);
    assert.equal(stamp, "holds");
    assert.equal(rows[7].outcome, "not tested");
    assert.match(rows[1].measured, /^A single lie: in 24 of 24 seeds/);
    assert.match(rows[0].measured, / The lie changes /);
  });

  it("tests nothing of the poison without a flip, but the network's own instability", () => {
    const none = { ...still, plane: 0 };
    const comparison = {
      flipped: 0,
      leftOut: 0,
      "another order": 0.1,
      "other initial weights": 0.1,
      "a nudge of 1e-14": 0.01,
    };
    const depth = [1, 4].map((layers): SizeResult => {
      const end = { ...comparison, "a nudge of 1e-14": 0.01 * layers };
      return { hiddenLayers: new Array(layers).fill(10), epochs: 9, results: [{ end }, { end }] };
    });
    const seeds = seedsOf({ cluster: none, random: none, leftOut: none });
    const { rows, stamp, summary } = poisoning.verdict({ seeds, depth }, { ...told, flips: 0 });
    assert.deepEqual(
      rows.map(({ outcome }) => outcome),
      new Array(11).fill("not tested"), // the last because no depth ever was at the loss
    );
    assert.equal(stamp, "not tested");
    assert.equal(summary, "Without a flipped label there is no poison to judge.");
    assert.match(rows[10].measured, / 3\.0, 3\.0 points after the same epochs/);
  });

  it("has a true summary for every outcome, and in it what became of the other parts", () => {
    const verdicts = [
      seedsOf({ random: { ...bent, captured: 0 } }),
      seedsOf({ random: { ...bent, plane: 0 } }),
      seedsOf({ leftOut: { ...bent, plane: 0.5 } }),
      seedsOf({}, 3),
    ].map((seeds) => judge(seeds));
    assert.deepEqual(
      verdicts.map(({ stamp }) => stamp),
      ["holds", "holds only if", "does not hold", "undecided"],
    );
    assert.equal(new Set(verdicts.map(({ summary }) => summary)).size, 4);
    for (const { summary } of verdicts) assertOneSentence(summary);
    assert.match(
      verdicts[0].summary,
      /out; accuracy suffers, and most networks learn every clustered lie\.$/,
    );
    const harmless = { ...bent, accuracyDrop: 0, captured: 3 };
    assert.match(
      judge(seedsOf({ cluster: harmless, random: harmless })).summary,
      /; accuracy hardly suffers, and often not every lie is learnt\.$/,
    );
    assert.doesNotMatch(verdicts[3].summary, /;/); // what is undecided is no part of it
  });

  it("grades what was measured, and leaves the other lines out", () => {
    const seeds = seedsOf({});
    assert.equal(judge(seeds).rows.length, 8);
    assert.deepEqual([judge(seeds).defence, judge(seeds).scale], [undefined, undefined]);
    assert.throws(() => poisoning.verdict({}, told), /one primary line, got 0/);
  });

  it("has the lies and their share in the claim, and in its parts which lies decide", () => {
    const { claim, rows } = judge(seedsOf({}));
    assert.equal(claim, claimOf(told));
    assert.match(claim, /^Flip 4 labels, 1\.6% of all, and the damage is out of proportion/);
    const together = (all: Verdict["rows"]): boolean[] =>
      all.map((row) => row.claim.endsWith(" (decided by clustered lies)."));
    assert.deepEqual(together(rows), [true, ...new Array(7).fill(false)]);
    const one = { ...bent, captured: 1 };
    assert.ok(!together(judge(seedsOf({ cluster: one, random: one }), 1).rows).includes(true));
  });

  it("says what defends and what it costs, seed by seed", () => {
    const none: DefenceResult = {
      seed: 1,
      cleanAccuracy: 0.99,
      plane: 0.2,
      planeScattered: 0.2,
      accuracyDrop: 0.05,
      captured: 4,
    };
    const decay = { ...none, cleanAccuracy: 0.97, plane: 0.01 };
    const over = (seeds: number): Variation<DefenceResult>[] =>
      [none, decay].map((own, i) => ({
        name: ["none", "weight decay"][i],
        results: new Array(seeds).fill(own),
      }));
    assert.match(
      describeDefences(over(2), told),
      /none 20\.0, 20\.0%; weight decay 1\.0, 1\.0% \(costs 2\.0, 2\.0\)/,
    );
    assert.match(
      describeDefences(over(6), told),
      /\(6 seeds\): none 20\.0% in all 6; weight decay 1\.0% in all 6 \(costs/,
    );
    assert.equal(
      describeDefences(over(1), { ...told, flips: 0 }),
      "What the defence costs in points of accuracy without lies (1 seed): weight decay costs 2.0.",
    );
    const votes = { name: "votes", results: [{ ...none, cleaned: { restored: 3, harmed: 2 } }] };
    assert.match(
      describeDefences([...over(1), votes], told),
      / The neighbours' labels restore 3\.0 of 4 lies and turn 2\.0 true labels wrong where none is a lie\.$/,
    );
    assert.match(
      describeDefences([...over(1), votes], { ...told, flips: 0 }),
      / The neighbours' labels turn 2\.0 true labels wrong where none is a lie\.$/,
    );
    const scale = [{ hiddenLayers: [10], epochs: 9, results: [{}] }];
    const verdict = poisoning.verdict({ seeds: seedsOf({}), defences: over(2), scale }, told);
    assert.equal(verdict.defence, describeDefences(over(2), told));
    assert.equal(verdict.scale, describeScale(scale));
  });
});

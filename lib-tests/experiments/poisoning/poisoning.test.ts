import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { disagreement } from "../../../src/experiments/plane.js";
import { attackedPoints, deletePoints, flipLabels } from "../../../src/experiments/poisoning/attacks.js";
import {
  amplification,
  assessAgainst,
  type Damage,
  guesses,
  measuredPlane,
  VOID_DISTANCE,
} from "../../../src/experiments/poisoning/damage.js";
import { measurePoisonDefences } from "../../../src/experiments/poisoning/defences.js";
import { depthOverSeeds, matchSizes, type SizeResult } from "../../../src/experiments/poisoning/depth.js";
import { measureRates, rateFlips, ratesOverSeeds } from "../../../src/experiments/poisoning/poison-rate.js";
import {
  endOf,
  measurePoisoning,
  otherWeightsSeed,
  type PoisoningParameters,
  type PoisoningResult,
  poisoningOverSeeds,
  poisoningParameters,
  runPoisoning,
} from "../../../src/experiments/poisoning/poisoning.js";
import {
  type Comparison,
  causesOverSeeds,
  measureSensitivity,
} from "../../../src/experiments/poisoning/sensitivity.js";
import { answerDepth, poisoningVerdict } from "../../../src/experiments/poisoning/verdict.js";
import { viewPoisoning } from "../../../src/experiments/poisoning/view.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { drawTask, runTask } from "../../../src/experiments/task.js";
import type { Network } from "../../../src/network/architecture.js";
import { toParameters } from "../../../src/network/architecture.js";
import { forward } from "../../../src/network/forward-backward.js";

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
  const weights = new Matrix([[1], [0]]);
  return { layers: [{ weights, biases: new Matrix([[-edge]]), activation: "sigmoid" }] };
}

describe("poisoning: parameters", () => {
  it("are returned as they came, with no flip or as many as a class has points", () => {
    for (const flips of [0, 30]) {
      assert.deepEqual(poisoningParameters({ ...parameters, flips }), { ...parameters, flips });
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
      assert.throws(() => poisoningParameters({ ...parameters, ...change } as PoisoningParameters), {
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
      testAccuracy: damage.testAccuracy,
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

  it("guesses by the fast path as by the readable one", () => {
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
    const { initial, clean, poisoned, lies, attacked, data } = runPoisoning(parameters, "cluster", [0, 30]);
    const start = toParameters(initial);
    assert.deepEqual(toParameters(clean.snapshots[0].network), start);
    assert.deepEqual(toParameters(poisoned.snapshots[0].network), start);
    assert.notDeepEqual(toParameters(poisoned.network), toParameters(clean.network));
    assert.deepEqual(lies, flipLabels(data.train, attacked));
    assert.equal(attacked.length, 4);
  });

  it("changes nothing when there is nothing to flip", () => {
    for (const attack of ["random", "deepest", "cluster", "worst"] as const) {
      const { clean, poisoned, assess } = runPoisoning({ ...parameters, flips: 0 }, attack);
      assert.deepEqual(toParameters(poisoned.network), toParameters(clean.network));
      assert.equal(assess(poisoned.network).plane, 0);
    }
  });

  it("is seen as it is", () => {
    const task = runPoisoning(parameters);
    const view = viewPoisoning(task, 7);
    assert.equal(view.clean.values.length, 7);
    assert.equal(view.captured.filter((is) => is).length, task.assess(task.poisoned.network).captured);
    const same = viewPoisoning(task, 7, { clean: task.clean.network, poisoned: task.clean.network });
    assert.deepEqual(same.poisoned, same.clean);
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
      deleted: measure(deletePoints(train, attacked)),
    });
    const other = { ...parameters, weightsSeed: otherWeightsSeed(1) };
    assert.equal(result.otherWeights.plane, assess(endOf(other, drawTask(other))).plane);
    assert.deepEqual(drawTask(other).data, task.data);
  });

  it("the worst cluster is at least as bad as the first", () => {
    for (const own of [result, measurePoisoning({ ...parameters, seed: 2 })]) {
      assert.ok(own.attacks.worst.flipped.plane >= own.attacks.cluster.flipped.plane);
    }
    const only = measurePoisoning({ ...parameters, candidates: 1 });
    assert.deepEqual(only.attacks.worst, only.attacks.cluster);
  });

  it("without a flip neither flipping nor deleting does anything; other weights do", () => {
    const none = measurePoisoning({ ...parameters, flips: 0 });
    for (const { flipped, deleted } of Object.values(none.attacks)) {
      assert.equal(flipped.plane, 0);
      assert.equal(deleted.plane, 0);
    }
    assert.ok(none.otherWeights.plane > 0);
  });

  it("run over the seeds from 1 on", async () => {
    const results = await poisoningOverSeeds(parameters, plainLoop());
    assert.deepEqual(results, [result, measurePoisoning({ ...parameters, seed: 2 })]);
  });

  it("takes weights that no seed of a sweep has, for any seed", () => {
    assert.equal(otherWeightsSeed(3), 1_000_003);
    assert.equal(otherWeightsSeed(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER - 1_000_000);
  });
});

describe("poisoning: rates", () => {
  it("are rates up to 10%, each number of flips once", () => {
    assert.deepEqual(rateFlips(250), [1, 3, 5, 13, 25]);
    assert.deepEqual(rateFlips(20), [1, 2]);
    assert.deepEqual(rateFlips(2), []);
  });

  it("agree with the single attack at its rate", async () => {
    const results = await ratesOverSeeds({ ...parameters, flips: 6 }, plainLoop());
    assert.deepEqual(results.slice(0, results.length / 2), measureRates(parameters));
    const own = results.find(({ seed, attack, flips }) => seed === 1 && attack === "cluster" && flips === 6);
    const { flipped } = measurePoisoning({ ...parameters, flips: 6 }).attacks.cluster;
    assert.equal(own?.plane, flipped.plane);
    assert.equal(own?.captured, flipped.captured / 6);
  });
});

describe("poisoning: sensitivity", () => {
  it("measures at each stage what a training of so many epochs gives", () => {
    const { stages } = measureSensitivity({ parameters, stages: [10, 30] });
    const shorter = measureSensitivity({ parameters: { ...parameters, epochs: 10 }, stages: [10] });
    assert.deepEqual(stages[0], shorter.stages[0]);
    const { attacks, otherWeights } = measurePoisoning(parameters);
    assert.deepEqual(stages[1].flipped, attacks.cluster.flipped);
    assert.deepEqual(stages[1].deleted, attacks.cluster.deleted);
    assert.equal(stages[1].otherWeights.plane, otherWeights.plane);
  });

  it("compares at the first epoch after which the clean loss is at the target", () => {
    const { history } = runTask(parameters).training;
    const first = history.find(({ train }) => train.loss <= parameters.targetLoss);
    const { target } = measureSensitivity({ parameters, stages: [], atTargetLoss: true });
    assert.ok(first && first.epoch > 0 && first.epoch < 30);
    assert.equal(target?.epoch, first.epoch);
    const stopped = measureSensitivity({
      parameters: { ...parameters, epochs: first.epoch },
      stages: [first.epoch],
    });
    assert.deepEqual(target, { epoch: first.epoch, ...stopped.stages[0] });
  });

  it("has no such comparison where the loss never gets there", () => {
    const never = { ...parameters, targetLoss: 1e-9 };
    assert.equal(
      measureSensitivity({ parameters: never, stages: [30], atTargetLoss: true }).target,
      undefined,
    );
  });

  it("varies one thing at a time, and trains what is the same once", async () => {
    let points = 0;
    const factors = await causesOverSeeds(parameters, (grid, experiment) => {
      points += grid.length;
      return grid.map(experiment);
    });
    assert.deepEqual(
      factors.map(({ name, settings }) => [name, settings.map((own) => own.name)]),
      [
        ["epochs", ["1", "3", "10", "30"]],
        ["learning rate", ["0.05", "0.1", "0.2", "0.4"]],
        ["hidden neurons", ["3", "6", "12"]],
      ],
    );
    assert.equal(points, 2 * (1 + 3 + 2));
    const [epochs, rates, widths] = factors.map(({ settings }) => settings);
    assert.deepEqual(rates[2].comparisons, epochs[3].comparisons);
    assert.deepEqual(widths[1].comparisons, epochs[3].comparisons);
    assert.notDeepEqual(widths[0].comparisons, widths[2].comparisons);
  });
});

describe("poisoning: defences", () => {
  it("are measured against themselves, and cost nothing where there are none", () => {
    const defences = measurePoisonDefences(parameters);
    assert.deepEqual(
      defences.map(({ name }) => name),
      ["none", "early stopping", "weight decay", "label smoothing", "neighbours' labels"],
    );
    const { attacks, cleanAccuracy } = measurePoisoning(parameters);
    assert.equal(defences[0].cleanAccuracy, cleanAccuracy);
    assert.deepEqual(defences[0].attacks.cluster, attacks.cluster.flipped);
    const { cleaning } = defences[4];
    assert.ok(cleaning && cleaning.random.liesFound <= 4);
    assert.equal(cleaning["no lies"].liesFound, 0);
  });

  it("do nothing at zero strength", () => {
    const [none, , decay, smoothing] = measurePoisonDefences({ ...parameters, decay: 0, smoothing: 0 });
    assert.deepEqual(decay.attacks, none.attacks);
    assert.deepEqual(smoothing.attacks, none.attacks);
  });
});

const still: Damage = {
  plane: 0.01,
  planeVoid: 0.005,
  test: 0.001,
  testAccuracy: 0.98,
  accuracyDrop: 0,
  captured: 0,
};
const bent: Damage = { ...still, plane: 0.2, planeVoid: 0.15, test: 0.2, accuracyDrop: 0.05, captured: 4 };

describe("poisoning: depth", () => {
  const size = (layers: number, pairs: readonly [Damage, Damage][], reached = true): SizeResult => ({
    hiddenLayers: new Array<number>(layers).fill(10),
    results: pairs.map(([flipped, deleted], i) => {
      const jitter = (own: Damage): Damage => ({ ...own, plane: own.plane + 0.001 * i * layers });
      const comparison: Comparison = {
        cleanAccuracy: 0.98,
        flipped: jitter(flipped),
        deleted,
        otherWeights: still,
      };
      return { seed: i + 1, stages: [comparison], ...(reached && { target: { epoch: 9, ...comparison } }) };
    }),
  });
  const many = (flipped: Damage, deleted: Damage): [Damage, Damage][] =>
    new Array(6).fill([flipped, deleted]);
  const outcome = (shallow: SizeResult, deep: SizeResult): string =>
    answerDepth(parameters, [shallow, deep]).row.outcome;

  it("smooths out, worsens, or neither, as the excess says", () => {
    assert.equal(outcome(size(1, many(bent, still)), size(4, many(still, still))), "holds");
    assert.equal(outcome(size(1, many(still, still)), size(4, many(bent, still))), "does not hold");
    const mixed: [Damage, Damage][] = [...many(bent, still).slice(3), ...many(still, still).slice(3)];
    assert.equal(outcome(size(1, mixed), size(4, [...mixed].reverse())), "holds only if");
  });

  it("is no matter of the poison where only the sensitivity grows", () => {
    const moved = { ...still, plane: 0.2 };
    const answer = answerDepth(parameters, [size(1, many(bent, still)), size(4, many(bent, moved))]);
    assert.equal(answer.row.outcome, "holds only if");
    assert.match(answer.row.condition ?? "", /beyond a harmless deletion/);
    assert.match(answer.paragraph, /All in all the lies move more/);
    assert.match(answer.paragraph, /What does grow with depth is the sensitivity/);
    const alike = answerDepth(parameters, [size(1, many(bent, still)), size(4, many(still, still))]);
    assert.doesNotMatch(alike.paragraph, /sensitivity/);
  });

  it("holds for one comparison only where the other is not to be had", () => {
    const answer = answerDepth(parameters, [
      size(1, many(bent, still), false),
      size(4, many(still, still), false),
    ]);
    assert.equal(answer.row.outcome, "holds only if");
    assert.match(answer.row.condition ?? "", /same number of epochs/);
    assert.match(answer.paragraph, /too few seeds/);
  });

  it("compares at the loss only seeds in which every depth got there", () => {
    const [shallow, deep] = [size(1, many(bent, still)), size(4, many(still, still))];
    delete deep.results[2].target;
    assert.deepEqual(
      matchSizes([shallow, deep], "loss", 0).map(({ comparisons, epochs }) => [comparisons.length, epochs]),
      [
        [5, 9],
        [5, 9],
      ],
    );
    assert.equal(matchSizes([shallow, deep], "budget", 30)[1].comparisons.length, 6);
  });

  it("is measured for one to four layers of the same width, seeds paired", async () => {
    const depths = await depthOverSeeds({ ...parameters, epochs: 4 }, plainLoop());
    assert.deepEqual(
      depths.map(({ hiddenLayers }) => hiddenLayers),
      [[6], [6, 6], [6, 6, 6], [6, 6, 6, 6]],
    );
    for (const { results } of depths)
      assert.deepEqual(
        results.map(({ seed }) => seed),
        [1, 2],
      );
  });
});

describe("poisoning: verdict", () => {
  const arms = (flipped: Damage, deleted: Damage): PoisoningResult["attacks"] => ({
    random: { flipped, deleted },
    deepest: { flipped, deleted },
    cluster: { flipped, deleted },
    worst: { flipped, deleted },
  });
  const seeds = (flipped: Damage, deleted: Damage, other: Damage): PoisoningResult[] =>
    Array.from({ length: 20 }, (_, i) => ({
      seed: i + 1,
      cleanAccuracy: 0.98,
      attacks: arms({ ...flipped, plane: flipped.plane + 1e-4 * i }, deleted),
      otherWeights: other,
    }));
  const depth = [1, 4].map(
    (layers): SizeResult => ({
      hiddenLayers: new Array<number>(layers).fill(10),
      results: [1, 2].map((seed) => ({
        seed,
        stages: [{ cleanAccuracy: 1, flipped: bent, deleted: still, otherWeights: still }],
      })),
    }),
  );
  const outcomes = (results: PoisoningResult[], flips = 4): string[] =>
    poisoningVerdict({ ...parameters, trainPoints: 250, flips }, results, depth).rows.map(
      (row) => row.outcome,
    );

  it("holds where the lies alone bend the boundary, and are learnt", () => {
    const learnt = seeds({ ...bent, accuracyDrop: 0.001 }, still, still);
    assert.deepEqual(outcomes(learnt).slice(0, 10), new Array(10).fill("holds"));
    const { summary } = poisoningVerdict({ ...parameters, trainPoints: 250 }, learnt, depth);
    assert.match(summary, /^The claim holds, and beyond both controls/);
  });

  it("says what defends and what became of it at scale, from the numbers", () => {
    const none = { name: "none" as const, cleanAccuracy: 0.99, attacks: { random: bent, cluster: bent } };
    const defended = { ...none, name: "weight decay" as const, cleanAccuracy: 0.97 };
    const defences = [
      { name: none.name, results: [none, none] },
      { name: defended.name, results: [{ ...defended, attacks: { random: still, cluster: still } }] },
    ];
    const sizes = matchSizes(depth, "budget", 30);
    const results = seeds(bent, still, still);
    const { defence, scale } = poisoningVerdict(parameters, results, depth, defences, sizes);
    const inPercent = (share: number): string => (100 * share).toFixed(1);
    const [all, rest] = [bent.plane, still.plane].map(inPercent);
    assert.match(defence ?? "", new RegExp(`none ${all}%, weight decay ${rest}% \\(cost 2\\.0\\)`));
    const excess = inPercent(bent.plane - still.plane);
    assert.match(scale ?? "", new RegExp(`${all}% \\(${excess} points more than deletion\\)`));
    assert.equal(poisoningVerdict(parameters, results, depth).defence, undefined);
  });

  it("falls line by line with what was measured", () => {
    const fallen = (results: PoisoningResult[]): number[] =>
      outcomes(results)
        .slice(0, 10)
        .flatMap((outcome, i) => (outcome === "does not hold" ? [i] : []));
    const hidden = { ...bent, accuracyDrop: 0 };
    assert.deepEqual(fallen(seeds(hidden, { ...bent, plane: 0.3 }, still)), [3, 5]); // deletion does more
    assert.deepEqual(fallen(seeds(hidden, still, { ...bent, plane: 0.3 })), [4, 6]); // other weights do more
    assert.deepEqual(fallen(seeds(bent, still, still)), [7]); // the accuracy shows it
    assert.deepEqual(fallen(seeds({ ...hidden, test: 0.001 }, still, still)), [2]); // not where data live
    assert.deepEqual(fallen(seeds({ ...hidden, captured: 0 }, still, still)), [8, 9]); // not learnt
    const small = { ...hidden, plane: 0.005 };
    assert.deepEqual(fallen(seeds(small, { ...still, plane: 0 }, { ...still, plane: 0 })), [0, 1]);
  });

  it("tells lies that stand together from scattered ones", () => {
    const together = seeds(bent, still, still).map((own): PoisoningResult => {
      const alone = { ...own.attacks.random.flipped, captured: 0 };
      return { ...own, attacks: { ...own.attacks, random: { flipped: alone, deleted: still } } };
    });
    assert.deepEqual(outcomes(together).slice(8, 11), ["holds", "does not hold", "holds"]);
    assert.equal(outcomes(seeds(bent, still, still))[10], "does not hold"); // both alike
  });

  it("says so when the claim as a whole falls", () => {
    const { summary } = poisoningVerdict(parameters, seeds(bent, { ...bent, plane: 0.5 }, still), depth);
    assert.match(summary, /does not hold in all its parts/);
  });

  it("is undecided while the seeds are too few", () => {
    const two = seeds(bent, still, still).slice(0, 2);
    two[0] = { ...two[0], attacks: arms(still, still) };
    assert.deepEqual(outcomes(two).slice(0, 2), ["holds only if", "holds only if"]);
  });

  it("has nothing to judge without a flip", () => {
    const verdict = poisoningVerdict({ ...parameters, flips: 0 }, seeds(still, still, still), depth);
    assert.equal(verdict.rows.length, 1);
    assert.match(verdict.rows[0].measured, /0\/0/);
    assert.match(answerDepth({ ...parameters, flips: 0 }, depth).paragraph, /No label was flipped/);
  });
});

import assert from "node:assert/strict";
import { formats, ulp } from "../../../src/core/arithmetic/formats.js";
import { cos, sin } from "../../../src/core/elementary.js";
import { align, balanced } from "../../../src/core/network/alignment.js";
import { evaluate } from "../../../src/core/network/evaluate.js";
import { toParameters, withParameters } from "../../../src/core/network/network.js";
import { CALM } from "../../../src/experiments/butterfly-effect/butterfly-effect.js";
import {
  CAUSE_NAMES,
  compareCauses,
  measurePartings,
} from "../../../src/experiments/butterfly-effect/causes.js";
import {
  type EngineName,
  engineMoons,
  engineTrigonometry,
  RECORDED,
  recordedAngle,
} from "../../../src/experiments/butterfly-effect/engine-angles.js";
import { butterflyEffect } from "../../../src/experiments/butterfly-effect/index.js";
import { distance, nudged } from "../../../src/experiments/butterfly-effect/nudge.js";
import { partingText } from "../../../src/experiments/butterfly-effect/sentences.js";
import { DEFENCES, studies } from "../../../src/experiments/butterfly-effect/studies.js";
import {
  lastDistance,
  runTimelines,
  timelineOf,
  trainMembers,
} from "../../../src/experiments/butterfly-effect/timelines.js";
import { measureAveragedTwins } from "../../../src/experiments/butterfly-effect/twins.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { doStudy } from "../../../src/experiments/study.js";
import { drawTask, trainTask } from "../../../src/experiments/task.js";
import { parameters } from "./small-parameters.js";

describe("butterfly: parameters", () => {
  it("are returned as they came", () => assert.deepEqual(butterflyEffect.parameters(parameters), parameters));

  const bad: [object, string, string][] = [
    [{ nudge: Number.NaN }, "RangeError", "nudge must be a finite number from -1000 to 1000, got NaN"],
    [{ nudge: 1e9 }, "RangeError", "nudge must be a finite number from -1000 to 1000, got 1000000000"],
    [{ nudge: "1e-14" }, "TypeError", 'nudge must be a finite number from -1000 to 1000, got "1e-14"'],
    [{ nudgedParameter: 41 }, "RangeError", "nudgedParameter must be a whole number from 0 to 40, got 41"],
    [
      { hiddenLayers: [], nudgedParameter: 3 },
      "RangeError",
      "nudgedParameter must be a whole number from 0 to 2, got 3",
    ],
    [{ nudgedParameter: -1 }, "RangeError", "nudgedParameter must be a whole number >= 0, got -1"],
    [{ sweepSeeds: 1 }, "RangeError", "sweepSeeds must be a whole number from 2 to 10000, got 1"],
  ];
  for (const [change, name, message] of bad) {
    it(`are refused: ${message}`, () => {
      assert.throws(() => butterflyEffect.parameters({ ...parameters, ...change } as never), {
        name,
        message,
      });
    });
  }
});

describe("butterfly: the nudge", () => {
  const { initial } = drawTask(parameters);

  it("changes one parameter, by what rounding leaves of it", () => {
    const { network, nudge } = nudged(initial, { nudge: 1e-14, nudgedParameter: 3 });
    const changed = [...toParameters(network)].flatMap((value, k) =>
      value === toParameters(initial)[k] ? [] : [k],
    );
    assert.deepEqual(changed, [3]);
    assert.equal(nudge.after, nudge.before + 1e-14);
    assert.equal(nudge.moved % nudge.ulp, 0);
    assert.ok(Math.abs(nudge.moved - 1e-14) <= nudge.ulp / 2);
    assert.equal(nudge.isSwallowed, false);
  });

  it("is swallowed below half an ulp, but not where it starts at 0", () => {
    assert.equal(nudged(initial, { nudge: 1e-19, nudgedParameter: 0 }).nudge.isSwallowed, true);
    assert.equal(nudged(initial, { nudge: 1e-300, nudgedParameter: 20 }).nudge.isSwallowed, false);
    assert.equal(nudged(initial, { nudge: 0, nudgedParameter: 0 }).nudge.isSwallowed, false);
  });
});

describe("butterfly: two timelines", () => {
  it("are identical to the bit without a nudge, and with one that is swallowed", () => {
    for (const nudge of [0, 1e-19]) {
      const { nudged: pair, repeated } = runTimelines({ ...parameters, nudge });
      assert.equal(pair.churn, 0);
      for (const { isIdentical, distance, parted, visible } of [pair, repeated]) {
        assert.equal(isIdentical, true);
        assert.ok(distance.every((value) => value === 0));
        assert.deepEqual([parted, visible], [null, null]);
      }
    }
  });

  it("start a nudge apart, and are measured by hand", () => {
    const { nudged: pair, nudge, data } = runTimelines(parameters);
    assert.deepEqual(
      pair.epochs,
      Array.from({ length: 21 }, (_, i) => i),
    );
    assert.equal(pair.distance[0], Math.abs(nudge.moved));
    assert.equal(pair.isIdentical, false);
    const [a, b] = pair.networks.map(toParameters);
    const squares = a.reduce((sum, value, k) => sum + (value - b[k]) ** 2, 0);
    assert.ok(Math.abs(pair.distance[20] - Math.sqrt(squares)) <= 1e-12 * pair.distance[20]);
    assert.equal(pair.lossDifference[7], Math.abs(pair.losses[0][7] - pair.losses[1][7]));
    assert.equal(data.train.labels.rows, 40);
  });

  it("are compared once neurons are aligned, and on the line between them", () => {
    const { nudged: pair, data } = runTimelines({ ...parameters, nudge: 1, epochs: 100 });
    const { networks, losses } = pair;
    const [own, other] = networks.map((network) => balanced(network));
    assert.ok(pair.alignedDistance > 0);
    const raw =
      distance(toParameters(own), toParameters(other)) / distance(toParameters(own), new Float64Array(41));
    assert.ok(pair.alignedDistance <= raw, `${pair.alignedDistance}, ${raw}`);
    const { reference, other: aligned } = align(...networks);
    const middle = toParameters(reference).map((value, k) => (value + toParameters(aligned)[k]) / 2);
    const rise =
      evaluate(withParameters(reference, middle), data.train).loss - (losses[0][100] + losses[1][100]) / 2;
    assert.ok(pair.barrier >= rise - 1e-12, `${pair.barrier} and ${rise} half-way`);
    const gaps = losses[0].map((loss, i) => Math.abs(loss - losses[1][i]) / (loss + losses[1][i])).slice(75);
    assert.ok(Math.abs(pair.lossGap - gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length) < 1e-12);
  });

  it("have a line between them on which the loss is constant, where they are the same network", () => {
    const { nudged: pair } = runTimelines({ ...parameters, nudge: 0 });
    assert.deepEqual([pair.relativeDistance, pair.alignedDistance, pair.barrier, pair.churn], [0, 0, 0, 0]);
  });

  it("have no distance to align where a number is not finite, or the network is normalized", () => {
    for (const change of [{ learningRate: 1e300 }, { normalization: "layer" as const }]) {
      const { alignedDistance, barrier } = runTimelines({ ...parameters, ...change }).nudged;
      assert.deepEqual([alignedDistance, barrier], [Number.NaN, Number.NaN]);
    }
  });

  it("are told in a sentence at any learning rate, and from initial weights of any size", () => {
    const exponents = [-300, -160, -5, 2, 4, 5, 150, 300];
    for (const batchSize of [1, "full"] as const) {
      for (const exponent of exponents) {
        for (const name of ["learningRate", "initialScale"]) {
          // after few epochs numbers may be finite whose squares are not
          for (const epochs of [1, 2, 3, 20]) {
            const own = { ...parameters, batchSize, epochs, [name]: Number(`1e${exponent}`) };
            const text = partingText(runTimelines(own).nudged);
            assert.doesNotMatch(text, /NaN|Infinity|undefined/, `${name} 1e${exponent}: ${text}`);
          }
        }
      }
    }
  });

  it("part at once with a nudge of 1", () => {
    const { parted, visible } = runTimelines({ ...parameters, nudge: 1 }).nudged;
    assert.equal(parted, 0);
    assert.ok(visible !== null && visible <= 1);
  });

  it("say where a number is no longer finite", () => {
    assert.equal(runTimelines({ ...parameters, learningRate: 1e300 }).nudged.broken, 1);
    assert.equal(runTimelines(parameters).nudged.broken, null);
  });

  it("are looked at often enough, and at the end", () => {
    const { data, initial } = drawTask(parameters);
    const members = [initial, initial].map((network) => ({ initial: network, train: data.train }));
    const looksOf = (epochs: number, looks?: number): number[] => {
      const [first, second] = trainMembers({ ...parameters, epochs }, members, looks);
      return timelineOf(first, second).epochs;
    };
    assert.deepEqual(looksOf(20, 3), [0, 7, 14, 20]);
    assert.deepEqual(looksOf(21, 3), [0, 7, 14, 21]);
    assert.deepEqual(looksOf(0), [0]);
    assert.equal(looksOf(1000).length, 501);
  });

  it("are trainings with all that the parameters ask for, each with what it has of its own", () => {
    const own = { ...parameters, weightDecay: 0.01 };
    const task = drawTask(own);
    const { train } = task.data;
    const [same, other, single] = trainMembers(own, [
      { initial: task.initial, train },
      { initial: task.initial, train, orderSeed: 77 },
      { initial: task.initial, train, arithmetic: "binary32" },
    ]).map(({ network }) => network);
    assert.deepEqual(same, trainTask(own, task).network);
    assert.deepEqual(other, trainTask({ ...own, orderSeed: 77 }, task).network);
    assert.deepEqual(single, trainTask(own, task, { arithmetic: "binary32" }).network);
  });

  it("are the nudge's among the causes", () => {
    const { nudged: pair } = runTimelines(parameters);
    const { nudge } = compareCauses(parameters);
    assert.deepEqual(nudge.distance, pair.distance);
    assert.deepEqual(nudge.losses, pair.losses);
  });
});

describe("butterfly: another engine's sines", () => {
  const names: readonly EngineName[] = ["V8 11.3", "SpiderMonkey 153"];
  const own = { sin, cos };

  it("differ from one another and from ours in the last bit only", () => {
    for (const { of, index, values } of RECORDED) {
      const exact = own[of](recordedAngle(index));
      assert.ok(names.some((name) => values[name] !== exact));
      for (const name of names) assert.ok(Math.abs(values[name] - exact) <= ulp(exact, formats.binary64));
    }
  });

  it("move a few points by that bit and leave the others", () => {
    const [a, b] = [engineMoons("V8 11.3", parameters), engineMoons("SpiderMonkey 153", parameters)];
    const [xs, ys] = [a, b].map(({ points }) => points.to1DArray());
    const moved = xs.flatMap((x, i) => (x === ys[i] ? [] : [Math.abs(x - ys[i])]));
    assert.ok(moved.length >= 1 && moved.length <= 4, `${moved.length} moved`);
    assert.ok(moved.every((distance) => distance < 1e-15));
    assert.deepEqual(a.labels, b.labels);
  });

  it("are ours everywhere else", () => {
    const { sin: theirs } = engineTrigonometry("V8 11.3");
    assert.equal(theirs(1), sin(1));
    assert.notEqual(theirs(recordedAngle(95)), sin(recordedAngle(95)));
  });
});

describe("butterfly: causes", () => {
  it("are all compared, and nothing makes no difference", () => {
    const compared = compareCauses(parameters, 5);
    assert.deepEqual(Object.keys(compared), CAUSE_NAMES);
    for (const cause of CAUSE_NAMES) assert.equal(compared[cause].isIdentical, cause === "nothing", cause);
    assert.equal(compared.reversed.distance[0], 0);
    // another order is that of a training by itself
    const task = drawTask(parameters);
    const other = trainTask({ ...parameters, orderSeed: 1_000_000 + parameters.seed }, task).network;
    const apart = distance(toParameters(trainTask(parameters, task).network), toParameters(other));
    assert.equal(lastDistance(compared.order), apart);
  });

  it("come for the seeds from the first on, at the parameters' setting and at the calm one", async () => {
    const { own, calm } = await doStudy(studies.seeds, { ...parameters, firstSeed: 4 }, plainLoop());
    assert.deepEqual(
      own,
      [4, 5].map((seed) => measurePartings({ ...parameters, seed })),
    );
    assert.deepEqual(
      calm,
      [4, 5].map((seed) => measurePartings({ ...parameters, ...CALM, seed })),
    );
    assert.deepEqual(structuredClone(own), own);
  });

  it("are told by what the lines need, and the ends where the nudge parts them", () => {
    const wild = { ...parameters, nudge: 1 };
    const { data, nudged: pair } = runTimelines(wild);
    const measured = measurePartings(wild);
    const { relativeDistance, alignedDistance, barrier, churn } = pair;
    const { lossGap: _, ...end } = measured.ends?.nudge ?? assert.fail("it parts");
    assert.deepEqual(end, { relativeDistance, alignedDistance, barrier, churn });
    assert.equal(measured.accuracy, evaluate(pair.networks[0], data.test).accuracy);
    assert.deepEqual([measured.visible, measured.isSameAgain], [pair.visible, true]);
    assert.ok(measured.parted.includes("nudge") && measured.parted.includes("order"));
    const still = measurePartings({ ...parameters, nudge: 0 });
    assert.equal(still.ends, undefined);
    assert.ok(!still.parted.includes("nudge") && !still.parted.includes("nothing"));
  });
});

describe("butterfly: defences", () => {
  it("average the second half, and leave the training as it is", () => {
    const one = measureAveragedTwins({ ...parameters, epochs: 1 });
    assert.deepEqual(one.averaged, one.last); // of one epoch the mean is that epoch
    const { last, averaged } = measureAveragedTwins(parameters);
    assert.notDeepEqual(averaged, last);
    const { nudged: pair } = runTimelines(parameters);
    assert.equal(last.churn, pair.churn);
    assert.equal(last.testAccuracy, pair.evaluations[0].accuracy);
  });

  it("take the mean of the parameters after each epoch of the second half", () => {
    const own = { ...parameters, testPoints: 2000 };
    const task = drawTask(own);
    const second = Array.from({ length: 10 }, (_, i) => 11 + i);
    const { snapshots } = trainTask(own, task, { snapshots: second });
    const all = snapshots.map(({ network }) => toParameters(network));
    const mean = all[0].map((_, k) => all.reduce((sum, each) => sum + each[k], 0) / 10);
    const { accuracy } = evaluate(withParameters(task.initial, mean), task.data.test);
    assert.equal(measureAveragedTwins(own).averaged.testAccuracy, accuracy);
  });

  it("change one thing at a time, on the same seeds", async () => {
    const ways = await doStudy(studies.defences, { ...parameters, epochs: 4, sweepSeeds: 4 }, plainLoop());
    assert.deepEqual(
      ways.map(({ name }) => name),
      Object.keys(DEFENCES),
    );
    const small = { ...parameters, epochs: 4 };
    const expected = [
      {},
      { learningRate: 0.1 },
      { batchSize: 8 },
      { batchSize: "full" as const, learningRate: 2 },
    ];
    assert.deepEqual(
      ways.map(({ results }) => results),
      expected.map((change) => [1, 2].map((seed) => measureAveragedTwins({ ...small, ...change, seed }))),
    );
  });
});

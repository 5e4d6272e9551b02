import assert from "node:assert/strict";
import { flipMapFigure, foretoldFigure, worstLiesFigure } from "../../../src/charts/flip-map.js";
import { fromJson, textOf, toJson } from "../../../src/evidence/codec.js";
import { gradeLines } from "../../../src/experiments/grading.js";
import { attackedPoints, withFlips } from "../../../src/experiments/poisoning/attacks.js";
import { whyNoFlips } from "../../../src/experiments/poisoning/budget.js";
import { assessAgainst, measuredPlane } from "../../../src/experiments/poisoning/damage.js";
import { describeFlips, influenceLines } from "../../../src/experiments/poisoning/flip-lines.js";
import {
  type FlipView,
  rankingOf,
  viewFlips,
  worstSingle,
} from "../../../src/experiments/poisoning/flip-view.js";
import {
  type FlipPoint,
  type FlippedSeed,
  type FlipResult,
  flipPoints,
  flippedSeeds,
  type LiesName,
  measureFlips,
  namedByInfluence,
} from "../../../src/experiments/poisoning/flips.js";
import { poisoning } from "../../../src/experiments/poisoning/index.js";
import { measurePoisoning, type PoisoningParameters } from "../../../src/experiments/poisoning/poisoning.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { doStudy } from "../../../src/experiments/study.js";
import { drawTask, runTask, trainTask } from "../../../src/experiments/task.js";
import type { VerdictRow } from "../../../src/experiments/verdict.js";
import { smallTask } from "../small-task.js";

const own = { ...smallTask, seed: 2, trainPoints: 36, testPoints: 20, epochs: 20, flips: 3, candidates: 2 };
const points = flipPoints(own);
const singles = points.filter(({ part }) => part === "singles");
const measured = points.map((point) => measureFlips(point));
const [seed] = flippedSeeds([measured], own);

const LIES: LiesName[] = [
  "the essay's cluster",
  "worst of several clusters",
  "named by influence",
  "worst single",
  "worst pair",
  "greedy",
];

describe("every flip", () => {
  it("is measured once in each of six orders, in parts that fill the lanes of a machine", () => {
    assert.deepEqual(
      singles.map(({ order, from }) => [order, from]),
      [0, 1, 2, 3, 4, 5].flatMap((order) => [
        [order, 0],
        [order, 31],
      ]),
    );
    assert.deepEqual(
      points.slice(-2).map(({ part }) => part),
      ["influence", "search"],
    );
    assert.deepEqual(
      seed.harms.map(({ length }) => length),
      new Array(6).fill(36),
    );
  });

  it("is paired: the same data, weights and order as the network that learns the truth", () => {
    const task = drawTask(own);
    const { train } = task.data;
    const parameters = { ...own, orderSeed: own.seed + 3_000_000 };
    const clean = trainTask(parameters, task).network;
    const assess = assessAgainst(clean, task.data, measuredPlane(train), []);
    for (const i of [0, 30, 31, 35]) {
      const lied = trainTask(parameters, withFlips(task, [i])).network;
      assert.equal(seed.harms[2][i], assess(lied).plane);
    }
    assert.notDeepEqual(seed.harms[2], seed.harms[3]);
  });

  it("comes back as plain data, the same each time", () => {
    assert.equal(textOf(measureFlips(points[0])), textOf(measured[0]));
    for (const result of measured) assert.deepEqual(fromJson(toJson(result)), result);
  });
});

describe("the worst lies", () => {
  const { attacks } = seed;

  it("are sets of the stated sizes, each measured in every order", () => {
    assert.deepEqual(Object.keys(attacks), LIES);
    assert.deepEqual(
      LIES.map((name) => new Set(attacks[name].attacked).size),
      [3, 3, 3, 1, 2, 3],
    );
    assert.ok(LIES.every((name) => attacks[name].harms.length === 6));
  });

  it("are measured in the orders of the single flips", () => {
    const [worst] = attacks["worst single"].attacked;
    assert.deepEqual(
      attacks["worst single"].harms,
      seed.harms.map((row) => row[worst]),
    );
  });

  it("are searched for in other orders, with a fifth of the epochs", () => {
    const task = drawTask(own);
    const plane = measuredPlane(task.data.train);
    const searched = [7, 8, 9].map((order) => {
      const parameters = { ...own, epochs: 4, orderSeed: own.seed + 1_000_000 * order };
      const assess = assessAgainst(trainTask(parameters, task).network, task.data, plane, []);
      return { parameters, assess };
    });
    const harmOf = (lies: readonly number[]): number =>
      searched.reduce((sum, { parameters, assess }) => {
        const told = withFlips(task, lies);
        return sum + Math.round(plane.points.rows * assess(trainTask(parameters, told).network).plane);
      }, 0);
    const harms = Array.from({ length: 36 }, (_, i) => harmOf([i]));
    const worst = [...harms.keys()].sort((i, j) => harms[j] - harms[i] || i - j);
    assert.deepEqual(attacks["worst single"].attacked, worst.slice(0, 1));
    const pairs = worst.slice(0, 25).flatMap((i, k) => worst.slice(k + 1, 25).map((j) => [i, j]));
    const pairHarms = pairs.map(harmOf);
    assert.equal(pairs.length, 300);
    assert.deepEqual(attacks["worst pair"].attacked, pairs[pairHarms.indexOf(Math.max(...pairHarms))]);
  });

  it("begin greedily with the worst single, and hold the essay's cluster beside it", () => {
    assert.equal(attacks.greedy.attacked[0], attacks["worst single"].attacked[0]);
    const { train } = drawTask(own).data;
    const cluster = (candidate: number): number[] =>
      attackedPoints(train, { attack: "cluster", flips: 3, seed: own.seed, candidate });
    assert.deepEqual(attacks["the essay's cluster"].attacked, cluster(0));
    const assess = assessAgainst(runTask(own).training.network, drawTask(own).data, measuredPlane(train), []);
    const [first, second] = [0, 1].map((candidate) => {
      const lies = withFlips(drawTask(own), cluster(candidate));
      return assess(trainTask(own, lies).network).plane;
    });
    assert.notEqual(first, second);
    assert.deepEqual(attacks["worst of several clusters"].attacked, cluster(first > second ? 0 : 1));
  });

  it("are named by influence after one training", () => {
    const { data, training } = runTask(own);
    const named = namedByInfluence(training.network, data.train, measuredPlane(data.train), 3);
    assert.deepEqual(named, attacks["named by influence"].attacked);
    const [most] = named;
    assert.equal(seed.foretold[most], Math.max(...seed.foretold));
  });
});

describe("what influence functions foretell", () => {
  it("is close to the truth at a minimum", () => {
    assert.equal(seed.dampings[0], 0.003);
    assert.ok(seed.lossCorrelation > 0.6, `${seed.lossCorrelation}`);
  });

  it("is nothing where the training has diverged", () => {
    const lost = { ...own, learningRate: 1e300, epochs: 2 };
    const point = flipPoints(lost).find(({ part }) => part === "influence") as FlipPoint;
    const { influence } = measureFlips(point);
    assert.equal(influence?.dampings[1], Number.NaN);
    assert.ok(influence?.foretold.every(Number.isNaN));
  });
});

/** A seed whose flips, forecasts and sets of lies have these harms. */
function seedWith(
  change: Partial<FlippedSeed>,
  harms: Partial<Record<LiesName, number>> = {},
  i = 0,
): FlippedSeed {
  const attacks = LIES.map((name) => {
    return [name, { attacked: [0], harms: new Array(6).fill((harms[name] ?? 0.1) + i / 1e4) }];
  });
  return { ...seed, seed: i, ...change, attacks: Object.fromEntries(attacks) as FlippedSeed["attacks"] };
}

describe("what is said of the flips", () => {
  const parameters = poisoning.parameters(own);
  // the primary line needs a seed
  const leads = [1, 3].map((flips) => measurePoisoning({ ...own, flips }));
  const rowsOf = (
    change: Partial<FlippedSeed>,
    harms: Partial<Record<LiesName, number>>,
    flips = 3,
  ): VerdictRow[] => {
    const seeds = Array.from({ length: 24 }, (_, i) => seedWith(change, harms, i));
    const { rows } = poisoning.verdict(
      { seeds: [leads[flips === 1 ? 0 : 1]], flips: seeds },
      { ...parameters, flips },
    );
    return rows.slice(-4);
  };

  it("ranks by what is foretold, and tells the sure points from the others", () => {
    const steady = [0.1, 0.2, 0.3, 0.4];
    const ranking = rankingOf({
      ...seed,
      harms: new Array(6).fill(steady),
      foretold: [0.2, 0.1, 0.3, 0.4],
      logits: [5, -5, 1, -1],
      atMinimum: { harms: steady, foretold: [0.4, 0.3, 0.2, 0.1] },
    });
    assert.deepEqual(ranking, {
      atMinimum: -1,
      atEssay: 0.8,
      ceiling: 1,
      sure: -1,
      unsure: 1,
      thereAndHere: 1,
    });
  });

  it("takes the worst single flip of one half of the orders, and its harm from the other", () => {
    const rows = [
      [0.5, 0.1],
      [0.2, 0.9],
    ];
    assert.equal(worstSingle({ ...seed, harms: [...rows, ...rows] }), 0.2);
  });

  it("falls line by line with what was measured", () => {
    const steady = own.trainPoints;
    const rank = Array.from({ length: steady }, (_, i) => i / 100);
    const known = {
      harms: new Array(6).fill(rank),
      foretold: rank,
      atMinimum: { harms: rank, foretold: rank },
    };
    const outcomes = (change: Partial<FlippedSeed>, harms: Partial<Record<LiesName, number>>): string[] =>
      rowsOf({ ...known, ...change }, harms).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes({}, {}), ["holds", "holds", "holds", "holds"]);
    assert.deepEqual(outcomes({}, { greedy: 0.3 }), ["does not hold", "holds", "holds", "holds"]);
    const weak = rank.map((own) => own / 100);
    assert.deepEqual(outcomes({ harms: new Array(6).fill(weak) }, {})[1], "does not hold");
    const backwards = [...rank].reverse();
    assert.deepEqual(outcomes({ foretold: backwards }, {}).slice(2), ["holds", "does not hold"]);
    const there = { atMinimum: { harms: rank, foretold: backwards } };
    assert.deepEqual(outcomes(there, {}).slice(2), ["does not hold", "holds"]);
    assert.deepEqual(
      rowsOf(known, {}, 1).map(({ outcome }) => outcome),
      ["not tested", "not tested", "holds", "holds"],
    );
  });

  it("compares a forecast with what can be reached, also where that is nothing", () => {
    const rank = Array.from({ length: own.trainPoints }, (_, i) => i / 100);
    const known = { harms: new Array(6).fill(rank), foretold: rank };
    // the halves of the orders rank the flips the other way round
    const noise = {
      harms: [0, 1, 2, 3, 4, 5].map((k) => (k % 2 === 0 ? rank : rank.map((r) => 1 - 1.01 * r))),
    };
    assert.equal(rankingOf(seedWith({ ...known, ...noise })).ceiling, 0);
    const seeds = Array.from({ length: 24 }, (_, i) => seedWith({ ...known, ...(i === 5 && noise) }, {}, i));
    const [, line] = gradeLines(influenceLines(seeds, parameters));
    assert.equal(line.outcome, "holds");
    assert.doesNotMatch(line.measured, /NaN|Infinity/);
  });

  it("counts no seed without a forecast as one with a larger λ, and shows no lies of its influence", () => {
    const lost = measured.map(
      ({ influence, ...rest }): FlipResult => ({
        ...rest,
        ...(influence && { influence: { ...influence, dampings: [influence.dampings[0], Number.NaN] } }),
      }),
    );
    const [unforetold] = flippedSeeds([lost], own);
    assert.match(
      describeFlips([unforetold], parameters),
      /In 0 of 1 networks λ had to be larger, in 1 nothing is foretold\./,
    );
    assert.doesNotMatch(worstLiesFigure([unforetold]).alt, /influence/);
    assert.match(worstLiesFigure([unforetold, seed]).alt, /named by influence/);
  });

  const untried: Record<string, { change: Partial<PoisoningParameters>; why: RegExp }> = {
    "a normalization": { change: { normalization: "layer" }, why: /a normalization or topK\.$/ },
    "few neurons that may fire": { change: { topK: 2 }, why: /a normalization or topK\.$/ },
    "many points": { change: { trainPoints: 10_000 }, why: /more than minutes a seed\.$/ },
    "many flips": { change: { flips: 100 }, why: /more than minutes a seed\.$/ },
    "many epochs": { change: { epochs: 10_000 }, why: /more than minutes a seed\.$/ },
    "many neurons": { change: { hiddenLayers: [64, 64], epochs: 0 }, why: /more than minutes a seed\.$/ },
  };
  for (const [name, { change, why }] of Object.entries(untried)) {
    it(`is, with ${name}, that no flip was tried, and why`, async () => {
      const none = poisoning.parameters({ ...change, sweepSeeds: 2, firstSeed: 1 });
      const flips = await doStudy(poisoning.studies.flips, none, plainLoop());
      assert.deepEqual(flips, []);
      assert.match(describeFlips(flips, none), why);
      const { rows } = poisoning.verdict({ seeds: [leads[1]], flips }, none);
      assert.deepEqual(
        rows.slice(-4).map(({ outcome }) => outcome),
        new Array(4).fill("not tested"),
      );
      for (const { measured } of rows.slice(-4)) assert.match(measured, why);
      const figures = [
        flipMapFigure(viewFlips(flips, none, 8)),
        worstLiesFigure(flips),
        foretoldFigure(flips),
      ];
      for (const { data, alt } of figures) {
        assert.deepEqual(data, []);
        assert.match(alt, /No flip was tried/);
      }
    });
  }

  it("is of every flip with the parameters of the notebook, and of a few times as much work", () => {
    for (const change of [
      {},
      { flips: 20 },
      { trainPoints: 400 },
      { hiddenLayers: [20] },
      { normalization: "none" },
    ] as const) {
      assert.equal(whyNoFlips(poisoning.parameters(change)), undefined);
    }
  });

  it("has numbers for every seed, few or many", () => {
    for (const count of [1, 6]) {
      const text = describeFlips(
        Array.from({ length: count }, (_, i) => seedWith({}, {}, i)),
        parameters,
      );
      assert.equal(text.split("\n").length, 4);
      assert.doesNotMatch(text, /NaN|undefined/);
    }
  });
});

describe("charts of the flips", () => {
  const view = viewFlips([seed], own, 12) as FlipView;

  it("draw every point once, larger the more it changes, and ring both sets of lies", () => {
    const { data, caption, alt } = flipMapFigure(view);
    const [, , red, blue, cluster, found] = data as unknown as {
      x: number[];
      text: string[];
      marker: { size: number[] };
    }[];
    assert.equal(red.x.length + blue.x.length, 36);
    const places = [...red.text, ...blue.text].map((text) =>
      Number(/^point (\d+), (?:Red|Blue):/.exec(text)?.[1]),
    );
    assert.deepEqual(
      [...places].sort((a, b) => a - b),
      view.harms.map((_, i) => i),
    );
    const sizes = [...red.marker.size, ...blue.marker.size];
    const order = places
      .map((_, k) => k)
      .sort((a, b) => view.harms[places[a]].mean - view.harms[places[b]].mean);
    order.forEach((k, rank) => {
      if (rank > 0) assert.ok(sizes[k] >= sizes[order[rank - 1]]);
    });
    assert.deepEqual([cluster.x.length, found.x.length], [3, 3]);
    assert.match(caption, /6 orders/);
    assert.match(alt, /36 training points/);
  });

  it("put each flip where it was foretold and where it is, and leave out what was not foretold", () => {
    const none = { ...seed, foretold: seed.foretold.map(() => Number.NaN) };
    for (const one of [seed, none]) {
      const { data, layout } = foretoldFigure([one]);
      const marks = (data as unknown as { mode: string; x: (number | null)[]; y: number[] }[]).filter(
        ({ mode }) => mode === "markers",
      );
      assert.deepEqual(
        marks.map(({ x, y }) => [x.length, y.length]),
        [
          [36, 36],
          [36, 36],
        ],
      );
      assert.ok(Math.abs((marks[0].x[5] as number) - 100 * seed.atMinimum.foretold[5]) < 0.1);
      assert.doesNotMatch(JSON.stringify(layout), /null/);
    }
  });

  it("compare all sets of lies", () => {
    assert.match(worstLiesFigure([seed, seed]).alt, /^the essay's cluster: mean .*; greedy: mean/);
  });
});

describe("flips at the edge", () => {
  const edges: Record<string, object> = {
    "no flip": { flips: 0 },
    "two points": { trainPoints: 2, flips: 1 },
    "no epoch": { epochs: 0 },
    "no hidden layer": { hiddenLayers: [] },
    "a training that diverges": { learningRate: 1e300 },
  };
  for (const [name, change] of Object.entries(edges)) {
    it(`with ${name} are measured, drawn and described`, () => {
      const edge = { ...own, trainPoints: 8, testPoints: 6, epochs: 3, ...change };
      const row = flipPoints(edge).map((point) => measureFlips(point));
      assert.deepEqual(fromJson(toJson(row)), row);
      const [found] = flippedSeeds([row], edge);
      const figures = [
        flipMapFigure(viewFlips([found], edge, 8)),
        foretoldFigure([found]),
        worstLiesFigure([found]),
      ];
      for (const { alt, caption } of figures) assert.doesNotMatch(alt + caption, /NaN|undefined/);
      const whole = { ...poisoning.parameters(), ...edge };
      assert.doesNotMatch(describeFlips([found], whole), /NaN|undefined/);
      const { rows } = poisoning.verdict({ seeds: [measurePoisoning(edge)], flips: [found] }, whole);
      assert.doesNotMatch(JSON.stringify(rows), /NaN|undefined/);
    });
  }
});

describe("the study of flips", () => {
  it("puts the parts of each seed together", async () => {
    const parameters = poisoning.parameters(own);
    const { flips } = poisoning.studies;
    assert.deepEqual(flips.points(parameters, own.seed), points);
    assert.equal(flips.measure, measureFlips);
    assert.deepEqual(flips.findings([measured, measured], parameters), [seed, seed]);
  });
});

import assert from "node:assert/strict";
import {
  activeCountFigure,
  countDistributionFigure,
  neuronOutputsFigure,
  neuronRatesFigure,
  votesFigure,
} from "../../src/charts/active-count.js";
import { sequentialFigure, testAgainstBitsFigure, welchFigure } from "../../src/charts/attack.js";
import type { Figure } from "../../src/charts/figure.js";
import { frontierFigure } from "../../src/charts/frontier.js";
import { aheadFigure, bitsFigure, leadFigure, leakFigure } from "../../src/charts/leaks.js";
import { spongeFigure } from "../../src/charts/sponge.js";
import { CLASSES } from "../../src/charts/style.js";
import { clockFigure, timesFigure, timingFigure } from "../../src/charts/timing.js";
import { rectangleAround } from "../../src/experiments/plane.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { sequentialAttack, welchCurve } from "../../src/experiments/side-channel/attacker.js";
import {
  type NetworkTimings,
  type TimedEffect,
  type Timings,
  testTimings,
} from "../../src/experiments/side-channel/constant-time.js";
import type { Tradeoff } from "../../src/experiments/side-channel/frontier.js";
import {
  activeCountOnPlane,
  activityAt,
  measureAttack,
  neuronRates,
  outputRange,
  powerReadings,
  type SideChannelParameters,
} from "../../src/experiments/side-channel/side-channel.js";
import { viewSponge } from "../../src/experiments/side-channel/sponge.js";
import { studies } from "../../src/experiments/side-channel/studies.js";
import { doStudy } from "../../src/experiments/study.js";
import { runTask } from "../../src/experiments/task.js";

interface Trace {
  type: string;
  mode?: string;
  name?: string;
  x: (number | null)[];
  y: (number | null)[];
  z?: number[][];
  marker?: { color: string };
}

const parameters: SideChannelParameters = {
  seed: 1,
  noise: 0.15,
  trainPoints: 40,
  testPoints: 40,
  hiddenLayers: [10],
  initialisation: "he",
  learningRate: 0.2,
  batchSize: 1,
  epochs: 12,
  traceNoise: 1,
  traces: 100,
  attackers: 4,
  measurements: 100,
  sweepSeeds: 2,
  firstSeed: 1,
};

const timings: Timings = {
  classes: Array.from({ length: 400 }, (_, i) => i % 2),
  nanoseconds: Array.from({ length: 400 }, (_, i) => 1000 + (i % 7) + 3 * (i % 2)),
  batch: 2,
};

const designs = (own: SideChannelParameters): Promise<Tradeoff[]> =>
  doStudy(studies.frontier, own, plainLoop());

/** A network of whose skipping the clock saw so much, in batches of 100 and singly. */
const network = (seed: number, difference: number, ...skipping: TimedEffect[]): NetworkTimings => ({
  seed,
  difference,
  batches: skipping.map((own, i) => ({
    batch: [100, 1][i],
    skipping: own,
    dense: own,
    same: own,
    delayed: own,
  })),
});

async function figuresOf(change: Partial<SideChannelParameters>): Promise<Record<string, Figure>> {
  const changed = { ...parameters, ...change };
  const { data, training } = runTask(changed);
  const { count } = powerReadings(training.network, data);
  const results = [1, 2].map((seed) => measureAttack({ ...changed, seed }));
  const points = welchCurve({ readings: count, noise: 1, attackers: 3, seed: 1 }, [4, 20, 100]);
  const attack = sequentialAttack({
    readings: count,
    noise: 1,
    attackers: 4,
    seed: 1,
    error: 0.01,
    mostTraces: 50,
  });
  const seen = testTimings(timings);
  return {
    map: activeCountFigure(
      activeCountOnPlane(training.network, rectangleAround(data.train, 0.5), 12),
      data.train,
      "a title",
    ),
    distribution: countDistributionFigure(count, "a title"),
    rates: neuronRatesFigure(neuronRates(training.network, data)),
    outputs: neuronOutputsFigure(
      activityAt(training.network, [0.5, 0.25]).neurons,
      outputRange(training.network, data.train),
      "a title",
    ),
    votes: votesFigure(results),
    welch: welchFigure([
      { name: "a", points },
      { name: "b", points },
    ]),
    sequential: sequentialFigure([{ name: "a", attacks: [{ noise: 1, attack }] }]),
    bits: testAgainstBitsFigure([{ name: "a", results }], 100),
    leak: leakFigure(results),
    leads: leadFigure([{ name: "a", results }]),
    sponge: spongeFigure(
      activeCountOnPlane(training.network, rectangleAround(data.train, 0.5), 12),
      data.train,
      viewSponge(training.network, data.train, 1),
      "a title",
    ),
    changed: bitsFigure([{ name: "a", results }]),
    timing: timingFigure([
      { name: "a", test: seen },
      { name: "b", test: testTimings({ classes: [], nanoseconds: [], batch: 1 }) },
    ]),
    clock: clockFigure([network(1, 0.5, seen, seen)]),
    times: timesFigure({ a: timings, b: { classes: [0, 0], nanoseconds: [5, 5], batch: 1 } }),
    frontier: frontierFigure(await designs(changed)),
  };
}

const traces = (figure: Figure): Trace[] => figure.data as unknown as Trace[];

describe("charts of the side channel", () => {
  const changes: Record<string, Partial<SideChannelParameters>> = {
    "2-10-1": {},
    "no hidden layer": { hiddenLayers: [] },
    "two hidden layers": { hiddenLayers: [6, 3] },
    "a training that diverges": { learningRate: 1e300 },
    "no noise in the traces": { traceNoise: 0 },
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`of ${name} are plain data, with a caption and a description`, async () => {
      for (const [which, figure] of Object.entries(await figuresOf(change))) {
        assert.ok(figure.caption.length > 20 && figure.alt.length > 0, which);
        assert.ok(figure.data.length > 0, which);
        assert.doesNotThrow(() => structuredClone(figure), which);
        const axes = JSON.stringify(figure.layout);
        assert.match(axes, /"title":\{"text":/, which);
      }
    });
  }

  it("show each class in its own colour", async () => {
    const { distribution, rates, times } = await figuresOf({});
    for (const figure of [distribution, rates]) {
      assert.deepEqual(
        traces(figure).map(({ marker }) => marker?.color),
        CLASSES.map(({ color }) => color),
      );
    }
    const colours = (times.data as { line: { color: string } }[]).map(({ line }) => line.color);
    assert.deepEqual(
      colours,
      [...CLASSES, ...CLASSES].map(({ color }) => color),
    );
  });

  it("draw the distributions as shares of each class", () => {
    const [first, second] = traces(
      countDistributionFigure(
        [
          [1, 1, 3, 3],
          [2, 2, 2],
        ],
        "a title",
      ),
    );
    assert.deepEqual(first.x, [0, 1, 2, 3]);
    assert.deepEqual(first.y, [0, 50, 0, 50]);
    assert.deepEqual(second.y, [0, 0, 100, 0]);
  });

  it("put the neurons that vote for class 0 to the left, and name them by their place in the network", () => {
    const figure = neuronRatesFigure([
      { rates: [0.1, 0.9], vote: 2 },
      { rates: [0.8, 0.2], vote: -1 },
    ]);
    assert.deepEqual(traces(figure)[0].y, [80, 10]);
    assert.deepEqual((figure.layout.xaxis as { ticktext: string[] }).ticktext, ["2", "1"]);
    assert.equal(figure.layout.shapes?.[0].x0, 0.5);
  });

  it("show at one input which neurons fire, in the order and the colours of their votes, on an axis that stays", () => {
    const neurons = [
      { output: 2.5, vote: 2 },
      { output: 0, vote: -1 },
      { output: 1, vote: -3 },
    ];
    const figure = neuronOutputsFigure(neurons, [0, 10], "a title");
    const [against, towards] = traces(figure) as (Trace & { text: string[] })[];
    assert.deepEqual(
      [against.x, against.y, against.text],
      [
        [0, 1],
        [1, 0],
        ["1.0", "0"],
      ],
    );
    assert.deepEqual([towards.x, towards.y, towards.text], [[2], [2.5], ["2.5"]]);
    assert.deepEqual([against.marker?.color, towards.marker?.color], [CLASSES[0].color, CLASSES[1].color]);
    assert.deepEqual((figure.layout.xaxis as { ticktext: string[] }).ticktext, ["3", "2", "1"]);
    assert.deepEqual(figure.layout.yaxis?.range, [0, 10.8]);
    const larger = neuronOutputsFigure([{ output: 20, vote: 1 }], [0, 10], "a title");
    assert((larger.layout.yaxis as { range: number[] }).range[1] > 20);
  });

  it("mark an input on the map only where one is looked at", async () => {
    const { map } = await figuresOf({});
    const grid = {
      x: [0, 1],
      y: [0, 1],
      values: [
        [1, 2],
        [2, 3],
      ],
    };
    const { train } = runTask(parameters).data;
    const marked = activeCountFigure(grid, train, "a title", { place: [0.5, 1], name: "the input" });
    assert.equal(marked.data.length, map.data.length + 1);
    const star = traces(marked).at(-1);
    assert.deepEqual([star?.name, star?.x, star?.y], ["the input", [0.5], [1]]);
    assert.doesNotMatch(map.caption + map.alt, /star/i);
    assert.match(marked.caption, /Star/);
  });

  it("leave out of a logarithmic axis what it cannot show", () => {
    const point = { traces: 4, median: 0, low: 0, high: Number.POSITIVE_INFINITY };
    const values = traces(welchFigure([{ name: "a", points: [point] }])).flatMap(({ y }) => y);
    assert.ok(values.every((value) => Number.isNaN(value) || (value as number) > 0));
  });

  it("join the designs of a family, and mark the frontier", async () => {
    const { frontier } = await figuresOf({});
    const names = traces(frontier).map(({ name }) => name);
    assert.equal(names[0], "the frontier");
    assert.equal(names[1], "ReLU");
    const padding = traces(frontier).find(({ name }) => name === "padding");
    assert.equal(padding?.x.at(-1), 0);
    assert.equal(padding?.y.at(-1), 0);
  });

  it("draw every seed where there are too few for an interval, and write no NaN", async () => {
    const { frontier, timing } = await figuresOf({});
    const points = traces(frontier).at(-1);
    assert.equal(points?.name, "one seed of a design");
    assert.equal(points?.x.length, 2 * 24); // 14 trained designs, 10 that pad
    for (const figure of [frontier, timing]) assert.doesNotMatch(JSON.stringify(figure), /NaN|null/);
    const tradeoffs = await designs({ ...parameters, epochs: 1, sweepSeeds: 5 });
    const drawn = frontierFigure(tradeoffs);
    assert.ok(traces(drawn).every(({ name }) => name !== "one seed of a design"));
    assert.doesNotMatch(JSON.stringify(drawn), /NaN|null/);
    const bars = (
      drawn.data as { y: number[]; error_y?: { array: number[]; arrayminus: number[] } }[]
    ).flatMap(({ y, error_y }) =>
      error_y ? y.map((value, i) => [value - error_y.arrayminus[i], value + error_y.array[i]]) : [],
    );
    assert.equal(bars.length, 24);
    assert.ok(bars.every(([low, high]) => low >= -1e-3 && high <= 1.001));
  });

  it("show by how much the clock's times differ, and what would be too little", () => {
    const figure = timingFigure([{ name: "a program", test: testTimings(timings) }]);
    const [mark] = traces(figure);
    assert.deepEqual(mark.y, [0]);
    assert.ok(Math.abs((mark.x[0] as number) - 1.5) < 0.3, "3 ns over a batch of 2");
    assert.deepEqual([figure.layout.shapes?.[0].x0, figure.layout.shapes?.[0].x1], [-1, 1]);
    const [low, high] = (figure.layout.xaxis as { range: number[] }).range;
    assert.ok(low < -1 && high > 1.6, "band and mark are both in sight");
    assert.match(figure.alt, /^a program: 1\.\d+ \[.*\] ns, fails$/);
  });

  it("set what the clock saw of each network against its count, a mark for each size of batch", () => {
    const effect = testTimings(timings).effect;
    const [fails, passes]: TimedEffect[] = [
      { effect, grade: "fails" },
      { effect, grade: "passes" },
    ];
    const figure = clockFigure([network(7, 0.5, fails, passes), network(8, -1, fails, passes)]);
    assert.deepEqual(
      traces(figure).map(({ name, x }) => [name, x]),
      [
        ["batches of 100", [0.5, -1]],
        ["singly", [0.5, -1]],
      ],
    );
    assert.equal(figure.alt, "batches of 100: 2 of 2 networks fail; batches of 1: 0 of 2 networks fail");
    assert.deepEqual([figure.layout.shapes?.[0].y0, figure.layout.shapes?.[0].y1], [-1, 1]);
  });

  it("show the bits against the bar of the verdict, and Blue before Red", () => {
    const results = [1, 2].map((seed) => measureAttack({ ...parameters, seed }));
    const [count, weight] = traces(leakFigure(results));
    const close = (values: readonly unknown[], expected: readonly number[]): void =>
      expected.forEach((value, i) => {
        assert.ok(Math.abs((values[i] as number) - value) < 1e-3);
      });
    close(
      count.x,
      results.map(({ bits }) => bits),
    );
    close(
      weight.x,
      results.map(({ hammingBits }) => hammingBits),
    );
    assert.equal(leakFigure(results).layout.shapes?.[0].x0, 0.05);
    const leads = [-1.2, -0.5, 0, 0.1, 0.2].map((lead) => ({
      ...results[0],
      means: [5, 5 + lead] as [number, number],
    }));
    const ahead = aheadFigure(leads);
    assert.deepEqual(
      traces(ahead).map(({ x, y }) => [x, y]),
      [
        [
          [-1.25, -0.25],
          [1, 1],
        ],
        [[0.25], [3]],
      ],
    );
    assert.equal(String(ahead.layout.title?.text), "5 networks: Red fires more in 40%, Blue in 40%");
    assert.equal(ahead.layout.shapes?.[0].x0, -1);
    close(
      traces(leadFigure([{ name: "a", results }]))[0].x,
      results.map(({ means }) => means[1] - means[0]),
    );
  });
});

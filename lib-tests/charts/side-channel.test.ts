import assert from "node:assert/strict";
import {
  activeCountFigure,
  countDistributionFigure,
  neuronOutputsFigure,
  neuronRatesFigure,
} from "../../src/charts/active-count.js";
import { testAgainstBitsFigure, welchFigure } from "../../src/charts/attack.js";
import type { Figure } from "../../src/charts/figure.js";
import { frontierFigure } from "../../src/charts/frontier.js";
import { aheadFigure, leakFigure } from "../../src/charts/leaks.js";
import { spongeFigure } from "../../src/charts/sponge.js";
import { CLASSES } from "../../src/charts/style.js";
import { clockFigure, timesFigure } from "../../src/charts/timing.js";
import { rectangleAround } from "../../src/experiments/plane.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { welchCurve } from "../../src/experiments/side-channel/attacker.js";
import type { NetworkTest, NetworkTimings } from "../../src/experiments/side-channel/constant-time.js";
import type { FrontierFindings } from "../../src/experiments/side-channel/frontier.js";
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
import type { Timings } from "../../src/experiments/side-channel/timings.js";
import { meanInterval } from "../../src/experiments/statistics.js";
import { doStudy } from "../../src/experiments/study.js";
import { runTask } from "../../src/experiments/task.js";
import { smallTask } from "../experiments/small-task.js";
import { assertSound, traces } from "./sound.js";

const parameters: SideChannelParameters = {
  ...smallTask,
  trainPoints: 40,
  testPoints: 40,
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

const designs = (own: SideChannelParameters): Promise<FrontierFindings> =>
  doStudy(studies.frontier, own, plainLoop());

/** A network of which a count and a time are guessed so well. */
const timed = (seed: number, countGuess: number, guess: number): NetworkTimings => {
  const effect = meanInterval([1, 2, 3, 4, 5]);
  const test: NetworkTest = { effect, grade: "fails", spread: "passes", guess, guessOfMany: 1 };
  const programs = {
    scriptDense: test,
    scriptSkipping: test,
    compiledDense: test,
    same: test,
    delayed: test,
  };
  return {
    seed,
    difference: 0,
    countGuess,
    lost: 0,
    batches: [{ batch: 1, ...programs, compiledSkipping: test }],
  };
};

async function figuresOf(change: Partial<SideChannelParameters>): Promise<Record<string, Figure>> {
  const changed = { ...parameters, ...change };
  const { data, training } = runTask(changed);
  const { count } = powerReadings(training.network, data);
  const results = [1, 2].map((seed) => measureAttack({ ...changed, seed }));
  const points = welchCurve({ readings: count, noise: 1, attackers: 3, seed: 1 }, [4, 20, 100]);
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
    welch: welchFigure([
      { name: "a", points },
      { name: "b", points },
    ]),
    bits: testAgainstBitsFigure(results, 100),
    leak: leakFigure(results),
    sponge: spongeFigure(
      activeCountOnPlane(training.network, rectangleAround(data.train, 0.5), 12),
      data.train,
      viewSponge(training.network, data.train, 1),
      "a title",
    ),
    clock: clockFigure([
      { name: "10", results: [timed(1, 0.8, 0.6)] },
      { name: "64, 64", results: [timed(1, 0.7, 0.8), timed(2, Number.NaN, 0.8)] },
    ]),
    times: timesFigure([timings, { classes: [0, 0], nanoseconds: [5, 5], batch: 1 }]),
    frontier: frontierFigure(await designs(changed)),
  };
}

describe("charts of the side channel", () => {
  const usual = figuresOf({});
  const changes: Record<string, Partial<SideChannelParameters>> = {
    "2-10-1": {},
    "no hidden layer": { hiddenLayers: [] },
    "two hidden layers": { hiddenLayers: [6, 3] },
    "a training that diverges": { learningRate: 1e300 },
    "no noise in the traces": { traceNoise: 0 },
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`of ${name} are plain data, with a caption and a description`, async () => {
      for (const [which, figure] of Object.entries(await (name === "2-10-1" ? usual : figuresOf(change)))) {
        assertSound(figure, which, "of 0 neurons");
        const axes = JSON.stringify(figure.layout);
        assert.match(axes, /"title":\{"text":/, which);
      }
    });
  }

  it("show each class in its own colour", async () => {
    const { distribution, rates, times } = await usual;
    for (const figure of [distribution, rates]) {
      assert.deepEqual(
        traces(figure).map(({ marker }) => marker?.color),
        CLASSES.map(({ color }) => color),
      );
    }
    assert.deepEqual(
      traces(times).map(({ line }) => line?.color),
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
    const [against, towards] = traces(figure);
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
    const { map } = await usual;
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

  it("join the designs of a family, above by the count and below by the Hamming weight", async () => {
    const { frontier } = await usual;
    const of = (name: string) => traces(frontier).filter((trace) => trace.name === name);
    const [padding, ...weighed] = of("padding");
    assert.deepEqual([padding.x.at(-1), padding.y.at(-1), weighed], [0, 0, []]);
    const [counted, below] = of("activation never 0");
    assert.deepEqual([counted.y, counted.x], [[0, 0, 0], below.x]);
    assert.ok(below.y.some((bits) => bits !== 0));
    assert.equal(of("full batch").length, 0);
    const [relu] = of("ReLU");
    const [above, under] = frontier.layout.shapes ?? [];
    assert.ok(Math.abs(2 * (above.x0 as number) - (relu.x[0] as number)) < 1e-2, "half of ReLU's savings");
    assert.deepEqual([above.y1, under.y1], [0.05, 0.05]);
    const ends = (axis: "xaxis" | "yaxis"): number[] => frontier.layout[axis]?.range as number[];
    for (const { x, y } of traces(frontier)) {
      assert.ok(x.every((place) => ends("xaxis")[0] < Number(place) && Number(place) < ends("xaxis")[1]));
      assert.ok(y.every((place) => ends("yaxis")[0] < Number(place) && Number(place) < ends("yaxis")[1]));
    }
  });

  it("have intervals where there are seeds enough, and write no NaN", async () => {
    const { frontier, clock } = await usual;
    for (const figure of [frontier, clock]) assert.doesNotMatch(JSON.stringify(figure), /NaN|null/);
    const drawn = frontierFigure(await designs({ ...parameters, epochs: 1, sweepSeeds: 5 }));
    assert.doesNotMatch(JSON.stringify(drawn), /NaN|null/);
    const bars = traces(drawn).flatMap(({ y, error_y }) =>
      y.map((value, i) => [
        Number(value) - Number(error_y?.arrayminus[i]),
        Number(value) + Number(error_y?.array[i]),
      ]),
    );
    assert.equal(bars.length, 16 + 8 + 16);
    assert.ok(bars.some(([low, high]) => high > low));
    assert.ok(bars.every(([low, high]) => low >= -1e-3 && high <= 1.001));
  });

  it("set what the clock tells of each network against what its count tells, beside the line where both are the same", async () => {
    const { clock } = await usual;
    assert.deepEqual(
      traces(clock).map(({ name, x, y }) => [name, x, y]),
      [
        ["as well from either", [50, 80], [50, 80]],
        ["hidden layers of 10", [80], [60]],
        ["hidden layers of 64, 64", [70], [80]],
      ],
    );
    assert.equal(
      clock.alt,
      "hidden layers of 10: the clock tells as much as the count in 0 of 1 networks; " +
        "hidden layers of 64, 64: the clock tells as much as the count in 1 of 1 networks",
    );
  });

  it("name the time of one inference and of several", async () => {
    const { times } = await usual;
    const titles = ["xaxis", "xaxis2"].map((axis) => JSON.stringify(Object(times.layout)[axis].title));
    assert.match(titles[0], /time of 2 inferences/);
    assert.match(titles[1], /time of an inference/);
  });

  it("draw no bin narrower than the clock's tick, and every time but the slowest", () => {
    // a clock of 10.4 ns; class 0 takes 7 to 11 ticks, class 1 two more
    const ticks = Array.from({ length: 2000 }, (_, i) => 7 + (i % 5) + 2 * (i % 2));
    const nanoseconds = ticks.map((count) => 10.4 * count);
    const [first, second] = traces(
      timesFigure([{ classes: ticks.map((_, i) => i % 2), nanoseconds, batch: 1 }]),
    );
    assert.deepEqual(first.y.slice(0, 5), [20, 20, 20, 20, 20]);
    assert.deepEqual(second.y.slice(0, 2), [0, 0]);
    const sum = (values: readonly unknown[]): number => (values as number[]).reduce((a, b) => a + b, 0);
    assert.ok(sum(first.y) + sum(second.y) >= 190);
    const fine = Array.from({ length: 5000 }, (_, i) => 1000 + 0.37 * i);
    const [drawn] = traces(timesFigure([{ classes: fine.map(() => 0), nanoseconds: fine, batch: 1 }]));
    assert.ok(drawn.y.length >= 58 && drawn.y.length <= 62, `${drawn.y.length}`);
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
  });
});

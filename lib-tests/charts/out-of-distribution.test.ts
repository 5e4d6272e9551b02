import assert from "node:assert/strict";
import {
  defenceMapsFigure,
  defencesFigure,
  pointLogitsFigure,
  refusalFigure,
  reliabilityFigure,
} from "../../src/charts/detector.js";
import type { Figure } from "../../src/charts/figure.js";
import { kinksFigure } from "../../src/charts/kinks.js";
import { certaintyFigure, doubtFigure } from "../../src/charts/rays.js";
import { sharesFigure } from "../../src/charts/shares.js";
import { CLASSES } from "../../src/charts/style.js";
import { voidFigure } from "../../src/charts/void.js";
import { relu } from "../../src/core/network/activations.js";
import { log10Doubt } from "../../src/experiments/out-of-distribution/confidence.js";
import {
  defenceMaps,
  measureDefences,
  summariseDefences,
  trainDefences,
} from "../../src/experiments/out-of-distribution/defences.js";
import { kinksPicture, rayProfile } from "../../src/experiments/out-of-distribution/kinks.js";
import {
  logitsOnPlane,
  measureVoid,
  RADII,
  type VoidResult,
  voidArea,
} from "../../src/experiments/out-of-distribution/out-of-distribution.js";
import type { OutOfDistributionParameters } from "../../src/experiments/out-of-distribution/parameters.js";
import { logitAt, raysAround } from "../../src/experiments/out-of-distribution/rays.js";
import { wilsonInterval } from "../../src/experiments/statistics.js";
import { runTask } from "../../src/experiments/task.js";
import { smallTask } from "../experiments/small-task.js";
import { denseOf } from "../support/networks.js";
import { assertSound, type Trace, traces } from "./sound.js";

const parameters: OutOfDistributionParameters = {
  ...smallTask,
  trainPoints: 40,
  testPoints: 40,
  epochs: 10,
  point: [4, 4],
  annulus: [4, 8],
  members: 2,
  neighbours: 3,
  sweepSeeds: 2,
  firstSeed: 1,
};

function figuresOf(change: Partial<OutOfDistributionParameters>): Record<string, Figure> {
  const changed = { ...parameters, ...change };
  const { data, training } = runTask(changed);
  const { network } = training;
  const area = voidArea(changed.point);
  const profiles = raysAround(8).map((ray) => rayProfile(network, ray, [0, 2, 4]));
  const result = measureVoid({ ...changed, sweepSeeds: 2, firstSeed: 1 });
  const { summaries } = summariseDefences([
    measureDefences(changed),
    measureDefences({ ...changed, seed: 2 }),
  ]);
  const maps = defenceMaps(trainDefences(changed), area, 6);
  const claimed = { place: changed.point, logit: result.pointLogit };
  return {
    void: voidFigure(logitsOnPlane(network, area, 8), data.train, claimed, "a title"),
    kinks: kinksFigure(area, kinksPicture(network, area, 8), data.train),
    doubt: doubtFigure(profiles),
    certainty: certaintyFigure([result, result], changed.point),
    points: pointLogitsFigure([result], changed.point),
    reliability: reliabilityFigure([{ name: "test points", bins: result.inside }]),
    shares: sharesFigure(
      [{ name: "certain", rows: [{ name: "as above", share: wilsonInterval(1, 2) }] }],
      "certain",
      { share: 0.5, name: "a coin" },
    ),
    defences: defencesFigure(summaries),
    maps: defenceMapsFigure(maps, data.train),
    refusal: refusalFigure(maps, data.train),
  };
}

describe("charts out of distribution", () => {
  const changes: Record<string, Partial<OutOfDistributionParameters>> = {
    "2-10-1": {},
    "no hidden layer": { hiddenLayers: [] },
    "three hidden layers": { hiddenLayers: [30, 3, 1] },
    "tanh neurons": { activation: "tanh" },
    "a training that diverges": { learningRate: 1e300 },
    "a point inside": { point: [0, 1] },
  };
  const all = new Map(Object.entries(changes).map(([name, change]) => [name, figuresOf(change)]));
  const figures = (name: string): Record<string, Figure> => all.get(name) ?? assert.fail(name);

  for (const name of Object.keys(changes)) {
    it(`of ${name} are plain data, with a caption and a description`, () => {
      for (const [which, figure] of Object.entries(figures(name))) {
        assertSound(figure, which, "diverged and is not drawn");
        if (name !== "a training that diverges")
          assert.doesNotMatch(figure.alt + figure.caption, /NaN/, which);
      }
    });
  }

  it("say in words how sure the network is at the point", () => {
    const { network } = runTask(parameters).training;
    const logit = logitAt(network, [4, 4]);
    const star = traces(figures("2-10-1").void).find(({ name }) => name?.startsWith("(4, 4)"));
    assert.match(star?.name ?? "", logit > 0 ? / Blue/ : / Red/);
    const grid = {
      x: [0, 1],
      y: [0, 1],
      values: [
        [1, 1],
        [1, 1],
      ],
    };
    const { data } = runTask(parameters);
    const nameOf = (at: number): string =>
      traces(voidFigure(grid, data.train, { place: [4, 4], logit: at }, "")).at(-1)?.name ?? "";
    assert.match(nameOf(-100), /certain of Red \(1 − confidence: 10⁻⁴³\)$/);
    assert.match(nameOf(1), /in doubt \(73\.1% for Blue\)$/);
    assert.match(nameOf(Number.NaN), /not a number/);
  });

  it("colour each ray by the class that it ends in", () => {
    const rays = raysAround(8).map((ray) => rayProfile(runTask(parameters).training.network, ray, [0, 2, 4]));
    traces(figures("2-10-1").doubt).forEach(({ line, y }, i) => {
      assert.equal(line?.color, CLASSES[rays[i].logits[2] > 0 ? 1 : 0].color);
      assert.ok(Math.abs((y[2] ?? 0) - log10Doubt(rays[i].logits[2])) < 0.006);
    });
  });

  it("shade each region by the slope of its logit, or draw the curves alone", () => {
    const { kinks } = figures("2-10-1");
    assert.match(kinks.caption, /of the plane's 56 regions/);
    const { network } = runTask(parameters).training;
    const picture = kinksPicture(network, voidArea([4, 4]), 8);
    assert.ok(picture.isExact);
    const shaded = traces(kinks).filter(({ fill }) => fill === "toself");
    const outlines = shaded.flatMap(({ x }) => x.filter((value) => value === null));
    assert.equal(outlines.length, picture.regions.length);
    assert.match(kinks.alt, new RegExp(`into ${picture.regions.length} regions`));
    assert.match(figures("tanh neurons").kinks.caption, /not made of straight pieces/);
    assert.match(
      figures("three hidden layers").kinks.caption,
      /the first 24 neurons of a wide layer are drawn/,
    );
  });

  it("show the directions in which the logit has a bound", () => {
    const layers = [
      denseOf(
        [
          [1, 0],
          [0, 1],
        ],
        [0, 0],
      ),
      relu,
      denseOf([[2], [-3]], [1]),
    ];
    const area = voidArea([4, 4]);
    const { data } = runTask(parameters);
    const figure = kinksFigure(area, kinksPicture({ layers }, area, 8), data.train);
    const arc = traces(figure).find(({ name }) => name?.includes("bound")) ?? assert.fail("no arc");
    // to the south-west of the middle, where both are off
    for (const [axis, middle] of [
      ["x", 0.5],
      ["y", 0.25],
    ] as const) {
      assert.ok(arc[axis].every((value) => value === null || value <= middle + 1e-3));
    }
    assert.match(figure.caption, /has a bound/);
    assert.doesNotMatch(figures("2-10-1").kinks.caption, /bound/);
  });

  it("show where the defences refuse that can, and how much", () => {
    const { refusal } = figures("2-10-1");
    assert.match(refusal.alt, /disagreement, \d+%; .*logits, \d+%; distance to the data, \d+%/);
  });

  it("leave out, and count, the seeds that diverged", () => {
    const { points, kinks } = figures("a training that diverges");
    assert.match(kinks.caption, /diverged/);
    assert.match(points.caption, /1 seed diverged and is not drawn/);
    assert.deepEqual(
      traces(points).map(({ x }) => x.length),
      [0, 0],
    );
  });

  it("show each class in its own colour and symbol at the point", () => {
    const { data } = pointLogitsFigure(
      [
        { seed: 1, pointLogit: -9 },
        { seed: 2, pointLogit: 9 },
      ],
      [4, 4],
    );
    (data as unknown as Trace[]).forEach(({ x, marker }, label) => {
      assert.deepEqual(x, [label === 0 ? -9 : 9]);
      assert.deepEqual([marker?.color, marker?.symbol], [CLASSES[label].color, CLASSES[label].symbol]);
    });
  });

  it("draw the values themselves where they are too few for an interval", () => {
    const result = (seed: number): Pick<VoidResult, "isExact" | "certain" | "certainTowardsPoint"> => ({
      isExact: true,
      certainTowardsPoint: RADII.map(() => true),
      certain: RADII.map(() => seed / 10),
    });
    const few = traces(certaintyFigure([result(1), result(2)], [4, 4]));
    assert.deepEqual([few[0].y[0], few[1].y.slice(0, 4)], [15, [10, 20, 10, 20]]);
    assert.equal(few[1].mode, "markers");
    assert.ok(few.every(({ error_y }) => error_y?.array.every((length) => length === 0) ?? true));
    const many = traces(certaintyFigure([1, 2, 3, 4, 5].map(result), [4, 4]));
    assert.equal(many[0].y[0], 30);
    assert.ok(
      many[1].error_y?.array.some((length) => length > 0) || many[1].y.every((share) => share === 100),
    );

    const defences = [1, 2].map((seed) => measureDefences({ ...parameters, seed }));
    const [fewMarks] = traces(defencesFigure(summariseDefences(defences).summaries));
    assert.deepEqual(
      fewMarks.x.slice(0, 2),
      defences.map((result) => Math.round(1e4 * result.defences[0].auroc.annulus) / 1e4),
    );
    const five = summariseDefences([...defences, ...defences, defences[0]]).summaries;
    const [marks] = traces(defencesFigure(five));
    assert.equal(marks.x.length, five.length);
    assert.ok(marks.error_x?.array.every((end) => end >= 0));
  });
});

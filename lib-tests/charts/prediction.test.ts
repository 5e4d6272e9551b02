/** What a reader is asked before a chart, and what is said of the guess: from what was measured, whatever that is. */
import assert from "node:assert/strict";
import { trainingFigure } from "../../src/charts/curves.js";
import { pointLogitsFigure } from "../../src/charts/detector.js";
import { numberText, outcomeText, withGuess } from "../../src/charts/guess.js";
import { damageFigure } from "../../src/charts/poison-seeds.js";
import type { Guess, LinePrediction, SharePrediction } from "../../src/charts/prediction.js";
import {
  bluePrediction,
  countPrediction,
  distancePrediction,
  flushedPrediction,
  lossPrediction,
  orderPrediction,
} from "../../src/charts/predictions.js";
import type { WatchedRun } from "../../src/experiments/half-precision/half-precision.js";
import type { PoisoningParameters, PoisoningResult } from "../../src/experiments/poisoning/poisoning.js";
import { runTask } from "../../src/experiments/task.js";
import { smallTask } from "../experiments/small-task.js";

describe("what a reader is asked to predict", () => {
  it("01: the test loss of the very training, however long", () => {
    for (const epochs of [7, 30]) {
      const { history } = runTask({ ...smallTask, epochs }).training;
      const asked = lossPrediction(history) as LinePrediction;
      const losses = history.map(({ test }) => Number(test?.loss.toPrecision(4)));
      assert.deepEqual(asked.truth.y, losses);
      assert.match(asked.question, new RegExp(`is ${numberText(losses[0])} nats.* over ${epochs} epochs`));
      const { layout, data } = trainingFigure(history);
      const drawn = data.find(({ name, xaxis }: { name?: string; xaxis?: string }) =>
        Boolean(name === "test points" && !xaxis),
      ) as { y: number[] };
      assert.deepEqual(drawn.y, losses);
      assert.equal(layout.yaxis?.type, "log");
      assert.match(
        outcomeText(asked),
        new RegExp(`^After epoch ${epochs} it is ${numberText(losses[epochs])} nats`),
      );
    }
  });

  it("01: nothing where there is no course to draw", () => {
    assert.equal(lossPrediction(runTask({ ...smallTask, epochs: 0 }).training.history), undefined);
    const lost = [0, 1, 2].map((epoch) => ({
      epoch,
      train: { loss: Number.NaN, accuracy: 0 },
      test: { loss: Number.NaN, accuracy: 0 },
    }));
    assert.equal(lossPrediction(lost), undefined);
  });

  it("02: how many networks call the point Blue", () => {
    const results = [-3, -1, 2, 4, Number.NaN, 7].map((pointLogit, i) => ({ seed: i, pointLogit }));
    const asked = bluePrediction(results, [5, -6]) as SharePrediction;
    assert.equal(asked.truth, 60);
    assert.match(asked.question, /^5 networks, .* about the point \(5, -6\)\. /);
    assert.match(outcomeText(asked), /^Measured: 60% of the networks, 3 of 5\.$/);
    // beyond the line lies the share that was guessed
    const figure = pointLogitsFigure(results, [5, -6]);
    for (const [value, at] of [
      [20, 5.5],
      [60, 0.5],
      [80, -2],
    ]) {
      const [drawn] = withGuess(figure, asked, { kind: "share", value }).data.slice(-1) as { x: number[] }[];
      assert.deepEqual(drawn.x, [at, at]);
    }
    assert.equal(bluePrediction([{ pointLogit: Number.NaN }], [5, -6]), undefined);
  });

  const plane = (share: number) => ({ plane: share });
  const poisoned = [0.01, 0.05].map((share, i) => ({
    seed: i + 1,
    attacks: {
      cluster: { flipped: plane(2 * share), leftOut: plane(0) },
      random: { flipped: plane(0), leftOut: plane(0) },
    },
    controls: { "another order": plane(share), "other initial weights": plane(0.5) },
  })) as unknown as PoisoningResult[];
  const lies = { flips: 7, trainPoints: 100 } as PoisoningParameters;

  it("03: what another order does, beside the lies, in its own row", () => {
    const figure = damageFigure(poisoned, lies);
    const asked = orderPrediction(poisoned, lies, figure) as SharePrediction;
    assert.ok(Math.abs(asked.truth - 3) < 1e-12);
    assert.match(asked.question, /^7 lies in a cluster change 6% of the plane/);
    assert.match(
      outcomeText(asked, { kind: "share", value: 5.5 }),
      /You said 5.5%; measured: 3% .* 2 seeds. You were 2.5 points too high/,
    );
    const { row } = asked.place as { row: number };
    const { tickvals, ticktext } = figure.layout.yaxis as { tickvals: number[]; ticktext: string[] };
    assert.equal(ticktext[tickvals.indexOf(row)], "another order");
    const [drawn] = withGuess(figure, asked, { kind: "share", value: 5.5 }).data.slice(-1) as {
      x: number[];
    }[];
    assert.deepEqual(drawn.x, [5.5, 5.5]);
  });

  const timeline = (distance: number[]) =>
    ({ epochs: distance.map((_, i) => 10 * i), distance }) as unknown as Parameters<
      typeof distancePrediction
    >[0];

  it("04: the distance, and when it reaches what counts as parted", () => {
    const asked = distancePrediction(timeline([1e-14, 1e-12, 1e-3, 1e-1, 5])) as LinePrediction;
    assert.match(asked.question, /are 10⁻¹⁴ apart at the start\. .*over 40 epochs; from 0\.01 on/);
    const guess = { kind: "line" as const, x: [0, 40], y: [1e-14, 1e-6] };
    assert.equal(
      outcomeText(asked, guess),
      "For epoch 40 you drew 10⁻⁶; measured: 5, 5 × 10⁶ times as much. When does it reach 0.01? The measured line at epoch 25, yours never does.",
    );
    assert.match(outcomeText(asked), /^After epoch 40 it is 5\. .*measured line at epoch 25\.$/);
  });

  it("04: nothing where the nudge was swallowed, and only finite distances", () => {
    assert.equal(distancePrediction(timeline([0, 0, 0])), undefined);
    const broken = distancePrediction(timeline([1e-9, 1e-3, Number.NaN, Number.NaN])) as LinePrediction;
    assert.deepEqual(broken.truth, { x: [0, 10], y: [1e-9, 1e-3] });
  });

  it("05: how much of the backward pass is flushed to 0 at the end", () => {
    const run = (...shares: number[]) =>
      ({
        views: shares.map((flushed, i) => ({ epoch: 10 * i, counters: { flushed } })),
      }) as unknown as WatchedRun;
    const asked = flushedPrediction(run(0.5, 0.0005, 0.25), "binary16") as SharePrediction;
    assert.equal(asked.truth, 25);
    assert.match(asked.question, /in float16 the gradients/);
    const said = (value: number) => outcomeText(asked, { kind: "share", value });
    assert.match(said(60), /35 points too high\.$/);
    assert.match(said(22.5), /2\.5 points too low\.$/);
    assert.match(said(25), /That is it, to a tenth of a point\.$/);
    const { data } = withGuess({ data: [], layout: {}, caption: "", alt: "" }, asked, {
      kind: "share",
      value: 60,
    });
    const { x, y, yaxis } = data[0] as { x: number[]; y: number[]; yaxis: string };
    assert.deepEqual([x, y, yaxis], [[0, 20], [60, 60], "y2"]);
    const small = flushedPrediction(run(0, 0.00056), "bfloat16") as SharePrediction;
    assert.match(outcomeText(small), /^Measured: 0\.056% of the results/);
    assert.equal(flushedPrediction(run(0, Number.NaN), "binary16"), undefined);
  });

  it("06: the class behind the commonest count", () => {
    const asked = countPrediction(
      [
        [1, 2, 2],
        [2, 3, 3, 2, 2],
      ],
      4,
    );
    assert.deepEqual(asked?.truth, [2, 3]);
    assert.match(String(asked?.question), /^At a test point 2 of the 4 hidden neurons fire/);
    assert(asked);
    const said = (label: 0 | 1) => outcomeText(asked, { kind: "class", label });
    assert.match(
      said(0),
      /^You said Red\. Of 5 test points .* 2 are Red and 3 are Blue\. .* right for 40% .* 60%\.$/,
    );
    assert.match(said(1), /^You said Blue\. .* right for 60% .* 40%\.$/);
    assert.equal(countPrediction([[], [1]], 4), undefined);
  });

  it("draws a guess into the chart and leaves what was measured as it was", () => {
    const { history } = runTask({ ...smallTask, epochs: 3 }).training;
    const figure = trainingFigure(history);
    const guess: Guess = { kind: "line", x: [0, 3], y: [0.5, 0.123456] };
    const { data } = withGuess(figure, lossPrediction(history) as LinePrediction, guess);
    assert.deepEqual(data.slice(0, -1), figure.data);
    const { x, y, name } = data[data.length - 1] as { x: number[]; y: number[]; name: string };
    assert.deepEqual([x, y, name], [[0, 3], [0.5, 0.123], "your guess"]);
  });

  it("writes numbers of any size with two digits", () => {
    const written = [0, 0.0327, 0.001, 13.4, 512, 99999, 3.14e-7, 1e-14, 1.3e15].map(numberText);
    assert.deepEqual(written, [
      "0",
      "0.033",
      "0.001",
      "13",
      "512",
      "100000",
      "3.1 × 10⁻⁷",
      "10⁻¹⁴",
      "1.3 × 10¹⁵",
    ]);
  });
});

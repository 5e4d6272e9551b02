import assert from "node:assert/strict";
import type { Figure } from "../../src/charts/figure.js";
import { poisonFigure, poisonGrowthFigure } from "../../src/charts/poison-map.js";
import { damageFigure, defendedFigure, excessFigure } from "../../src/charts/poison-seeds.js";
import { sensitivityFigure } from "../../src/charts/sensitivity.js";
import { type DefenceResult, measureDefence } from "../../src/experiments/poisoning/defences.js";
import {
  measurePoisoning,
  type PoisoningParameters,
  runPoisoning,
} from "../../src/experiments/poisoning/poisoning.js";
import { type Comparison, measureSensitivity } from "../../src/experiments/poisoning/sensitivity.js";
import { viewGrowth, viewPoisoning } from "../../src/experiments/poisoning/view.js";
import { byVariation } from "../../src/experiments/study.js";
import { smallTask } from "../experiments/small-task.js";
import { assertSound, traces } from "./sound.js";

const parameters: PoisoningParameters = {
  ...smallTask,
  trainPoints: 40,
  testPoints: 20,
  hiddenLayers: [5],
  epochs: 12,
  attack: "cluster",
  flips: 4,
  candidates: 2,
  targetLoss: 0.3,
  heldOutShare: 0.2,
  patience: 5,
  decay: 0.001,
  smoothing: 0.1,
  neighbours: 5,
  sweepSeeds: 2,
  firstSeed: 1,
};

function comparisons(own: PoisoningParameters): Comparison[] {
  return [1, 2].map((seed) => measureSensitivity({ ...own, seed, isComparedAtEnd: true }).end as Comparison);
}

function figuresOf(change: Partial<PoisoningParameters>): Record<string, Figure> {
  const own = { ...parameters, ...change };
  const task = runPoisoning(own);
  const view = viewPoisoning(task, 12);
  const results = [1, 2].map((seed) => measurePoisoning({ ...own, seed }));
  const defended = (seed: number): DefenceResult => measureDefence({ ...own, seed, defence: "weight decay" });
  const settings = [{ name: "5", comparisons: comparisons(own) }];
  return {
    map: poisonFigure(view, "a title"),
    growth: poisonGrowthFigure([
      { epoch: 0, view, changed: 0 },
      { epoch: 12, view, changed: 0.1 },
    ]),
    sensitivity: sensitivityFigure([{ name: "width", settings }]),
    damage: damageFigure(results, own),
    excess: excessFigure(results),
    defended: defendedFigure(byVariation(["weight decay"], [[defended(1)], [defended(2)]])),
  };
}

describe("charts of poisoning", () => {
  const changes: Record<string, Partial<PoisoningParameters>> = {
    "a cluster": {},
    "no flip": { flips: 0 },
    "as many flips as a class has points": { flips: 20 },
    "no hidden layer": { hiddenLayers: [] },
    "no epoch": { epochs: 0 },
    "two points": { trainPoints: 2, flips: 1 },
    "a training that diverges": { learningRate: 1e300 },
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`of ${name} are plain numbers, with a caption and a description`, () => {
      for (const [which, figure] of Object.entries(figuresOf(change))) {
        assertSound(figure, which);
        const isMap = ["map", "growth"].includes(which);
        // a network that has diverged has no probability to draw; whatever is counted is a number
        if (!isMap || name !== "a training that diverges") {
          for (const { x, y } of traces(figure)) {
            assert.ok(
              [...x, ...y].every((value) => value === null || Number.isFinite(value)),
              which,
            );
          }
        }
      }
    });
  }

  const { map, growth, damage, excess } = figuresOf({});

  it("ring every lie once, learnt or not", () => {
    const ringed = traces(map).filter(({ name }) => name?.startsWith("lie, "));
    assert.deepEqual(
      ringed.map(({ name }) => name),
      ["lie, learnt", "lie, not learnt"],
    );
    assert.equal(ringed.flatMap(({ x }) => x.filter((value) => value !== null)).length, 4);
  });

  it("shade the plane where the two networks disagree, and nowhere else", () => {
    const task = runPoisoning(parameters);
    const view = viewPoisoning(task, 12);
    const shaded = traces(poisonFigure(view, "a title"))[1].z as number[][];
    view.clean.values.forEach((row, i) => {
      row.forEach((p, j) => {
        const q = view.poisoned.values[i][j];
        if (Math.abs(p - 0.5) < 0.02 || Math.abs(q - 0.5) < 0.02) return; // on the line, but for rounding
        assert.equal(shaded[i][j] > 0, p > 0.5 !== q > 0.5);
      });
    });
  });

  it("count a single lie, and a single stage, as one", () => {
    assert.match(figuresOf({ flips: 1 }).map.alt, / after 1 flipped label, /);
    assert.match(map.alt, / after 4 flipped labels, /);
    assert.match(
      poisonGrowthFigure(viewGrowth(runPoisoning(parameters, "cluster", [0]), 12)).alt,
      / 1 stage of the training/,
    );
  });

  it("animate over the epochs and start at the end", () => {
    assert.deepEqual(
      growth.frames?.map(({ name }) => name),
      ["0", "12"],
    );
    assert.deepEqual(
      growth.layout.sliders?.map(({ active }) => active),
      [1],
    );
  });

  it("take what leaving the points out does off to show the poison's own part", () => {
    const own = [...comparisons(parameters), ...comparisons({ ...parameters, noise: 0.3 })];
    const many = [...own, ...own];
    const data = traces(sensitivityFigure([{ name: "width", settings: [{ name: "5", comparisons: many }] }]));
    assert.equal(data.length, 6);
    const [flipped, leftOut, , , , excess] = data;
    assert.ok(Math.abs(Number(flipped.y[0]) - Number(leftOut.y[0]) - Number(excess.y[0])) < 0.02);
  });

  it("show of fewer than five seeds the seeds, and no bar", () => {
    for (const [seeds, perArm] of [
      [4, 2],
      [5, 1],
    ]) {
      const own = new Array(seeds).fill(comparisons(parameters)[0]);
      const figure = sensitivityFigure([{ name: "width", settings: [{ name: "5", comparisons: own }] }]);
      const data = traces(figure);
      assert.equal(data.length, 6 * perArm);
      if (perArm === 2) assert.equal(data[1].y.length, 4);
      assert.equal(/Small rings/.test(figure.caption), perArm === 2);
      assert.equal(/95% intervals/.test(figure.caption), perArm === 1);
      assert.doesNotMatch(JSON.stringify([figure.data, figure.alt, figure.caption]), /NaN|null/);
    }
  });

  it("say where there is no seed to compare", () => {
    const figure = sensitivityFigure([{ name: "depth", settings: [{ name: "1", comparisons: [] }] }]);
    assert.match(JSON.stringify(figure.layout.annotations), /no seed to compare/);
  });

  it("draw a mark a seed for the lies, the points left out and the harmless changes", () => {
    const results = [1, 2].map((seed) => measurePoisoning({ ...parameters, seed }));
    const values = (figure: Figure): number[][] => traces(figure).map(({ x }) => x.map(Number));
    assert.equal(values(damage).length, 7);
    assert.equal(values(excess).length, 8);
    const close = (drawn: number[], expected: number[]): void => {
      for (const [i, value] of drawn.entries()) assert.ok(Math.abs(value - 100 * expected[i]) < 1e-3);
    };
    close(
      values(damage)[1],
      results.map(({ attacks }) => attacks.cluster.leftOut.plane),
    );
    close(
      values(excess)[4],
      results.map(({ attacks: { random } }) => random.flipped.plane - random.leftOut.plane),
    );
    assert.match(JSON.stringify(damage.layout.shapes), /"x0":10,/); // 4 labels of 40
  });
});

import assert from "node:assert/strict";
import type { BatchSize } from "../../../src/core/network/train-options.js";
import {
  calmUpTo,
  MAPPED,
  type MapCell,
  mapCell,
  mapRows,
  onsetOf,
} from "../../../src/experiments/butterfly-effect/chaos-map.js";
import { mapText } from "../../../src/experiments/butterfly-effect/sentences.js";
import {
  measureStability,
  type StabilityResult,
} from "../../../src/experiments/butterfly-effect/stability.js";
import { studies } from "../../../src/experiments/butterfly-effect/studies.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { doStudy } from "../../../src/experiments/study.js";
import { parameters } from "./small-parameters.js";

const quiet: StabilityResult = { exponent: 0.05, isParted: false, testAccuracy: 0.98, sharpness: 0.5 };
const wild: StabilityResult = { ...quiet, isParted: true };
const dull: StabilityResult = { ...quiet, testAccuracy: 0.5 };

const place = (depth: number, batchSize: BatchSize, learningRate: number) => ({
  hiddenLayers: new Array<number>(depth).fill(10),
  batchSize,
  learningRate,
});
/** A row with the given results at each learning rate. */
const row = (depth: number, batchSize: BatchSize, ...results: StabilityResult[][]): MapCell[] =>
  results.map((own, i) => mapCell(place(depth, batchSize, 2 ** i), own));

describe("butterfly: the map of depths, batch sizes and learning rates", () => {
  it("takes each place with the same seeds", async () => {
    const small = { ...parameters, trainPoints: 8, epochs: 1, nudge: 0.1, nudgedParameter: 40 };
    const cells = await doStudy(studies.map, { ...small, sweepSeeds: 36 }, plainLoop());
    assert.equal(cells.length, MAPPED.length);
    for (const i of [0, 17, MAPPED.length - 1]) {
      const results = [1, 2].map((seed) => measureStability({ ...small, ...MAPPED[i], seed }));
      assert.deepEqual(cells[i], mapCell(MAPPED[i], results));
    }
    assert.deepEqual(
      mapRows(cells).map(({ batchSize, hiddenLayers }) => `${batchSize} ${hiddenLayers.length}`),
      [1, 8, "full"].flatMap((size) => [1, 2, 3, 4].map((depth) => `${size} ${depth}`)),
    );
    // a parameter that the smallest network does not have is no reason to fail
    const [{ nudgedParameter }] = studies.map.points(
      { ...small, hiddenLayers: [64], nudgedParameter: 200 },
      1,
    );
    assert.equal(nudgedParameter, 40);
  });

  it("finds the largest rate at which no seed parts, while most learn", () => {
    const upTo = (...results: StabilityResult[][]): number | null =>
      calmUpTo(mapRows(row(1, 1, ...results))[0]);
    assert.equal(upTo([quiet, quiet], [quiet, quiet], [quiet, wild]), 2);
    assert.equal(upTo([quiet, quiet], [quiet, wild], [quiet, quiet]), 1, "nor at any smaller one");
    assert.equal(
      upTo([quiet, quiet], [dull, dull], [dull, dull]),
      1,
      "to stay together without learning is nothing",
    );
    assert.equal(upTo([quiet, wild]), null);
    assert.equal(upTo([dull, dull]), null);
    assert.equal(upTo([quiet], [quiet]), 2);
  });

  it("knows where each seed begins to part", () => {
    const [own] = mapRows(row(1, 1, [quiet, quiet, wild], [wild, quiet, quiet]));
    assert.deepEqual(
      [0, 1, 2].map((seed) => onsetOf(own, seed)),
      [2, Number.POSITIVE_INFINITY, 1],
    );
  });

  it("counts who learns, who parts and who does both", () => {
    const edge = { ...wild, testAccuracy: 0.95 };
    const [{ n, parted, learnt, both }] = row(1, 1, [edge, { ...wild, testAccuracy: 0.9 }, quiet]);
    assert.deepEqual([n, parted.count, learnt.count, both.count], [3, 2, 2, 1]);
  });

  it("leaves out what is no number, and says so", () => {
    const broken = { ...dull, exponent: Number.NaN, sharpness: Number.NaN };
    const cells = [
      ...row(1, 1, [quiet, quiet], [wild, quiet]),
      ...row(2, 1, [wild, wild], [broken, broken]),
      ...row(1, "full", [quiet, quiet], [wild, { ...wild, sharpness: 1.5 }]),
    ];
    assert.deepEqual(
      [cells[0].exponent?.mean, cells[3].exponent, cells[3].sharpness, cells[5].sharpness],
      [0.05, null, Number.NaN, 1],
    );
    const text = mapText(cells);
    assert.match(
      text,
      /^The .* most of 2 seeds learn, .*: single samples, 1 with 1 hidden layer, none on the map with 2; full batch, 1 with 1 hidden layer\. .* η\/2 at the end is 1\.00 with 1 hidden layer\./,
    );
    assert.match(text, /2 of 12 trainings have no exponent .* 2 of 12 trainings have no sharpness/);
    assert.doesNotMatch(mapText(row(1, 1, [quiet])), /left out|sharpness/);
    assert.doesNotMatch(mapText(row(1, "full", [{ ...wild, sharpness: Number.NaN }])), /NaN|η\/2/);
  });
});

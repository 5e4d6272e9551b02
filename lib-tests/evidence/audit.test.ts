import assert from "node:assert/strict";
import { audit, drawnPlaces, fixedPlaces } from "../../src/evidence/audit.js";
import type { Row } from "../../src/evidence/file.js";
import { plainLoop } from "../../src/experiments/runner.js";

const parameters = { seed: 1, firstSeed: 10, sweepSeeds: 2, scale: 3 };
const study = {
  points: ({ scale }: typeof parameters, seed: number) => [
    { seed, by: scale },
    { seed, by: 0 },
  ],
  measure: ({ seed, by }: { seed: number; by: number }) => ({ value: seed / by, sign: by * -1 }),
};
const rows: Row[] = Array.from({ length: 5 }, (_, i) => ({
  seed: 10 + i,
  results: study.points(parameters, 10 + i).map(study.measure),
}));

describe("an audit", () => {
  it("has fixed places: the first seed, and the one in the middle", () => {
    assert.deepEqual(fixedPlaces(rows), [
      { seed: 10, point: 0 },
      { seed: 12, point: 0 },
    ]);
    assert.deepEqual(fixedPlaces(rows.slice(0, 1)), [{ seed: 10, point: 0 }]);
    assert.deepEqual(fixedPlaces([]), []);
  });

  it("draws others from all points, none of them twice", () => {
    const fixed = fixedPlaces(rows);
    assert.deepEqual(
      drawnPlaces(rows, 2, () => 0, fixed),
      [
        { seed: 11, point: 0 },
        { seed: 13, point: 0 },
      ],
    );
    assert.deepEqual(
      drawnPlaces(rows, 1, () => 1 - 2 ** -53),
      [{ seed: 14, point: 1 }],
    );
    const all = drawnPlaces(rows, 100, Math.random, fixed);
    assert.equal(new Set(all.map(({ seed, point }) => `${seed} ${point}`)).size, 8);
  });

  it("finds the same to the bit", async () => {
    const places = drawnPlaces(rows, 10, Math.random);
    assert.deepEqual(await audit(study, parameters, rows, places, plainLoop()), { places, differences: [] });
  });

  it("finds what differs, in one bit or in the sign of zero, and where", async () => {
    const changed = rows.map((row) => ({ ...row, results: [...row.results] }));
    changed[1].results[0] = { value: 11 / 3 + 2 ** -51, sign: -3 };
    changed[4].results[1] = { value: 14 / 0, sign: 0 };
    const places = drawnPlaces(rows, 10, () => 0);
    const { differences } = await audit(study, parameters, changed, places, plainLoop());
    assert.deepEqual(differences, [
      { seed: 11, point: 0 },
      { seed: 14, point: 1 },
    ]);
  });
});

import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { type Dataset, moonsSplit } from "../../../src/core/moons.js";
import {
  type Attack,
  attackedPoints,
  checkFlips,
  flipLabels,
  switchPoints,
} from "../../../src/experiments/poisoning/attacks.js";
import { holdOut } from "../../../src/experiments/poisoning/held-out.js";
import { outvoted } from "../../../src/experiments/poisoning/label-cleaning.js";

const { train } = moonsSplit({ trainPoints: 60, testPoints: 2, noise: 0.15, seed: 1 });
const truth = train.labels.to1DArray();

/** Points on a line, each with its class. */
function line(places: readonly number[], labels: readonly number[]): Dataset {
  return {
    points: new Matrix(places.map((x) => [x, 0])),
    labels: new Matrix(labels.map((label) => [label])),
  };
}

describe("attacks", () => {
  it("changed by hand: what was a lie is true again, what was true is a lie", () => {
    assert.deepEqual(switchPoints([5, 2, 9], []), [5, 2, 9]);
    assert.deepEqual(switchPoints([5, 2, 9], [2, 7, 7]), [5, 9, 7]);
    assert.deepEqual(switchPoints([], [3]), [3]);
  });

  for (const attack of ["random", "cluster", "deepest"] as Attack[]) {
    it(`${attack}: flips exactly as many labels as it says, and moves no point`, () => {
      for (const flips of [0, 1, 5, 30]) {
        const attacked = attackedPoints(train, { attack, flips, seed: 1 });
        assert.equal(new Set(attacked).size, flips);
        const lies = flipLabels(train, attacked);
        const changed = lies.labels.to1DArray().flatMap((label, i) => (label === truth[i] ? [] : [i]));
        assert.deepEqual(
          changed,
          [...attacked].sort((a, b) => a - b),
        );
        assert.deepEqual(lies.points.to2DArray(), train.points.to2DArray());
        assert.deepEqual(train.labels.to1DArray(), truth); // the data themselves are left alone
      }
    });

    it(`${attack}: the lies of a lower rate are among those of a higher one`, () => {
      const [few, more] = [3, 9].map((flips) => attackedPoints(train, { attack, flips, seed: 4 }));
      assert.deepEqual(more.slice(0, 3), few);
    });
  }

  it("random and cluster depend on the seed, and a cluster on which of several it is", () => {
    const pick = (attack: Attack, seed: number, candidate = 0): string =>
      String(attackedPoints(train, { attack, flips: 5, seed, candidate }));
    assert.notEqual(pick("random", 1), pick("random", 2));
    assert.notEqual(pick("cluster", 1), pick("cluster", 2));
    assert.notEqual(pick("cluster", 1, 0), pick("cluster", 1, 1));
    assert.equal(pick("cluster", 1, 0), pick("cluster", 1, 60)); // there are no more centres than points
  });

  it("a cluster is a point of a class and those of the class that are nearest", () => {
    const data = line([0, 1, 2, 10, 11, 0.5, 1.5, 9], [0, 0, 0, 0, 1, 1, 1, 1]);
    for (let seed = 0; seed < 20; seed++) {
      const [centre, ...others] = attackedPoints(data, { attack: "cluster", flips: 3, seed });
      const place = (i: number): number => data.points.get(i, 0);
      const kin = [0, 1, 2, 3, 4, 5, 6, 7].filter(
        (i) => i !== centre && data.labels.get(i, 0) === data.labels.get(centre, 0),
      );
      const distance = (i: number): number => Math.abs(place(i) - place(centre));
      assert.deepEqual(others, kin.sort((a, b) => distance(a) - distance(b) || a - b).slice(0, 2));
    }
  });

  it("the deepest points are those farthest from the other class", () => {
    // class 0 at 0 to 3, class 1 at 4 to 7: deepest first is from the outer end
    const data = line([0, 1, 2, 3, 4, 5, 6, 7], [0, 0, 0, 0, 1, 1, 1, 1]);
    const seen = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      seen.add(String(attackedPoints(data, { attack: "deepest", flips: 2, seed })));
    }
    assert.deepEqual([...seen].sort(), ["0,1", "7,6"]);
  });

  it("refuses more flips than a class has points", () => {
    checkFlips(30, 61);
    assert.throws(() => checkFlips(31, 61), {
      name: "RangeError",
      message:
        "flips must be a whole number from 0 to 30, the points of the smaller class of 61 points, got 31",
    });
  });
});

describe("cleaning labels", () => {
  it("restores a lone lie and harms nobody", () => {
    const data = line([0, 1, 2, 3, 4, 20, 21, 22, 23, 24], [0, 0, 1, 0, 0, 1, 1, 1, 1, 1]);
    assert.deepEqual(outvoted(data, 3), [2]);
  });

  it("believes lies that stand together, and harms a truth among them", () => {
    assert.deepEqual(outvoted(line([0, 1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 0, 0]), 2), [2]);
  });

  it("leaves a tie alone, and takes all other points where there are fewer than asked for", () => {
    assert.deepEqual(outvoted(line([0, 1, 2], [0, 1, 0]), 2), [1]);
    assert.deepEqual(outvoted(line([0, 1, 2], [0, 1, 1]), 99), [0]);
    assert.deepEqual(outvoted(line([0, 1, 2, 3], [0, 0, 1, 1]), 2), []);
  });
});

describe("holding out", () => {
  it("puts every point in one of two parts, in the order of the data", () => {
    const data = line([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    const { train: kept, heldOut } = holdOut(data, 0.3, 1);
    const [a, b] = [kept, heldOut].map(({ points }) => points.getColumn(0));
    assert.equal(b.length, 3);
    assert.deepEqual([...a, ...b].sort(), data.points.getColumn(0));
    for (const part of [a, b])
      assert.deepEqual(
        part,
        [...part].sort((p, q) => p - q),
      );
    assert.deepEqual(
      heldOut.labels.getColumn(0),
      b.map((x) => (x < 5 ? 0 : 1)),
    );
    assert.notDeepEqual(holdOut(data, 0.3, 2).heldOut.points.getColumn(0), b);
  });

  it("leaves neither part empty", () => {
    const two = line([0, 1], [0, 1]);
    for (const share of [0.01, 0.99]) {
      const { train: kept, heldOut } = holdOut(two, share, 1);
      assert.deepEqual([kept.labels.rows, heldOut.labels.rows], [1, 1]);
    }
  });
});

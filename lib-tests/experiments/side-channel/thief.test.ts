import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { relu } from "../../../src/core/network/activations.js";
import { dense } from "../../../src/core/network/dense.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { logitsOf } from "../../../src/core/network/logits.js";
import type { Network } from "../../../src/core/network/network.js";
import { randomStream } from "../../../src/core/random.js";
import { planePoints } from "../../../src/experiments/plane.js";
import { countReader, steadied } from "../../../src/experiments/side-channel/channels.js";
import { copyOf } from "../../../src/experiments/side-channel/copy.js";
import type { Point } from "../../../src/experiments/side-channel/line.js";
import { crosses, errorsOf, trueLines } from "../../../src/experiments/side-channel/line-errors.js";
import { type Loot, steal, stolenFrom } from "../../../src/experiments/side-channel/thief.js";

const BOX = { x: [-5, 5], y: [-5, 5] } as const;

/** A hidden neuron: relu(w·x + b), and its weight into the output. */
type Neuron = readonly [w0: number, w1: number, b: number, vote: number];

function networkOf(neurons: readonly Neuron[], bias = 0): Network {
  const column = (k: number) => neurons.map((neuron) => neuron[k]);
  return {
    layers: [
      dense(new Matrix([column(0), column(1)]), new Matrix([column(2)])),
      relu,
      dense(Matrix.columnVector(column(3)), new Matrix([[bias]])),
    ],
  };
}

const GENERAL: Neuron[] = [
  [1, 0.5, -1, 1],
  [-0.5, 1, 0.3, -2],
  [2, -3, 1, 0.7],
  [-1, -1, 2, 1.5],
  [0.1, 0.7, 0.9, -0.4],
];

const robbed = (network: Network, options: object = {}): Loot =>
  stolenFrom({ read: countReader(network), box: BOX, seed: 1, ...options });

/** That the stolen lines are those of the neurons that pass through the box, to 1e-6, and no others. */
function assertRecovered(network: Network, loot: Loot): void {
  const lines = trueLines(network).filter((line) => crosses(line, BOX));
  assert.equal(loot.lines.length, lines.length);
  for (const { angle, offset } of errorsOf(loot.lines, lines)) {
    assert(angle <= 1e-6 && offset <= 1e-6, `angle ${angle}, offset ${offset}`);
  }
  assert(loot.isExplained);
}

describe("a thief who counts", () => {
  it("recovers neurons in general position, up to their order and scale", () => {
    for (const seed of [1, 2, 3]) assertRecovered(networkOf(GENERAL), robbed(networkOf(GENERAL), { seed }));
  });

  it("does not depend on the scale of a neuron, nor on how many there are", () => {
    const scaled = GENERAL.map(([x, y, b, v], j): Neuron => [x * 10 ** j, y * 10 ** j, b * 10 ** j, v]);
    assert.deepEqual(robbed(networkOf(scaled)), robbed(networkOf(GENERAL)));
    assertRecovered(networkOf(GENERAL.slice(0, 1)), robbed(networkOf(GENERAL.slice(0, 1))));
  });

  it("tells lines apart that are nearly parallel, and nearly the same", () => {
    for (const gap of [1e-2, 1e-4, 1e-6]) {
      const near = networkOf([...GENERAL, [1, 0.5 + gap, -1 - gap, 1], [1, 0.5 - gap, -1, 1]]);
      assertRecovered(near, robbed(near));
    }
  });

  it("finds two neurons on one line that fire on the same side", () => {
    const twins = networkOf([...GENERAL, [2, 1, -2, 1]]);
    assertRecovered(twins, robbed(twins));
  });

  it("cannot see two neurons on one line that fire on opposite sides: one of them always fires", () => {
    const loot = robbed(networkOf([...GENERAL, [1, -1, 0.5, 1], [-2, 2, -1, 1]]));
    assertRecovered(networkOf(GENERAL), loot);
    assert.equal(loot.always, 1);
  });

  it("parts crossings that lie as near as a billionth", () => {
    // all three meet near the origin
    const meeting = networkOf([
      [1, 0, 0, 1],
      [0, 1, 1e-9, 1],
      [1, 1, -1e-9, 1],
    ]);
    assertRecovered(meeting, robbed(meeting));
  });

  it("sees nothing of a dead neuron or of a line outside the box, and counts those that always fire", () => {
    const hidden = networkOf([...GENERAL, [0, 0, -1, 1], [0, 0, 1, 1], [1, 0, -9, 1], [1, 0, 9, 1]]);
    const loot = robbed(hidden);
    assertRecovered(networkOf(GENERAL), loot);
    assert.equal(loot.always, 2);
  });

  it("finds a line that cuts off a corner alone", () => {
    const corner = networkOf([...GENERAL, [1, 1, -9.9, 1]]);
    assertRecovered(corner, robbed(corner));
  });

  it("yields every query, and each line when its last query has been made", () => {
    const network = networkOf(GENERAL);
    const asked: Point[] = [];
    const count = countReader(network);
    const read = (at: Point, spread: number): number => {
      asked.push(at);
      return count(at, spread);
    };
    const thief = steal({ read, box: BOX, seed: 1 });
    const seen: number[] = [];
    let step = thief.next();
    for (; !step.done; step = thief.next()) {
      assert.equal(step.value.queries, asked.length);
      if (step.value.line) seen.push(step.value.line.queries);
    }
    assert.deepEqual(
      seen,
      step.value.lines.map(({ queries }) => queries),
    );
    assert.equal(step.value.queries, asked.length);
    assert(asked.every(([x, y]) => Math.abs(x) <= 5 && Math.abs(y) <= 5));
  });

  it("sees through noise, for more readings", () => {
    const network = networkOf(GENERAL);
    let readings = 0;
    const read = steadied(countReader(network), {
      noise: 0.5,
      error: 1e-4,
      random: randomStream("thief's test", 1),
      onReading: () => readings++,
    });
    const loot = robbed(network, { read });
    assertRecovered(network, loot);
    // 2 s² log(1/error) readings of a count, when their mean is the count; some more by chance
    const each = readings / loot.queries;
    assert(each > 4.6 && each < 12, `${each}`);
  });

  it("sees of a device that pads what lies above the padding", () => {
    const network = networkOf(GENERAL);
    const behind = (atLeast: number): Loot =>
      robbed(network, { read: countReader(network, atLeast), seed: 2 });
    assert.deepEqual(behind(5).lines, []);
    assert.equal(behind(5).always, 5);
    for (const [atLeast, seen] of [
      [3, 5],
      [4, 4],
    ]) {
      const { lines } = behind(atLeast);
      assert.equal(lines.length, seen);
      for (const { angle, offset } of errorsOf(lines, trueLines(network))) {
        assert(angle < 1e-6 && offset < 1e-6);
      }
    }
  });

  it("refuses a box without an inside, and a width that is none", () => {
    assert.throws(
      () => robbed(networkOf(GENERAL), { box: { x: [1, 1], y: [0, 1] } }),
      /^RangeError: box must/,
    );
    assert.throws(() => robbed(networkOf(GENERAL), { width: 0 }), /^RangeError: width must .* got 0$/);
    assert.throws(() => robbed(networkOf(GENERAL), { width: 1 }), /^RangeError: width must .* got 1$/);
  });
});

describe("the copy", () => {
  const labelOf = (network: Network) => (at: Point) =>
    forward(network, new Matrix([[...at]])).logits.get(0, 0) > 0 ? 1 : 0;
  const copied = (network: Network, loot = robbed(network)) =>
    copyOf({ loot, label: labelOf(network), areas: [BOX], seed: 1 });

  /** That one factor above 0 takes the copy's logits to the network's. */
  function assertSame(network: Network, copy: Network): void {
    const points = planePoints(BOX, 40);
    const [own, others] = [logitsOf(copy, points), logitsOf(network, points)];
    const largest = others.reduce((best, z, i) => (Math.abs(z) > Math.abs(others[best]) ? i : best), 0);
    const factor = others[largest] / own[largest];
    assert(factor > 0);
    for (let i = 0; i < own.length; i++) {
      assert(Math.abs(factor * own[i] - others[i]) <= 1e-6 * Math.abs(others[largest]), `${i}`);
    }
  }

  it("is the network, up to the factor that no label tells", () => {
    const network = networkOf(GENERAL, -0.8);
    const { network: copy, open } = copied(network);
    assert.equal(open, 1);
    assertSame(network, copy);
  });

  it("takes neurons that always fire for the affine function that they add up to", () => {
    // z = relu(x) + y, the latter from two neurons that always fire
    const network = networkOf(
      [
        [1, 0, 0, 1],
        [0, 1, 9, 1],
        [0, 0, 2, 1],
      ],
      -11,
    );
    const loot = robbed(network);
    assert.equal(loot.always, 2);
    assertSame(network, copied(network, loot).network);
  });

  it("says the same everywhere where the network does", () => {
    const network = networkOf(GENERAL, 1e4);
    const { network: copy, queries } = copied(network);
    assert(logitsOf(copy, planePoints(BOX, 20)).every((z) => z > 0));
    assert.equal(queries, 60);
  });

  it("makes do without a line", () => {
    const network = networkOf([[0, 0, 1, 1]], -3);
    const { network: copy } = copied(network);
    assert(logitsOf(copy, planePoints(BOX, 20)).every((z) => z <= 0));
  });
});

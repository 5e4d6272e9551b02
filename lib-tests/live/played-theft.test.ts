import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { withStolenLines } from "../../src/charts/stolen-lines.js";
import { relu } from "../../src/core/network/activations.js";
import { dense } from "../../src/core/network/dense.js";
import type { Gradual } from "../../src/core/network/gradual.js";
import type { Quantity } from "../../src/experiments/panel.js";
import { sideChannel } from "../../src/experiments/side-channel/index.js";
import { haulOf, type Robbed, robbed, theftNews } from "../../src/experiments/side-channel/played-theft.js";
import type { StolenLine } from "../../src/experiments/side-channel/thief.js";
import { demonstrationOf, trainedBy } from "../../src/live/demonstration.js";
import { lineFigure } from "../display/figures.js";
import { smallTask } from "../experiments/small-task.js";
import { sessionOf } from "../support/sessions.js";

const BOX = { x: [-5, 5], y: [-5, 5] } as const;

/** Neurons that switch at x = 1, y = -2 and, outside the box, x = 9. */
const network = {
  layers: [
    dense(
      new Matrix([
        [2, 0, 1],
        [0, 3, 0],
      ]),
      new Matrix([[-2, 6, -9]]),
    ),
    relu,
    dense(new Matrix([[1], [1], [1]]), new Matrix([[0]])),
  ],
};

const line = (normal: readonly [number, number], offset: number, queries = 0): StolenLine => ({
  normal,
  offset,
  queries,
});

describe("the haul of a theft", () => {
  const none = { all: 2, found: 0, wrong: 0, worst: Number.NaN };

  it("counts the lines that pass through the box, and those of them that are stolen", () => {
    assert.deepEqual(haulOf(network, [], BOX), none);
    assert.deepEqual(haulOf(network, [line([1, 0], -1)], BOX), { ...none, found: 1, worst: 0 });
    const both = [line([1, 0], -1), line([0, 1], 2 + 1e-8)];
    const { worst, ...haul } = haulOf(network, both, BOX);
    assert.deepEqual(haul, { all: 2, found: 2, wrong: 0 });
    assert(Math.abs(worst - 1e-8) < 1e-15, `${worst}`);
  });

  it("counts a line that is off as wrong, and one outside the box", () => {
    assert.deepEqual(haulOf(network, [line([1, 0], -1.25)], BOX), { ...none, wrong: 1 });
    assert.deepEqual(haulOf(network, [line([1, 0], -9)], BOX), { ...none, wrong: 1 });
  });
});

describe("a theft that is looked at", () => {
  function* toy(): Gradual<string> {
    for (let epoch = 0; epoch <= 3; epoch++) yield { epoch, epochs: 3, now: () => `after ${epoch}` };
    return "trained";
  }
  // half of the plane fires
  const rob = () => ({ read: ([x]: readonly [number, number]) => (x > 1 ? 1 : 0), box: BOX, seed: 1 });

  it("is trained below 0, and then counts queries up to the last", () => {
    const seen: { epoch: number; epochs: number; robbed: Robbed<string> }[] = [];
    const course = robbed(toy(), rob);
    let step = course.next();
    for (; !step.done; step = course.next()) seen.push({ ...step.value, robbed: step.value.now() });
    assert.deepEqual(
      seen.slice(0, 4).map(({ epoch, robbed: { trained, theft } }) => [epoch, trained, theft]),
      [-4, -3, -2, -1].map((epoch, k) => [epoch, `after ${k}`, undefined]),
    );
    const counted = seen.filter(({ epoch }) => epoch >= 0);
    const { theft } = step.value;
    assert(theft?.loot);
    const { queries, lines } = theft.loot;
    assert.deepEqual(
      counted.map(({ epoch, epochs, robbed: own }) => [epoch, epochs, own.theft?.queries]),
      Array.from({ length: queries + 1 }, (_, k) => [k, queries, k]),
    );
    assert.equal(lines.length, 1);
    for (const { epoch, robbed: own } of counted) {
      assert.equal(own.theft?.lines.length, epoch < lines[0].queries ? 0 : 1, `${epoch}`);
      assert.equal(own.theft?.loot !== undefined, epoch === queries);
      assert.equal(own.trained, "trained");
    }
    assert.equal(counted[0].robbed.theft?.looks.length, 0);
    assert.equal(counted[5].robbed.theft?.looks.length, 5);
    assert.deepEqual(counted[queries].robbed, step.value);
  });

  it("tells how far it is, with other words only when there is another line", () => {
    const haul = { all: 4, found: 2, wrong: 0, worst: 0 };
    const theft = { queries: 90, lines: [line([1, 0], 0, 30), line([0, 1], 0, 70)], looks: [] };
    const told = "The thief has 2 of 4 lines, the last after 70 queries";
    assert.equal(theftNews(haul, theft), `${told}.`);
    assert.equal(theftNews(haul, { ...theft, queries: 91 }), `${told}.`);
    const loot = { lines: theft.lines, always: 0, queries: 95, isExplained: true };
    assert.equal(theftNews(haul, { ...theft, loot }), `${told}, and stops after 95.`);
    assert.equal(
      theftNews({ ...haul, found: 0 }, { queries: 5, lines: [], looks: [] }),
      "The thief has 0 of 4 lines.",
    );
  });

  it("is drawn over the shades of the map, and under its marks", () => {
    const map = lineFigure({ data: [{ type: "contour" }, { type: "scatter", name: "Red" }] });
    const { data, alt } = withStolenLines(map, { lines: [[-1, 0, 1, 2]], looks: [[0.5, 0.25]] });
    const traces = data as { type: string; name?: string; x?: unknown; y?: unknown }[];
    assert.deepEqual(
      traces.map(({ type, name }) => name ?? type),
      ["contour", "edge of the stolen lines", "stolen lines", "the thief's last queries", "Red"],
    );
    assert.deepEqual(
      [traces[2].x, traces[2].y],
      [
        [-1, 1, null],
        [0, 2, null],
      ],
    );
    assert.deepEqual([traces[3].x, traces[3].y], [[0.5], [0.25]]);
    assert.match(alt, /The thief has 1 line\.$/);
  });
});

describe("the theft in the panel of the side channel", () => {
  const demonstration = demonstrationOf(sideChannel);
  const values = (own: object = {}): Record<string, unknown> => ({
    ...demonstration.defaults,
    ...smallTask,
    sweepSeeds: 2,
    firstSeed: 1,
    thief: "counts",
    ...own,
  });
  const numberNamed = (quantities: readonly Quantity[], name: string) =>
    quantities.find((quantity) => quantity.name === name)?.value;
  const endOf = (own: object = {}) => {
    const parameters = demonstration.check(values(own));
    return demonstration.read(trainedBy(demonstration.train(parameters)), parameters);
  };

  it("takes every line, exactly, from how many neurons fire", () => {
    const { quantities, pictures, news } = endOf();
    const [queries, stolen, worst, copy, saved] = quantities;
    assert.deepEqual(
      quantities.filter(({ isMain }) => isMain).map(({ name }) => name),
      [stolen.name, worst.name, copy.name, saved.name],
    );
    assert.equal(stolen.value, 10);
    assert((worst.value ?? 1) < 1e-6, `${worst.value}`);
    assert((copy.value ?? 0) > 99, `${copy.value}`);
    assert.match(
      news ?? "",
      new RegExp(`^The thief has 10 of 10 lines, .* and stops after ${queries.value}\\.$`),
    );
    const drawn = pictures[0].figure.data.find(
      (trace) => (trace as { name?: string }).name === "stolen lines",
    );
    assert.equal((drawn as { x: unknown[] }).x.length, 3 * 10);
  });

  it("leaves nothing to a thief where the device works through all neurons, or as many fire everywhere", () => {
    for (const defence of [{ padding: 10 }, { topK: 1 }]) {
      const { quantities, news } = endOf(defence);
      assert.deepEqual([quantities[1].value, quantities[2].value], [0, Number.NaN]);
      // what a device pads it does not save; a network of one winner saves nine in ten of the second layer's
      assert.equal(quantities[4].value, "padding" in defence ? 0 : (100 * 9) / 30);
      assert.match(news ?? "", /^The thief has 0 of 10 lines, and stops after \d+\.$/);
    }
  });

  it("has a place for every number of queries, whichever way one comes there", async () => {
    const { session, answers } = sessionOf(demonstration);
    for (const to of [300, 50, 300]) await session.handle({ id: to, kind: "read", values: values(), to });
    await session.handle({ id: 1, kind: "read", values: values({ input: [1, 0] }), to: 300 });
    const readings = answers.filter((answer) => answer.kind === "reading");
    assert.deepEqual(
      readings.map(({ epoch, beat, hasTrained }) => [epoch, beat?.one, hasTrained]),
      [
        [300, "query", true],
        [50, "query", true],
        [300, "query", true],
        [300, "query", false],
      ],
    );
    assert.equal(readings[0].digest, readings[2].digest);
    assert.equal(
      numberNamed(readings[0].reading.quantities, "agreement of the copy near the moons (%)"),
      null,
    );
    const stolen = readings.map(({ reading }) => Number(numberNamed(reading.quantities, "lines stolen")));
    assert(0 === stolen[1] && 0 < stolen[0] && stolen[0] < 10, `${stolen}`);
  });

  it("is not there without a thief", () => {
    const { quantities, news } = endOf({ thief: "none" });
    assert.equal(numberNamed(quantities, "lines stolen"), undefined);
    assert.equal(news, undefined);
    const parameters = demonstration.check(values({ thief: "none" }));
    assert.equal(demonstration.beat?.(parameters), undefined);
    assert.deepEqual(demonstration.overridden?.(parameters), [
      { name: "padding", value: 0, by: 'the thief "none"' },
    ]);
    assert.deepEqual(demonstration.overridden?.(demonstration.check(values())), []);
  });

  for (const [change, message] of [
    [
      { hiddenLayers: [4, 4] },
      /^RangeError: hiddenLayers must be one layer of at most 64 neurons where a thief counts, got \[4,4\]/,
    ],
    [
      { hiddenLayers: [] },
      /^RangeError: hiddenLayers must be one layer of at most 64 neurons where a thief counts, got \[\]/,
    ],
    [{ normalization: "layer" }, /^RangeError: normalization must be none where a thief counts, got layer/],
    [
      { hiddenLayers: [65] },
      /^RangeError: hiddenLayers must be one layer of at most 64 neurons .*, got \[65\]/,
    ],
    [{ padding: -1 }, /^RangeError: padding must be a whole number from 0 to 1024, got -1/],
  ] as const) {
    it(`refuses ${JSON.stringify(change)}`, () => {
      assert.throws(() => demonstration.check(values(change)), message);
      if (!("padding" in change)) demonstration.check(values({ ...change, thief: "none" }));
    });
  }
});

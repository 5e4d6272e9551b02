import assert from "node:assert/strict";
import { theftFigure } from "../../../src/charts/theft.js";
import { gradeLines, type Line } from "../../../src/experiments/grading.js";
import { sideChannel } from "../../../src/experiments/side-channel/index.js";
import { errorsOf, trueLines } from "../../../src/experiments/side-channel/line-errors.js";
import { robberies } from "../../../src/experiments/side-channel/robberies.js";
import { studies } from "../../../src/experiments/side-channel/studies.js";
import { measureTheft, type TheftResult } from "../../../src/experiments/side-channel/theft.js";
import { clockNoise, clockTheftText } from "../../../src/experiments/side-channel/theft-clock.js";
import {
  theftLine,
  theftTable,
  theftText,
  thiefDefenceLine,
} from "../../../src/experiments/side-channel/theft-words.js";
import { defencesOf } from "../../../src/experiments/side-channel/thief-defences.js";
import { runTask } from "../../../src/experiments/task.js";
import { smallTask } from "../small-task.js";
import { theft, theftsOf } from "./thefts.js";

const outcomeOf = (line: Line): string => gradeLines([line])[0].outcome;

describe("the theft of a trained network", () => {
  const own = { ...smallTask, hiddenLayers: [4], epochs: 20 };
  let result: TheftResult;
  before(() => {
    result = measureTheft(own);
  });

  it("finds all lines through the box, with and without noise, and copies the labels", () => {
    const { lines, outside, count, noise1, noise4, copy, labelsOnly, loss } = result;
    assert.equal(lines + outside, 4);
    for (const { found, wrong } of [count, noise1, noise4]) assert.deepEqual([found, wrong], [lines, 0]);
    assert(count.angle < 1e-6 && count.offset < 1e-6);
    // 16 times the variance takes about 16 times the readings
    assert(noise4.readings > 8 * noise1.readings && noise4.readings < 32 * noise1.readings);
    assert.deepEqual(copy.agreement, { box: 1, square: 1, test: 1 });
    assert(copy.open > 1 || Math.abs(copy.loss - loss) < 1e-6);
    assert.equal(labelsOnly.labels, count.readings + copy.labels);
    assert(labelsOnly.agreement.square > 0.5 && labelsOnly.agreement.square < 1);
  });

  it("leaves nothing to a thief where the count is constant, and its price is the work saved", () => {
    assert.deepEqual(
      result.defences.map(({ name }) => name),
      defencesOf([4]).map(({ name }) => name),
    );
    const [half, , dense, leaky] = result.defences;
    for (const { found, saved } of [dense, leaky]) assert.deepEqual([found, saved], [0, 0]);
    assert(half.saved > 0 && half.saved <= result.saved);
  });

  it("goes on line by line through each channel", () => {
    const { data, training } = runTask(own);
    const robbed = robberies(training.network, 1);
    assert.deepEqual(
      robbed.ways.map(({ name }) => name.split(",")[0]),
      ["count", "count", "count", "Hamming weight", "at least 2 neurons worked through"],
    );
    for (const { found, readings, lines } of robbed.ways) {
      assert(found.length <= lines);
      const rising = [...found.map((line) => line.readings), readings];
      assert.deepEqual(
        rising,
        [...rising].sort((a, b) => a - b),
      );
    }
    const { data: traces, alt } = theftFigure(robbed, data.train, "Seed 1");
    assert.deepEqual(
      traces.slice(-5).map((trace) => (trace as { y: number[] }).y.at(-1)),
      robbed.ways.map(({ found }) => found.length),
    );
    // what is stolen lies on what is there
    const [lines, stolen] = traces as { x: (number | null)[] }[];
    assert(stolen.x.length > 0 && stolen.x.length % 3 === 0);
    assert.deepEqual(new Set(stolen.x), new Set(lines.x));
    assert.match(alt, /^count: \d of \d lines after \d+ readings/);
  });

  it("is of networks with one hidden layer of plain ReLUs", () => {
    for (const change of [
      { hiddenLayers: [4, 3] },
      { hiddenLayers: [] },
      { activation: "leaky-relu" as const },
      { normalization: "layer" as const },
      { topK: 2 },
    ]) {
      const other = { ...smallTask, epochs: 1, ...change };
      assert.throws(() => robberies(runTask(other).training.network, 1), {
        name: "RangeError",
        message:
          /^network must have one hidden layer of plain ReLUs to be stolen \(dense, relu, dense\), got dense/,
      });
      assert.throws(() => measureTheft(other), {
        name: "RangeError",
        message: /^parameters must be of 1 hidden/,
      });
    }
    const parameters = sideChannel.parameters({ hiddenLayers: [4, 4] });
    assert.deepEqual(studies.theft.points(parameters, 1), []);
    assert.deepEqual(studies.theft.findings([[], []], parameters), []);
    assert.equal(studies.theft.points(sideChannel.parameters(), 7)[0].seed, 7);
  });
});

describe("errors of stolen lines", () => {
  const [a, b] = [
    { normal: [1, 0], offset: 1 },
    { normal: [0, 1], offset: -2 },
  ] as const;

  it("compare each with its own, in whatever order they were found", () => {
    const off = { normal: [0, 1], offset: -2.5 } as const;
    assert.deepEqual(errorsOf([off, a], [a, b]), [
      { angle: 0, offset: 0.5 },
      { angle: 0, offset: 0 },
    ]);
  });

  it("take the other side of a line for another line, and a line too many for none", () => {
    assert(errorsOf([{ normal: [-1, 0], offset: -1 }], [a])[0].angle > 1);
    assert.deepEqual(
      errorsOf([a, a], [a]).map(({ angle }) => angle > 1),
      [false, true],
    );
    assert.deepEqual(errorsOf([], [a]), []);
  });

  it("know no line of a neuron without weights", () => {
    const { network } = runTask({ ...smallTask, epochs: 0 }).training;
    assert.equal(trueLines(network).length, 10);
  });
});

describe("a clock as a reader of the count", () => {
  const effect = (mean: number, sd: number) => ({ n: 20, mean, sd, low: mean, high: mean });

  it("has the slope of time over count, and the scatter of one time", () => {
    const networks = [-1, 0, 2].map((difference) => ({
      difference,
      effect: effect(0.5 + 3 * difference, 1.5),
    }));
    const { perNeuron, spread } = clockNoise(networks, 200);
    assert(Math.abs(perNeuron - 3) < 1e-12, `${perNeuron}`);
    // a mean of 200 times scatters by spread / sqrt(200), the difference of two by sqrt(2) of that
    assert(Math.abs(spread - 15) < 1e-12, `${spread}`);
  });

  it("needs more readings by the square of its noise, and none where more neurons take no longer", () => {
    const timed = (slope: number) => [
      {
        name: "10",
        results: [-1, 0, 2].map((difference, seed) => ({
          seed,
          difference,
          batches: [{ compiledSkipping: { effect: effect(slope * difference, 1.5) } }],
        })),
      },
    ];
    const text = (slope: number): string => clockTheftText(timed(slope) as never, theftsOf(theft, 3), 8000);
    // 15 ns by 1.875 ns are 8 neurons, twice those of the noise of 4
    assert.match(
      text(1.875),
      /a neuron takes 1\.9 ns, and one time scatters by 15 ns, as noise of 8\.0 neurons .* some \$2 \\times 10\^\{6\}\$ readings/,
    );
    assert.match(text(-1), /^In these times, more neurons do not take longer/);
    assert.equal(clockTheftText(timed(1) as never, [], 8000), "");
  });
});

describe("the lines of the theft", () => {
  const stolen = theftsOf(theft, 30);
  const changed = (change: Partial<TheftResult>): TheftResult[] => theftsOf({ ...theft, ...change }, 30);

  it("hold where all is found and copied, and where a defence stops it for little", () => {
    assert.equal(outcomeOf(theftLine(stolen)), "holds");
    assert.equal(outcomeOf(thiefDefenceLine(stolen)), "holds");
    assert.match(
      thiefDefenceLine(stolen).measured,
      /likeliest of 2 is “a wall”: no line is found in 30 of 30 seeds/,
    );
  });

  it("do not hold where a line is missing or wrong, or the copy differs", () => {
    const { count, copy } = theft;
    const agreement = { ...copy.agreement, square: 0.98 };
    for (const change of [
      { count: { ...count, found: 9 } },
      { count: { ...count, wrong: 1 } },
      { copy: { ...copy, agreement } },
    ]) {
      assert.equal(outcomeOf(theftLine(changed(change))), "does not hold");
    }
  });

  it("do not hold where each defence fails in something", () => {
    const [wall, fence] = theft.defences;
    for (const other of [
      { ...wall, found: 1 },
      { ...wall, saved: 0.05 },
      { ...wall, accuracy: 0.95 },
    ]) {
      const defences = [other, fence];
      assert.equal(outcomeOf(thiefDefenceLine(changed({ defences }))), "does not hold");
    }
  });

  it("are not tested without networks to steal", () => {
    for (const line of [theftLine([]), thiefDefenceLine([])]) assert.equal(outcomeOf(line), "not tested");
    assert.match(theftText([]), /^Only networks of one hidden layer/);
    assert.deepEqual(theftTable([])[1], []);
  });

  it("come with a sentence and a table that count", () => {
    assert.match(theftText(stolen), /worst line .* wrong by 1e-12 radians, .* no line misses the box/);
    assert.match(theftText(changed({ outside: 1 })), /30 lines miss the box and stay hidden/);
    const [columns, rows] = theftTable(stolen);
    assert(rows.every(({ length }) => length === columns.length));
    assert.deepEqual(
      rows.map((row) => row[2]),
      ["300 of 300", "300 of 300", "300 of 300", "240 of 270", "0 of 300", "270 of 300"],
    );
    assert.deepEqual(rows[4].slice(3), [0, "30 of 30", "25.0"]);
  });
});

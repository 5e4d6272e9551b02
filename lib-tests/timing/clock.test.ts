import assert from "node:assert/strict";
import { sideChannel } from "../../src/experiments/side-channel/index.js";
import { measureLeak } from "../../src/experiments/side-channel/side-channel.js";
import { doStudy } from "../../src/experiments/study.js";
import { sweep } from "../../src/sweep/index.js";
import { clock, measureClock } from "../../src/timing/clock.js";
import { smallTask } from "../experiments/small-task.js";

// nothing here looks at how long anything took
describe("the study of the clock", () => {
  const parameters = sideChannel.parameters({ ...smallTask, measurements: 400, sweepSeeds: 2, firstSeed: 7 });

  it("times every program of a network, singly and in batches", () => {
    const { seed, difference, countGuess, lost, batches } = measureClock(parameters);
    const { means } = measureLeak(parameters);
    assert.deepEqual([seed, difference], [1, means[1] - means[0]]);
    assert.ok(countGuess >= 0.5 && countGuess <= 1 && lost >= 0 && lost < 1);
    assert.deepEqual(
      batches.map(({ batch }) => batch),
      [1, 100],
    );
    const { batch: _, ...programs } = batches[0];
    assert.deepEqual(
      Object.values(programs).map(({ effect }) => effect.n),
      [20, 20, 20, 20, 20, 20],
    );
  });

  it("keeps no digits that no clock has", () => {
    const text = JSON.stringify(measureClock(parameters).batches);
    assert.doesNotMatch(text, /\d\.\d{5}/);
  });

  it("is found by the workers, and fits into a verdict", async () => {
    const notes: string[] = [];
    const found = await doStudy(clock, parameters, (grid, measure) =>
      sweep(grid, measure, { workers: 1, onNote: (note) => notes.push(note) }),
    );
    assert.deepEqual(notes, []);
    assert.deepEqual(
      found.map(({ name, results }) => [name, ...results.map(({ seed, batches }) => [seed, batches.length])]),
      [
        ["10", [7, 2], [8, 2]],
        ["64, 64", [7, 1], [8, 1]],
      ],
    );
  });
});

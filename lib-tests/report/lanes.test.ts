import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { inLanes } from "../../src/report/lanes.js";

describe("lanes", () => {
  it("work on some items at a time, on those that want to be alone last and one by one", async () => {
    const items = ["a", "TIMED", "b", "c", "CLOCK"];
    const isAlone = (item: string): boolean => item === item.toUpperCase();
    let [running, most] = [0, 0];
    const log: string[] = [];
    const results = await inLanes(items, { jobs: 2, cores: 4, isAlone }, async (item, cores) => {
      running++;
      if (isAlone(item)) assert.equal(running, 1);
      most = Math.max(most, running);
      await delay(5);
      running--;
      log.push(`${item} on ${cores}`);
      return item.repeat(2);
    });
    assert.deepEqual(results, ["aa", "TIMEDTIMED", "bb", "cc", "CLOCKCLOCK"]);
    assert.equal(most, 2);
    assert.deepEqual(log.slice(3), ["TIMED on 4", "CLOCK on 4"]);
    assert.deepEqual(log.slice(0, 3).sort(), ["a on 2", "b on 2", "c on 2"]);
  });

  it("begin with the longest", async () => {
    const begun: string[] = [];
    const options = { jobs: 1, cores: 1, isAlone: () => false, length: (item: string) => item.length };
    const results = await inLanes(["a", "bbb", "cc", "ddd"], options, async (item) => begun.push(item));
    assert.deepEqual(begun, ["bbb", "ddd", "cc", "a"]);
    assert.deepEqual(results, [4, 1, 3, 2]);
  });

  it("give a single item all the cores", async () => {
    const options = { jobs: 8, cores: 2, isAlone: () => false };
    assert.deepEqual(await inLanes(["a"], options, async (_, cores) => cores), [2]);
    assert.deepEqual(await inLanes([], options, async () => 1), []);
  });
});

import assert from "node:assert/strict";
import { mock } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { heartbeat } from "../../src/sweep/heartbeat.js";
import { until } from "../report/toys.js";

describe("a heartbeat", () => {
  it("tells at once, and again although nothing moves", async () => {
    const told: number[] = [];
    const end = heartbeat(
      () => 3,
      (done) => told.push(done),
    );
    assert.deepEqual(told, [3]);
    await until(() => told.length > 1, "a second beat");
    end();
    assert.deepEqual(new Set(told), new Set([3]));
  });

  it("is silent for less than a second, and no oftener than it need be", () => {
    let now = 5000;
    mock.method(performance, "now", () => now);
    let look = (): void => {};
    mock.method(globalThis, "setInterval", (callback: () => void) => {
      look = callback;
    });
    try {
      const toldAt: number[] = [];
      const end = heartbeat(
        () => 3,
        () => toldAt.push(now),
      );
      while (now < 8000) {
        now += 100;
        look();
      }
      end();
      assert.deepEqual(toldAt, [5000, 5900, 6800, 7700]);
    } finally {
      mock.restoreAll();
    }
  });

  it("leaves out what moves faster than ten times a second, but not the last", async () => {
    const told: number[] = [];
    let done = 0;
    const end = heartbeat(
      () => done,
      (count) => told.push(count),
    );
    for (let i = 0; i < 20; i++) {
      done++;
      await delay(1);
    }
    done = 1000;
    end();
    assert.equal(told.at(-1), 1000);
    assert.ok(told.length < 20, `told ${told}`);
    const ended = told.length;
    done = 2000;
    await delay(250);
    assert.equal(told.length, ended, "told after its end");
  });
});

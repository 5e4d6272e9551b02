import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { baseline, measureBaseline } from "../../src/experiments/baseline/index.js";
import { plainLoop } from "../../src/experiments/runner.js";
import {
  closeWorkers,
  SweepError,
  SweepInterruptedError,
  type SweepOptions,
  sweep,
} from "../../src/sweep/index.js";
import { smallTask } from "../experiments/small-task.js";
import { freshFolder } from "../report/toys.js";
import * as toys from "./toys.js";

const modules: readonly string[] = [require.resolve("./toys.js")];

/** The error that a promise rejects with. */
async function rejection<E extends Error>(
  promise: Promise<unknown>,
  type: new (...values: never[]) => E,
): Promise<E> {
  const error = await promise.then(
    () => assert.fail("it did not reject"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof type, `got ${String(error)}`);
  return error;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

after(closeWorkers);

describe("sweep: results", () => {
  for (const workers of [1, 2, 5]) {
    it(`are those of the plain loop, to the bit, in the order of the grid (${workers} workers)`, async () => {
      const grid = numbers(500);
      assert.deepEqual(
        await sweep(grid, toys.curious, { workers, modules }),
        await plainLoop()(grid, toys.curious),
      );
    });
  }

  it("keep the order of the grid when later points are done first", async () => {
    const grid = [120, 1, 60, 2, 3, 30, 1, 1, 1, 10, 1, 5];
    assert.deepEqual(await sweep(grid, toys.busy, { workers: 2, modules }), grid);
  });

  it("of a real experiment are those of the plain loop, to the bit", async () => {
    const grid = numbers(12).map((seed) => ({
      ...baseline.parameters(smallTask),
      seed,
      epochs: 1 + (seed % 5),
    }));
    assert.deepEqual(
      await sweep(grid, measureBaseline, { workers: 2 }),
      await plainLoop()(grid, measureBaseline),
    );
  });

  it("of measurements in steps are those of the plain loop, to the bit, however often each trains", async () => {
    const grid = numbers(70);
    for (const workers of [1, 2]) {
      assert.deepEqual(
        await sweep(grid, toys.trainingInSteps, { workers, modules }),
        await plainLoop()(grid, toys.trainingInSteps),
      );
    }
    assert.deepEqual(
      await sweep(grid, toys.curiousInSteps, { workers: 2, modules }),
      await plainLoop()(grid, toys.curious),
    );
  });

  it("of an empty grid are none", async () => {
    assert.deepEqual(await sweep([], measureBaseline), []);
  });
});

describe("sweep: workers", () => {
  const used = async (workers: number): Promise<Set<number>> =>
    new Set(await sweep(Array(30).fill(5), toys.thread, { workers, modules }));

  it("do the work, one too, and not this thread", async () => {
    const threads = await used(1);
    assert.equal(threads.size, 1);
    assert.ok(!threads.has(0), "the main thread has id 0");
  });

  it("are as many as asked for, and the same ones again in the next sweep", async () => {
    await closeWorkers();
    const threads = await used(3);
    assert.equal(threads.size, 3);
    assert.deepEqual([...(await used(3))].sort(), [...threads].sort());
  });

  it("are others after closeWorkers", async () => {
    const before = await used(2);
    await closeWorkers();
    const after = await used(2);
    assert.equal(after.size, 2);
    for (const thread of after) assert.ok(!before.has(thread));
  });

  it("share few measurements in steps fairly", async () => {
    await used(2); // both are there, and warm
    const threads = await sweep(Array(10).fill(1), toys.threadInSteps, { workers: 2, modules });
    const [first] = threads;
    assert.equal(threads.filter((thread) => thread === first).length, 5);
  });

  it("take all points beside a slow one off its hands", async () => {
    const done = new Int32Array(new SharedArrayBuffer(4));
    const grid = numbers(100).map((i) => ({ done, awaited: i === 0 ? 99 : 0 }));
    // the first point ends when all others have: were one of them kept for its worker, that would be never
    const signal = AbortSignal.timeout(10_000);
    assert.equal((await sweep(grid, toys.meeting, { workers: 2, modules, signal }))[0], 100);
  });
});

describe("sweep: progress", () => {
  it("begins with none, grows, and ends with all", async () => {
    const told: number[] = [];
    await sweep(numbers(40), toys.busy, {
      workers: 2,
      modules,
      onProgress: (done, total) => {
        assert.equal(total, 40);
        told.push(done);
      },
    });
    assert.equal(told[0], 0);
    assert.equal(told.at(-1), 40);
    assert.ok(told.length > 2, `told only ${told}`);
    assert.deepEqual(
      told,
      [...told].sort((a, b) => a - b),
    );
  });

  it("that throws stops the sweep", async () => {
    const onProgress = (): void => {
      throw new RangeError("no such bar");
    };
    const error = await rejection(sweep([0], toys.endless, { modules, onProgress }), SweepInterruptedError);
    assert.equal(error.message, "interrupted after 0 of 1 points: no such bar");
    assert.ok(error.cause instanceof RangeError);
  });
});

describe("sweep: results as they come", () => {
  it("are told with their position, each once, while others are still measured; failures are not", async () => {
    const told: [number, unknown][] = [];
    const grid = [3, -1, 2, 0, 5].map((x) => ({ x }));
    const options: SweepOptions = {
      workers: 1,
      modules,
      onResult: (index, result) => {
        told.push([index, result]);
      },
    };
    await rejection(sweep(grid, toys.refusing, options), SweepError);
    assert.deepEqual(told, [
      [0, 3],
      [2, 2],
      [4, 5],
    ]);
    told.length = 0;
    const controller = new AbortController();
    const onResult: SweepOptions["onResult"] = (index, result) => {
      told.push([index, result]);
      controller.abort(new Error("enough"));
    };
    // the second point never ends: what is told of the first is told before
    const { signal } = controller;
    const error = await rejection(
      sweep(["one", "endless"], toys.maybeEndless, { workers: 1, modules, signal, onResult }),
      SweepInterruptedError,
    );
    assert.deepEqual(told, [[0, "one"]]);
    assert.deepEqual(error.results, ["one", undefined]);
  });

  it("stop the sweep when the listener throws", async () => {
    const onResult = (): void => {
      throw new RangeError("the disk is full");
    };
    const error = await rejection(
      sweep(["one", "endless"], toys.maybeEndless, { workers: 1, modules, onResult }),
      SweepInterruptedError,
    );
    assert.equal(error.message, "interrupted after 1 of 2 points: the disk is full");
    assert.ok(error.cause instanceof RangeError);
  });
});

describe("sweep: points that fail", () => {
  it("are named with their own message, and the others' results are kept", async () => {
    const grid = [3, -1, 2, 0, 5, -4, -7].map((x) => ({ x }));
    const error = await rejection(sweep(grid, toys.refusing, { workers: 2, modules }), SweepError);
    assert.equal(
      error.message,
      [
        "the experiment failed at 4 of 7 points:",
        "  point 1, { x: -1 }: RangeError: x must be >= 0, got -1",
        "  point 3, { x: 0 }: Error: zero",
        "  point 5, { x: -4 }: RangeError: x must be >= 0, got -4",
        "  and 1 more",
      ].join("\n"),
    );
    assert.deepEqual(error.results, [3, undefined, 2, undefined, 5, undefined, undefined]);
    assert.deepEqual(
      error.failures.map(({ index, point }) => [index, (point as { x: number }).x]),
      [
        [1, -1],
        [3, 0],
        [5, -4],
        [6, -7],
      ],
    );
    assert.equal(error.cause, error.failures[0].error);
    assert.match(error.failures[0].error.stack ?? "", /refusing/);
  });

  it("are named in the same words where they are measured in steps, and the others' results are kept", async () => {
    const grid = [3, -1, 2, 0, 5, -4, -7].map((x) => ({ x }));
    const run = (experiment: typeof toys.refusing): Promise<SweepError> =>
      rejection(sweep(grid, experiment, { workers: 2, modules }), SweepError);
    const [plain, inSteps] = [await run(toys.refusing), await run(toys.refusingInSteps)];
    assert.equal(inSteps.message, plain.message);
    assert.deepEqual(inSteps.results, plain.results);
  });

  const fatal: readonly [what: string, experiment: (x: number) => unknown, message: RegExp, at2: number][] = [
    ["kill their worker", toys.dying, /^worker exited with code: 7$/, 4],
    ["return what cannot be sent", toys.unsendable, /could not be (sent|cloned)/, 2],
    ["kill their worker in steps", toys.dyingInSteps, /^worker exited with code: 7$/, 4],
    ["return what cannot be sent, in steps", toys.unsendableInSteps, /could not be (sent|cloned)/, 2],
  ];
  for (const [what, experiment, message, at2] of fatal) {
    it(`are found when they ${what}, and cost no other`, async () => {
      const error = await rejection(sweep(numbers(40), experiment, { workers: 2, modules }), SweepError);
      assert.deepEqual(
        error.failures.map(({ index }) => index),
        [13],
      );
      assert.match(error.failures[0].error.message, message);
      assert.equal(error.results[2], at2);
      assert.equal(error.results.filter((result) => result !== undefined).length, 39);
      assert.deepEqual(await sweep([1, 2], toys.busy, { workers: 2, modules }), [1, 2]);
    });
  }

  it("are named at once where a module cannot be loaded", async () => {
    const error = await rejection(sweep([1], toys.busy, { modules: ["/none.js"] }), RangeError);
    assert.match(
      error.message,
      /^modules must hold paths of modules that can be loaded, got "\/none.js": Cannot find module/,
    );
  });

  it("are those alone that cannot be sent to a worker", async () => {
    const grid = [1, () => 0, 3] as number[];
    const error = await rejection(sweep(grid, toys.busy, { modules }), SweepError);
    assert.deepEqual(error.results, [1, undefined, 3]);
    assert.match(error.failures[0].error.message, /could not be cloned/);
  });
});

describe("sweep: stopping", () => {
  /** A signal, and an `onProgress` that aborts it as soon as enough is done. */
  const stopAt = (enough: number): Pick<SweepOptions, "signal" | "onProgress"> => {
    const controller = new AbortController();
    return {
      signal: controller.signal,
      onProgress: (done) => {
        if (done >= enough) controller.abort(new Error("enough"));
      },
    };
  };

  it("ends a point that would never end, and keeps the results so far", async () => {
    const grid = [1, 2, 3, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const error = await rejection(
      sweep(grid, toys.busy, { workers: 2, modules, ...stopAt(3) }),
      SweepInterruptedError,
    );
    assert.equal(error.message, "interrupted after 3 of 5 points: enough");
    assert.deepEqual(error.results, [1, 2, 3, undefined, undefined]);
    assert.deepEqual(error.failures, []);
  });

  it("ends measurements in steps in the middle, too", async () => {
    const stopped = sweep([1, 2], toys.endlessInSteps, { workers: 2, modules, ...stopAt(0) });
    const error = await rejection(stopped, SweepInterruptedError);
    assert.equal(error.message, "interrupted after 0 of 2 points: enough");
    assert.deepEqual(await sweep(numbers(4), toys.curiousInSteps, { modules }), numbers(4).map(toys.curious));
  });

  it("leaves the next sweep, and one beside it, alone", async () => {
    const beside = sweep([300, 1], toys.busy, { workers: 1, modules });
    await rejection(sweep([0, 0], toys.endless, { modules, ...stopAt(0) }), SweepInterruptedError);
    assert.deepEqual(await sweep([1, 2], toys.busy, { modules }), [1, 2]);
    assert.deepEqual(await beside, [300, 1]);
  });

  it("before the start runs nothing", async () => {
    const path = join(folder(), "trace");
    const signal = AbortSignal.abort();
    await rejection(sweep([path], toys.leavingTraces, { modules, signal }), SweepInterruptedError);
    // whatever had been sent to a worker is done once the same worker has done another
    await sweep([1, 1, 1, 1], toys.busy, { modules });
    assert.equal(existsSync(path), false);
  });

  it("is what closeWorkers does to a sweep that runs", async () => {
    const running = rejection(sweep([0], toys.endless, { modules }), SweepInterruptedError);
    await sweep([20], toys.busy, { modules });
    await closeWorkers();
    assert.equal((await running).message, "interrupted after 0 of 1 points: the workers were closed");
  });

  const folder = freshFolder();
});

describe("sweep: a function that no module exports", () => {
  /** The same function, which no worker finds. */
  const local =
    <Point, Result>(experiment: (point: Point) => Result) =>
    (point: Point): Result =>
      experiment(point);
  const onNote = (): void => {};

  it("runs in this thread, and says so in a sentence", async () => {
    const notes: string[] = [];
    const here = (milliseconds: number): number => toys.thread(milliseconds);
    const sentence =
      "here is not exported by a module that workers can load: the sweep runs in this thread, one point after the other.";
    const note = (text: string): unknown => notes.push(text);
    assert.deepEqual(await sweep([1, 1, 1], here, { workers: 2, modules, onNote: note }), [0, 0, 0]);
    assert.deepEqual(notes, [sentence]);
    await sweep([1, 1, 1], toys.thread, { modules, onNote: note });
    assert.deepEqual(await sweep([], here, { onNote: note }), []);
    assert.deepEqual(notes, [sentence], "not where workers run it, nor where nothing runs");
  });

  it("gives the results that workers give, to the bit, of copies that it may spoil", async () => {
    const grid = numbers(50).map((x) => ({ x, list: [x] }));
    const spoil = (point: { x: number; list: number[] }): unknown => {
      point.list.push(1);
      return { ...toys.curious(point.x), list: point.list, wasPlain: point instanceof Object };
    };
    const results = await sweep(grid, spoil, { onNote });
    assert.deepEqual(grid[3], { x: 3, list: [3] });
    assert.deepEqual(results[3], { ...toys.curious(3), list: [3, 1], wasPlain: true });
    assert.deepEqual(
      await sweep(numbers(50), local(toys.instance), { onNote }),
      await sweep(numbers(50), toys.instance, { modules }),
    );
  });

  for (const [what, experiment, grid] of [
    ["throws", toys.refusing, [3, -1, 2, 0].map((x) => ({ x }))],
    ["returns what cannot be cloned", toys.unsendable, [12, 13, 14]],
    ["gets what cannot be cloned", toys.unsendable, [1, () => 0, 3]],
    ["returns a promise", toys.promising, [1, 2]],
  ] as const) {
    it(`fails as in a worker where it ${what}`, async () => {
      const run = experiment as (point: unknown) => unknown;
      const points: readonly unknown[] = grid;
      const there = await rejection(sweep(points, run, { modules }), SweepError);
      const here = await rejection(sweep(points, local(run), { onNote }), SweepError);
      assert.equal(here.message, there.message);
      assert.deepEqual(here.results, there.results);
      assert.deepEqual(
        here.failures.map(({ index, error }) => [index, error.name]),
        there.failures.map(({ index, error }) => [index, error.name]),
      );
    });
  }

  it("tells its progress between two points, and can be stopped there", async () => {
    const controller = new AbortController();
    const told: number[] = [];
    let ran = 0;
    const counting = (milliseconds: number): number => {
      ran++;
      return toys.busy(milliseconds);
    };
    const run = sweep(Array(100).fill(30), counting, {
      onNote,
      signal: controller.signal,
      onProgress: (done) => {
        told.push(done);
        if (done >= 6) controller.abort(new Error(`enough, ${ran}`));
      },
    });
    const error = await rejection(run, SweepInterruptedError);
    assert.ok(told.length > 2 && told[0] === 0, `told ${told}`);
    assert.equal(error.message, `interrupted after ${ran} of 100 points: enough, ${ran}`);
    assert.deepEqual(error.results, [...Array(ran).fill(30), ...Array(100 - ran).fill(undefined)]);
  });

  it("does a million points in a time that grows no faster than they do", async () => {
    const results = await sweep(numbers(1_000_000), (x) => x + 1, { onNote });
    assert.equal(results[999_999], 1_000_000);
  }).timeout(40_000);
});

describe("sweep: what it refuses before anything runs", () => {
  const folder = freshFolder();
  const { leavingTraces } = toys;
  const refused: readonly [what: string, run: (path: string) => Promise<unknown>, message: RegExp][] = [
    [
      "no experiment",
      (path) => sweep([path], toys.notAFunction as never, { modules }),
      /^experiment must be a function, got 7$/,
    ],
    [
      "a grid that is no list",
      (path) => sweep(path as never, leavingTraces, { modules }),
      /^grid must be a list of hyperparameters, got "/,
    ],
    [
      "an option it does not know",
      (path) => sweep([path], leavingTraces, { modules, worker: 1 } as never),
      /^options has no option named worker; its options are workers, onProgress, onResult, signal, modules, onNote$/,
    ],
    [
      "a module by a relative path",
      (path) => sweep([path], leavingTraces, { modules: ["./toys.js"] }),
      /^modules\[0\] must be the absolute path of a module, got "\.\/toys\.js"$/,
    ],
  ];
  for (const [what, run, message] of refused) {
    it(what, async () => {
      const path = join(folder(), "trace");
      const error = await rejection(run(path), Error);
      assert.match(error.message, message);
      assert.ok(error instanceof TypeError || error instanceof RangeError);
      await sweep([1, 1, 1, 1], toys.busy, { modules });
      assert.equal(existsSync(path), false);
    });
  }
});

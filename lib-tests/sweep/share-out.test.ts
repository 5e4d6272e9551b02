import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { type ChunkSizes, ONE_BY_ONE, SIDE_BY_SIDE, shareOut } from "../../src/sweep/share-out.js";
import type { Outcome } from "../../src/sweep/worker.js";

/** What a point is like: how long it takes, and what goes with it. */
interface Point {
  milliseconds: number;
  kind?: string;
}

/** A chunk as it was run. */
interface Ran {
  /** When, in milliseconds of the toy clock. */
  at: number;
  indexes: number[];
}

/** Runs the points on toy workers, whose time is that of a toy clock; tells which chunks ran, and until when. */
async function share(
  points: readonly Point[],
  workers: number,
  sizes: ChunkSizes,
): Promise<{ chunks: Ran[]; end: number }> {
  const chunks: Ran[] = [];
  const settled = new Map<number, Outcome>();
  const running: { until: number; end: () => void }[] = [];
  let now = 0;
  const all = shareOut(
    points.length,
    workers,
    sizes,
    async (indexes) => {
      const unlike = indexes.findIndex((i) => points[i].kind !== points[indexes[0]].kind);
      const own = indexes.slice(0, unlike < 0 ? undefined : unlike);
      chunks.push({ at: now, indexes: own });
      const milliseconds = own.reduce((sum, i) => sum + points[i].milliseconds, 0);
      await new Promise<void>((end) => running.push({ until: now + milliseconds, end }));
      return { outcomes: own.map((i) => ({ result: i })), milliseconds };
    },
    (index, outcome) => settled.set(index, outcome),
    new AbortController().signal,
  );
  for (;;) {
    await delay(0); // whatever is ready to run has run
    const next = running.sort((a, b) => b.until - a.until).pop();
    if (!next) break;
    now = next.until;
    next.end();
  }
  await all;
  assert.deepEqual(
    [...settled].sort(([a], [b]) => a - b),
    points.map((_, result) => [result, { result }]),
  );
  return { chunks, end: now };
}

const alike = (count: number, milliseconds: number): Point[] =>
  Array.from({ length: count }, () => ({ milliseconds }));

const sizesOf = (chunks: readonly Ran[]): number[] => chunks.map(({ indexes }) => indexes.length);

describe("points side by side", () => {
  it("are shared out fairly where they are few", async () => {
    assert.deepEqual(sizesOf((await share(alike(10, 100), 2, SIDE_BY_SIDE)).chunks), [5, 5]);
    assert.deepEqual(sizesOf((await share(alike(7, 100), 3, SIDE_BY_SIDE)).chunks), [3, 3, 1]);
    assert.deepEqual(sizesOf((await share(alike(2, 100), 4, SIDE_BY_SIDE)).chunks), [1, 1]);
  });

  it("are many at once where they are fast", async () => {
    const { chunks } = await share(alike(200, 1), 2, SIDE_BY_SIDE);
    assert.deepEqual(sizesOf(chunks).slice(0, 6), [8, 8, 32, 32, 32, 32]);
  });

  it("are so few where they are slow that some are done at least once a second", async () => {
    const { chunks } = await share(alike(100, 200), 2, SIDE_BY_SIDE);
    assert.deepEqual(new Set(sizesOf(chunks.filter(({ at }) => at > 0)).slice(0, -2)), new Set([3]));
    const slower = await share(alike(40, 5000), 2, SIDE_BY_SIDE);
    assert.deepEqual(new Set(sizesOf(slower.chunks.filter(({ at }) => at > 0))), new Set([1]));
  });

  it("are handed out again where they do not go with the first, the longest to a worker each", async () => {
    const sized = [10, 10, 100, 100, 1000, 1000].map((milliseconds) => ({
      milliseconds,
      kind: String(milliseconds),
    }));
    const { chunks, end } = await share(sized, 2, SIDE_BY_SIDE);
    assert.deepEqual(
      chunks.map(({ indexes }) => indexes),
      [[0, 1], [3], [2], [4], [5]],
    );
    assert.equal(end, 1120);
  });
});

describe("points one by one", () => {
  it("begin with a single one, and are as many as go into the time", async () => {
    const { chunks } = await share(alike(200, 10), 2, ONE_BY_ONE);
    assert.deepEqual(sizesOf(chunks).slice(0, 6), [1, 1, 5, 5, 5, 5]);
  });

  it("are fewer towards the end, so that no worker waits for another", async () => {
    const { chunks, end } = await share(alike(100, 0.1), 2, ONE_BY_ONE);
    assert.deepEqual(sizesOf(chunks).slice(-2), [1, 1]);
    assert.ok(end < 5.3, `${end}`);
  });
});

/** Distributes the points of a grid among workers, in chunks. */
import { type Done, type Outcome, textsOf } from "./worker.js";

/** How large chunks are. */
export interface ChunkSizes {
  /** Points in a chunk before the time per point is known. */
  first: number;
  /** Maximal number of points in a chunk. */
  most: number;
  /** Intended duration of a chunk, in milliseconds. */
  time: number;
  /** Minimal number of chunks left for each worker, so that no worker waits for another at the end. */
  rounds: number;
}

/**
 * For points measured one after the other: long compared with the cost of a message (about 0.1 ms), but short enough to
 * show progress and to distribute the rest.
 */
export const ONE_BY_ONE: ChunkSizes = { first: 1, most: 256, time: 50, rounds: 2 };

/** For points measured side by side, which finish together: many, but few enough to show progress once a second. */
export const SIDE_BY_SIDE: ChunkSizes = { first: 8, most: 32, time: 750, rounds: 1 };

/**
 * Distributes the points 0 to `total` - 1 in chunks until all are settled or `stop` is aborted.
 *
 * A worker returns the points of a chunk that it had no time for, or that cannot be trained with the first. When a worker
 * dies, the guilty point is unknown: the points of its chunk are tried again one by one.
 *
 * @param runPoints - resolves to the outcomes of the first one or more points
 */
export async function shareOut(
  total: number,
  workers: number,
  { first, most, time, rounds }: ChunkSizes,
  runPoints: (indexes: readonly number[]) => Promise<Done>,
  settle: (index: number, outcome: Outcome) => void,
  stop: AbortSignal,
): Promise<void> {
  // in reverse order: taking from the end of a long list is cheap
  const waiting = Array.from({ length: total }, (_, i) => total - 1 - i);
  const suspects: number[] = [];
  let size = first;

  const nextChunk = (share: number): number[] =>
    suspects.length > 0 ? suspects.splice(0, 1) : waiting.splice(-Math.min(size, share)).reverse();
  const run = async (chunk: readonly number[]): Promise<void> => {
    try {
      const { outcomes, milliseconds } = await runPoints(chunk);
      for (const [i, outcome] of outcomes.entries()) settle(chunk[i], outcome);
      waiting.push(...chunk.slice(outcomes.length).reverse());
      size = Math.max(1, Math.min(most, Math.floor((time * outcomes.length) / milliseconds)));
    } catch (thrown) {
      if (stop.aborted) return;
      if (chunk.length === 1) settle(chunk[0], { error: textsOf(thrown) });
      else suspects.push(...chunk);
    }
  };

  await new Promise<void>((resolve) => {
    let running = 0;
    const fill = (): void => {
      const share = Math.ceil(waiting.length / (rounds * workers));
      while (running < workers && waiting.length + suspects.length > 0 && !stop.aborted) {
        running++;
        void run(nextChunk(share)).then(() => {
          running--;
          fill();
        });
      }
      if (running === 0) resolve();
    };
    fill();
  });
}

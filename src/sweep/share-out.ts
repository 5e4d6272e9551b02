/** Shares the points of a grid out among workers, in chunks. */
import { type Done, type Outcome, textsOf } from "./worker.js";

/** How large chunks are. */
export interface ChunkSizes {
  /** Points in a chunk before it is known how long one takes. */
  first: number;
  /** Points in a chunk at most. */
  most: number;
  /** Milliseconds that a chunk is to take. */
  time: number;
  /** Chunks, at least, that each worker is to get of what is left: towards the end, so, nobody waits for another. */
  rounds: number;
}

/**
 * Of points that are measured one after the other: a time that is long beside what a message costs (about 0.1 ms), short
 * enough to see progress and to share out what is left. With so many points a message costs next to nothing.
 */
export const ONE_BY_ONE: ChunkSizes = { first: 1, most: 256, time: 50, rounds: 2 };

/** Of points that are measured side by side, and so are all done at the end: many, but to see progress once a second. */
export const SIDE_BY_SIDE: ChunkSizes = { first: 8, most: 32, time: 750, rounds: 1 };

/**
 * Hands out the points 0 to `total` - 1 in chunks until all are settled, or until stopped.
 *
 * A worker returns the points of a chunk that it had no time for, or that do not go with the first. With a worker dies
 * its chunk, and nobody knows at which point: these are handed out again one by one.
 *
 * @param runPoints - resolves to the outcomes of the first few of the points, at least of one
 */
export async function shareOut(
  total: number,
  workers: number,
  { first, most, time, rounds }: ChunkSizes,
  runPoints: (indexes: readonly number[]) => Promise<Done>,
  settle: (index: number, outcome: Outcome) => void,
  stop: AbortSignal,
): Promise<void> {
  // the next one last, where it can be taken at no cost, however many there are
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

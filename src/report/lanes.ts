/** Works through a list, a few items at a time, on a share of the cores each. */

/** How many items are worked on at a time, and on what. */
export interface Lanes<T> {
  /** At the most so many at a time. */
  jobs: number;
  /** Number of cores, which the items that are worked on at a time share. */
  cores: number;
  /** Whether an item wants nothing beside it, and all the cores; such items come last. */
  isAlone: (item: T) => boolean;
  /** Roughly how long an item takes, in any unit: the longest begin first, so that no lane waits for one begun late. */
  length?: (item: T) => number;
}

/**
 * Does the work on every item.
 *
 * @param work - is told how many of the cores are its own
 * @returns the results, in the order of the items
 */
export async function inLanes<T, R>(
  items: readonly T[],
  { jobs, cores, isAlone, length = () => 0 }: Lanes<T>,
  work: (item: T, cores: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = [...items.entries()];
  const longestFirst = [...entries].sort(([, a], [, b]) => length(b) - length(a));
  const together = longestFirst.filter(([, item]) => !isAlone(item)).values();
  const lanes = Math.max(1, Math.min(jobs, items.length));
  const share = Math.max(1, Math.floor(cores / lanes));
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      // the lanes share one iterator: each takes the next item when it is done with one
      for (const [index, item] of together) results[index] = await work(item, share);
    }),
  );
  for (const [index, item] of entries) if (isAlone(item)) results[index] = await work(item, cores);
  return results;
}

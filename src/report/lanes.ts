/** Works through a list, a few items at a time, each on a share of the cores. */

/** How to work through a list. */
export interface Lanes<T> {
  /** Maximal number of items at a time. */
  jobs: number;
  /** Number of cores, shared by the items worked on at a time. */
  cores: number;
  /** Whether an item must run alone, with all the cores; such items come last. */
  isAlone: (item: T) => boolean;
  /** Rough duration of an item, in any unit; the longest start first, so that no lane waits for a late one. */
  length?: (item: T) => number;
}

/**
 * Does the work on every item.
 *
 * @param work - receives an item and its number of cores
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
      // the lanes share one iterator: each takes the next item when it has finished one
      for (const [index, item] of together) results[index] = await work(item, share);
    }),
  );
  for (const [index, item] of entries) if (isAlone(item)) results[index] = await work(item, cores);
  return results;
}

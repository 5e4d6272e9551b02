/** Works through a list, a few items at a time. */

/**
 * Does the work on every item.
 *
 * @param lanes - how many items are worked on at a time
 * @returns the results, in the order of the items
 */
export async function inLanes<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: Math.min(lanes, items.length) }, async () => {
      // the lanes share one iterator: each takes the next item when it is done with one
      for (const [index, item] of queue) results[index] = await work(item);
    }),
  );
  return results;
}

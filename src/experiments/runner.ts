/** How an experiment gets many trainings done: it is handed a runner and does not ask how that works. */

/** Measures every point of a grid; the results come in the order of the grid. */
export type Runner = <Point, Result>(
  measure: (point: Point) => Result,
  grid: readonly Point[],
) => Result[] | Promise<Result[]>;

/**
 * The plain loop: one point after the other, in this thread.
 *
 * @param onProgress - called after each point with the number of points done and to do
 */
export function plainLoop(onProgress: (done: number, total: number) => void = () => {}): Runner {
  return (measure, grid) =>
    grid.map((point, i) => {
      const result = measure(point);
      onProgress(i + 1, grid.length);
      return result;
    });
}

/** How an experiment gets many trainings done: it is handed a runner and does not ask how that works. */

/**
 * Does an experiment at every point of a grid; the results come in the order of the grid.
 *
 * @param grid - the hyperparameters of each point, as plain data
 * @param experiment - a pure function from hyperparameters to measurements, as plain data
 */
export type Runner = <Point, Result>(
  grid: readonly Point[],
  experiment: (point: Point) => Result,
) => Result[] | Promise<Result[]>;

/** Told after each point how many are done, and of how many. */
export type OnProgress = (done: number, total: number) => void;

/** The plain loop: one point after the other, in this thread. */
export function plainLoop(onProgress: OnProgress = () => {}): Runner {
  return (grid, experiment) =>
    grid.map((point, i) => {
      const result = experiment(point);
      onProgress(i + 1, grid.length);
      return result;
    });
}

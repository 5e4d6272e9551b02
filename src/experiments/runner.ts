/** How an experiment runs many trainings: it receives a runner and does not ask how that works. */

/**
 * Runs an experiment at every point of a grid; the results come in the order of the grid.
 *
 * @param grid - the hyperparameters of each point, as plain data
 * @param experiment - a pure function from hyperparameters to measurements, as plain data
 */
export type Runner = <Point, Result>(
  grid: readonly Point[],
  experiment: (point: Point) => Result,
) => Result[] | Promise<Result[]>;

/** Called after each point with the number of points done and of all. */
export type OnProgress = (done: number, total: number) => void;

/** The plain loop: point after point, in this thread. */
export function plainLoop(onProgress: OnProgress = () => {}): Runner {
  return (grid, experiment) =>
    grid.map((point, i) => {
      const result = experiment(point);
      onProgress(i + 1, grid.length);
      return result;
    });
}

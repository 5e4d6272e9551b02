/** A study: one question put to many seeds. What is measured for a seed is a pure function of plain data. */
import type { Runner } from "./runner.js";
import type { SweepParameters } from "./task.js";

/** How a study is made. */
export interface Study<Parameters, Point, Result, Findings> {
  /** What is measured, in a few words: `trainings with one thing changed at a time`. */
  title: string;
  /** Seeds that are recorded with the published parameters. */
  seeds: number;
  /** Why so many: the width of the interval that its lines need. */
  reason: string;
  /** Share of `sweepSeeds` that are measured where nothing is recorded; 1 by default. */
  share?: number;
  /** Set where a clock or another machine had a part in it: then nobody can measure the same again. */
  isObserved?: boolean;
  /** What is measured for one seed: the hyperparameters of each training, or of each group of them, as plain data. */
  points(parameters: Parameters, seed: number): readonly Point[];
  /** Measures at a point; exported by a module of experiments/. Plain data comes back. */
  measure(point: Point): Result;
  /**
   * What the rows say together.
   *
   * @param rows - by the seeds, in their order, what was measured at each of the points
   */
  findings(rows: readonly (readonly Result[])[], parameters: Parameters): Findings;
}

/** What each of the studies found. */
export type FindingsOf<Studies> = {
  [Name in keyof Studies]: Studies[Name] extends Study<infer _P, infer _Point, infer _Result, infer Findings>
    ? Findings
    : never;
};

/** Makes a study; a place to hang the types on. */
export function study<Parameters, Point, Result, Findings>(
  parts: Study<Parameters, Point, Result, Findings>,
): Study<Parameters, Point, Result, Findings> {
  return parts;
}

/** The seeds that are measured where nothing is recorded: at least 2. */
export function liveSeeds(
  { share = 1 }: { share?: number },
  { firstSeed, sweepSeeds }: SweepParameters,
): number[] {
  const count = Math.max(2, Math.round(share * sweepSeeds));
  return Array.from({ length: count }, (_, i) => firstSeed + i);
}

/**
 * Does a study with the seeds, and says what was found.
 *
 * @throws what the runner throws
 */
export async function doStudy<Parameters extends SweepParameters, Point, Result, Findings>(
  of: Study<Parameters, Point, Result, Findings>,
  parameters: Parameters,
  run: Runner,
  seeds: readonly number[] = liveSeeds(of, parameters),
): Promise<Findings> {
  return of.findings(await rowsOf(of, parameters, run, seeds), parameters);
}

/**
 * What a study measures, by the seeds. All seeds are measured at the first point, then all at the second, and so on: what is
 * alike can be trained together.
 *
 * @throws what the runner throws
 */
export async function rowsOf<Parameters, Point, Result>(
  of: Study<Parameters, Point, Result, unknown>,
  parameters: Parameters,
  run: Runner,
  seeds: readonly number[],
): Promise<Result[][]> {
  const points = seeds.map((seed) => of.points(parameters, seed));
  const most = Math.max(0, ...points.map(({ length }) => length));
  const places = Array.from({ length: most }, (_, i) =>
    [...points.keys()].filter((row) => i < points[row].length).map((row) => [row, i] as const),
  ).flat();
  const results = await run(
    places.map(([row, i]) => points[row][i]),
    of.measure,
  );
  const rows: Result[][] = points.map(() => []);
  for (const [k, [row]] of places.entries()) rows[row].push(results[k]);
  return rows;
}

/** Findings of a study with one point a seed: a list, by the seeds. */
export function oneEach<Result>(rows: readonly (readonly Result[])[]): Result[] {
  return rows.map(([result]) => result);
}

/** One thing changed, and what came of it for each seed. */
export interface Variation<Result> {
  /** What was changed. */
  name: string;
  results: Result[];
}

/** Findings of a study with a point for each variation, in the order of the names. */
export function byVariation<Result>(
  names: readonly string[],
  rows: readonly (readonly Result[])[],
): Variation<Result>[] {
  return names.map((name, i) => ({ name, results: rows.map((row) => row[i]) }));
}

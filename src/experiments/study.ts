/** A study: one question put to many seeds. Each seed's measurement is a pure function of plain data. */
import type { Runner } from "./runner.js";
import type { SweepParameters } from "./task.js";

/** The parts of a study. */
export interface Study<Parameters, Point, Result, Findings> {
  /** What is measured, in a few words: `trainings with one thing changed at a time`. */
  title: string;
  /** Number of seeds recorded with the published parameters. */
  seeds: number;
  /** Why so many: the width of the interval that its lines need. */
  reason: string;
  /** Share of `sweepSeeds` to measure where nothing is recorded; 1 by default. */
  share?: number;
  /** Set if a clock or another machine takes part: then nobody can measure the same again. */
  isObserved?: boolean;
  /** Set if a point takes many seconds: then a notebook uses the recording without measuring any of it again. */
  isSlow?: boolean;
  /** The points to measure for one seed: the hyperparameters of each training, or of each group of them, as plain data. */
  points(parameters: Parameters, seed: number): readonly Point[];
  /** Measures at a point; exported by a module of experiments/. Plain data comes back. */
  measure(point: Point): Result;
  /**
   * Sums up the rows.
   *
   * @param rows - for each seed, in order, the measurements at its points
   */
  findings(rows: readonly (readonly Result[])[], parameters: Parameters): Findings;
}

/** The findings of each study. */
export type FindingsOf<Studies> = {
  [Name in keyof Studies]: Studies[Name] extends Study<infer _P, infer _Point, infer _Result, infer Findings>
    ? Findings
    : never;
};

/** Makes a study; it exists for its types. */
export function study<Parameters, Point, Result, Findings>(
  parts: Study<Parameters, Point, Result, Findings>,
): Study<Parameters, Point, Result, Findings> {
  return parts;
}

/** The seeds to measure where nothing is recorded: at least 2. */
export function liveSeeds(
  { share = 1 }: { share?: number },
  { firstSeed, sweepSeeds }: SweepParameters,
): number[] {
  const count = Math.max(2, Math.round(share * sweepSeeds));
  return Array.from({ length: count }, (_, i) => firstSeed + i);
}

/**
 * Runs a study on the seeds and returns its findings.
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
 * The measurements of a study, by seed. All seeds are measured at the first point, then all at the second, and so on: similar
 * points can be trained together.
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

/** Findings of a study with one point for each seed: a list, by seed. */
export function oneEach<Result>(rows: readonly (readonly Result[])[]): Result[] {
  return rows.map(([result]) => result);
}

/** One change, and its result for each seed. */
export interface Variation<Result> {
  /** The name of the change. */
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

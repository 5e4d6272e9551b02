/** Measures what each study still lacks, keeps each result at once, and writes the file when all are there. */
import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../../report/usage-error.js";
import { writeWhole } from "../../report/write.js";
import { SweepError, SweepInterruptedError, sweep } from "../../sweep/index.js";
import { recordText } from "../file.js";
import { type Place, pointsOf } from "../key.js";
import { type Commission, present, seedsOf } from "./commission.js";
import { Journal } from "./journal.js";

/** Number of seeds measured in every study first, to estimate the total time. */
const PILOT = 8;

/** Number of seeds measured at once: as many similar trainings as two workers run side by side. */
const BATCH = 64;

/** How to record. */
export interface RecordOptions {
  workers: number;
  /** Modules that may export a measurement, in addition to those of experiments/. */
  modules?: readonly string[];
  /** Called after every change. */
  onProgress(state: State): void;
  /** Called when a study is complete. */
  onComplete(complete: Complete): void;
}

/** The state of a recording. */
export interface State {
  study: string;
  /** Number of seeds done. */
  done: number;
  /** Number of seeds in all. */
  of: number;
  /** Estimated seconds until all studies are done; undefined until each has been tried. */
  left: number | undefined;
}

/** A study whose file is written. */
export interface Complete {
  path: string;
  seeds: number;
  bytes: number;
}

/** A measurement failed for a seed; the other results are kept. */
class StudyError extends Error {
  override name = "StudyError";
}

/** A study being recorded. */
interface Work {
  name: string;
  commission: Commission;
  /** What the file already holds, by seed. */
  recorded: ReadonlyMap<number, readonly unknown[]>;
  journal: Journal;
  /** Seeds with a point not yet measured. */
  pending: readonly number[];
  /** Seconds per seed, once known. */
  pace?: number;
}

/**
 * Records studies one after the other.
 *
 * @returns an error for each study that failed; the others are complete
 * @throws UsageError before anything is measured, when an existing file can neither be used nor extended
 * @throws Error from the file system; the results so far are kept
 */
export async function record(
  commissions: readonly Commission[],
  options: RecordOptions,
): Promise<StudyError[]> {
  const works = commissions.map(begun).filter((work) => work !== undefined);
  const failed = new Map<Work, StudyError>();
  const advance = async (work: Work, most: number): Promise<void> => {
    try {
      await measure(work, most, works, options);
    } catch (error) {
      if (!(error instanceof StudyError)) throw error;
      failed.set(work, error);
      work.pending = [];
    }
  };
  try {
    for (const work of works) await advance(work, PILOT);
    for (const work of works) {
      while (work.pending.length > 0) await advance(work, BATCH);
      if (!failed.has(work)) options.onComplete(complete(work));
    }
  } finally {
    for (const { journal } of works) journal.close();
  }
  return [...failed.values()];
}

function begun(commission: Commission): Work | undefined {
  const { header, path } = commission;
  const found = present(commission);
  const seeds = seedsOf(commission);
  if (found && found.rows.length >= seeds.length) {
    tidy(commission, new Set(found.rows.map(({ seed }) => seed)));
    return undefined;
  }
  const work: Work = {
    name: `${header.experiment} ${header.study}`,
    commission,
    recorded: new Map(found?.rows.map((row) => [row.seed, row.results])),
    journal: new Journal(path, header),
    pending: seeds,
  };
  return { ...work, pending: seeds.filter((seed) => missing(work, seed).length > 0) };
}

/** Removes the journal of a run that was killed when its file was there already. */
function tidy({ header, path }: Commission, recorded: ReadonlySet<number>): void {
  try {
    const journal = new Journal(path, header);
    if (journal.seeds.every((seed) => recorded.has(seed))) journal.remove();
  } catch (error) {
    // it is of another recording, and in nobody's way
    if (!(error instanceof UsageError)) throw error;
  }
}

/** The points of a seed not yet measured. */
function missing({ commission: { study, parameters }, recorded, journal }: Work, seed: number): Place[] {
  const known = recorded.get(seed) ?? journal.of(seed);
  const points = [...pointsOf(study, parameters, seed).keys()];
  return points.filter((point) => !(point in known)).map((point) => ({ seed, point }));
}

/** Measures the next seeds of a study. */
async function measure(
  work: Work,
  most: number,
  all: readonly Work[],
  { workers, modules = [], onProgress }: RecordOptions,
): Promise<void> {
  const { name, commission, journal } = work;
  const { study, parameters } = commission;
  const seeds = work.pending.slice(0, most);
  if (seeds.length === 0) return;
  // sorted by point, so that similar trainings can run together
  const places = seeds.flatMap((seed) => missing(work, seed)).sort((a, b) => a.point - b.point);
  const start = performance.now();
  const [expected, own] = [secondsLeft(all), seeds.length * (work.pace ?? Number.NaN)];
  let done = 0;
  const of = seedsOf(commission).length;
  const tell = (): void => {
    const left = expected - own + own * (1 - done / places.length);
    const open = work.pending.filter((seed) => missing(work, seed).length > 0).length;
    onProgress({ study: name, done: of - open, of, left: Number.isNaN(left) ? undefined : left });
  };
  // nothing else may run while a clock measures
  const [portions, threads] = study.isObserved ? [places.map((place) => [place]), 1] : [[places], workers];
  for (const portion of portions) {
    const points = portion.map(({ seed, point }) => pointsOf(study, parameters, seed)[point]);
    const onResult = (i: number, result: unknown): void => {
      journal.add(portion[i], result);
      done++;
    };
    const options = { workers: threads, modules, onNote: () => {}, onProgress: tell, onResult };
    await sweep(points, study.measure, options).catch((error: unknown) => {
      throw reasonOf(error, name, portion);
    });
  }
  work.pace = (performance.now() - start) / 1000 / seeds.length;
  work.pending = work.pending.slice(seeds.length);
}

/** Seconds that studies will take at their pace so far; NaN while one pace is unknown. */
function secondsLeft(works: readonly Work[]): number {
  return works
    .filter(({ pending }) => pending.length > 0)
    .reduce((sum, { pending, pace = Number.NaN }) => sum + pending.length * pace, 0);
}

/** The error to report for a failed sweep. */
function reasonOf(error: unknown, name: string, places: readonly Place[]): unknown {
  if (error instanceof SweepInterruptedError) {
    return error.cause instanceof TypeError ? new StudyError(`${name}: ${error.cause.message}`) : error.cause;
  }
  if (!(error instanceof SweepError)) return error;
  const [{ index, error: first }] = error.failures;
  const { seed, point } = places[index];
  return new StudyError(`${name}: seed ${seed}, point ${point} failed: ${first.name}: ${first.message}`);
}

function complete({ commission, recorded, journal }: Work): Complete {
  const { header, path } = commission;
  const seeds = seedsOf(commission);
  const rows = seeds.map((seed) => ({ seed, results: recorded.get(seed) ?? journal.of(seed) }));
  const text = recordText({ header: { ...header, recorded: new Date().toISOString().slice(0, 10) }, rows });
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, text);
  // the journal is needed until the file is safely on the disk
  const file = openSync(path, "r+");
  fsyncSync(file);
  closeSync(file);
  journal.close();
  // results of seeds not requested this time stay for the next run
  if (journal.seeds.every((seed) => seeds.includes(seed))) journal.remove();
  return { path, seeds: seeds.length, bytes: Buffer.byteLength(text) };
}

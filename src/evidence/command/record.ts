/** Measures what is missing of each study, keeps each result at once, and writes the file when all are there. */
import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "../../report/write.js";
import { SweepError, SweepInterruptedError, sweep } from "../../sweep/index.js";
import { recordText } from "../file.js";
import { type Place, pointsOf } from "../key.js";
import { type Commission, present, seedsOf } from "./commission.js";
import { Journal } from "./journal.js";

/** Seeds that are measured of every study first, to know how long all will take. */
const PILOT = 8;

/** Seeds that are measured at once: as many trainings alike as two workers do side by side. */
const BATCH = 64;

/** How to record. */
export interface RecordOptions {
  workers: number;
  /** Modules that may export a measurement, beside those of experiments/. */
  modules?: readonly string[];
  /** Told whenever something changed. */
  onProgress(state: State): void;
  /** Told when a study is complete. */
  onComplete(complete: Complete): void;
}

/** How far it has got. */
export interface State {
  study: string;
  /** Seeds that are done, and that are to be. */
  done: number;
  of: number;
  /** Seconds until all studies are done, as far as their pace is known; undefined while one was not tried yet. */
  left: number | undefined;
}

/** A study whose file is written. */
export interface Complete {
  path: string;
  seeds: number;
  bytes: number;
}

/** A measurement failed for a seed; what was measured is kept. */
export class StudyError extends Error {
  override name = "StudyError";
}

/** A study on its way. */
interface Work {
  name: string;
  commission: Commission;
  /** What the file holds already, by the seeds. */
  recorded: ReadonlyMap<number, readonly unknown[]>;
  journal: Journal;
  /** Seeds with a point that is not measured yet. */
  pending: readonly number[];
  /** Seconds a seed, once it is known. */
  pace?: number;
}

/**
 * Records studies, one after the other.
 *
 * @returns the studies that failed, each with the reason; the others are complete
 * @throws UsageError before anything is measured, when what is there can be neither used nor continued
 * @throws Error of the file system; what was measured is kept
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
  if (found && found.rows.length >= seeds.length) return undefined;
  const work: Work = {
    name: `${header.experiment} ${header.study}`,
    commission,
    recorded: new Map(found?.rows.map((row) => [row.seed, row.results])),
    journal: new Journal(path, header),
    pending: seeds,
  };
  return { ...work, pending: seeds.filter((seed) => missing(work, seed).length > 0) };
}

/** The points of a seed that are not measured yet. */
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
  // all seeds at the first point, then all at the second: what is alike can be trained together
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
  // nothing runs beside what a clock measures
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

/** Seconds that studies will take, by their pace so far; NaN while that of one is not known. */
function secondsLeft(works: readonly Work[]): number {
  return works
    .filter(({ pending }) => pending.length > 0)
    .reduce((sum, { pending, pace = Number.NaN }) => sum + pending.length * pace, 0);
}

/** What to say of a sweep that did not come through. */
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
  // the lines beside it are needed until the disk has the file
  const file = openSync(path, "r+");
  fsyncSync(file);
  closeSync(file);
  journal.close();
  // seeds that were not asked for this time stay for the next
  if (journal.seeds.every((seed) => seeds.includes(seed))) journal.remove();
  return { path, seeds: seeds.length, bytes: Buffer.byteLength(text) };
}

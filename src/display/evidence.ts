/** Gathers what a study found, in a cell: recorded beforehand and measured again in part, or measured here. */
import { audit, drawnPlaces, fixedPlaces } from "../evidence/audit.js";
import { textOf } from "../evidence/codec.js";
import type { Header, Row } from "../evidence/file.js";
import type { Place } from "../evidence/key.js";
import { load } from "../evidence/load.js";
import type { AnyExperiment, Experiment, ExperimentParameters } from "../experiments/experiment.js";
import { plainLoop } from "../experiments/runner.js";
import { doStudy, type FindingsOf, liveSeeds, type Study } from "../experiments/study.js";
import type { Verdict } from "../experiments/verdict.js";
import type { RecordedVerdict } from "../live/demonstration.js";
import { sweep } from "../sweep/index.js";
import { output } from "./kernel-output.js";
import { progress } from "./progress.js";

/** What a study found, and where it comes from. */
export interface Evidence<Findings> {
  findings: Findings;
  /** Number of seeds. */
  seeds: number;
  /** The first of them. */
  firstSeed: number;
  /** Whether it was recorded beforehand; else it was measured in this notebook. */
  isRecorded: boolean;
  /** How it came about, in words: `measured here`. */
  source: string;
}

/** Evidence of some of an experiment's studies, by their names. */
export type EvidenceOf<Studies> = {
  [Name in keyof Studies]?: Evidence<FindingsOf<Studies>[Name]>;
};

/** What hears that an experiment's evidence was refused, and why; see {@link onRefusal}. */
const refusals = new Map<string, (why: string) => void>();

/** Calls a function when evidence of an experiment, by its name, is refused, in the place of an earlier one. */
export function onRefusal(experiment: string, tell: (why: string) => void): void {
  refusals.set(experiment, tell);
}

/** Places that are drawn for an audit, or a single one where the fixed ones took longer than so many milliseconds. */
const DRAWN = 2;
const AUDIT_TIME = 250;

/**
 * Gathers what a study found: as recorded, where it was with these parameters, and then some of it is measured again before the
 * reader; else it is measured now, over `sweepSeeds` seeds or a share of them. A line under the cell says which.
 *
 * What was recorded and measures otherwise now is refused: it is measured anew, and the answer that stood on it withdrawn.
 *
 * @param name - that of the study, as in `experiment.studies`
 * @throws RangeError when the experiment has no such study
 * @throws SweepError or SweepInterruptedError when a measurement fails or is stopped
 * @throws Error outside a tslab kernel
 */
export async function gather<
  Parameters extends ExperimentParameters,
  Studies,
  Name extends keyof Studies & string,
>(
  experiment: Experiment<Parameters, Studies>,
  name: Name,
  parameters: Parameters,
): Promise<Evidence<FindingsOf<Studies>[Name]>> {
  const study = studyOf<Parameters, FindingsOf<Studies>[Name]>(experiment, name);
  const recorded = recordedStudy(experiment, name, parameters);
  if (recorded !== undefined && !("problem" in recorded)) {
    const problem = await showAudit(study, parameters, recorded);
    if (problem === undefined) return evidenceIn(study, parameters, recorded);
    refuse(experiment, problem);
  } else if (recorded !== undefined) refuse(experiment, recorded.problem);
  return measureHere(study, parameters);
}

/** A recording of a study with these parameters and seeds, why there is none that can be used, or nothing. */
type RecordedStudy = { header: Header; rows: readonly Row[]; isSameCode: boolean | undefined };

function recordedStudy<Parameters extends ExperimentParameters>(
  experiment: Pick<Experiment<Parameters, unknown>, "name" | "defaults"> & { studies: unknown },
  name: string,
  parameters: Parameters,
): RecordedStudy | { problem: string } | undefined {
  const found = load({ ...experiment, studies: Object(experiment.studies) }, name, parameters);
  if (found === undefined) return undefined;
  if ("problem" in found) return { problem: `${found.path}: ${found.message}` };
  // other seeds are asked for than were recorded: to be measured by whoever wants to see for himself
  return found.header.firstSeed === parameters.firstSeed ? found : undefined;
}

/** All recordings of an experiment's studies that can be used with these parameters, by their names. */
function recordedStudies<Parameters extends ExperimentParameters, Studies>(
  experiment: Experiment<Parameters, Studies>,
  parameters: Parameters,
): Map<string, RecordedStudy> {
  const found = new Map<string, RecordedStudy>();
  for (const name of Object.keys(Object(experiment.studies))) {
    const recorded = recordedStudy(experiment, name, parameters);
    if (recorded !== undefined && !("problem" in recorded)) found.set(name, recorded);
  }
  return found;
}

/**
 * What was recorded of all of an experiment's studies with these parameters, by their names and unaudited; those that were not
 * are left out.
 */
export function recordedEvidence<Parameters extends ExperimentParameters, Studies>(
  experiment: Experiment<Parameters, Studies>,
  parameters: Parameters,
  recorded: ReadonlyMap<string, RecordedStudy> = recordedStudies(experiment, parameters),
): EvidenceOf<Studies> {
  const found = [...recorded].map(
    ([name, own]) => [name, evidenceIn(studyOf(experiment, name), parameters, own)] as const,
  );
  return Object.fromEntries(found) as EvidenceOf<Studies>;
}

/** What became of the claim by some evidence. */
export function judged<Parameters extends ExperimentParameters, Studies>(
  experiment: Experiment<Parameters, Studies>,
  parameters: Parameters,
  evidence: EvidenceOf<Studies>,
): Verdict {
  const entries = Object.entries<Evidence<unknown> | undefined>(evidence);
  const findings = Object.fromEntries(entries.map(([name, own]) => [name, own?.findings]));
  return experiment.verdict(findings as Partial<FindingsOf<Studies>>, parameters);
}

/** The verdict by what was recorded of all studies, for a page; undefined where that is not all of them. */
export function recordedVerdict<Parameters extends ExperimentParameters, Studies>(
  experiment: Experiment<Parameters, Studies>,
  parameters: Parameters,
): Omit<RecordedVerdict, "key"> | undefined {
  const recorded = recordedStudies(experiment, parameters);
  if (recorded.size < Object.keys(Object(experiment.studies)).length) return undefined;
  const [{ header, rows }] = recorded.values();
  const texts = new Map(rows.map(({ seed, results }) => [seed, results]));
  return {
    verdict: judged(experiment, parameters, recordedEvidence(experiment, parameters, recorded)),
    basis: `${seedsText(rows.length, header.firstSeed)}, ${sourceText(header)}`,
    sample: fixedPlaces(rows).map(({ seed, point }) => ({
      seed,
      text: textOf(texts.get(seed)?.[point]),
    })),
  };
}

function evidenceIn<Parameters, Findings>(
  study: Study<Parameters, unknown, unknown, Findings>,
  parameters: Parameters,
  { header, rows }: RecordedStudy,
): Evidence<Findings> {
  return {
    findings: study.findings(
      rows.map(({ results }) => results),
      parameters,
    ),
    seeds: rows.length,
    firstSeed: header.firstSeed,
    isRecorded: true,
    source: sourceText(header),
  };
}

function sourceText({ recorded, version, machine }: Header): string {
  return `recorded ${recorded} by glass-house ${version}${machine ? ` on ${machine.cpu}` : ""}`;
}

/** Measures some of a recording again and says what came of it; returns what is wrong, if anything is. */
async function showAudit<Parameters extends ExperimentParameters>(
  study: Study<Parameters, unknown, unknown, unknown>,
  parameters: Parameters,
  { rows, header, isSameCode }: RecordedStudy,
): Promise<string | undefined> {
  const what = `◆ **Recorded**: ${study.title}, ${seedsText(rows.length, header.firstSeed)}, ${sourceText(header)}.`;
  if (study.isObserved) {
    showText(`${what} A clock had a part in it, so nobody can measure the very same again.`);
    return undefined;
  }
  const start = performance.now();
  const again = (places: readonly Place[]): ReturnType<typeof audit> =>
    audit(study, parameters, rows, places, plainLoop());
  const fixed = await again(fixedPlaces(rows));
  if (fixed.differences.length > 0) return differenceText(study, fixed.differences);
  const code = isSameCode ? "" : " by other code than this";
  showText(`${what} Measured again${code ? `, for it was recorded${code}` : ""}: ${sameText(fixed.places)}.`);
  const count = performance.now() - start > AUDIT_TIME ? 1 : DRAWN;
  const drawn = await again(drawnPlaces(rows, count, Math.random, fixed.places));
  if (drawn.differences.length > 0) return differenceText(study, drawn.differences);
  // other seeds at every run: what is saved leaves them out
  output(textBundle(`Drawn just now and measured again: ${sameText(drawn.places)}.`), { role: "progress" });
  return undefined;
}

function sameText(places: readonly Place[]): string {
  const seeds = places.map(({ seed }) => seed).join(" and ");
  return `seed${places.length === 1 ? "" : "s"} ${seeds}, the same to the bit`;
}

function differenceText({ title }: { title: string }, differences: readonly Place[]): string {
  const seeds = differences.map(({ seed }) => seed).join(", ");
  return `of ${title}, seed ${seeds} was recorded with other numbers than are measured here`;
}

function refuse({ name }: Pick<AnyExperiment, "name">, why: string): void {
  showText(`✗ **Refused**: ${why}. What was recorded is not used.`);
  refusals.get(name)?.(why);
}

async function measureHere<Parameters extends ExperimentParameters, Findings>(
  study: Study<Parameters, unknown, unknown, Findings>,
  parameters: Parameters,
): Promise<Evidence<Findings>> {
  const seeds = liveSeeds(study, parameters);
  const told = progress(study.title);
  const findings = await doStudy(
    study,
    parameters,
    // two at a time would disturb a clock
    (grid, measure) =>
      sweep(grid, measure, { onProgress: told.update, ...(study.isObserved && { workers: 1 }) }),
    seeds,
  );
  told.done();
  showText(`◇ **Measured here**: ${study.title}, ${seedsText(seeds.length, seeds[0])}.`);
  return {
    findings,
    seeds: seeds.length,
    firstSeed: seeds[0],
    isRecorded: false,
    source: "measured here",
  };
}

function studyOf<Parameters, Findings>(
  { name: notebook, studies }: Pick<AnyExperiment, "name"> & { studies: unknown },
  name: string,
): Study<Parameters, unknown, unknown, Findings> {
  const known = studies as Record<string, Study<Parameters, unknown, unknown, Findings>>;
  if (!Object.hasOwn(known, name)) {
    throw new RangeError(
      `name must be that of a study of ${notebook}, one of ${Object.keys(known).join(", ")}, got ${JSON.stringify(name)}`,
    );
  }
  return known[name];
}

function showText(text: string): void {
  output(textBundle(text));
}

/** Text, in markdown. */
export function textBundle(text: string): Record<string, string> {
  return { "text/markdown": text, "text/plain": text };
}

/** Seeds in words: `200 seeds, 1001 to 1200`. */
export function seedsText(seeds: number, first: number): string {
  return seeds === 1 ? `seed ${first}` : `${seeds} seeds, ${first} to ${first + seeds - 1}`;
}

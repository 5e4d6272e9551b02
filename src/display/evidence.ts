/** Gathers the findings of a study in a cell: recorded and audited, or measured on the spot. */
import type { Verdicts } from "../closing/grade.js";
import { audit, drawnPlaces, fixedPlaces } from "../evidence/audit.js";
import { textOf } from "../evidence/codec.js";
import type { Header, Row } from "../evidence/file.js";
import type { Place } from "../evidence/key.js";
import { load } from "../evidence/load.js";
import {
  type AnyExperiment,
  type Experiment,
  type ExperimentParameters,
  studiesOf,
} from "../experiments/experiment.js";
import { experiments } from "../experiments/index.js";
import { plainLoop } from "../experiments/runner.js";
import { doStudy, type FindingsOf, liveSeeds, type Study } from "../experiments/study.js";
import type { Verdict } from "../experiments/verdict.js";
import type { RecordedVerdict } from "../live/demonstration.js";
import { sweep } from "../sweep/index.js";
import { output } from "./kernel-output.js";
import { progress } from "./progress.js";

/** The findings of a study and their source. */
export interface Evidence<Findings> {
  findings: Findings;
  /** Number of seeds. */
  seeds: number;
  /** The first seed. */
  firstSeed: number;
  /** Whether it was recorded; otherwise it was measured in this notebook. */
  isRecorded: boolean;
  /** Its source in words, such as `measured here`. */
  source: string;
}

/** Evidence for some studies of an experiment, by name. */
export type EvidenceOf<Studies> = {
  [Name in keyof Studies]?: Evidence<FindingsOf<Studies>[Name]>;
};

/** Listeners by experiment; see {@link onRefusal}. */
const refusals = new Map<string, (why: string) => void>();

/** Sets the function to call with the reason when an experiment's evidence is refused; replaces an earlier one. */
export function onRefusal(experiment: string, tell: (why: string) => void): void {
  refusals.set(experiment, tell);
}

/** Number of places drawn at random for an audit; only one if the fixed places took longer than AUDIT_TIME milliseconds. */
const DRAWN = 2;
const AUDIT_TIME = 250;

/**
 * Gathers the findings of a study. If it was recorded with these parameters, the recording is used and a sample of it
 * measured again; otherwise the study is measured now, over `sweepSeeds` seeds or a share of them. A line under the cell
 * says which.
 *
 * If the sample differs, the recording is refused: the study is measured again, and an answer based on it is withdrawn.
 *
 * @param name - name of the study, as in `experiment.studies`
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
    if (problem === undefined) {
      refused.delete(recorded.path);
      return evidenceIn(study, parameters, recorded);
    }
    refused.add(recorded.path);
    refuse(experiment, problem);
  } else if (recorded !== undefined) refuse(experiment, recorded.problem);
  return measureHere(study, parameters);
}

/** A usable recording of a study. */
type RecordedStudy = { path: string; header: Header; rows: readonly Row[]; isSameCode: boolean | undefined };

/** Recordings that were refused in this process, by path; until they are gathered again and found good, nothing rests on them. */
const refused = new Set<string>();

function recordedStudy<Parameters extends ExperimentParameters>(
  experiment: Pick<Experiment<Parameters, unknown>, "name" | "defaults"> & { studies: unknown },
  name: string,
  parameters: Parameters,
): RecordedStudy | { problem: string } | undefined {
  const found = load({ ...experiment, studies: Object(experiment.studies) }, name, parameters);
  if (found === undefined) return undefined;
  if ("problem" in found) return { problem: `${found.path}: ${found.message}` };
  // a reader who asks for other seeds than those recorded wants them measured
  return found.header.firstSeed === parameters.firstSeed ? found : undefined;
}

/** The part of an experiment that a verdict on given evidence needs. */
type Judgeable<Parameters, Studies> = Omit<Experiment<Parameters, Studies>, "schema">;

/** All usable recordings of an experiment with these parameters, by study; none that was refused. */
function recordedStudies<Parameters extends ExperimentParameters, Studies>(
  experiment: Judgeable<Parameters, Studies>,
  parameters: Parameters,
): Map<string, RecordedStudy> {
  const found = new Map<string, RecordedStudy>();
  for (const name of Object.keys(Object(experiment.studies))) {
    const recorded = recordedStudy(experiment, name, parameters);
    if (recorded !== undefined && !("problem" in recorded) && !refused.has(recorded.path)) {
      found.set(name, recorded);
    }
  }
  return found;
}

/**
 * The recorded evidence of an experiment with these parameters, by study, not audited; studies without a recording are
 * left out.
 */
export function recordedEvidence<Parameters extends ExperimentParameters, Studies>(
  experiment: Judgeable<Parameters, Studies>,
  parameters: Parameters,
  recorded: ReadonlyMap<string, RecordedStudy> = recordedStudies(experiment, parameters),
): EvidenceOf<Studies> {
  const found = [...recorded].map(
    ([name, own]) => [name, evidenceIn(studyOf(experiment, name), parameters, own)] as const,
  );
  return Object.fromEntries(found) as EvidenceOf<Studies>;
}

/** The verdict on the claim, given some evidence. */
export function judged<Parameters extends ExperimentParameters, Studies>(
  experiment: Judgeable<Parameters, Studies>,
  parameters: Parameters,
  evidence: EvidenceOf<Studies>,
): Verdict {
  const entries = Object.entries<Evidence<unknown> | undefined>(evidence);
  const findings = Object.fromEntries(entries.map(([name, own]) => [name, own?.findings]));
  return experiment.verdict(findings as Partial<FindingsOf<Studies>>, parameters);
}

/** The verdict from recorded evidence, for a page; undefined unless every study is recorded. */
export function recordedVerdict<Parameters extends ExperimentParameters, Studies>(
  experiment: Judgeable<Parameters, Studies>,
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

/**
 * The verdicts from the published evidence, by notebook; undefined unless every study is recorded, and by the present code:
 * nothing is measured.
 */
export function publishedVerdicts(all: readonly AnyExperiment[] = Object.values(experiments)): Verdicts {
  return Object.fromEntries(all.map((own) => [own.name, publishedVerdict(own)]));
}

function publishedVerdict(own: AnyExperiment): Verdict | undefined {
  const recorded = recordedStudies(own, own.defaults);
  const isWhole = recorded.size === studiesOf(own).length;
  if (!isWhole || [...recorded.values()].some(({ isSameCode }) => isSameCode === false)) return undefined;
  return judged(own, own.defaults, recordedEvidence(own, own.defaults, recorded));
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

/** Measures a sample of a recording again and shows the outcome; returns the problem, if there is one. */
async function showAudit<Parameters extends ExperimentParameters>(
  study: Study<Parameters, unknown, unknown, unknown>,
  parameters: Parameters,
  { rows, header, isSameCode }: RecordedStudy,
): Promise<string | undefined> {
  const what = `◆ **Recorded**: ${study.title}, ${seedsText(rows.length, header.firstSeed)}, ${sourceText(header)}.`;
  if (study.isObserved) {
    showText(`${what} It was measured with a clock, so it cannot be reproduced to the bit.`);
    return undefined;
  }
  if (study.isSlow) {
    const code = isSameCode ? "" : " It was recorded by other code.";
    showText(
      `${what}${code} To measure it again takes minutes: \`npm run evidence -- ${header.experiment} --study ${header.study} --check\`.`,
    );
    return undefined;
  }
  const start = performance.now();
  const again = (places: readonly Place[]): ReturnType<typeof audit> =>
    audit(study, parameters, rows, places, plainLoop());
  const fixed = await again(fixedPlaces(rows));
  if (fixed.differences.length > 0) return differenceText(study, fixed.differences);
  const code = isSameCode ? "" : " by other code";
  showText(
    `${what} Measured again${code ? ` because it was recorded${code}` : ""}: ${sameText(fixed.places)}.`,
  );
  const count = performance.now() - start > AUDIT_TIME ? 1 : DRAWN;
  const drawn = await again(drawnPlaces(rows, count, Math.random, fixed.places));
  if (drawn.differences.length > 0) return differenceText(study, drawn.differences);
  // these seeds differ at every run, so saved notebooks leave the line out
  output(textBundle(`Drawn at random and measured again: ${sameText(drawn.places)}.`), { role: "progress" });
  return undefined;
}

function sameText(places: readonly Place[]): string {
  const seeds = places.map(({ seed }) => seed).join(" and ");
  return `seed${places.length === 1 ? "" : "s"} ${seeds}, the same to the bit`;
}

function differenceText({ title }: { title: string }, differences: readonly Place[]): string {
  const seeds = differences.map(({ seed }) => seed).join(", ");
  return `in ${title}, the recording of seed ${seeds} differs from the measurement here`;
}

function refuse({ name }: Pick<AnyExperiment, "name">, why: string): void {
  showText(`✗ **Refused**: ${why}. The recording is not used.`);
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
    // side by side, measurements would disturb a clock
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
      `name must be a study of ${notebook} (${Object.keys(known).join(", ")}), got ${JSON.stringify(name)}`,
    );
  }
  return known[name];
}

function showText(text: string): void {
  output(textBundle(text));
}

/** Markdown as an output. */
export function textBundle(text: string): Record<string, string> {
  return { "text/markdown": text, "text/plain": text };
}

/** Seeds in words: `200 seeds, 1001 to 1200`. */
export function seedsText(seeds: number, first: number): string {
  return seeds === 1 ? `seed ${first}` : `${seeds} seeds, ${first} to ${first + seeds - 1}`;
}

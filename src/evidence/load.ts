/** Finds the recording of a study, in the package or in the reader's own folder. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { digestOfStudy } from "./digests.js";
import { EvidenceError, type Problem, type Recorded, readRecord } from "./file.js";
import { type Points, type SeededParameters, studyKey } from "./key.js";

/** The evidence that comes with the package, with a folder for each experiment. */
export const EVIDENCE_FOLDER: string = join(__dirname, "..", "..", "..", "notebooks", "evidence");

/** Evidence that can be used. */
export interface Evidence extends Recorded {
  path: string;
  /** Whether it was measured by the present code; undefined for an observed study, which no audit can check. */
  isSameCode: boolean | undefined;
}

/** A file that has the right name but does not hold usable evidence. */
export interface Unusable {
  path: string;
  problem: Problem;
  /** What is wrong, in a sentence. */
  message: string;
}

/** The part of an experiment that is needed to find its recordings. */
export interface Recordable<Parameters> {
  name: string;
  studies: object;
  defaults: Parameters;
}

/**
 * Loads what was recorded of a study with these parameters, whatever the seeds; returns undefined if nothing was.
 *
 * @param folders - where to look, in this order; each has a folder for the experiment
 * @throws RangeError when the experiment has no such study
 */
export function load<Parameters extends SeededParameters>(
  experiment: Recordable<Parameters>,
  study: string,
  parameters: Parameters,
  folders: readonly string[] = [EVIDENCE_FOLDER, join(process.cwd(), "evidence")],
): Evidence | Unusable | undefined {
  const points = (experiment.studies as Record<string, Points<Parameters, unknown>>)[study];
  if (!points) {
    const known = Object.keys(experiment.studies).join(", ");
    throw new RangeError(`study must be one of ${known}, got "${study}"`);
  }
  const key = studyKey({ experiment: experiment.name, study }, points, parameters);
  const file = fileName(experiment, study, parameters);
  const found = folders
    .map((folder) => join(folder, experiment.name, file))
    .filter((path) => existsSync(path))
    .map((path) => readEvidence(path, key));
  return found.find((own) => "rows" in own) ?? found[0];
}

/** The name of a study's file: the study's name for the published parameters, otherwise with part of the key. */
export function fileName<Parameters extends SeededParameters>(
  { name, studies, defaults }: Recordable<Parameters>,
  study: string,
  parameters: Parameters,
): string {
  const points = (studies as Record<string, Points<Parameters, unknown>>)[study];
  const [key, published] = [parameters, defaults].map((own) =>
    studyKey({ experiment: name, study }, points, own),
  );
  return key === published ? `${study}.jsonl` : `${study}.${key.slice(0, 8)}.jsonl`;
}

/** Reads a file as the evidence with a given key. */
export function readEvidence(path: string, key: string): Evidence | Unusable {
  try {
    const recorded = readRecord(readFileSync(path, "utf8"));
    const { header } = recorded;
    if (header.key !== key) {
      throw new EvidenceError("of another study", "it is of another study or of other parameters");
    }
    return {
      ...recorded,
      path,
      isSameCode: header.digest === undefined ? undefined : header.digest === digestOfStudy(header),
    };
  } catch (error) {
    if (error instanceof EvidenceError) return { path, problem: error.problem, message: error.message };
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { path, problem: "unreadable", message: `it cannot be read: ${code}` };
  }
}

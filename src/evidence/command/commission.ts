/** Decides what to record, and refuses bad requests before anything is measured. */
import { existsSync } from "node:fs";
import { arch, cpus, release, type } from "node:os";
import { join } from "node:path";
import { allowedValues } from "../../core/validate.js";
import {
  type AnyExperiment,
  type AnyStudy,
  type ExperimentParameters,
  studiesOf,
} from "../../experiments/experiment.js";
import { experiments } from "../../experiments/index.js";
import type { Overrides } from "../../report/parameters.js";
import { called } from "../../report/plan.js";
import { packageVersion } from "../../report/provenance.js";
import { shellAssignment } from "../../report/shell-text.js";
import { UsageError } from "../../report/usage-error.js";
import { digestOfStudy } from "../digests.js";
import { type Header, type Machine, type Shard, seedsIn } from "../file.js";
import { studyKey } from "../key.js";
import { type Evidence, fileName, readEvidence } from "../load.js";

/** The user's request. */
export interface Wishes {
  /** Names as in `npm run report`; empty for all. */
  notebooks: readonly string[];
  /** Names of studies; empty for all. */
  studies: readonly string[];
  set: Overrides;
  /** Number of seeds; by default as each study says. */
  seeds?: number | undefined;
  firstSeed?: number | undefined;
  shard?: Shard | undefined;
  /** Parent of the experiments' folders. */
  out: string;
}

/** A study to record. */
export interface Commission {
  study: AnyStudy;
  parameters: ExperimentParameters;
  header: Omit<Header, "recorded">;
  /** Path of its file. */
  path: string;
}

/** Parameters that studies do not use; seeds have separate options. */
const NOT_SET: Readonly<Record<string, string>> = {
  seed: "it only chooses the training that the notebook shows",
  sweepSeeds: "use --seeds",
  firstSeed: "use --first-seed",
};

/**
 * Lists the requested studies.
 *
 * @param all - experiments by name
 * @throws UsageError when a name is unknown or a value is not allowed
 */
export function commissions(
  wishes: Wishes,
  all: Readonly<Record<string, AnyExperiment>> = experiments,
): Commission[] {
  const chosen = chosenExperiments(wishes.notebooks, all);
  checkStudies(wishes, chosen);
  checkNames(wishes.set, chosen);
  return chosen.flatMap((experiment) =>
    studiesOf(experiment)
      .filter(([name, study]) => isWanted(wishes, name, study))
      .map(([name, study]) => commissionOf(wishes, experiment, name, study)),
  );
}

function chosenExperiments(
  wanted: readonly string[],
  all: Readonly<Record<string, AnyExperiment>>,
): AnyExperiment[] {
  const names = Object.keys(all);
  const chosen = wanted.map((name) => {
    const found = called(name, names);
    if (found.length === 1) return found[0];
    if (found.length > 1) throw new UsageError(`"${name}" is ambiguous: it matches ${found.join(", ")}`);
    throw new UsageError(`experiment must be one of ${names.join(", ")}, got "${name}"`);
  });
  return [...new Set(wanted.length === 0 ? names : chosen)].map((name) => all[name]);
}

function checkStudies({ studies, shard }: Wishes, chosen: readonly AnyExperiment[]): void {
  const known = chosen.flatMap(studiesOf);
  for (const wanted of studies) {
    const found = known.filter(([name]) => name === wanted);
    if (found.length === 0) {
      const names = [...new Set(known.map(([name]) => name))].join(", ");
      throw new UsageError(`--study must be one of ${names}, got "${wanted}"`);
    }
    if (shard && found.every(([, { isObserved }]) => isObserved)) {
      throw new UsageError(
        `--study ${wanted} measures with a clock, so it must run on one machine, without --shard`,
      );
    }
  }
}

function checkNames(set: Overrides, chosen: readonly AnyExperiment[]): void {
  for (const name of Object.keys(set)) {
    if (Object.hasOwn(NOT_SET, name)) throw new UsageError(`--set cannot change ${name}: ${NOT_SET[name]}`);
    if (chosen.some((experiment) => namesIn(experiment).includes(name))) continue;
    const known = chosen.map((own) => `${own.name} has ${namesIn(own).join(", ")}`).join("\n");
    throw new UsageError(`none of the chosen notebooks has a parameter named ${name}\n${known}`);
  }
}

function namesIn({ schema }: AnyExperiment): string[] {
  return Object.keys(allowedValues(schema).properties ?? {}).filter((name) => !Object.hasOwn(NOT_SET, name));
}

/** Observed studies are never split: machines differ, and shards on one machine would disturb each other. */
function isWanted({ studies, shard }: Wishes, name: string, { isObserved }: AnyStudy): boolean {
  return (studies.length === 0 || studies.includes(name)) && !(shard && isObserved);
}

function commissionOf(
  { set, seeds, firstSeed, shard, out }: Wishes,
  experiment: AnyExperiment,
  name: string,
  study: AnyStudy,
): Commission {
  const { defaults } = experiment;
  const own = Object.fromEntries(Object.entries(set).filter(([key]) => namesIn(experiment).includes(key)));
  const parameters = checked(experiment, own);
  const studyName = { experiment: experiment.name, study: name };
  const digest = study.isObserved ? undefined : digestOfStudy(studyName);
  const recorded = { firstSeed: firstSeed ?? defaults.firstSeed, seeds: seeds ?? study.seeds };
  const options = [
    ...Object.entries(own).map(([key, value]) => `--set ${shellAssignment(key, value)}`),
    ...(recorded.seeds === study.seeds ? [] : [`--seeds ${recorded.seeds}`]),
    ...(recorded.firstSeed === defaults.firstSeed ? [] : [`--first-seed ${recorded.firstSeed}`]),
  ];
  const command = `npm run evidence -- ${experiment.name} --study ${name} ${options.join(" ")}`;
  const file = fileName(experiment, name, parameters);
  return {
    study,
    parameters,
    path: join(out, experiment.name, shard ? shardName(file, shard) : file),
    header: {
      ...studyName,
      key: studyKey(studyName, study, parameters),
      ...(digest !== undefined && { digest }),
      ...recorded,
      ...(shard && { shard }),
      parameters: Object.fromEntries(
        Object.entries(parameters).filter(([key]) => !Object.hasOwn(NOT_SET, key)),
      ),
      version: packageVersion(),
      ...(options.length > 0 && { command }),
      ...(study.isObserved && { machine: machine() }),
    },
  };
}

function checked(experiment: AnyExperiment, values: Overrides): ExperimentParameters {
  try {
    return experiment.parameters(values);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new UsageError(`${experiment.name}: ${error.message}`);
  }
}

function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    os: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
  };
}

/** The file name of a shard. */
function shardName(file: string, { number, of }: Shard): string {
  return file.replace(/\.jsonl$/, `.shard-${number}-of-${of}.jsonl`);
}

/** The seeds of a commission. */
export function seedsOf({ header }: Commission): number[] {
  return seedsIn({ ...header, recorded: "" });
}

/**
 * Reads what is already recorded; returns undefined if nothing is.
 *
 * @throws UsageError when it can neither be used nor extended
 */
export function present({ header, path }: Commission): Evidence | undefined {
  if (!existsSync(path)) return undefined;
  const found = readEvidence(path, header.key);
  if ("problem" in found) {
    throw new UsageError(`${path}: ${found.message}; delete it to record it again`);
  }
  if (found.header.firstSeed !== header.firstSeed) {
    throw new UsageError(
      `${path} starts at seed ${found.header.firstSeed}, not at ${header.firstSeed}; choose another folder with --out`,
    );
  }
  if (found.header.seeds < header.seeds) {
    if (found.isSameCode === false) {
      throw new UsageError(
        `${path} was recorded by other code and cannot be extended; delete it to record it again`,
      );
    }
    if (JSON.stringify(found.header.machine) !== JSON.stringify(header.machine)) {
      throw new UsageError(`${path} was observed on another machine; delete it to record it again`);
    }
  }
  return found;
}

/**
 * A demonstration: the part of a notebook that a page can run again. It says what can be changed, computed and shown, using
 * the same experiments and figures as the notebook.
 */
import type * as z from "zod/mini";
import type { Gradual } from "../core/network/gradual.js";
import { requireOptions } from "../core/require.js";
import { parse } from "../core/validate.js";
import { textOf } from "../evidence/codec.js";
import { pointsOf, studyKey } from "../evidence/key.js";
import { type AnyExperiment, type ExperimentParameters, studiesOf } from "../experiments/experiment.js";
import type { AnyPanel, Quantity } from "../experiments/panel.js";
import type { Runner } from "../experiments/runner.js";
import { doStudy } from "../experiments/study.js";
import type { Verdict } from "../experiments/verdict.js";

/** The part of a notebook that a page can run again: its panel, checked and judged. All functions are pure. */
export interface AnyDemonstration extends Omit<AnyPanel, "extras" | "check" | "without"> {
  /** Name of the notebook. */
  notebook: string;
  /** The schemas of the parameters: the notebook's, and those of the panel alone. */
  schemas: readonly z.ZodMiniType[];
  /** The published value of every parameter. */
  defaults: Readonly<Record<string, unknown>>;
  /** Values of the panel's parameters that the notebook lacks. */
  extras: Readonly<Record<string, unknown>>;
  /**
   * Checks the parameters.
   *
   * @throws RangeError or TypeError naming the parameter, the allowed range and the value given
   */
  check(values: Readonly<Record<string, unknown>>): object;
  /** Computes the notebook's verdict with these parameters. */
  judge(parameters: object, run: Runner): Promise<Verdict>;
  /** A text that identifies everything the verdict depends on. */
  key(parameters: object): string;
  /** Measures the first point of the first study for a seed, as a text. */
  again(parameters: object, seed: number): string;
}

/** Runs a training to its end. */
export function trainedBy<Trained>(training: Gradual<Trained>): Trained {
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
  }
}

/** A recorded verdict, with a sample of its evidence. */
export interface RecordedVerdict {
  verdict: Verdict;
  /** Seeds, date and version, in words. */
  basis: string;
  /** Key of the recorded parameters; see {@link AnyDemonstration.key}. */
  key: string;
  /** Recorded measurements of the first point of the first study for some seeds, as texts that are equal only to the bit. */
  sample: readonly { seed: number; text: string }[];
}

/** The published run, for a page to compare with. */
export interface Publication {
  /** Name of the notebook. */
  notebook: string;
  parameters: Record<string, unknown>;
  quantities: Quantity[];
  /** Digest of the whole reading; see `digestOf`. */
  digest: string;
  /** The verdict, if it was recorded. */
  recorded?: RecordedVerdict;
}

/** Parameters of every experiment that do not affect the training. */
const SWEPT = ["sweepSeeds", "firstSeed"];

/**
 * Returns the panel of an experiment as a demonstration.
 *
 * @throws RangeError when it has none
 */
export function demonstrationOf(experiment: AnyExperiment): AnyDemonstration {
  const { name, schema, panel } = experiment;
  if (panel === undefined) throw new RangeError(`the experiment of ${name} has no panel`);
  const { extras, without = [] } = panel;
  const added = Object.keys(extras?.defaults ?? {});
  const part = (values: object, isAdded: boolean): Record<string, unknown> =>
    Object.fromEntries(Object.entries(values).filter(([key]) => added.includes(key) === isAdded));
  const own = (values: object): ExperimentParameters =>
    part(values, false) as unknown as ExperimentParameters;
  return {
    ...panel,
    notebook: name,
    schemas: [schema, ...(extras ? [extras.schema] : [])],
    defaults: { ...experiment.defaults, ...extras?.defaults },
    extras: { ...extras?.defaults },
    looks: [...panel.looks, ...SWEPT],
    check(values) {
      requireOptions("parameters", values);
      const published = parse(schema, part(values, false), "parameters") as ExperimentParameters;
      experiment.check?.(published);
      const parameters = {
        ...published,
        ...(extras && parse(extras.schema, part(values, true), "parameters")),
      };
      panel.check?.(parameters);
      return parameters;
    },
    key(values) {
      const parameters = own(values);
      const keys = studiesOf(experiment).map(([study, points]) =>
        studyKey({ experiment: name, study }, points, parameters),
      );
      return [parameters.firstSeed, ...keys].join(" ");
    },
    again(values, seed) {
      const [[, first]] = studiesOf(experiment);
      return textOf(first.measure(pointsOf(first, own(values), seed)[0]));
    },
    async judge(values, run) {
      const parameters = own(values);
      const findings: Record<string, unknown> = {};
      for (const [key, study] of studiesOf(experiment)) {
        if (!without.includes(key)) findings[key] = await doStudy(study, parameters, run);
      }
      return experiment.verdict(findings, parameters);
    },
  };
}

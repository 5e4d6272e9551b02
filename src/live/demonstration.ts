/**
 * A demonstration: the part of a notebook that an exported page can do again. It says what may be changed, what is
 * computed from it and what is looked at, in the terms of the same experiments and figures that the notebook
 * uses; it neither draws nor knows of a page.
 */
import type * as z from "zod/mini";
import type { Gradual } from "../core/network/gradual.js";
import { parse } from "../core/validate.js";
import { textOf } from "../evidence/codec.js";
import { pointsOf, studyKey } from "../evidence/key.js";
import type { AnyExercise } from "../experiments/exercise.js";
import { type AnyExperiment, type ExperimentParameters, studiesOf } from "../experiments/experiment.js";
import type { Control, Overridden, Preset, Quantity, Reading } from "../experiments/panel.js";
import type { Runner } from "../experiments/runner.js";
import { doStudy } from "../experiments/study.js";
import type { Verdict } from "../experiments/verdict.js";

/** The part of a notebook that can be done again elsewhere. All functions are pure. */
export interface Demonstration<Parameters, Trained> {
  /** Name of the notebook. */
  notebook: string;
  /** What a reader might try, in a sentence or two. */
  invitation: string;
  /** What the parameters are allowed to be: those of the notebook, and those of the panel alone. */
  schemas: readonly z.ZodMiniType[];
  /** The published value of every parameter. */
  defaults: Readonly<Record<string, unknown>>;
  /** Values of the parameters that the notebook does not have. */
  extras: Readonly<Record<string, unknown>>;
  controls: readonly Control[];
  /** Parameters that change what is looked at and not the training. */
  looks: readonly (keyof Parameters & string)[];
  /**
   * Checks the parameters.
   *
   * @throws RangeError or TypeError that names the parameter, the allowed range and the value that came
   */
  check(values: Readonly<Record<string, unknown>>): Parameters;
  /** The parameters that have no effect with these values; none by default. */
  overridden?(parameters: Parameters): Overridden[];
  /** What one press sets; nothing by default. */
  presets?: readonly Preset<Parameters>[];
  /** All that takes time, epoch by epoch: everything but what depends on the `looks`. */
  train(parameters: Parameters): Gradual<Trained>;
  /** What there is to see of it; `isMoving`: coarser, for there is more to come. */
  read(trained: Trained, parameters: Parameters, isMoving?: boolean): Reading;
  /** What of the notebook's verdict cannot be had in a page, and why; nothing by default. */
  reserve?: string;
  /** What a reader can be asked to find out; nothing by default. */
  exercises?: readonly AnyExercise[];
  /** The notebook's verdict with these parameters. */
  judge(parameters: Parameters, run: Runner): Promise<Verdict>;
  /** A text that changes with whatever alters what the verdict stands on. */
  key(parameters: Parameters): string;
  /** What the first study measures for a seed at its first point, as a text. */
  again(parameters: Parameters, seed: number): string;
}

/** A demonstration whose types nobody needs to know: each is called with what it made itself. */
export type AnyDemonstration = Omit<Demonstration<object, unknown>, "looks" | "presets"> & {
  looks: readonly string[];
  presets?: readonly Preset[];
};

/** A training to its end. */
export function trainedBy<Trained>(training: Gradual<Trained>): Trained {
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
  }
}

/** A verdict that was recorded, and some of what it stands on. */
export interface RecordedVerdict {
  verdict: Verdict;
  /** Over which seeds, when and by which version, in words. */
  basis: string;
  /** Of the parameters for which it was recorded; see {@link AnyDemonstration.key}. */
  key: string;
  /** What was measured at the first point of the first study for some seeds, as texts that are alike only to the bit. */
  sample: readonly { seed: number; text: string }[];
}

/** What a page is told of the run that it is published with. */
export interface Publication {
  /** Name of the notebook. */
  notebook: string;
  parameters: Record<string, unknown>;
  quantities: Quantity[];
  /** Of the whole reading; see `digestOf`. */
  digest: string;
  /** The verdict, where it was recorded. */
  recorded?: RecordedVerdict;
}

/** Parameters that every experiment has and no training depends on. */
const SWEPT = ["sweepSeeds", "firstSeed"];

/**
 * The panel of an experiment as a demonstration.
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

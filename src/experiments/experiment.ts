/**
 * An experiment: all that a notebook needs, in one object. The notebook, its page, the command lines and the tests read
 * it, so nothing is described twice.
 */
import type * as z from "zod/mini";
import { requireOptions } from "../core/require.js";
import { parse } from "../core/validate.js";
import type { AnyPanel } from "./panel.js";
import type { FindingsOf, Study } from "./study.js";
import type { SweepParameters } from "./task.js";
import type { Verdict } from "./verdict.js";

/** The parameters that every experiment has: the seed on show, and the seeds of the studies. */
export interface ExperimentParameters extends SweepParameters {
  /** Seed of the training on show. */
  seed: number;
}

/** How much a reader should bring along: the essay's network; some statistics or numerics as well; both, and patience. */
export type Level = "introductory" | "intermediate" | "advanced";

/** The parts of an experiment. */
export interface ExperimentParts<Parameters, Studies> {
  /** Name of its notebook, such as `02-out-of-distribution`. */
  name: string;
  /** The essay's claim, in a sentence. */
  claim: string;
  /** How much its report asks of a reader; unknown by default. */
  level?: Level;
  /** Minutes to read its report and try the panel, without the exercises; unknown by default. */
  minutes?: number;
  /** The allowed values of the parameters, and their help texts. */
  schema: z.ZodMiniType<Parameters>;
  /**
   * Checks what a schema cannot; nothing by default.
   *
   * @throws RangeError that begins with the name of the parameter
   */
  check?(parameters: Parameters): void;
  /** The published values, in the order in which a reader meets them. */
  defaults: Parameters;
  /** Everything measured over seeds; the primary line rests on the first study. */
  studies: Studies;
  /** Judges the claim by the studies at hand. The primary line needs only the first study. */
  verdict(findings: Partial<FindingsOf<Studies>>, parameters: Parameters): Verdict;
  /** The part that a page can run again; none by default. */
  panel?: AnyPanel;
}

/** An experiment. */
export interface Experiment<Parameters, Studies> extends ExperimentParts<Parameters, Studies> {
  /**
   * The parameters with these values, and the published ones for the rest.
   *
   * @throws RangeError or TypeError that names the parameter, the allowed range and the value that came
   */
  parameters(values?: Partial<Parameters>): Parameters;
}

/** A study whose types do not matter. */
export type AnyStudy = Study<ExperimentParameters, unknown, unknown, unknown>;

/** An experiment whose types do not matter: each part is called with what another one made. */
export type AnyExperiment = Omit<Experiment<ExperimentParameters, object>, "schema"> & {
  schema: z.ZodMiniType;
};

/** The studies of an experiment and their names, in their order. */
export function studiesOf({ studies }: Pick<AnyExperiment, "studies">): [name: string, study: AnyStudy][] {
  return Object.entries(studies);
}

/**
 * Makes an experiment of its parts.
 *
 * @typeParam Studies - studies by their names
 */
export function experiment<Parameters extends ExperimentParameters, Studies>(
  parts: ExperimentParts<Parameters, Studies>,
): Experiment<Parameters, Studies> {
  return {
    ...parts,
    parameters(values = {}) {
      requireOptions("parameters", values);
      const parameters = parse(parts.schema, { ...parts.defaults, ...values }, "parameters");
      parts.check?.(parameters);
      return parameters;
    },
  };
}

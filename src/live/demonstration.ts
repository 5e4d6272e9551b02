/**
 * A demonstration: the part of a notebook that an exported page can do again. It says what may be changed, what is
 * computed from it and what is looked at, in the terms of the same experiments and figures that the notebook
 * uses; it neither draws nor knows of a page.
 */
import type * as z from "zod/mini";
import type { Figure } from "../charts/figure.js";
import type { Runner } from "../experiments/runner.js";
import type { Verdict } from "../experiments/verdict.js";

/** A number that is compared with the published one. */
export interface Quantity {
  /** What it is, with its unit: `test accuracy (%)`. */
  name: string;
  /** Null where it is not a number, as in JSON. */
  value: number | null;
  /** What null means here, in a word: `never`; `not a number` by default. */
  absent?: string;
}

/** A place on a map, in the coordinates of its axes. */
export type Place = readonly [x: number, y: number];

/** What a reader can take hold of in a figure. */
export type Handle =
  /** A point that can be moved over the map; it sets the parameter `field`, a pair of coordinates. */
  | { kind: "drag"; field: string; label: string; at: Place }
  /** Points that can be switched one by one; the parameter `field` lists the indexes of those switched. */
  | { kind: "pick"; field: string; label: string; places: readonly Place[]; picked: readonly number[] };

/** A figure, and what can be taken hold of in it. */
export interface Picture {
  /** Unique among the pictures of a reading. */
  name: string;
  figure: Figure;
  handle?: Handle;
  /** Whether it is light enough to be drawn anew at each step of a movement; else when the movement ends. */
  isLight?: boolean;
}

/** What a demonstration shows. */
export interface Reading {
  pictures: Picture[];
  quantities: Quantity[];
}

/** A slider beside a number, for the part of its range where something happens. */
export interface Slider {
  from: number;
  to: number;
  /** Distance of the steps; on a logarithmic scale, in powers of ten. */
  step: number;
  scale?: "log";
}

/** A parameter that is offered at once; the others stand folded below. */
export interface Control {
  name: string;
  slider?: Slider;
}

/** A parameter whose value has no effect, because of what another is set to. */
export interface Overridden {
  name: string;
  /** The value in its place. */
  value: unknown;
  /** What sets it, as the subject of a sentence: `the failure "stall"`. */
  by: string;
}

/** The part of a notebook that can be done again elsewhere. All functions are pure. */
export interface Demonstration<Parameters, Trained> {
  /** Name of the notebook. */
  notebook: string;
  /** What a reader might try, in a sentence or two. */
  invitation: string;
  /** What the parameters are allowed to be: those of the notebook, and those of the panel alone. */
  schemas: readonly z.ZodMiniType[];
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
  /** All that takes time: everything but what depends on the `looks`. */
  train(parameters: Parameters): Trained;
  /** What there is to see of it. */
  read(trained: Trained, parameters: Parameters): Reading;
  /** What of the notebook's verdict cannot be had in a page, and why; nothing by default. */
  reserve?: string;
  /** The notebook's verdict with these parameters. */
  judge(parameters: Parameters, run: Runner): Promise<Verdict>;
}

/** A demonstration whose types nobody needs to know: each is called with what it made itself. */
export type AnyDemonstration = Omit<Demonstration<object, unknown>, "looks"> & { looks: readonly string[] };

/** What a page is told of the run that it is published with. */
export interface Publication {
  /** Name of the notebook. */
  notebook: string;
  parameters: Record<string, unknown>;
  quantities: Quantity[];
  /** Of the whole reading; see `digestOf`. */
  digest: string;
}

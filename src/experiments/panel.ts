/**
 * The part of an experiment that a page can run again: what a reader may change, what is computed from it and what is shown,
 * with the measurements and figures of the notebook. It neither draws nor knows of a page.
 */
import type * as z from "zod/mini";
import type { Figure } from "../charts/figure.js";
import type { Gradual } from "../core/network/gradual.js";
import type { AnyExercise, Exercise } from "./exercise.js";

/** A number to compare with the published one. */
export interface Quantity {
  /** What it is, with its unit: `test accuracy (%)`. */
  name: string;
  /** Null where it is not a number, as in JSON. */
  value: number | null;
  /** What null means here, in a word: `never`; `not a number` by default. */
  absent?: string;
  /** Whether it is one of the few that stand in sight; the others are folded. */
  isMain?: boolean;
  /** The same in words, made from the value: `sure of Blue to 51 nines`. */
  words?: string;
}

/** A place on a map, in the coordinates of its axes. */
export type Place = readonly [x: number, y: number];

/** What a reader can drag or switch in a figure. */
export type Handle =
  /** A point that can be moved over the map; it sets the parameter `field`, a pair of coordinates. */
  | { kind: "drag"; field: string; label: string; at: Place }
  /** Points that can be switched one by one; the parameter `field` lists the indexes of those switched. */
  | { kind: "pick"; field: string; label: string; places: readonly Place[]; picked: readonly number[] };

/** A figure, and its handles. */
export interface Picture {
  /** Unique among the pictures of a reading. */
  name: string;
  figure: Figure;
  handle?: Handle;
  /**
   * Names of traces that, taken from the published figure, stay in sight beside the present ones, pale and dashed and in the same
   * axes; none by default.
   */
  ghost?: readonly string[];
}

/** What a panel shows. */
export interface Reading {
  pictures: Picture[];
  quantities: Quantity[];
  /** How far it has come, in a sentence that changes rarely: a screen reader says it each time. None by default. */
  news?: string;
}

/** What Play runs through where it is not the epochs of a training. */
export interface Beat {
  /** One of them: `query`. */
  one: string;
  /** Several: `queries`. */
  many: string;
  /** How many a second a reader can choose from, rising. */
  paces: readonly number[];
}

/** A slider beside a number, for the part of its range where something happens. */
export interface Slider {
  from: number;
  to: number;
  /** Distance of the steps; on a logarithmic scale, in powers of ten. */
  step: number;
  scale?: "log";
}

/** A parameter that is offered at once; the others are folded below. */
export interface Control {
  name: string;
  slider?: Slider;
}

/** A parameter whose value has no effect, because of what another is set to. */
export interface Overridden {
  name: string;
  /** The value that counts instead. */
  value: unknown;
  /** What sets it, as the subject of a sentence: `the failure "stall"`. */
  by: string;
}

/** Parameters that the notebook does not have. */
export interface Extras {
  schema: z.ZodMiniType<object>;
  defaults: object;
}

/** Values that answer a claim of the essay at one press. */
export interface Preset<Parameters = object> {
  /** In a word or three: `one lie`. */
  name: string;
  /** What it shows, in a sentence. */
  says: string;
  /** The rest is as published. */
  values: Partial<Parameters>;
  /** Whether it is played from its beginning, unless the reader wants no motion; else its end is shown. */
  plays?: boolean;
}

/** What a page can run again. All functions are pure. */
export interface Panel<Parameters, Trained> {
  /** What a reader might try, in a sentence or two. */
  invitation: string;
  /** Parameters of the panel alone. */
  extras?: Extras;
  /**
   * Checks what a schema cannot; nothing by default.
   *
   * @throws RangeError that begins with the name of the parameter
   */
  check?(parameters: Parameters): void;
  controls: readonly Control[];
  /** Parameters that change the view and not the training, besides the seeds of the studies. */
  looks: readonly (keyof Parameters & string)[];
  /** The parameters that have no effect with these values; none by default. */
  overridden?(parameters: Parameters): Overridden[];
  /** What one press sets; nothing by default. */
  presets?: readonly Preset<Parameters>[];
  /**
   * All that takes time: everything but what depends on the `looks`. It stops before the first epoch and after every one; what it
   * returns in the end does not depend on what was looked at on the way.
   */
  train(parameters: Parameters): Gradual<Trained>;
  /** What the moments of `train` count; epochs by default. */
  beat?(parameters: Parameters): Beat | undefined;
  /**
   * What there is to see of it.
   *
   * @param isMoving - whether more is to come at once: then coarser, so that it takes no more than a few milliseconds
   */
  read(trained: Trained, parameters: Parameters, isMoving?: boolean): Reading;
  /** Studies that a page does not run: it cannot, or the verdict does not need them. */
  without?: readonly string[];
  /** The part of the verdict that a page cannot give, and why; nothing by default. */
  reserve?: string;
  /** What a reader can be asked to find out in it; nothing by default. */
  exercises?: readonly Exercise<Parameters>[];
}

/** A panel whose types do not matter: each part is called with what another one made. */
export type AnyPanel = Omit<Panel<object, unknown>, "looks" | "presets" | "exercises"> & {
  looks: readonly string[];
  presets?: readonly Preset[];
  exercises?: readonly AnyExercise[];
};

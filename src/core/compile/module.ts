/** Translates a recording into a WebAssembly module: its memory and its functions. */

import type { RoundingPhase } from "../arithmetic/counters.js";
import type { Format } from "../arithmetic/formats.js";
import type { PhaseNumbers } from "../arithmetic/precision.js";
import { batchesCode, DESCRIPTION } from "./batch-code.js";
import { type Border, toDoubles, toSingles } from "./border-code.js";
import { Code, encodeModule } from "./code.js";
import type { Layout } from "./elements.js";
import { knownNumbers } from "./known-numbers.js";
import { Memory } from "./memory.js";
import { phaseCodes } from "./phase-code.js";
import { type Recording, textOf } from "./recording.js";
import { sectionCode } from "./section-code.js";
import { lengthOf, type ModuleContext } from "./step-code.js";

/** The arithmetic of each phase. */
export type Numbers = Readonly<Record<RoundingPhase, PhaseNumbers>>;

/** A compiled recording. */
export interface Compiled {
  module: object;
  layout: Layout;
  /** Addresses of values. */
  addresses: readonly number[];
  /** Addresses of named values as doubles, row by row, if they are kept as singles; only for a single training. */
  doubles: ReadonlyMap<number, number>;
  /** Address of the keys of stochastic rounding. */
  key: number;
  /** Address of the description of batches. */
  description: number;
  /** The first free address. */
  end: number;
}

/** The exports of an instance. */
export interface Exports {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  sections: readonly ((base: number) => void)[];
  /** See {@link batchesCode}. */
  batches(tables: number, sections: number, batches: number, hasKeys: number, base: number): void;
  /** Converts inputs to singles, if numbers are kept as singles. */
  enter(): void;
  /** Converts named values back to doubles. */
  leave(): void;
}

/** The part of the engine's WebAssembly API that is used. */
interface Engine {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object) => { exports: Record<string, unknown> };
}

/** Maximal number of instructions, over all sections, for code without loops. */
const STRAIGHT = 6000;
/** Maximal number of pending partial sums, enough for as many terms as memory can hold. */
const PARTIAL_SUMS = 32;
const PAGE = 0x10000;
const MOST_PAGES = 0x10000;
const MOST_MODULES = 64;

const modules = new Map<string, Compiled>();

function engine(): Engine {
  return (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
}

let supported: boolean | undefined;

/**
 * Whether WebAssembly with vectors is available; an engine may lack it, and a page's policy may forbid it. Otherwise the plain
 * machine is used.
 */
export function isSupported(): boolean {
  supported ??= canCompile();
  return supported;
}

function canCompile(): boolean {
  const code = new Code();
  code.zero();
  code.set(code.local());
  const parts = { functions: [code], exports: {}, table: [], pages: 0, data: [], isWanted: () => true };
  const bytes = encodeModule(parts);
  try {
    // a valid module may still be forbidden
    return engine().validate(bytes) && new (engine().Module)(bytes) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Returns the module of a recording; equal recordings share one.
 *
 * @param inputs - formats of inputs, by name
 * @param trainings - number of trainings side by side; if there are several, they fill the lanes of vectors
 */
export function moduleOf(
  recording: Recording,
  numbers: Numbers,
  inputs: Readonly<Record<string, Format>>,
  trainings: number,
): Compiled {
  const key = JSON.stringify([textOf(recording), numbers, inputs, trainings]);
  const compiled = modules.get(key) ?? translate(recording, numbers, inputs, trainings);
  // drop the least recently used one
  modules.delete(key);
  modules.set(key, compiled);
  if (modules.size > MOST_MODULES) modules.delete(modules.keys().next().value as string);
  return compiled;
}

/** Makes an instance with its own memory, and `room` bytes from the first free address on. */
export function instantiate({ module, end }: Compiled, room: number): Exports {
  const { exports } = new (engine().Instance)(module);
  const { memory, batches, enter = nothing, leave = nothing } = exports as unknown as Exports;
  // pages that are never written cost nothing
  const pages = Math.ceil((end + room) / PAGE) - memory.buffer.byteLength / PAGE;
  if (pages > 0) memory.grow(pages);
  const sections = Object.keys(exports).filter((name) => name.startsWith("section"));
  return { memory, batches, enter, leave, sections: sections.map((name) => exports[name] as () => void) };
}

function nothing(): void {}

function layoutOf(fitSingles: boolean, trainings: number): Layout {
  const shape = fitSingles ? "f32x4" : "f64x2";
  const [bytes, lanes] = fitSingles ? [4, 4] : [8, 2];
  if (trainings === 1) return { shape, neighbours: lanes, trainings: 1, stride: bytes };
  return { shape, neighbours: 1, trainings: lanes, stride: 16 * Math.ceil(trainings / lanes) };
}

function translate(
  recording: Recording,
  numbers: Numbers,
  inputs: Readonly<Record<string, Format>>,
  trainings: number,
): Compiled {
  const { values, sections, names } = recording;
  const steps = Object.values(sections).flatMap(({ primitives }) => primitives);
  const isStochastic = steps.some(({ phase }) => numbers[phase].isStochastic);
  const known = knownNumbers(recording, numbers, inputs);
  const layout = layoutOf(known.fitSingles && !isStochastic, trainings);

  const memory = new Memory();
  const key = memory.reserve(trainings === 1 ? 16 : layout.stride);
  const description = memory.reserve(DESCRIPTION);
  const scratch = memory.reserve(16 * PARTIAL_SUMS);
  const constants = new Map(recording.constants.map(({ value, number }) => [value, number]));
  const addresses = values.map(({ rows, columns }, value) => {
    const number = constants.get(value);
    return number === undefined
      ? memory.reserve(layout.stride * rows * columns)
      : memory.number(number, layout.shape);
  });

  const functions: Code[] = [];
  const add = (code: Code): number => functions.push(code) - 1;
  const phases = phaseCodes(numbers, layout, memory, key, add);
  const length = steps.reduce((sum, step) => {
    const { rows, columns } = values[step.result];
    return sum + lengthOf(step, phases) * Math.ceil((rows * columns) / layout.neighbours);
  }, 0);
  const context: ModuleContext = {
    recording,
    layout,
    memory,
    addresses,
    phases,
    known,
    wanted: new Set(Object.values(names)),
    scratch,
    isStraight: length <= STRAIGHT,
  };
  const table = Object.values(sections).map((section) => add(sectionCode(section, context)));
  const exports: Record<string, number> = { batches: add(batchesCode(description, key, layout)) };
  table.forEach((index, i) => {
    exports[`section ${i}`] = index;
  });

  const doubles = new Map<number, number>();
  if (layout.shape === "f32x4" && trainings === 1) {
    const computed = new Set(steps.map(({ result }) => result));
    const borders: Border[] = [];
    const given: Border[] = [];
    // a value may have several names
    for (const value of new Set(Object.values(names))) {
      const count = values[value].rows * values[value].columns;
      const border = { doubles: memory.reserve(8 * count), singles: addresses[value], count };
      doubles.set(value, border.doubles);
      borders.push(border);
      if (!computed.has(value) && !constants.has(value)) given.push(border);
    }
    exports.enter = add(toSingles(given));
    exports.leave = add(toDoubles(borders));
  }
  const isRounded = steps.some(({ phase }) => phases[phase].round.length > 0);
  const end = memory.size + 16; // a vector may be read at the last element
  if (end > MOST_PAGES * PAGE) {
    const need = (end / 2 ** 30).toFixed(1);
    throw new RangeError(
      `points and neurons must fit into 4 GB together, got ${need} GB: all points are evaluated at once`,
    );
  }
  const bytes = encodeModule({
    functions,
    exports,
    table,
    pages: Math.ceil(end / PAGE),
    data: memory.data,
    // V8 delays computations whose results are not stored; with much rounding it runs out of registers
    isWanted: (value) => context.wanted.has(value) || (layout.trainings > 1 && isRounded),
  });
  return { module: new (engine().Module)(bytes), layout, addresses, doubles, key, description, end };
}

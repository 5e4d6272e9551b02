/** A recording as a WebAssembly module: what stands where in its memory, and its functions. */

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

/** The numbers of each phase. */
export type Numbers = Readonly<Record<RoundingPhase, PhaseNumbers>>;

/** What a recording became, to be made instances of. */
export interface Compiled {
  module: object;
  layout: Layout;
  /** Where each value stands. */
  addresses: readonly number[];
  /** Where named values stand as doubles, row by row; in modules of a single training only. */
  doubles: ReadonlyMap<number, number>;
  /** Where keys of stochastic rounding stand. */
  key: number;
  /** Where batches are described. */
  description: number;
  /** The first address that is free. */
  end: number;
}

/** What an instance exports. */
export interface Exports {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  sections: readonly ((base: number) => void)[];
  /** See {@link batchesCode}. */
  batches(tables: number, sections: number, batches: number, hasKeys: number, base: number): void;
  /** Makes singles of doubles, and doubles of singles, where numbers are kept as singles. */
  enter(): void;
  leave(): void;
}

/** What of the engine's WebAssembly is used. */
interface Engine {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object) => { exports: Record<string, unknown> };
}

/** Instructions of all sections up to which there is no loop. */
const STRAIGHT = 6000;
/** Partial sums that may wait: for as many terms as a memory can hold. */
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
 * Whether there is WebAssembly with vectors, which an engine may lack and a page's policy may forbid; without, the plain
 * machine runs. Found out once.
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
    // what is valid may be forbidden all the same
    return engine().validate(bytes) && new (engine().Module)(bytes) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The module of a recording; that of one that is alike, if there is one.
 *
 * @param inputs - formats whose numbers inputs are, by their names
 * @param trainings - how many go on side by side: 1, or as many as there are, in vectors
 */
export function moduleOf(
  recording: Recording,
  numbers: Numbers,
  inputs: Readonly<Record<string, Format>>,
  trainings: number,
): Compiled {
  const key = JSON.stringify([textOf(recording), numbers, inputs, trainings]);
  const compiled = modules.get(key) ?? translate(recording, numbers, inputs, trainings);
  // the one that was not used for longest goes first
  modules.delete(key);
  modules.set(key, compiled);
  if (modules.size > MOST_MODULES) modules.delete(modules.keys().next().value as string);
  return compiled;
}

/** An instance with a memory of its own, and room in it for so many bytes from the first free address on. */
export function instantiate({ module, end }: Compiled, room: number): Exports {
  const { exports } = new (engine().Instance)(module);
  const { memory, batches, enter = nothing, leave = nothing } = exports as unknown as Exports;
  // pages that nobody writes to cost nothing
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
  const end = memory.size + 16; // vectors may be read that begin with the last element
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
    // V8 puts off what is not stored; where rounding makes much of that, registers don't suffice
    isWanted: (value) => context.wanted.has(value) || (layout.trainings > 1 && isRounded),
  });
  return { module: new (engine().Module)(bytes), layout, addresses, doubles, key, description, end };
}

/**
 * The fast machine: writes a WebAssembly module that does what a recording says, at the speed of C and with the bits of
 * the plain machine (interpreter.ts), and runs it.
 */
import type { Format } from "../arithmetic/formats.js";
import { batchesCode, DESCRIPTIONS, describeBatches } from "./batch-code.js";
import { type Border, toDoubles, toSingles } from "./border-code.js";
import { Code, encodeModule } from "./code.js";
import type { Layout } from "./elements.js";
import type { Program } from "./interpreter.js";
import { knownNumbers } from "./known-numbers.js";
import { Memory } from "./memory.js";
import { type PhaseNumbers, phaseCodes } from "./phase-code.js";
import type { Recording, RoundingPhase } from "./recording.js";
import { lengthOf, type ModuleContext, writeSection } from "./section-code.js";

/** The numbers of each phase. */
export type Numbers = Readonly<Record<RoundingPhase, PhaseNumbers>>;

/** What may be told to the machine about how a program will be used. */
export interface CompileOptions {
  /** Formats whose numbers inputs are, by their names: what is known need not be rounded, and may be computed in singles. */
  inputs?: Readonly<Record<string, Format>>;
  /** The most rows that tables of batches have; 4096 by default. */
  rows?: number;
}

/** A program whose stochastic roundings are drawn from keys. */
export interface CompiledProgram extends Program {
  /** The key of the steps that follow; see `Dither.key`. */
  setKey(key: number): void;
  /** @param keys - a key for each batch; that of `setKey` stays without */
  runBatches(
    sections: readonly string[],
    tables: Readonly<Record<string, Float64Array>>,
    order: Int32Array,
    from: number,
    to: number,
    keys?: Int32Array,
  ): void;
}

/** Instructions of all sections up to which there is no loop. */
const STRAIGHT = 6000;
/** Partial sums that may wait: for as many terms as a memory can hold. */
const PARTIAL_SUMS = 32;
const PAGE = 0x10000;

/** What a recording became, to be made an instance of. */
interface Compiled {
  module: WasmModule;
  /** Where the doubles of named values stand. */
  named: Readonly<Record<string, number>>;
  /** Where each value stands. */
  addresses: readonly number[];
  key: number;
  /** Where the tables of batches are described. */
  descriptions: number;
  /** The first address that is free. */
  end: number;
}

/** A module of the engine's. */
type WasmModule = { readonly kind?: "module" };

/** What of the engine's WebAssembly is used. */
interface Engine {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  Instance: new (module: WasmModule) => { exports: Record<string, unknown> };
}

function engine(): Engine {
  return (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
}

/** Whether there is WebAssembly with vectors; without, the plain machine runs. */
export function isSupported(): boolean {
  const code = new Code();
  code.zero();
  code.set(code.local());
  const parts = { functions: [code], exports: {}, table: [], pages: 0, data: [], isWanted: () => true };
  return "WebAssembly" in globalThis && engine().validate(encodeModule(parts));
}

const modules = new Map<string, Compiled>();
const MOST_MODULES = 64;

/** Makes a recording ready to be run, with numbers of its own. Recordings that are alike are compiled once. */
export function compile(
  recording: Recording,
  numbers: Numbers,
  { inputs = {}, rows = 4096 }: CompileOptions = {},
): CompiledProgram {
  const key = keyOf(recording, numbers, inputs);
  const compiled = modules.get(key) ?? translate(recording, numbers, inputs);
  // the one that was not used for longest goes first
  modules.delete(key);
  modules.set(key, compiled);
  if (modules.size > MOST_MODULES) modules.delete(modules.keys().next().value as string);
  return instantiate(compiled, recording, rows);
}

/** What makes the difference between modules, as text. */
function keyOf(
  { constants, ...recording }: Recording,
  numbers: Numbers,
  inputs: CompileOptions["inputs"],
): string {
  // not as numbers: JSON has no -0, Infinity or NaN
  const texts = constants.map(({ value, number }) => [value, Object.is(number, -0) ? "-0" : String(number)]);
  return JSON.stringify([recording, texts, numbers, inputs]);
}

function translate(
  recording: Recording,
  numbers: Numbers,
  inputs: Readonly<Record<string, Format>>,
): Compiled {
  const { values, sections, names } = recording;
  const steps = Object.values(sections).flatMap(({ primitives }) => primitives);
  const isStochastic = steps.some(({ phase }) => numbers[phase].isStochastic);
  const known = knownNumbers(recording, numbers, inputs);
  const layout: Layout =
    known.fitSingles && !isStochastic
      ? { shape: "f32x4", neighbours: 4, stride: 4 }
      : { shape: "f64x2", neighbours: 2, stride: 8 };

  const memory = new Memory();
  const key = memory.reserve(16);
  const descriptions = memory.reserve(DESCRIPTIONS);
  const scratch = memory.reserve(16 * PARTIAL_SUMS);
  const constants = new Map(recording.constants.map(({ value, number }) => [value, number]));
  const addresses = values.map(({ rows, columns }, value) => {
    const number = constants.get(value);
    return number === undefined
      ? memory.reserve(layout.stride * rows * columns)
      : memory.number(number, layout.shape);
  });
  // a value may have several names
  const borders = new Map<number, Border>();
  for (const value of Object.values(names)) {
    if (borders.has(value)) continue;
    const count = values[value].rows * values[value].columns;
    const doubles = layout.shape === "f64x2" ? addresses[value] : memory.reserve(8 * count);
    borders.set(value, { doubles, singles: addresses[value], count });
  }

  const functions: Code[] = [];
  const add = (code: Code): number => functions.push(code) - 1;
  const phases = phaseCodes(numbers, layout.shape, memory, key, add);
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
  const table = Object.values(sections).map((section) => {
    const code = new Code();
    writeSection(code, section, context);
    return add(code);
  });
  const exports: Record<string, number> = { batches: add(batchesCode(descriptions, key, layout)) };
  table.forEach((index, i) => {
    exports[`section ${i}`] = index;
  });
  if (layout.shape === "f32x4") {
    const computed = new Set(steps.map(({ result }) => result));
    const given = [...borders].filter(([value]) => !computed.has(value) && !constants.has(value));
    exports.enter = add(toSingles(given.map(([, border]) => border)));
    exports.leave = add(toDoubles([...borders.values()]));
  }
  const end = memory.size + 16; // vectors may be read that begin with the last element
  const bytes = encodeModule({
    functions,
    exports,
    table,
    pages: Math.ceil(end / PAGE),
    data: memory.data,
    isWanted: (value) => context.wanted.has(value),
  });
  const named = Object.fromEntries(
    Object.entries(names).map(([name, value]) => [name, (borders.get(value) as Border).doubles]),
  );
  return { module: new (engine().Module)(bytes), named, addresses, key, descriptions, end };
}

function instantiate(
  compiled: Compiled,
  { names, values, sections }: Recording,
  rows: number,
): CompiledProgram {
  const { module, named, addresses, key, descriptions, end } = compiled;
  const { exports } = new (engine().Instance)(module);
  const memory = exports.memory as { buffer: ArrayBuffer; grow(pages: number): number };
  // room for tables, their order and keys: pages that nobody writes to cost nothing
  const width = Object.values(names).reduce((sum, value) => sum + 8 * values[value].columns, 0);
  const pages = Math.ceil((end + rows * (width + 8)) / PAGE) - memory.buffer.byteLength / PAGE;
  if (pages > 0) memory.grow(pages);
  const { buffer } = memory;
  const words = new Int32Array(buffer);
  const doubles = new Float64Array(buffer);
  const { enter, leave } = exports as Record<string, (() => void) | undefined>;
  const indices = Object.fromEntries(Object.keys(sections).map((name, i) => [name, i]));
  const runs = Object.keys(sections).map((_, i) => exports[`section ${i}`] as () => void);
  const batches = exports.batches as (
    tables: number,
    sections: number,
    order: number,
    keys: number,
    batches: number,
  ) => void;
  return {
    values: Object.fromEntries(
      Object.entries(named).map(([name, address]) => {
        const { rows, columns } = values[names[name]];
        return [name, new Float64Array(buffer, address, rows * columns)];
      }),
    ),
    run(name) {
      enter?.();
      runs[indices[name]]();
      leave?.();
    },
    setKey(value) {
      words[key / 4] = value;
    },
    runBatches(steps, tables, order, from, to, keys) {
      if (from === to) return;
      let at = end;
      const place = (numbers: Float64Array | Int32Array): number => {
        const address = at;
        at += 8 * Math.ceil(numbers.byteLength / 8);
        if (at > buffer.byteLength) {
          throw new RangeError(`tables must have at most ${rows} rows, got ${numbers.length} numbers`);
        }
        if (numbers instanceof Int32Array) words.set(numbers, address / 4);
        else doubles.set(numbers, address / 8);
        return address;
      };
      const inputs = Object.keys(tables).map((name) => ({
        table: place(tables[name]),
        input: addresses[names[name]],
        ...values[names[name]],
      }));
      const [{ rows: size }] = inputs;
      describeBatches(
        words,
        descriptions,
        inputs,
        steps.map((name) => indices[name]),
      );
      const orderAt = place(order.subarray(from, to));
      const keysAt = keys ? place(keys) : 0;
      enter?.();
      batches(16 * inputs.length, 4 * steps.length, orderAt, keysAt, (to - from) / size);
      leave?.();
    },
  };
}

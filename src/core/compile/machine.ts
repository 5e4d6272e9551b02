/**
 * The fast machine: writes a WebAssembly module that does what a recording says, at the speed of C and with the bits of
 * the plain machine (interpreter.ts), and runs it.
 */

import type { RoundingPhase } from "../arithmetic/counters.js";
import type { Format } from "../arithmetic/formats.js";
import type { PhaseNumbers } from "../arithmetic/precision.js";
import { roundToNearest as roundToNearestNumber } from "../arithmetic/rounding.js";
import { batchesCode, DESCRIPTIONS, describeBatches } from "./batch-code.js";
import { Code, encodeModule } from "./code.js";
import { ELEMENTARY, type ElementaryName, writeElementary } from "./elementary-code.js";
import type { Program } from "./interpreter.js";
import { knownNumbers } from "./known-numbers.js";
import { Memory } from "./memory.js";
import type { Primitive, Recording } from "./recording.js";
import { isExact, roundToNearest, stochasticRounding } from "./rounding-code.js";
import {
  lengthOf,
  type ModuleContext,
  type PhaseCode,
  type RoundingCode,
  writeSection,
} from "./section-code.js";

/** The numbers of each phase. */
export type Numbers = Readonly<Record<RoundingPhase, PhaseNumbers>>;

/** Instructions of all sections up to which there is no loop. */
const STRAIGHT = 6000;
const PAGE = 0x10000;

/** What a recording became, to be made an instance of. */
interface Compiled {
  module: WasmModule;
  addresses: readonly number[];
  key: number;
  /** Where the tables of batches are described. */
  descriptions: number;
  /** The first address that is free. */
  end: number;
}

interface WasmModule {
  readonly kind?: "module";
}

/** What of the engine's WebAssembly is used. */
interface Engine {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  Instance: new (module: WasmModule) => { exports: Record<string, unknown> };
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
  const bytes = encodeModule({
    functions: [code],
    exports: {},
    table: [],
    pages: 0,
    data: [],
    isWanted: () => true,
  });
  try {
    // what is valid may be forbidden all the same
    return engine().validate(bytes) && new (engine().Module)(bytes) !== undefined;
  } catch {
    return false;
  }
}

const modules = new Map<string, Compiled>();
const MOST_MODULES = 64;

/**
 * Makes a recording ready to be run, with numbers of its own. Recordings that are alike are compiled once.
 *
 * @param rows - the most rows that tables of batches have
 */
export function compile(recording: Recording, numbers: Numbers, rows = 4096): Program {
  const key = JSON.stringify([recording, numbers], (_, value) => (Object.is(value, -0) ? "-0" : value));
  const known = modules.get(key) ?? translate(recording, numbers);
  modules.delete(key);
  modules.set(key, known);
  if (modules.size > MOST_MODULES) modules.delete(modules.keys().next().value as string);
  return instantiate(known, recording, rows);
}

function engine(): Engine {
  return (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
}

function translate(recording: Recording, numbers: Numbers): Compiled {
  const memory = new Memory();
  const { values, sections } = recording;
  const key = memory.reserve(16);
  const descriptions = memory.reserve(DESCRIPTIONS);
  const scratch = memory.reserve(16 * 32);
  const constants = new Map(recording.constants.map(({ value, number }) => [value, number]));
  const addresses = values.map(({ rows, columns }, value) => {
    const number = constants.get(value);
    return number === undefined ? memory.reserve(8 * rows * columns) : memory.double(number);
  });
  const all = Object.values(sections).flatMap(({ primitives }) => primitives);
  const names = ELEMENTARY.filter((name) => all.some(({ operation }) => operation === name));

  const functions: Code[] = [];
  const add = (code: Code): number => functions.push(code) - 1;
  const elementary = Object.fromEntries(names.map((name) => [name, add(elementaryFunction(name, memory))]));
  const stochastic = new Map<string, number>();
  const roundingCode = (format: Format, isStochastic: boolean): RoundingCode => {
    const { name: _, max: _follows, ...rest } = format;
    const name = JSON.stringify(rest);
    const nearest = roundToNearestNumber(format);
    const keeps = (number: number): boolean => Object.is(nearest(number), number);
    if (isExact(format)) return { name, length: 0, keeps, write: () => {} };
    if (isStochastic) {
      const index = stochastic.get(name) ?? add(stochasticRounding(memory, format, key));
      stochastic.set(name, index);
      return { name, length: 6, keeps, write: (code) => code.call(index) };
    }
    // sums of numbers of a format with subnormals are 0 only if they are so exactly: never -0, as they start from 0
    const anyZero = format.subnormals;
    return {
      name,
      length: 12,
      keeps,
      write(code, place = "alone") {
        const circumstances = { anyZero: anyZero && place !== "alone", isBounded: place === "sum" };
        code.macro(`${name} ${place}`, () => roundToNearest(code, memory, format, circumstances));
      },
    };
  };
  const phaseCode = ({ format, accumulator, summation, isStochastic }: PhaseNumbers): PhaseCode => {
    const round = roundingCode(format, isStochastic);
    const wide = roundingCode(accumulator, isStochastic);
    const accumulate = wide.name === round.name ? round : wide;
    return { round, accumulate, convert: roundingCode(format, false), summation };
  };
  const used = new Set(all.map(({ phase }) => phase));
  const phases = Object.fromEntries(
    Object.entries(numbers).map(([phase, one]) => [
      phase,
      phaseCode(used.has(phase as RoundingPhase) ? one : { ...one, isStochastic: false }),
    ]),
  ) as Record<RoundingPhase, PhaseCode>;
  const context: ModuleContext = {
    recording,
    memory,
    addresses,
    phases,
    functions: elementary,
    wanted: new Set(Object.values(recording.names)),
    scratch,
    known: knownNumbers(recording, phases),
    isStraight:
      all.reduce((sum, primitive) => sum + lengthInAll(primitive, recording, phases), 0) <= STRAIGHT,
  };
  const table = Object.values(sections).map((section) => {
    const code = new Code();
    const index = add(code);
    writeSection(code, section, context);
    return index;
  });
  const batches = add(batchesCode(descriptions, key));
  const bytes = encodeModule({
    functions,
    exports: Object.fromEntries([...table.map((index, i) => [`${i}`, index]), ["batches", batches]]),
    table,
    pages: Math.ceil((memory.size + 16) / PAGE),
    data: memory.data,
    isWanted: (value) => context.wanted.has(value),
  });
  return { module: new (engine().Module)(bytes), addresses, key, descriptions, end: memory.size + 16 };
}

/** An elementary function of two doubles. */
function elementaryFunction(name: ElementaryName, memory: Memory): Code {
  const code = new Code(["v128"], ["v128"]);
  code.get(0);
  writeElementary(name, code, memory);
  return code;
}

function lengthInAll(primitive: Primitive, { values }: Recording, phases: ModuleContext["phases"]): number {
  const { rows, columns } = values[primitive.result];
  return lengthOf(primitive, phases) * Math.ceil((rows * columns) / 2);
}

function instantiate(
  { module, addresses, key, descriptions, end }: Compiled,
  recording: Recording,
  rows: number,
): Program {
  const { exports } = new (engine().Instance)(module);
  const memory = exports.memory as { buffer: ArrayBuffer; grow(pages: number): number };
  const { names, values, sections } = recording;
  const width = Object.values(names).reduce((sum, value) => sum + 8 * values[value].columns, 0);
  const size = 16 * Math.ceil((end + rows * (width + 8) + 64) / 16);
  const pages = Math.ceil(size / PAGE) - memory.buffer.byteLength / PAGE;
  if (pages > 0) memory.grow(pages);
  const { buffer } = memory;
  const words = new Int32Array(buffer);
  const doubles = new Float64Array(buffer);
  const section = Object.fromEntries(
    Object.keys(sections).map((name, i) => [name, { run: exports[`${i}`] as () => void, index: i }]),
  );
  const batches = exports.batches as (
    tables: number,
    sections: number,
    order: number,
    keys: number,
    batches: number,
  ) => void;
  return {
    values: Object.fromEntries(
      Object.entries(names).map(([name, value]) => {
        const { rows, columns } = values[value];
        return [name, new Float64Array(buffer, addresses[value], rows * columns)];
      }),
    ),
    run: (name) => section[name].run(),
    setKey(value) {
      words[key / 4] = value;
    },
    runBatches(steps, tables, order, from, to, keys) {
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
      if (from === to) return;
      describeBatches(
        words,
        descriptions,
        inputs,
        steps.map((name) => section[name].index),
      );
      const orderAt = place(order.subarray(from, to));
      batches(16 * inputs.length, 4 * steps.length, orderAt, keys ? place(keys) : 0, (to - from) / size);
    },
  };
}

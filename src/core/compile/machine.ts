/**
 * The fast machine: compiles a recording to a WebAssembly module and runs it, at the speed of C and with the same bits as the
 * plain machine (interpreter.ts).
 */
import type { Format } from "../arithmetic/formats.js";
import { describeBatches } from "./batch-code.js";
import type { Program } from "./interpreter.js";
import { type Compiled, type Exports, instantiate, moduleOf, type Numbers } from "./module.js";
import type { Recording } from "./recording.js";

/** Hints about how a program will be used. */
export interface CompileOptions {
  /**
   * Formats of inputs by name, which save rounding and may allow computing in singles. Not checked.
   */
  inputs?: Readonly<Record<string, Format>>;
  /** Maximal number of rows in tables of batches; 4096 by default. */
  rows?: number;
}

/** The batches of one of several trainings. */
export interface LaneBatches {
  tables: Readonly<Record<string, Float64Array>>;
  order: Int32Array;
  /** A key for each batch. */
  keys?: Int32Array;
}

/** Trainings side by side; each has the same bits as alone. */
export interface LaneProgram {
  /** Returns a copy of the numbers of a named value in a lane, row by row. */
  read(lane: number, name: string): Float64Array;
  /** Writes the numbers of a named value in a lane. */
  write(lane: number, name: string, numbers: ArrayLike<number>): void;
  /** Like `Program.runBatches`, with separate batches for each lane. */
  runBatches(sections: readonly string[], batches: readonly LaneBatches[], from: number, to: number): void;
}

/** Makes a recording executable, with its own memory. Equal recordings are compiled only once. */
export function compile(recording: Recording, numbers: Numbers, options: CompileOptions = {}): Program {
  const machine = machineOf(recording, numbers, options, 1, 1);
  const { compiled, exports, words, index } = machine;
  const { names, values } = recording;
  const { addresses, doubles, key } = compiled;
  return {
    values: Object.fromEntries(
      Object.entries(names).map(([name, value]) => {
        const { rows, columns } = values[value];
        return [name, new Float64Array(words.buffer, doubles.get(value) ?? addresses[value], rows * columns)];
      }),
    ),
    run(...names) {
      exports.enter();
      for (const name of names) exports.sections[index[name]](0);
      exports.leave();
    },
    setKey(value) {
      words[key / 4] = value;
    },
    runBatches(sections, tables, order, from, to, keys) {
      exports.enter();
      runLanes(machine, sections, [{ tables, order, ...(keys && { keys }) }], from, to, [0]);
      exports.leave();
    },
  };
}

/**
 * Makes a recording executable for several trainings side by side, in the lanes of vectors.
 *
 * @param lanes - number of trainings, >= 1
 */
export function compileLanes(
  recording: Recording,
  numbers: Numbers,
  lanes: number,
  options: CompileOptions = {},
): LaneProgram {
  const machine = machineOf(recording, numbers, options, lanes, Math.max(2, lanes));
  const { layout, addresses } = machine.compiled;
  const { words } = machine;
  const { names, values, constants } = recording;
  const memory = layout.shape === "f64x2" ? new Float64Array(words.buffer) : new Float32Array(words.buffer);
  const constantOf = new Map(constants.map(({ value, number }) => [value, number]));
  const bases = Array.from({ length: layout.stride / 16 }, (_, vector) => 16 * vector);
  /** Positions of a value's elements in a lane. */
  const placesOf = (lane: number, name: string): number[] => {
    const { rows, columns } = values[names[name]];
    const size = memory.BYTES_PER_ELEMENT;
    const first = addresses[names[name]] / size + lane;
    return Array.from({ length: rows * columns }, (_, i) => first + (i * layout.stride) / size);
  };
  return {
    read(lane, name) {
      const constant = constantOf.get(names[name]);
      if (constant !== undefined) return Float64Array.of(constant);
      return Float64Array.from(placesOf(lane, name), (place) => memory[place]);
    },
    write(lane, name, given) {
      placesOf(lane, name).forEach((place, i) => {
        memory[place] = given[i];
      });
    },
    runBatches: (sections, batches, from, to) => runLanes(machine, sections, batches, from, to, bases),
  };
}

/** An instance of a compiled recording. */
interface Machine {
  compiled: Compiled;
  exports: Exports;
  recording: Recording;
  rows: number;
  /** Indices of sections. */
  index: Readonly<Record<string, number>>;
  /** Views of the memory. */
  words: Int32Array;
  doubles: Float64Array;
}

function machineOf(
  recording: Recording,
  numbers: Numbers,
  { inputs = {}, rows = 4096 }: CompileOptions,
  lanes: number,
  trainings: number,
): Machine {
  const compiled = moduleOf(recording, numbers, inputs, trainings);
  const exports = instantiate(compiled, lanes * roomFor(recording, rows));
  const { buffer } = exports.memory;
  const index = Object.fromEntries(Object.keys(recording.sections).map((name, i) => [name, i]));
  const [words, doubles] = [new Int32Array(buffer), new Float64Array(buffer)];
  return { compiled, exports, recording, rows, index, words, doubles };
}

/** Bytes for a training's order, keys and tables; only inputs that are neither computed nor carried can have tables. */
function roomFor({ names, values, sections }: Recording, rows: number): number {
  const changed = new Set(
    Object.values(sections).flatMap(({ primitives, carries }) => [
      ...primitives.map(({ result }) => result),
      ...carries.map(({ to }) => to),
    ]),
  );
  const given = Object.values(names).filter((value) => !changed.has(value));
  const width = given.reduce((sum, value) => sum + 8 * values[value].columns, 0);
  return rows * (width + 8) + 64;
}

/** Copies the batches of all lanes into memory and runs them, one vector of trainings after the other. */
function runLanes(
  { compiled, exports, recording: { names, values }, rows, index, words, doubles }: Machine,
  sections: readonly string[],
  batches: readonly LaneBatches[],
  from: number,
  to: number,
  bases: readonly number[],
): void {
  if (from === to) return;
  const { layout, addresses, description, end } = compiled;
  const placed = new Map<Float64Array | Int32Array, number>();
  let at = end;
  const place = (numbers: Float64Array | Int32Array): number => {
    const known = placed.get(numbers);
    if (known !== undefined) return known;
    const address = at;
    at += 8 * Math.ceil(numbers.byteLength / 8);
    if (at > words.byteLength) {
      throw new RangeError(`tables must have at most ${rows} rows, got ${numbers.length} numbers`);
    }
    if (numbers instanceof Int32Array) words.set(numbers, address / 4);
    else doubles.set(numbers, address / 8);
    placed.set(numbers, address);
    return address;
  };
  const inputs = Object.keys(batches[0].tables);
  const size = values[names[inputs[0]]].rows;
  bases.forEach((base, vector) => {
    // unused lanes repeat the first one
    const lanes = Array.from(
      { length: layout.trainings },
      (_, t) => batches[vector * layout.trainings + t] ?? batches[0],
    );
    const [tableBytes, sectionBytes] = describeBatches(words, description, {
      inputs: inputs.map((name) => ({
        input: addresses[names[name]],
        ...values[names[name]],
        tables: lanes.map(({ tables }) => place(tables[name])),
      })),
      sections: sections.map((name) => index[name]),
      orders: lanes.map(({ order }) => place(order) + 4 * from),
      keys: lanes.map(({ keys }) => (keys ? place(keys) : 0)),
    });
    exports.batches(tableBytes, sectionBytes, (to - from) / size, lanes[0].keys ? 1 : 0, base);
  });
}

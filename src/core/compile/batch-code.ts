/** The loop over batches: copies rows of tables into inputs, then runs sections. */
import { Code } from "./code.js";
import type { Layout } from "./elements.js";

/** Maximal numbers of inputs with tables and of sections in one run. */
const MOST_TABLES = 16;
const MOST_SECTIONS = 44;
/** Bytes to describe a table: the input's address, bytes per row, rows per batch, and the tables of all lanes. */
const TABLE = 32;
const SECTIONS = MOST_TABLES * TABLE;
/** Offsets of the addresses of each lane's order and keys. */
const ORDERS = SECTIONS + 4 * MOST_SECTIONS;
const KEYS = ORDERS + 16;

/** Size of a description in bytes. */
export const DESCRIPTION: number = KEYS + 16;

/** The data of the loop. Lists of addresses have one for each training in a vector's lanes, or one for a single training. */
export interface Batches {
  inputs: readonly {
    /** Address of the input. */
    input: number;
    rows: number;
    columns: number;
    tables: readonly number[];
  }[];
  /** Indices of the sections in the table of functions. */
  sections: readonly number[];
  orders: readonly number[];
  /** Empty if the keys do not change. */
  keys: readonly number[];
}

/** Writes a description into memory and returns the loop's first two arguments. */
export function describeBatches(
  words: Int32Array,
  description: number,
  { inputs, sections, orders, keys }: Batches,
): [tables: number, sections: number] {
  if (inputs.length > MOST_TABLES || sections.length > MOST_SECTIONS) {
    throw new RangeError(
      `inputs and sections must be at most ${MOST_TABLES} and ${MOST_SECTIONS}, got ${inputs.length} and ${sections.length}`,
    );
  }
  inputs.forEach(({ input, rows, columns, tables }, i) => {
    words.set([input, 8 * columns, rows, 0, ...tables], (description + i * TABLE) / 4);
  });
  words.set(sections, (description + SECTIONS) / 4);
  words.set(orders, (description + ORDERS) / 4);
  words.set(keys, (description + KEYS) / 4);
  return [TABLE * inputs.length, 4 * sections.length];
}

/**
 * Writes the function (bytes of tables' descriptions, bytes of section indices, number of batches, whether there are keys,
 * offset to add to the addresses of values and keys).
 *
 * @param key - address of a step's keys
 */
export function batchesCode(description: number, key: number, { shape, stride, trainings }: Layout): Code {
  const code = new Code(["i32", "i32", "i32", "i32", "i32"]);
  const [tables, sections, batches, hasKeys, base] = [0, 1, 2, 3, 4];
  const locals = Array.from({ length: 8 }, () => code.local("i32"));
  const [at, row, place, step, to, left, width, size] = locals;
  const froms = Array.from({ length: trainings }, () => code.local("i32"));
  const load = (address: number, offset: number): void => {
    code.get(address);
    code.access("i32.load", description + offset);
  };
  const increase = (local: number, by: () => void): void => {
    code.get(local);
    by();
    code.op("i32.add");
    code.set(local);
  };
  const countTo = (local: number, increment: number, limit: number): void => {
    increase(local, () => code.i32(increment));
    code.get(local);
    code.get(limit);
    code.op("i32.lt_u");
  };
  const reset = (local: number): void => {
    code.i32(0);
    code.set(local);
  };
  /** Pushes an address stored in the description, plus `offset`. */
  const behind = (address: number, offset: number): void => {
    code.i32(0);
    code.access("i32.load", description + address);
    code.get(offset);
    code.op("i32.add");
  };
  const copyKeys = (): void => {
    code.get(base);
    for (let t = 0; t < trainings; t++) {
      behind(KEYS + 4 * t, step);
      if (t === 0) code.access("v128.load32_zero", 0);
      else {
        // two doubles per vector, each with a key in its lower half
        const others = code.local();
        const address = code.local("i32");
        code.set(address);
        code.set(others);
        code.get(address);
        code.get(others);
        code.access("v128.load32_lane", 0, 2 * t);
      }
    }
    code.access("v128.store", key);
  };
  const pushNumbers = (first: number): void => {
    code.get(froms[first + 1]);
    code.get(froms[first]);
    code.access("v128.load64_zero", 0);
    code.access("v128.load64_lane", 0, 1);
  };
  const copyElement = (): void => {
    code.get(to);
    if (trainings === 1) {
      code.get(froms[0]);
      code.access("f64.load", 0);
      if (shape === "f64x2") code.access("f64.store", 0);
      else {
        code.op("f32.demote_f64");
        code.access("f32.store", 0);
      }
      return;
    }
    pushNumbers(0);
    if (shape === "f32x4") {
      code.op("f32x4.demote_f64x2_zero");
      pushNumbers(2);
      code.op("f32x4.demote_f64x2_zero");
      code.shuffle([0, 1, 4, 5]);
    }
    code.access("v128.store", 0);
  };
  const copyRow = (): void => {
    froms.forEach((from, t) => {
      load(at, 16 + 4 * t);
      behind(ORDERS + 4 * t, row);
      code.access("i32.load", 0);
      code.get(width);
      code.op("i32.mul", "i32.add");
      code.set(from);
    });
    reset(place);
    code.repeat(() => {
      copyElement();
      for (const from of froms) increase(from, () => code.i32(8));
      increase(to, () => code.i32(stride));
      countTo(place, 8, width);
    });
  };

  code.repeat(() => {
    if (shape === "f64x2") {
      code.get(hasKeys);
      code.when(copyKeys);
    }
    reset(at);
    code.repeat(() => {
      load(at, 0);
      code.get(base);
      code.op("i32.add");
      code.set(to);
      load(at, 4);
      code.set(width);
      load(at, 8);
      code.tee(size);
      code.set(left);
      code.get(size);
      code.get(step);
      code.op("i32.mul"); // step counts in bytes, 4 per entry of the order
      code.set(row);
      code.repeat(() => {
        copyRow();
        increase(row, () => code.i32(4));
        increase(left, () => code.i32(-1));
        code.get(left);
      });
      countTo(at, TABLE, tables);
    });
    reset(at);
    code.repeat(() => {
      if (trainings > 1) code.get(base);
      load(at, SECTIONS);
      code.callIndirect(0);
      countTo(at, 4, sections);
    });
    increase(step, () => code.i32(4));
    increase(batches, () => code.i32(-1));
    code.get(batches);
  });
  return code;
}

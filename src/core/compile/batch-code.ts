/** The loop over batches: copies rows of tables into inputs, then goes through sections. */
import { Code } from "./code.js";

/** Most inputs with tables, and most sections, of one run. */
const MOST_TABLES = 16;
const MOST_SECTIONS = 48;
/** Bytes of a table's description: where it stands, where its input stands, bytes of a row, rows of a batch. */
const TABLE = 16;

/** Bytes that the descriptions take. */
export const DESCRIPTIONS: number = MOST_TABLES * TABLE + 4 * MOST_SECTIONS;

/** An input with a table. */
export interface BatchInput {
  /** Addresses of the table and of the input. */
  table: number;
  input: number;
  /** Shape of the input. */
  rows: number;
  columns: number;
}

/** Writes down which tables and sections there are, at the address of the descriptions. */
export function describeBatches(
  words: Int32Array,
  descriptions: number,
  inputs: readonly BatchInput[],
  sections: readonly number[],
): void {
  if (inputs.length > MOST_TABLES || sections.length > MOST_SECTIONS) {
    throw new RangeError(
      `there may be ${MOST_TABLES} tables and ${MOST_SECTIONS} sections, got ${inputs.length} and ${sections.length}`,
    );
  }
  let at = descriptions / 4;
  for (const { table, input, rows, columns } of inputs) {
    words[at++] = table;
    words[at++] = input;
    words[at++] = 8 * columns;
    words[at++] = rows;
  }
  at = (descriptions + MOST_TABLES * TABLE) / 4;
  for (const section of sections) words[at++] = section;
}

/**
 * The function (bytes of tables' descriptions, bytes of sections' places, address of the order, that of the keys or 0,
 * number of batches).
 *
 * @param key - where the key of a step stands
 */
export function batchesCode(descriptions: number, key: number): Code {
  const code = new Code(["i32", "i32", "i32", "i32", "i32"]);
  const [tables, sections, order, keys, batches] = [0, 1, 2, 3, 4];
  const i32 = (): number => code.local("i32");
  const [at, row, from, to, width, left, byte, size] = [
    i32(),
    i32(),
    i32(),
    i32(),
    i32(),
    i32(),
    i32(),
    i32(),
  ];
  const load = (address: number, offset: number, into: number): void => {
    code.get(address);
    code.access("i32.load", offset);
    code.set(into);
  };
  const increase = (local: number, by: () => void): void => {
    code.get(local);
    by();
    code.op("i32.add");
    code.set(local);
  };
  const isBelow = (local: number, limit: number): void => {
    code.get(local);
    code.get(limit);
    code.op("i32.lt_u");
  };
  const reset = (local: number): void => {
    code.i32(0);
    code.set(local);
  };
  code.repeat(() => {
    code.get(keys);
    code.when(() => {
      code.i32(0);
      code.get(keys);
      code.access("i32.load", 0);
      code.access("i32.store", key);
      increase(keys, () => code.i32(4));
    });
    reset(at);
    code.repeat(() => {
      load(at, descriptions + 4, to);
      load(at, descriptions + 8, width);
      load(at, descriptions + 12, size);
      code.get(size);
      code.set(left);
      code.get(order);
      code.set(row);
      code.repeat(() => {
        load(at, descriptions, from);
        increase(from, () => {
          code.get(row);
          code.access("i32.load", 0);
          code.get(width);
          code.op("i32.mul");
        });
        reset(byte);
        code.repeat(() => {
          code.get(to);
          code.get(from);
          code.access("f64.load", 0);
          code.access("f64.store", 0);
          for (const local of [byte, from, to]) increase(local, () => code.i32(8));
          isBelow(byte, width);
        });
        increase(row, () => code.i32(4));
        increase(left, () => code.i32(-1));
        code.get(left);
      });
      increase(at, () => code.i32(TABLE));
      isBelow(at, tables);
    });
    reset(at);
    code.repeat(() => {
      code.get(at);
      code.access("i32.load", descriptions + MOST_TABLES * TABLE);
      code.callIndirect(0);
      increase(at, () => code.i32(4));
      isBelow(at, sections);
    });
    increase(order, () => {
      code.get(size);
      code.i32(2);
      code.op("i32.shl");
    });
    increase(batches, () => code.i32(-1));
    code.get(batches);
  });
  return code;
}

/**
 * Writes the bytes of a WebAssembly module: the instructions of functions, and the sections around them. WebAssembly Core
 * Specification 2.0, chapter 5 (binary format).
 */

import { Bytes } from "./bytes.js";

/** Types of locals, parameters and results. */
export type Type = "i32" | "v128";

const TYPES: Readonly<Record<Type, number>> = { i32: 0x7f, v128: 0x7b };

/** Instructions without immediates; those above 0xff are vector instructions: 0xfd, then the lower byte. */
const INSTRUCTIONS = {
  end: 0x0b,
  "i32.lt_u": 0x49,
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.mul": 0x6c,
  "i32.and": 0x71,
  "i32.shr_u": 0x76,
  "f32.convert_i32_s": 0xb2,
  "f32.demote_f64": 0xb6,
  "f64.convert_i32_s": 0xb7,
  "f32x4.splat": 0xfd13,
  "f64x2.splat": 0xfd14,
  "f32x4.eq": 0xfd41,
  "f32x4.ne": 0xfd42,
  "f32x4.lt": 0xfd43,
  "f32x4.gt": 0xfd44,
  "f32x4.le": 0xfd45,
  "f64x2.eq": 0xfd47,
  "f64x2.ne": 0xfd48,
  "f64x2.lt": 0xfd49,
  "f64x2.gt": 0xfd4a,
  "f64x2.le": 0xfd4b,
  "v128.and": 0xfd4e,
  "v128.andnot": 0xfd4f,
  "v128.or": 0xfd50,
  "v128.xor": 0xfd51,
  "v128.bitselect": 0xfd52,
  "f32x4.demote_f64x2_zero": 0xfd5e,
  "f64x2.promote_low_f32x4": 0xfd5f,
  "f64x2.floor": 0xfd75,
  "i32x4.shr_s": 0xfdac,
  "i32x4.shr_u": 0xfdad,
  "i32x4.add": 0xfdae,
  "i32x4.mul": 0xfdb5,
  "i32x4.min_s": 0xfdb6,
  "i32x4.max_s": 0xfdb8,
  "i64x2.shl": 0xfdcb,
  "i64x2.shr_u": 0xfdcd,
  "i64x2.add": 0xfdce,
  "i64x2.sub": 0xfdd1,
  "f32x4.abs": 0xfde0,
  "f32x4.neg": 0xfde1,
  "f32x4.sqrt": 0xfde3,
  "f32x4.add": 0xfde4,
  "f32x4.sub": 0xfde5,
  "f32x4.mul": 0xfde6,
  "f32x4.div": 0xfde7,
  "f32x4.max": 0xfde9,
  "f32x4.pmin": 0xfdea,
  "f32x4.pmax": 0xfdeb,
  "f64x2.abs": 0xfdec,
  "f64x2.neg": 0xfded,
  "f64x2.sqrt": 0xfdef,
  "f64x2.add": 0xfdf0,
  "f64x2.sub": 0xfdf1,
  "f64x2.mul": 0xfdf2,
  "f64x2.div": 0xfdf3,
  "f64x2.max": 0xfdf5,
  "f64x2.pmin": 0xfdf6,
  "f64x2.pmax": 0xfdf7,
} as const;

const ZERO = new Uint8Array(16);

/** The name of an instruction without immediates. */
export type Instruction = keyof typeof INSTRUCTIONS;

/** Instructions that read or write memory at an address on the stack plus an offset. */
const ACCESSES = {
  "i32.load": 0x28,
  "f64.load": 0x2b,
  "f32.store": 0x38,
  "f64.store": 0x39,
  "v128.load": 0xfd00,
  "v128.load32_splat": 0xfd09,
  "v128.load64_splat": 0xfd0a,
  "v128.store": 0xfd0b,
  "v128.load32_lane": 0xfd56,
  "v128.load64_lane": 0xfd57,
  "v128.store32_lane": 0xfd5a,
  "v128.store64_lane": 0xfd5b,
  "v128.load32_zero": 0xfd5c,
  "v128.load64_zero": 0xfd5d,
} as const;

/** Writes the body of a function. */
export class Code {
  private readonly bytes = new Bytes();
  private readonly locals: Type[] = [];
  private readonly constants = new Map<number, number>();
  private readonly macros = new Map<string, { from: number; to: number }>();
  /** Ranges of bytes to leave out unless their key is wanted. */
  private readonly optional: { key: number; from: number; to: number }[] = [];

  /** @param parameters - types of the parameters, which are also the first locals */
  constructor(
    readonly parameters: readonly Type[] = [],
    readonly results: readonly Type[] = [],
  ) {}

  /** Declares a new local. */
  local(type: Type = "v128"): number {
    return this.parameters.length + this.locals.push(type) - 1;
  }

  op(...names: readonly Instruction[]): void {
    for (const name of names) this.opcode(INSTRUCTIONS[name]);
  }

  get(local: number): void {
    this.bytes.byte(0x20);
    this.bytes.unsigned(local);
  }

  set(local: number): void {
    this.bytes.byte(0x21);
    this.bytes.unsigned(local);
  }

  tee(local: number): void {
    this.bytes.byte(0x22);
    this.bytes.unsigned(local);
  }

  i32(value: number): void {
    this.bytes.byte(0x41);
    this.bytes.signed(value);
  }

  /**
   * Pushes the constant at an address. It is loaded once, at the start of the function, because engines may not move loads
   * out of loops.
   */
  constant(address: number): void {
    const local = this.constants.get(address) ?? this.local();
    this.constants.set(address, local);
    this.get(local);
  }

  /** Pushes a vector of zeros. */
  zero(): void {
    this.opcode(0xfd0c);
    this.bytes.append(ZERO);
  }

  /** Reads or writes memory; the stack holds the address and then the vector to store or change. */
  access(name: keyof typeof ACCESSES, offset: number, lane?: number): void {
    this.opcode(ACCESSES[name]);
    this.bytes.byte(0); // the address may be unaligned
    this.bytes.unsigned(offset);
    if (lane !== undefined) this.bytes.byte(lane);
  }

  /** Picks lanes from two vectors on the stack; those of the second are numbered after those of the first. */
  shuffle(lanes: readonly number[]): void {
    this.opcode(0xfd0d);
    const size = 16 / lanes.length;
    for (const lane of lanes) for (let i = 0; i < size; i++) this.bytes.byte(size * lane + i);
  }

  call(index: number): void {
    this.bytes.byte(0x10);
    this.bytes.unsigned(index);
  }

  /** Calls the function whose table index is on the stack. */
  callIndirect(type: number): void {
    this.bytes.byte(0x11);
    this.bytes.unsigned(type);
    this.bytes.byte(0);
  }

  /** Writes a loop that repeats while `body` leaves a condition on the stack that holds. */
  repeat(body: () => void): void {
    this.bytes.byte(0x03);
    this.bytes.byte(0x40);
    body();
    this.bytes.byte(0x0d);
    this.bytes.byte(0);
    this.op("end");
  }

  /** Writes code that runs if the condition on the stack holds. */
  when(body: () => void): void {
    this.bytes.byte(0x04);
    this.bytes.byte(0x40);
    body();
    this.op("end");
  }

  /** Writes a loop that counts a local from `from` by `step`, up to below `to` or down to `to`; runs at least once. */
  count(index: number, from: number, to: number, step: number, body: () => void): void {
    const last = step > 0 ? from + step * Math.ceil((to - from) / step) : to + step;
    this.i32(from);
    this.set(index);
    this.repeat(() => {
      body();
      this.get(index);
      this.i32(step);
      this.op("i32.add");
      this.tee(index);
      this.i32(last);
      this.op("i32.sub"); // 0 only at the last
    });
  }

  /** Writes what `body` writes; when called again with the same name, repeats the same bytes, including locals. */
  macro(name: string, body: () => void): void {
    const known = this.macros.get(name);
    if (known) {
      this.bytes.append(this.bytes.slice(known.from, known.to));
      return;
    }
    const from = this.bytes.length;
    body();
    this.macros.set(name, { from, to: this.bytes.length });
  }

  /** Writes code that is left out in the end unless `key` is wanted; it must not change the stack. */
  unlessUnwanted(key: number, body: () => void): void {
    const from = this.bytes.length;
    body();
    this.optional.push({ key, from, to: this.bytes.length });
  }

  /** Writes the function with its locals. */
  finish(to: Bytes, isWanted: (key: number) => boolean): void {
    const runs: { type: Type; length: number }[] = [];
    for (const type of this.locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.length++;
      else runs.push({ type, length: 1 });
    }
    to.unsigned(runs.length);
    for (const { type, length } of runs) {
      to.unsigned(length);
      to.byte(TYPES[type]);
    }
    const start = new Code(this.parameters);
    for (const [address, local] of this.constants) {
      start.i32(0);
      start.access("v128.load", address);
      start.set(local);
    }
    to.append(start.bytes.slice());
    let at = 0;
    for (const { key, from, to: end } of this.optional) {
      if (isWanted(key)) continue;
      to.append(this.bytes.slice(at, from));
      at = end;
    }
    to.append(this.bytes.slice(at));
    to.byte(INSTRUCTIONS.end);
  }

  private opcode(opcode: number): void {
    if (opcode <= 0xff) this.bytes.byte(opcode);
    else {
      this.bytes.byte(0xfd);
      this.bytes.unsigned(opcode & 0xff);
    }
  }
}

/** The parts of a module. Functions are numbered in the order given. */
export interface ModuleParts {
  functions: readonly Code[];
  /** Indices of the functions to export, by name. */
  exports: Readonly<Record<string, number>>;
  /** Indices of the functions in the table. */
  table: readonly number[];
  /** Size of the memory in pages of 64 KiB. */
  pages: number;
  /** Initial contents of the memory. */
  data: readonly { address: number; bytes: Uint8Array }[];
  isWanted: (key: number) => boolean;
}

/** Encodes a module, which exports its memory as `memory`. */
export function encodeModule(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const { functions, exports, table, pages, data, isWanted } = parts;
  const signatures: string[] = [];
  const typeOf = ({ parameters, results }: Code): number => {
    const signature = `${parameters}->${results}`;
    const known = signatures.indexOf(signature);
    return known === -1 ? signatures.push(signature) - 1 : known;
  };
  for (const index of table) typeOf(functions[index]); // number 0
  const types = functions.map(typeOf);
  const bytes = new Bytes();
  bytes.append(new Uint8Array([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  const section = <T>(id: number, items: readonly T[], write: (to: Bytes, item: T) => void): void => {
    bytes.byte(id);
    bytes.block((to) => {
      to.unsigned(items.length);
      for (const item of items) write(to, item);
    });
  };
  const address = (to: Bytes, value: number): void => {
    to.byte(0x41);
    to.signed(value);
    to.byte(INSTRUCTIONS.end);
  };
  section(1, signatures, (to, signature) => {
    to.byte(0x60);
    for (const side of signature.split("->")) {
      const list = side === "" ? [] : (side.split(",") as Type[]);
      to.unsigned(list.length);
      for (const type of list) to.byte(TYPES[type]);
    }
  });
  section(3, types, (to, type) => to.unsigned(type));
  section(4, [table.length], (to, length) => {
    to.byte(0x70);
    to.byte(0);
    to.unsigned(length);
  });
  section(5, [pages], (to, count) => {
    to.byte(0);
    to.unsigned(count);
  });
  const exported = [
    ["memory", 2, 0] as const,
    ...Object.entries(exports).map(([name, i]) => [name, 0, i] as const),
  ];
  section(7, exported, (to, [name, kind, index]) => {
    to.text(name);
    to.byte(kind);
    to.unsigned(index);
  });
  section(9, [table], (to, indices) => {
    to.byte(0);
    address(to, 0);
    to.unsigned(indices.length);
    for (const index of indices) to.unsigned(index);
  });
  section(10, functions, (to, code) => to.block((inner) => code.finish(inner, isWanted)));
  section(11, data, (to, one) => {
    to.byte(0);
    address(to, one.address);
    to.unsigned(one.bytes.length);
    to.append(one.bytes);
  });
  return bytes.slice();
}

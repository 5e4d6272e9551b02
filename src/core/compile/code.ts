/**
 * The bytes of a WebAssembly module: instructions of a function, written one after the other, and the sections around
 * them. WebAssembly Core Specification 2.0, chapter 5 (binary format).
 */

/** Types of locals, parameters and results. */
export type Type = "i32" | "f64" | "v128";

const TYPES: Readonly<Record<Type, number>> = { i32: 0x7f, f64: 0x7c, v128: 0x7b };

/** Instructions without immediates; those above 0xff are vector instructions, 0xfd and what is left. */
const INSTRUCTIONS = {
  end: 0x0b,
  "i32.eqz": 0x45,
  "i32.lt_u": 0x49,
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.mul": 0x6c,
  "i32.and": 0x71,
  "i32.shl": 0x74,
  "i32.shr_u": 0x76,
  "f64.convert_i32_s": 0xb7,
  "i32x4.splat": 0xfd11,
  "f64x2.splat": 0xfd14,
  "f64x2.eq": 0xfd47,
  "f64x2.ne": 0xfd48,
  "f64x2.lt": 0xfd49,
  "f64x2.gt": 0xfd4a,
  "f64x2.le": 0xfd4b,
  "f64x2.ge": 0xfd4c,
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
  "i32x4.mul": 0xfdb5,
  "i32x4.min_s": 0xfdb6,
  "i32x4.max_s": 0xfdb8,
  "i64x2.shl": 0xfdcb,
  "i64x2.shr_u": 0xfdcd,
  "i64x2.add": 0xfdce,
  "i64x2.sub": 0xfdd1,
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

/** The name of an instruction that has no immediates. */
export type Instruction = keyof typeof INSTRUCTIONS;

/** Instructions that read or write memory at the address on the stack plus an offset. */
const ACCESSES = {
  "i32.load": 0x28,
  "f64.load": 0x2b,
  "i32.store": 0x36,
  "f64.store": 0x39,
  "v128.load": 0xfd00,
  "v128.load32_splat": 0xfd09,
  "v128.load64_splat": 0xfd0a,
  "v128.store": 0xfd0b,
  "v128.load64_lane 1": 0xfd57,
  "v128.store64_lane 0": 0xfd5b,
  "v128.load64_zero": 0xfd5d,
} as const;

/** An unsigned whole number, seven bits a byte (LEB128). */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = rest === (low & 0x40 ? -1 : 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** The body of a function while it is written. */
export class Code {
  private readonly bytes: number[] = [];
  private readonly locals: Type[] = [];
  private readonly constants = new Map<number, number>();
  /** Ranges of bytes that are left out unless what their key stands for is wanted. */
  private readonly optional: { key: number; from: number; to: number }[] = [];

  /** @param parameters - types of the parameters, which are the first locals */
  constructor(
    readonly parameters: readonly Type[] = [],
    readonly results: readonly Type[] = [],
  ) {}

  /** A new local. */
  local(type: Type = "v128"): number {
    return this.parameters.length + this.locals.push(type) - 1;
  }

  op(...names: readonly Instruction[]): void {
    for (const name of names) this.opcode(INSTRUCTIONS[name]);
  }

  get(local: number): void {
    this.bytes.push(0x20, ...unsigned(local));
  }

  set(local: number): void {
    this.bytes.push(0x21, ...unsigned(local));
  }

  tee(local: number): void {
    this.bytes.push(0x22, ...unsigned(local));
  }

  i32(value: number): void {
    this.bytes.push(0x41, ...signed(value));
  }

  /**
   * The constant at an address of the memory. It is loaded once, at the function's start: an engine may leave loads
   * where they stand and put off what is done with them.
   */
  constant(address: number): void {
    const local = this.constants.get(address) ?? this.local();
    this.constants.set(address, local);
    this.get(local);
  }

  /** Both doubles 0. */
  zero(): void {
    this.opcode(0xfd0c);
    for (let i = 0; i < 16; i++) this.bytes.push(0);
  }

  /** Takes the address from the stack, and what is stored or changed after it. */
  access(name: keyof typeof ACCESSES, offset: number): void {
    this.opcode(ACCESSES[name]);
    this.bytes.push(0, ...unsigned(offset)); // 0: no promise that the address is aligned
    if (name.endsWith(" 0")) this.bytes.push(0);
    if (name.endsWith(" 1")) this.bytes.push(1);
  }

  /** Lanes 0 to 3 of the two vectors on the stack. */
  shuffle(first: number, second: number): void {
    this.opcode(0xfd0d);
    for (const lane of [first, second]) for (let i = 0; i < 8; i++) this.bytes.push(8 * lane + i);
  }

  extractLane(lane: number): void {
    this.opcode(0xfd21);
    this.bytes.push(lane);
  }

  replaceLane(lane: number): void {
    this.opcode(0xfd22);
    this.bytes.push(lane);
  }

  call(index: number): void {
    this.bytes.push(0x10, ...unsigned(index));
  }

  /** Calls the function of the table whose index is on the stack; it takes and gives nothing. */
  callIndirect(type: number): void {
    this.bytes.push(0x11, ...unsigned(type), 0);
  }

  /** Does something once, and again as long as a condition on the stack holds. */
  repeat(body: () => void): void {
    this.bytes.push(0x03, 0x40);
    body();
    this.bytes.push(0x0d, 0);
    this.op("end");
  }

  /** Does something if the condition on the stack holds. */
  when(body: () => void): void {
    this.bytes.push(0x04, 0x40);
    body();
    this.op("end");
  }

  /** Counts a local up (or down) from `from` by `step`, below (or down to) `to`; at least once. */
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
      this.op("i32.sub"); // not 0 until the last is reached
    });
  }

  /** What is written by `body` is left out in the end unless `key` is wanted; it leaves the stack as it is. */
  unlessUnwanted(key: number, body: () => void): void {
    const from = this.bytes.length;
    body();
    this.optional.push({ key, from, to: this.bytes.length });
  }

  /** The bytes of the function with its locals. */
  finish(isWanted: (key: number) => boolean): number[] {
    const runs: { type: Type; length: number }[] = [];
    for (const type of this.locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.length++;
      else runs.push({ type, length: 1 });
    }
    const body = [
      ...unsigned(runs.length),
      ...runs.flatMap(({ type, length }) => [...unsigned(length), TYPES[type]]),
    ];
    for (const [address, local] of this.constants) {
      const load = [
        0x41,
        0,
        0xfd,
        ACCESSES["v128.load"] & 0xff,
        0,
        ...unsigned(address),
        0x21,
        ...unsigned(local),
      ];
      body.push(...load);
    }
    let at = 0;
    for (const { key, from, to } of [
      ...this.optional,
      { key: -1, from: this.bytes.length, to: this.bytes.length },
    ]) {
      const end = key === -1 || isWanted(key) ? to : from;
      for (; at < end; at++) body.push(this.bytes[at]);
      at = to;
    }
    body.push(INSTRUCTIONS.end);
    return [...unsigned(body.length), ...body];
  }

  private opcode(opcode: number): void {
    if (opcode <= 0xff) this.bytes.push(opcode);
    else this.bytes.push(0xfd, ...unsigned(opcode & 0xff));
  }
}

/** What a module is made of. Functions are numbered in the order given. */
export interface ModuleParts {
  functions: readonly Code[];
  /** Names of functions, to be called from outside; and their places in the table. */
  exports: Readonly<Record<string, number>>;
  table: readonly number[];
  /** Size of the memory in pages of 64 KiB. */
  pages: number;
  /** What the memory holds at the start. */
  data: readonly { address: number; bytes: Uint8Array }[];
  isWanted: (key: number) => boolean;
}

/** The bytes of a module, which exports its memory as `memory`. */
export function encodeModule(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const { functions, exports, table, pages, data } = parts;
  const signatures: string[] = [];
  const types: number[][] = [];
  const typeOf = (parameters: readonly Type[], results: readonly Type[]): number => {
    const signature = `${parameters}->${results}`;
    if (!signatures.includes(signature)) {
      signatures.push(signature);
      types.push([0x60, ...list(parameters.map((t) => [TYPES[t]])), ...list(results.map((t) => [TYPES[t]]))]);
    }
    return signatures.indexOf(signature);
  };
  typeOf([], []); // number 0, that of the functions in the table
  const declared = functions.map(({ parameters, results }) => unsigned(typeOf(parameters, results)));
  const exported = Object.entries(exports).map(([name, index]) => [...text(name), 0, ...unsigned(index)]);
  const address = (value: number): number[] => [0x41, ...signed(value), INSTRUCTIONS.end];
  const bytes = [
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, types),
    section(3, declared),
    section(4, [[0x70, 0, ...unsigned(table.length)]]),
    section(5, [[0, ...unsigned(pages)]]),
    section(7, [[...text("memory"), 2, 0], ...exported]),
    section(9, [[0, ...address(0), ...list(table.map(unsigned))]]),
    section(
      10,
      functions.map((code) => code.finish(parts.isWanted)),
    ),
    section(
      11,
      data.map((one) => [0, ...address(one.address), ...unsigned(one.bytes.length), ...one.bytes]),
    ),
  ];
  return new Uint8Array(bytes.flat());
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const content = list(items);
  return [id, ...unsigned(content.length), ...content];
}

function text(name: string): number[] {
  return list([...name].map((letter) => [letter.charCodeAt(0)]));
}

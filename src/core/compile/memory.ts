/** The layout of a module's memory. */

const double = new Float64Array(1);
const bits = new BigUint64Array(double.buffer);

/** The type of a vector's lanes. */
export type Shape = "f64x2" | "f32x4";

/** The bits of a double. */
export function bitsOf(value: number): bigint {
  double[0] = value;
  return bits[0];
}

const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

/** The bits of a number as a single. */
export function singleBitsOf(value: number): number {
  single[0] = value;
  return singleBits[0];
}

/** Allocates addresses, and constants that are there from the start. */
export class Memory {
  private end = 0;
  private readonly constants = new Map<string, { address: number; bytes: Uint8Array }>();

  /** Reserves bytes at a multiple of 16. */
  reserve(bytes: number): number {
    const address = this.end;
    this.end += 16 * Math.ceil(bytes / 16);
    return address;
  }

  /** The address of two 64-bit words; by default the second equals the first. */
  words(low: bigint, high: bigint = low): number {
    const key = `${low} ${high}`;
    const known = this.constants.get(key);
    if (known) return known.address;
    const words = new DataView(new ArrayBuffer(16));
    words.setBigUint64(0, BigInt.asUintN(64, low), true);
    words.setBigUint64(8, BigInt.asUintN(64, high), true);
    const address = this.reserve(16);
    this.constants.set(key, { address, bytes: new Uint8Array(words.buffer) });
    return address;
  }

  /** The address of a double, stored twice. */
  double(value: number): number {
    return this.words(bitsOf(value));
  }

  /** The address of a 32-bit word, stored four times. */
  word(value: number): number {
    const word = BigInt(value >>> 0);
    return this.words((word << 32n) | word);
  }

  /** The address of a vector with a number in all lanes. */
  number(value: number, shape: Shape): number {
    return shape === "f64x2" ? this.double(value) : this.word(singleBitsOf(value));
  }

  /** The address of a vector with value, value + step, … in its lanes. */
  ascending(value: number, step: number, shape: Shape): number {
    if (shape === "f64x2") return this.words(bitsOf(value), bitsOf(value + step));
    const pair = (first: number): bigint =>
      (BigInt(singleBitsOf(first + step) >>> 0) << 32n) | BigInt(singleBitsOf(first) >>> 0);
    return this.words(pair(value), pair(value + 2 * step));
  }

  /** The constants. */
  get data(): readonly { address: number; bytes: Uint8Array }[] {
    return [...this.constants.values()];
  }

  /** The first free address. */
  get size(): number {
    return this.end;
  }
}

/** Doubles by their bits, in short. */

const view = new DataView(new ArrayBuffer(8));

/** The 64 bits of a double; all NaNs are one, for their bits are the engine's own affair. */
export function bitsOf(x: number): bigint {
  view.setFloat64(0, Number.isNaN(x) ? Number.NaN : x);
  return Number.isNaN(x) ? 0x7ff8000000000000n : view.getBigUint64(0);
}

/** 64 bits as 16 hexadecimal digits. */
export const hexadecimal = (bits: bigint): string => bits.toString(16).padStart(16, "0");

/** FNV-1a of 64 bits over the bytes of all doubles, the lowest of each first; as hexadecimal digits. */
export function digest(values: ArrayLike<number>): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < values.length; i++) {
    const bits = bitsOf(values[i]);
    for (let shift = 0n; shift < 64n; shift += 8n) {
      hash = BigInt.asUintN(64, (hash ^ ((bits >> shift) & 0xffn)) * 0x100000001b3n);
    }
  }
  return hexadecimal(hash);
}

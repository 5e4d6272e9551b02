/** A buffer to write the bytes of a module: WebAssembly Core Specification 2.0, section 5.2 (values). */
export class Bytes {
  private bytes = new Uint8Array(256);
  private end = 0;

  get length(): number {
    return this.end;
  }

  byte(value: number): void {
    if (this.end === this.bytes.length) this.grow(1);
    this.bytes[this.end++] = value;
  }

  /** Writes a whole number of up to 32 bits, seven bits per byte (LEB128). */
  unsigned(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Writes a signed whole number, in two's complement. */
  signed(value: number): void {
    let rest = value;
    while (rest < -0x40 || rest > 0x3f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  append(others: Uint8Array): void {
    if (this.end + others.length > this.bytes.length) this.grow(others.length);
    this.bytes.set(others, this.end);
    this.end += others.length;
  }

  /** Writes what `write` writes, preceded by its length: the contents of a section or a function. */
  block(write: (inner: Bytes) => void): void {
    const inner = new Bytes();
    write(inner);
    this.unsigned(inner.length);
    this.append(inner.slice());
  }

  text(letters: string): void {
    this.unsigned(letters.length);
    for (let i = 0; i < letters.length; i++) this.byte(letters.charCodeAt(i));
  }

  /** A range of the bytes written. */
  slice(from = 0, to: number = this.end): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(from, to);
  }

  private grow(count: number): void {
    const larger = new Uint8Array(2 * this.bytes.length + count);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

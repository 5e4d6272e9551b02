/** Reads a PNG file, for tests: those without filters and interlacing, of 8 bits, which are all of ours. */
import assert from "node:assert/strict";
import { crc32, inflateSync } from "node:zlib";

/** A PNG file read. */
export interface DecodedPng {
  width: number;
  height: number;
  colourType: number;
  /** Red, green, blue, … of each entry; empty without a palette. */
  palette: Buffer;
  /** A byte a pixel with a palette, else four. */
  rows: Buffer[];
}

/** Reads the file and checks on the way that it is valid: signature, order and check sums of its chunks. */
export function decodePng(file: Buffer): DecodedPng {
  assert.equal(file.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const body = file.subarray(at + 4, at + 8 + length);
    assert.equal(file.readUInt32BE(at + 8 + length), crc32(body), "check sum");
    chunks.set(body.toString("latin1", 0, 4), body.subarray(4));
    at += 12 + length;
  }
  const names = [...chunks.keys()];
  assert.deepEqual([names[0], names.at(-1)], ["IHDR", "IEND"]);
  const header = chunks.get("IHDR") as Buffer;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  assert.deepEqual(
    [header[8], ...header.subarray(10)],
    [8, 0, 0, 0],
    "bit depth, compression, filter, interlacing",
  );
  const colourType = header[9];
  const bytes = colourType === 3 ? 1 : 4;
  const data = inflateSync(chunks.get("IDAT") as Buffer);
  assert.equal(data.length, (width * bytes + 1) * height);
  const rows = Array.from({ length: height }, (_, y) => {
    const row = data.subarray(y * (width * bytes + 1), (y + 1) * (width * bytes + 1));
    assert.equal(row[0], 0, "filter");
    return row.subarray(1);
  });
  return { width, height, colourType, palette: chunks.get("PLTE") ?? Buffer.alloc(0), rows };
}

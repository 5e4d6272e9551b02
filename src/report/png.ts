/**
 * Writes PNG files from pixels, in the simplest form: no interlacing and no filters, which do not help with palettes.
 *
 * https://www.w3.org/TR/png-3/
 */
import { crc32 } from "node:zlib";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The format's numbers for the meaning of pixels. */
export const COLOUR_TYPE = { palette: 3, rgba: 6 } as const;

/** A picture as pixels. */
export interface PngImage {
  width: number;
  height: number;
  /** Rows from the top: one byte per pixel with a palette, otherwise red, green, blue and opacity. */
  pixels: Uint8Array;
  /** Up to 256 colours as red, green and blue; without it the pixels hold colours. */
  palette?: readonly (readonly number[])[];
}

/** The header of a file. */
export interface PngHeader {
  width: number;
  height: number;
  colourType: number;
}

/**
 * Encodes a picture as a file.
 *
 * @param deflate - compresses into the zlib format
 */
export function pngFile(
  { width, height, pixels, palette }: PngImage,
  deflate: (rows: Uint8Array) => Uint8Array,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = palette ? COLOUR_TYPE.palette : COLOUR_TYPE.rgba;
  const rowLength = width * (palette ? 1 : 4);
  // each row starts with the number of its filter; 0 means none
  const rows = new Uint8Array((rowLength + 1) * height);
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * rowLength, (y + 1) * rowLength), y * (rowLength + 1) + 1);
  }
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk("IHDR", header),
    ...(palette ? [chunk("PLTE", Uint8Array.from(palette.flat()))] : []),
    chunk("IDAT", deflate(rows)),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** Reads the header of a file; returns null if it is not a PNG file. */
export function pngHeader(file: Buffer): PngHeader | null {
  if (file.length < 33 || SIGNATURE.some((byte, i) => file[i] !== byte)) return null;
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20), colourType: file[25] as number };
}

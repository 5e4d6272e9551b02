/**
 * As much of a browser's 2D canvas as Plotly needs for a heatmap: filled rectangles and whole images, and
 * the result as a PNG file.
 */
import { deflateSync } from "node:zlib";
import { pngFile } from "../png.js";

type Colour = [red: number, green: number, blue: number, opacity: number];

/** The pixels of a part of a canvas; rows from the top, red, green, blue and opacity from 0 to 255. */
interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** Stands in for a CanvasRenderingContext2D. */
export class Canvas2D {
  /** `rgb()` or `rgba()`; other notations of colour are not read. */
  fillStyle = "rgba(0,0,0,1)";
  readonly #image: Pixels;

  /**
   * @param width in pixels
   * @param height in pixels
   */
  constructor(width: number, height: number) {
    this.#image = this.createImageData(width, height);
  }

  createImageData(width: number, height: number): Pixels {
    return { width, height, data: new Uint8ClampedArray(4 * width * height) };
  }

  /** Puts pixels in place of those that are there. */
  putImageData({ width, height, data }: Pixels, left: number, top: number): void {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        this.#set(left + x, top + y, data.subarray(4 * (y * width + x), 4 * (y * width + x + 1)));
      }
    }
  }

  /** Draws nothing: what is a picture already goes into the chart as it is. */
  drawImage(): void {}

  /** Fills whole pixels, in place of what is there: Plotly's rectangles do not overlap. */
  fillRect(left: number, top: number, width: number, height: number): void {
    const colour = parseColour(this.fillStyle);
    for (let y = Math.round(top); y < Math.round(top + height); y++) {
      for (let x = Math.round(left); x < Math.round(left + width); x++) this.#set(x, y, colour);
    }
  }

  /** The picture as a data URI. */
  toDataURL(): string {
    const { width, height, data } = this.#image;
    const file = pngFile({ width, height, pixels: new Uint8Array(data) }, deflateSync);
    return `data:image/png;base64,${file.toString("base64")}`;
  }

  #set(x: number, y: number, colour: ArrayLike<number>): void {
    const { width, height, data } = this.#image;
    if (x >= 0 && x < width && y >= 0 && y < height) data.set(colour, 4 * (y * width + x));
  }
}

function parseColour(text: string): Colour {
  const parts = /^rgba?\(([^)]*)\)$/.exec(text)?.[1]?.split(",").map(Number) ?? [];
  const [red = 0, green = 0, blue = 0, opacity = 1] = parts;
  return [red, green, blue, 255 * opacity];
}

/** Declarations for the parts of gifenc used here; the package has none. */
declare module "gifenc" {
  type Palette = [red: number, green: number, blue: number][];

  /** Chooses at most `maxColors` colours to represent the pixels (red, green, blue, opacity). */
  export function quantize(rgba: Uint8Array, maxColors: number): Palette;

  /** Returns for each pixel the index of the nearest colour in the palette. */
  export function applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array;
}

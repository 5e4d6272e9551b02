/** The parts of gifenc that are used here; the package has no declarations of its own. */
declare module "gifenc" {
  type Palette = [red: number, green: number, blue: number][];

  /** At most `maxColors` colours that stand for those of the pixels (red, green, blue, opacity). */
  export function quantize(rgba: Uint8Array, maxColors: number): Palette;

  /** The number of the nearest colour of the palette, for each pixel. */
  export function applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array;
}

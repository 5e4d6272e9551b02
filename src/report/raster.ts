/**
 * Turns SVG into a small PNG file: at twice the size, for dense screens, and in few colours, so that a repository can hold
 * many. The same SVG gives the same bytes everywhere: the font comes from a package, and the compression is not that of
 * Node.js, which differs between versions.
 */
import { dirname, join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { zlibSync } from "fflate";
import { applyPalette, quantize } from "gifenc";
import { pngFile } from "./png.js";

/** Pixels per CSS pixel in each direction. */
export const DENSITY = 2;

/**
 * Maximal number of colours. A chart has few, plus the shades along edges; with 64 the mean error of a pixel is about 1 of
 * 255, and files are a third smaller than with 256.
 */
const COLOURS = 64;

/** Replaces the fonts that a chart names; as wide as the text was measured, and rich in symbols. */
const FONT_FAMILY = "DejaVu Sans";
const FONT_FILES = ["", "-Bold", "-Oblique", "-BoldOblique"].map((style) =>
  join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf", `DejaVuSans${style}.ttf`),
);

/**
 * Draws SVG on white as a PNG file with a palette.
 *
 * @throws Error when the text is not SVG
 */
export function rasterise(svg: string): Buffer {
  // resvg does not understand the quotes in references of Plotly's hatching, and would fill with black
  const readable = svg.replace(/url\('(#[^']+)'\)/g, "url($1)");
  const { width, height, pixels } = new Resvg(readable, {
    background: "#ffffff",
    fitTo: { mode: "zoom", value: DENSITY },
    font: { loadSystemFonts: false, fontFiles: FONT_FILES, defaultFontFamily: FONT_FAMILY },
  }).render();
  const palette = quantize(pixels, COLOURS);
  return pngFile({ width, height, pixels: applyPalette(pixels, palette), palette }, (rows) =>
    zlibSync(rows, { level: 9 }),
  );
}

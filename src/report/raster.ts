/**
 * SVG to a small PNG file: drawn at twice the size, for dense screens, in few colours, so that a repository
 * can hold many. The same SVG gives the same bytes wherever it is done: the font is a package's, and the
 * compression is not that of Node.js, which differs from version to version.
 */
import { dirname, join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { zlibSync } from "fflate";
import { applyPalette, quantize } from "gifenc";
import { pngFile } from "./png.js";

/** Pixels of the picture for one CSS pixel, across and down. */
export const DENSITY = 2;

/**
 * Most colours of a picture. A chart has few and the steps between them at its edges; with 64 the error of
 * a pixel is about 1 of 255 on average, and a file a third smaller than with 256.
 */
const COLOURS = 64;

/** What stands in for the fonts that a chart names: wide, as its text was measured, and rich in symbols. */
const FONT_FAMILY = "DejaVu Sans";
const FONT_FILES = ["", "-Bold", "-Oblique", "-BoldOblique"].map((style) =>
  join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf", `DejaVuSans${style}.ttf`),
);

/**
 * The picture as a PNG file with a palette, on white.
 *
 * @throws Error when the text is no SVG
 */
export function rasterise(svg: string): Buffer {
  // resvg knows no quotes in a reference, which Plotly's hatching has, and fills with black instead
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

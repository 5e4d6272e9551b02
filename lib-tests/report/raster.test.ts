import assert from "node:assert/strict";
import { still } from "../../src/report/page/stills.js";
import { pngHeader } from "../../src/report/png.js";
import { rasterise } from "../../src/report/raster.js";
import { points } from "./page/sample.js";
import { decodePng } from "./png-decode.js";

/** A chart as the text of an SVG. */
async function chartSvg(): Promise<string> {
  const { picture } = await still(points());
  return decodeURIComponent(picture.slice(picture.indexOf(",") + 1));
}

const svg = (content: string, width = 60, height = 40): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;

/** The pixels of a picture, as rows of red-green-blue numbers. */
function pixels(file: Buffer): number[][] {
  const { rows, palette } = decodePng(file);
  return rows.map((row) => [...row].map((entry) => palette.readUIntBE(3 * entry, 3)));
}

describe("an SVG picture as a PNG file", () => {
  it("is a valid one with a palette, of twice the size", async () => {
    const file = rasterise(await chartSvg());
    const { width, height, colourType, palette } = decodePng(file);
    assert.deepEqual([width, height, colourType], [1440, 600, 3]);
    assert.ok(palette.length > 3 * 8 && palette.length <= 3 * 64, `${palette.length / 3} colours`);
    assert.deepEqual(pngHeader(file), { width, height, colourType });
  });

  it("stands on white and keeps plain colours as they are", () => {
    const found = pixels(rasterise(svg('<rect width="30" height="40" fill="#d55e00"/>')));
    for (const row of found) {
      assert.ok(row.slice(0, 60).every((colour) => colour === 0xd55e00));
      assert.ok(row.slice(60).every((colour) => colour === 0xffffff));
    }
  });

  it("has hatching, whose reference Plotly writes in quotes", () => {
    const pattern =
      '<pattern id="p" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#009e73"/></pattern>';
    const filled = `${pattern}<rect width="60" height="40" style="fill: url('#p')"/>`;
    assert.equal(pixels(rasterise(svg(filled)))[20][20], 0x009e73);
  });

  it("has text, in whatever font, and its symbols", () => {
    const drawn = (text: string, family: string): number[][] =>
      pixels(rasterise(svg(`<text x="5" y="30" font-family="${family}" font-size="20">${text}</text>`)));
    const system = drawn("x₁ ≤ ½", "system-ui, -apple-system, 'Segoe UI', sans-serif");
    assert.ok(system.flat().filter((colour) => colour === 0).length > 50);
    assert.deepEqual(system, drawn("x₁ ≤ ½", "'DejaVu Sans'"));
    // a character that the font lacks is an empty box, the same for all of them
    const missing = drawn("\u{1F0FF}", "sans-serif");
    for (const symbol of "₁₂⁻⁶≤½±×−·δη∂") assert.notDeepEqual(drawn(symbol, "sans-serif"), missing, symbol);
  });

  it("is the same at each time", async () => {
    const chart = await chartSvg();
    assert.deepEqual(rasterise(chart), rasterise(chart));
  });

  it("throws at what is no picture", () => {
    assert.throws(() => rasterise("<p>no</p>"));
  });
});

describe("the header of a PNG file", () => {
  it("is null for anything else", () => {
    for (const text of ["", "GIF89a", "x".repeat(100)]) assert.equal(pngHeader(Buffer.from(text)), null);
  });
});

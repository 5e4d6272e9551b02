/** Contrast as WCAG 2 defines it. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */

/** Red, green and blue from 0 to 255, and opacity from 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number, opacity: number];

/**
 * Reads `#rgb`, `#rrggbb`, `rgb(…)` and `rgba(…)`.
 *
 * @throws RangeError when it is none of these
 */
export function parseColour(text: string): Colour {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
  if (hex !== undefined) {
    const digits = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
    const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
    return [red, green, blue, 1];
  }
  const [red, green, blue, opacity = 1] = /^rgba?\(([^)]*)\)$/.exec(text)?.[1].split(",").map(Number) ?? [];
  if (red === undefined) throw new RangeError(`not a colour: ${text}`);
  return [red, green, blue, opacity];
}

/** Contrast, from 1 to 21, of a colour on an opaque ground; what is seen through counts as seen. */
export function contrast(colour: Colour, ground: Colour): number {
  const [opacity, seen] = [colour[3], (i: 0 | 1 | 2) => colour[i] * colour[3] + ground[i] * (1 - colour[3])];
  const over = opacity === 1 ? colour : ([seen(0), seen(1), seen(2), 1] as const);
  const [darker, lighter] = [luminance(over), luminance(ground)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance([red, green, blue]: Colour): number {
  const [r, g, b] = [red, green, blue].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

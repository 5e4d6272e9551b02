/** A chart as a picture: what the process that draws does with each. */
import { themed } from "../../display/theme.js";
import type { Drawing, Drawn } from "./drawer.js";
import { drawSvg } from "./plotly-dom.js";
import { wellFormedXml } from "./well-formed.js";

/** Draws a chart on a light page. @throws Error when it cannot be drawn here */
export async function drawChart({ figure, width, height, mostSvg }: Drawing): Promise<Drawn> {
  const { data, layout } = figure;
  // without buttons, which a picture doesn't have
  const { updatemenus: _buttons, ...shown } = layout;
  const { svg, problem } = await drawSvg({ data, layout: themed(shown, "light") }, width, height);
  const text = wellFormedXml(compact(svg));
  const picture = text.length <= mostSvg ? { svg: text } : { png: await pngOf(text) };
  return { ...picture, ...(problem !== undefined && { problem }) };
}

async function pngOf(svg: string): Promise<string> {
  // few charts need it, and it is native code, which may be missing somewhere
  const { rasterise } = await import("../raster.js");
  return rasterise(svg).toString("base64");
}

/** Coordinates to a hundredth of a pixel: half the size, and nothing that an eye could see. */
function compact(svg: string): string {
  return svg.replace(
    / (d|transform|x|y|width|height)="([^"]*)"/g,
    (_all, name, value: string) =>
      ` ${name}="${value.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (x) => String(Number(Number(x).toFixed(2))))}"`,
  );
}

/** What can be seen of the charts in the committed notebooks, on a light page and on a dark one. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Figure } from "../../src/charts/figure.js";
import { themed } from "../../src/display/theme.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import { notebookName, readExecutedNotebook } from "../../src/report/notebook.js";
import { chartsOf } from "../../src/report/page/charts.js";
import { findNotebooks } from "../../src/report/plan.js";
import { contrast, parseColour } from "../support/contrast.js";

type Json = Record<string, unknown>;

/** The grounds of the report's pages (base.css), of JupyterLab's and of VS Code's dark themes. */
const GROUNDS = { light: ["#ffffff"], dark: ["#15191f", "#111111", "#1f1f1f"] } as const;
const THEMES = ["light", "dark"] as const;

const charts = findNotebooks([], join(PACKAGE_ROOT, "notebooks"), PACKAGE_ROOT).flatMap((path) =>
  chartsOf(readExecutedNotebook(path)).map((figure, i) => ({
    name: `${notebookName(path)}, chart ${i + 1}`,
    figure,
  })),
);

function part(of: unknown, key: string): Json {
  return ((of as Json | undefined)?.[key] ?? {}) as Json;
}

function onGround(colour: unknown, ground: string, opacity: unknown = 1): number {
  const [red, green, blue, own] = parseColour(String(colour));
  return contrast([red, green, blue, own * Number(opacity)], parseColour(ground));
}

/** What a label may stand on: its own plate, any colour of the map that it names a place of, or the page. */
function groundsOf({ bgcolor, xref }: { bgcolor?: unknown; xref?: unknown }, { data }: Figure): string[] {
  if (bgcolor !== undefined) return [String(bgcolor)];
  const scales = data.flatMap((trace) => {
    const { type, colorscale } = trace as Json;
    return type === "contour" && Array.isArray(colorscale) ? [colorscale as [number, string][]] : [];
  });
  if (scales.length > 0 && xref === undefined) return scales.flat().map(([, colour]) => colour);
  return [...GROUNDS.light, ...GROUNDS.dark];
}

/** Traces that stand in the legend, or would. */
function entries({ data, layout }: Figure): Json[] {
  if (layout.showlegend === false) return [];
  return data
    .map((trace) => trace as Json)
    .filter(({ type, showlegend }) => showlegend ?? type !== "contour");
}

/** The lowest contrast of what an entry of the legend is drawn in. */
function lowest(trace: Json, ground: string): number {
  const [line, marker] = [part(trace, "line"), part(trace, "marker")];
  const mode = String(trace.mode ?? (trace.type === "scatter" ? "lines" : "markers"));
  const drawn: number[] = [];
  if ((mode.includes("lines") || trace.type === "contour") && line.width !== 0) {
    drawn.push(onGround(line.color, ground, trace.opacity));
  }
  if (mode.includes("markers")) {
    // a mark is seen by its face or by its edge
    const face = marker.color ?? line.color;
    const edge = part(marker, "line").color ?? face;
    drawn.push(Math.max(...[face, edge].map((colour) => onGround(colour, ground, marker.opacity))));
  }
  return Math.min(...drawn);
}

describe("what the charts are drawn in", () => {
  it("keeps every text of a chart at a contrast of 4.5", () => {
    for (const theme of THEMES) {
      const { layout } = themed({}, theme).template as { layout: Json };
      const [text, label] = [part(layout, "font").color, part(layout, "hoverlabel").bgcolor];
      for (const ground of [...GROUNDS[theme], String(label)]) {
        assert.ok(onGround(text, ground) >= 4.5, `${theme}: ${text} on ${ground}`);
      }
      const tools = part(layout, "modebar");
      for (const ground of GROUNDS[theme]) {
        assert.ok(onGround(tools.color, ground) >= 3, `${theme}: ${tools.color} on ${ground}`);
      }
    }
    for (const { name, figure } of charts) {
      const legend = (figure.layout.legend ?? {}) as Json;
      if (legend.bgcolor === undefined) continue;
      assert.ok(onGround(part(legend, "font").color, String(legend.bgcolor)) >= 4.5, name);
    }
    for (const { name, figure } of charts) {
      for (const annotation of figure.layout.annotations ?? []) {
        const { color } = part(annotation, "font");
        if (color === undefined) continue;
        for (const ground of groundsOf(annotation, figure)) {
          assert.ok(onGround(color, ground) >= 4.5, `${name}: ${annotation.text} on ${ground}`);
        }
      }
    }
  });

  it("draws every line and mark of a legend at a contrast of 3, light and dark", () => {
    const low = new Set<string>();
    let seen = 0;
    for (const { name, figure } of charts) {
      const plate = ((figure.layout.legend ?? {}) as Json).bgcolor;
      // tiles have their words in them
      const isWritten = figure.data.some((trace) =>
        ((trace as Json).text as string[] | undefined)?.some(Boolean),
      );
      for (const trace of entries(figure)) {
        if (trace.textposition === "inside" && isWritten) continue;
        for (const ground of plate === undefined ? [...GROUNDS.light, ...GROUNDS.dark] : [String(plate)]) {
          seen++;
          const ratio = lowest(trace, ground);
          if (!(ratio >= 3)) low.add(`${name}: ${trace.name} on ${ground}: ${ratio.toFixed(2)}`);
        }
      }
    }
    assert.ok(seen > 500, `${seen} looked at`);
    assert.deepEqual([...low], []);
  });

  it("tells no two entries of a legend apart by colour alone", () => {
    const alike = new Set<string>();
    for (const { name, figure } of charts) {
      const looks = new Map<string, string>();
      for (const trace of entries(figure)) {
        const [line, marker] = [part(trace, "line"), part(trace, "marker")];
        // words in a tile, or the length of what is drawn, tell it as well
        const look = JSON.stringify([
          trace.mode,
          trace.type,
          line.dash ?? "solid",
          line.width,
          marker.symbol ?? "circle",
          marker.pattern,
          String((trace.text as string[] | undefined)?.[0] ?? "").slice(0, 1),
          trace.yaxis,
        ]);
        const other = looks.get(look);
        if (other !== undefined && other !== trace.name) alike.add(`${name}: ${other}, ${trace.name}`);
        looks.set(look, String(trace.name));
      }
    }
    assert.deepEqual([...alike], []);
  });

  it("writes nothing smaller than 12 pixels", () => {
    const small = new Set<string>();
    const look = (value: unknown, name: string, key = ""): void => {
      if (typeof value !== "object" || value === null) return;
      if (/font$/.test(key) && Number((value as Json).size ?? 12) < 12) small.add(name);
      for (const [inner, of] of Object.entries(value)) if (!/^[xyz]$/.test(inner)) look(of, name, inner);
    };
    for (const { name, figure } of charts) look(figure, name);
    assert.deepEqual([...small], []);
  });
});

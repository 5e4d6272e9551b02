/**
 * index.html and index.json: what the reports in a folder say in short, to a reader and to a program. A run
 * of some notebooks keeps what the index said of the others, as long as their reports are there.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { z } from "zod";
import type { Verdict } from "../display/mime.js";
import { type RunSummary, renderIndex } from "./page/index.js";
import { UsageError } from "./usage-error.js";
import { writeWhole } from "./write.js";

type KeyFigure = NonNullable<RunSummary["keyFigure"]>;

/** What an earlier run left in a folder: the summaries of those notebooks whose reports are there. */
export type EarlierIndex = readonly RunSummary[];

const indexSchema = z.object({
  notebooks: z.array(
    z.object({
      name: z.string(),
      // an index of before there were reports with changed parameters has neither
      report: z.string().optional(),
      changes: z.array(z.object({ name: z.string(), value: z.unknown(), original: z.unknown() })).default([]),
      title: z.string(),
      status: z.enum(["ok", "failed"]),
      failure: z.object({ cell: z.number().nullable(), message: z.string() }).optional(),
      seconds: z.number(),
      charts: z.number(),
      parameters: z.record(z.string(), z.unknown()),
      claim: z.string().nullable(),
      verdict: z.custom<Verdict>().nullable(),
    }),
  ),
});

/**
 * Reads what an earlier run left.
 *
 * @throws UsageError when the folder has an index that no report wrote: it would be overwritten
 */
export function readEarlierIndex(folder: string): EarlierIndex {
  const json = join(folder, "index.json");
  const page = join(folder, "index.html");
  if (!existsSync(json) && !existsSync(page)) return [];
  const index = parseIndex(json);
  if (!index) {
    throw new UsageError(`the index in ${folder} was not written by npm run report; choose another --out`);
  }
  const pictures = existsSync(page) ? keyFigures(readFileSync(page, "utf8")) : new Map<string, KeyFigure>();
  return index.notebooks
    .map(({ failure, report, ...entry }) => ({
      ...entry,
      report: report ?? entry.name,
      ...(failure && { failure }),
      keyFigure: pictures.get(report ?? entry.name) ?? null,
    }))
    .filter(({ report }) => existsSync(join(folder, `${report}.html`)));
}

/** The pictures of an index page, by the name of their report: index.json does without them. */
function keyFigures(page: string): Map<string, KeyFigure> {
  const pictures = new Map<string, KeyFigure>();
  for (const card of new JSDOM(page).window.document.querySelectorAll<HTMLElement>(".card")) {
    const name = card.dataset.report ?? card.querySelector(".label")?.textContent;
    const picture = card.querySelector("img");
    if (name && picture) pictures.set(name, { src: picture.src, alt: picture.alt });
  }
  return pictures;
}

function parseIndex(path: string): z.infer<typeof indexSchema> | undefined {
  try {
    return indexSchema.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** The runs of now, and those of earlier whose reports are not theirs, by name. */
export function mergeRuns(earlier: EarlierIndex, now: readonly RunSummary[]): RunSummary[] {
  const kept = earlier.filter(({ report }) => !now.some((run) => run.report === report));
  return [...kept, ...now].sort((a, b) => (a.report < b.report ? -1 : 1));
}

/** Writes both; index.json holds the summaries without their pictures. */
export function writeIndex(folder: string, runs: readonly RunSummary[]): void {
  const page = renderIndex(runs);
  const notebooks = runs.map(({ keyFigure, ...entry }) => entry);
  writeWhole(join(folder, "index.json"), `${JSON.stringify({ notebooks }, null, 2)}\n`);
  writeWhole(join(folder, "index.html"), page);
}

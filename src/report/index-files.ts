/**
 * index.html and index.json: what the reports in a folder say in short, to a reader and to a program. A run
 * of some notebooks keeps what the index said of the others, as long as their reports are there; several runs
 * may write into one folder at a time.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { z } from "zod";
import { VERDICT_MIME, type Verdict } from "../display/mime.js";
import { type RunSummary, renderIndex } from "./page/index.js";
import { verdictOf } from "./page/verdict.js";
import { UsageError } from "./usage-error.js";
import { underLock, writeWhole } from "./write.js";

type KeyFigure = NonNullable<RunSummary["keyFigure"]>;

/** What an earlier run left in a folder: the summaries of those notebooks whose reports are there. */
export type EarlierIndex = readonly RunSummary[];

/** What every index.json has, whatever version wrote it. */
const indexSchema = z.object({ notebooks: z.array(z.looseObject({ name: z.string() })) });

const entrySchema = z.object({
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
  verdict: z.custom<Verdict>(isVerdict).nullable(),
});

function isVerdict(value: unknown): boolean {
  return verdictOf({ output_type: "display_data", data: { [VERDICT_MIME]: value }, metadata: {} }) !== null;
}

/**
 * Reads what an earlier run left.
 *
 * @param warn - told of each entry that cannot be kept, because it is not of the form that this version writes
 * @throws UsageError when the folder has an index that no report wrote: it would be overwritten
 */
export function readEarlierIndex(folder: string, warn: (message: string) => void = () => {}): EarlierIndex {
  const json = join(folder, "index.json");
  const page = join(folder, "index.html");
  if (!existsSync(json) && !existsSync(page)) return [];
  const index = parseIndex(json);
  if (!index) {
    throw new UsageError(`the index in ${folder} was not written by npm run report; choose another --out`);
  }
  const pictures = existsSync(page) ? keyFigures(readFileSync(page, "utf8")) : new Map<string, KeyFigure>();
  return index.notebooks
    .flatMap((notebook) => {
      const { data } = entrySchema.safeParse(notebook);
      if (data === undefined) {
        warn(`${json}: what it says of ${notebook.name} is of another version, and is left out from now on`);
        return [];
      }
      const { failure, report = data.name, ...entry } = data;
      const keyFigure = pictures.get(report) ?? null;
      return [{ ...entry, report, ...(failure && { failure }), keyFigure }];
    })
    .filter(({ report }) => existsSync(join(folder, `${report}.html`)));
}

/** The pictures of an index page, by the name of their report: index.json does without them. */
function keyFigures(page: string): Map<string, KeyFigure> {
  const pictures = new Map<string, KeyFigure>();
  for (const card of new JSDOM(page).window.document.querySelectorAll<HTMLElement>(".card")) {
    const name = card.dataset.report ?? card.querySelector(".label")?.textContent;
    const picture = card.querySelector("img");
    const title = card.querySelector("figcaption")?.textContent ?? "";
    if (name && picture) pictures.set(name, { src: picture.src, alt: picture.alt, title });
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

/**
 * Puts a run into the index, beside what other processes put there meanwhile.
 *
 * @param before - the runs of this process so far: those that failed and have no report would else be forgotten
 */
export function addToIndex(folder: string, run: RunSummary, before: readonly RunSummary[] = []): void {
  underLock(join(folder, ".index.lock"), () =>
    writeIndex(folder, mergeRuns(mergeRuns(before, readEarlierIndex(folder)), [run])),
  );
}

/** Writes both; index.json holds the summaries without their pictures. */
function writeIndex(folder: string, runs: readonly RunSummary[]): void {
  const page = renderIndex(runs);
  const notebooks = runs.map(({ keyFigure, ...entry }) => entry);
  writeWhole(join(folder, "index.json"), `${JSON.stringify({ notebooks }, null, 2)}\n`);
  writeWhole(join(folder, "index.html"), page);
}

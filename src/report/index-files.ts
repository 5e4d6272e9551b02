/**
 * Writes index.html and index.json, which summarise the reports in a folder for readers and for programs. A run of some
 * notebooks keeps the entries of the others, as long as their reports exist; several runs may write into one folder at a
 * time.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { JSDOM } from "jsdom";
import { z } from "zod";
import { type Closing, VERDICT_MIME, type Verdict } from "../display/mime.js";
import { type RunSummary, renderIndex, withNeighbours } from "./page/index.js";
import { verdictOf } from "./page/verdict.js";
import { sumLine } from "./sum-line.js";
import { UsageError } from "./usage-error.js";
import { underLock, writeWhole } from "./write.js";

type KeyFigure = NonNullable<RunSummary["keyFigure"]>;

/** The summaries that earlier runs left in a folder, for notebooks whose reports still exist. */
export type EarlierIndex = readonly RunSummary[];

/** The common part of every index.json, whatever version wrote it. */
const indexSchema = z.object({ notebooks: z.array(z.looseObject({ name: z.string() })) });

const entrySchema = z.object({
  name: z.string(),
  // a file of the folder: what follows is read, linked and rewritten
  report: z.string().refine((name) => basename(name) === name && !["", ".", "..", "index"].includes(name)),
  changes: z.array(z.object({ name: z.string(), value: z.unknown(), original: z.unknown() })),
  title: z.string(),
  status: z.enum(["ok", "failed"]),
  failure: z.object({ cell: z.number().nullable(), message: z.string() }).optional(),
  seconds: z.number(),
  charts: z.number(),
  parameters: z.record(z.string(), z.unknown()),
  claim: z.string().nullable(),
  verdict: z.custom<Verdict>(isVerdict).nullable(),
  sha256: z.exactOptional(z.string()),
  madeFrom: z.exactOptional(
    z.object({
      commit: z.string().nullable(),
      versions: z.record(z.string(), z.string()),
      sha256: z.array(z.string()),
    }),
  ),
});

function isVerdict(value: unknown): boolean {
  return verdictOf({ output_type: "display_data", data: { [VERDICT_MIME]: value }, metadata: {} }) !== null;
}

/**
 * Reads the index that earlier runs left.
 *
 * @param warn - called for each entry that is dropped because its form is not that of this version
 * @throws UsageError when the folder has an index of other origin, which would be overwritten
 */
export function readEarlierIndex(folder: string, warn: (message: string) => void = () => {}): EarlierIndex {
  const json = join(folder, "index.json");
  const page = join(folder, "index.html");
  if (!existsSync(json) && !existsSync(page)) return [];
  const index = parseIndex(json);
  if (!index) {
    throw new UsageError(
      `the index in ${folder} was not written by npm run report; choose another folder with --out`,
    );
  }
  const pictures = existsSync(page) ? keyFigures(readFileSync(page, "utf8")) : new Map<string, KeyFigure>();
  const seen = new Set<string>();
  return index.notebooks
    .flatMap((notebook) => {
      const { data } = entrySchema.safeParse(notebook);
      if (data === undefined) {
        warn(`${json}: the entry for ${notebook.name} is from another version and will be removed`);
        return [];
      }
      if (seen.has(data.report)) return [];
      seen.add(data.report);
      const { failure, ...entry } = data;
      const keyFigure = pictures.get(data.report) ?? null;
      return [{ ...entry, ...(failure && { failure }), keyFigure }];
    })
    .filter(({ report }) => existsSync(join(folder, `${report}.html`)));
}

/** The pictures of an index page by report; index.json does not hold them. */
function keyFigures(page: string): Map<string, KeyFigure> {
  const pictures = new Map<string, KeyFigure>();
  for (const card of new JSDOM(page).window.document.querySelectorAll<HTMLElement>(".card")) {
    const name = card.dataset.report;
    const picture = card.querySelector("img");
    const title = card.querySelector("figcaption")?.textContent ?? "";
    if (name && picture?.src.startsWith("data:image/"))
      pictures.set(name, { src: picture.src, alt: picture.alt, title });
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

/** The present runs, and the earlier ones with other reports, sorted by report. */
export function mergeRuns(earlier: EarlierIndex, now: readonly RunSummary[]): RunSummary[] {
  const kept = earlier.filter(({ report }) => !now.some((run) => run.report === report));
  return [...kept, ...now].sort((a, b) => (a.report < b.report ? -1 : 1));
}

/** The lock that protects the index and, because links change them, the reports. */
const lockOf = (folder: string): string => join(folder, ".index.lock");

/**
 * Writes a report; {@link addToIndex} then lists it.
 *
 * @param name - the report's file name without its ending
 * @returns its `sha256`, as in a {@link RunSummary}
 */
export function writeReport(folder: string, name: string, page: string): string {
  const file = `${name}.html`;
  underLock(lockOf(folder), () => writeWhole(join(folder, file), page));
  return sumLine(page, file);
}

/**
 * Adds a run to the index, and keeps what other processes have added meanwhile.
 *
 * @param before - the runs of this process so far; otherwise failed ones, which have no report, would be dropped
 * @param closing - what the essay concludes, graded; left out by default
 */
export function addToIndex(
  folder: string,
  run: RunSummary,
  before: readonly RunSummary[] = [],
  closing?: Closing,
): void {
  underLock(lockOf(folder), () =>
    writeIndex(folder, mergeRuns(mergeRuns(before, readEarlierIndex(folder)), [run]), closing),
  );
}

/**
 * Gives each report in the folder its links to those before and after it in the index: of the notebooks' own values only,
 * and of runs that succeeded. To be called when a run has ended: before, nobody knows which reports there will be. A report
 * that is not the one in the index is left alone.
 *
 * @param closing - as for {@link addToIndex}
 */
export function linkReports(folder: string, closing?: Closing): void {
  underLock(lockOf(folder), () => {
    const runs = readEarlierIndex(folder);
    const listed = runs.filter(({ changes, status }) => changes.length === 0 && status === "ok");
    const linked = listed.flatMap((run, i) => {
      const file = `${run.report}.html`;
      const page = readFileSync(join(folder, file), "utf8");
      const text = withNeighbours(page, { previous: listed[i - 1], next: listed[i + 1] });
      const sha256 = sumLine(text, file);
      // the second: somebody ended this process between the index and the page
      const isListed = [undefined, sumLine(page, file), sha256].includes(run.sha256);
      return isListed && text !== page ? [{ run: { ...run, sha256 }, file, text }] : [];
    });
    if (linked.length === 0) return;
    writeIndex(
      folder,
      mergeRuns(
        runs,
        linked.map(({ run }) => run),
      ),
      closing,
    );
    for (const { file, text } of linked) writeWhole(join(folder, file), text);
  });
}

/** Writes both files; index.json leaves out the pictures. */
function writeIndex(folder: string, runs: readonly RunSummary[], closing?: Closing): void {
  const page = renderIndex(runs, closing);
  const notebooks = runs.map(({ keyFigure, ...entry }) => entry);
  writeWhole(join(folder, "index.json"), `${JSON.stringify({ notebooks }, null, 2)}\n`);
  writeWhole(join(folder, "index.html"), page);
}

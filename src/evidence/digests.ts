/** Digests of the code that measures, as the build wrote them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StudyName } from "./key.js";

/** Digests by experiment and study. */
export type Digests = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where the build writes them. */
export const DIGESTS_PATH: string = join(__dirname, "digests.json");

let digests: Digests | undefined;

/** The digest of the code that measures a study; undefined for an observed study. */
export function digestOfStudy({ experiment, study }: StudyName): string | undefined {
  digests ??= JSON.parse(readFileSync(DIGESTS_PATH, "utf8")) as Digests;
  return digests[experiment]?.[study];
}

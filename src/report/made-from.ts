/** What a report was made from, so that anybody can tell later whether it is still the same. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Provenance } from "./notebook-run.js";
import { LIBRARY, type PlannedNotebook, packagePath } from "./plan.js";
import { sumLine } from "./sum-line.js";

/** The code and the files behind a report. */
export interface MadeFrom extends Provenance {
  /** Lines of `sha256sum`, for the notebook as it was read, and for the recordings that it may load. */
  sha256: string[];
}

/** What a notebook's report would be made from now. */
export function madeFrom(
  { name, folder, sha256 }: Pick<PlannedNotebook, "name" | "folder" | "sha256">,
  origin: Provenance,
): MadeFrom {
  const recordings = [...new Set([LIBRARY, folder])]
    .map((parent) => join(parent, "evidence", name))
    .filter((own) => existsSync(own))
    .flatMap((own) => readdirSync(own).map((file) => join(own, file)))
    .filter((path) => path.endsWith(".jsonl"))
    .sort();
  return {
    ...origin,
    sha256: [sha256, ...recordings.map((path) => sumLine(readFileSync(path), packagePath(path)))],
  };
}

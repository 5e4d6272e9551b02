/** Measures again what was recorded, all of it. */
import { existsSync } from "node:fs";
import type { Runner } from "../../experiments/runner.js";
import { allPlaces, audit } from "../audit.js";
import { readEvidence } from "../load.js";
import type { Commission } from "./commission.js";

/** Seeds that are measured at once. */
const BATCH = 64;

/** Seeds that are named at most. */
const NAMED = 10;

/** What came of a check. */
export interface Checked {
  isSame: boolean;
  /** In a sentence. */
  text: string;
}

/**
 * Compares a recording with what is measured now, to the bit.
 *
 * @param onProgress - told how many seeds were compared
 * @throws what the runner throws
 */
export async function check(
  { study, parameters, header, path }: Commission,
  run: Runner,
  onProgress: (done: number, of: number) => void,
): Promise<Checked> {
  const said = (isSame: boolean, text: string): Checked => ({
    isSame,
    text: `${header.experiment} ${header.study}: ${text}`,
  });
  if (!existsSync(path)) return said(false, `nothing is recorded at ${path}`);
  const found = readEvidence(path, header.key);
  if ("problem" in found) return said(false, `${path}: ${found.message}`);
  if (study.isObserved) return said(true, "observed; the file is whole, and nobody can measure it again");
  const { rows, isSameCode } = found;
  const different = new Set<number>();
  for (let done = 0; done < rows.length; done += BATCH) {
    onProgress(done, rows.length);
    const some = rows.slice(done, done + BATCH);
    const { differences } = await audit(study, parameters, some, allPlaces(some), run);
    for (const { seed } of differences) different.add(seed);
  }
  if (different.size > 0) {
    const more = different.size > NAMED ? ` and ${different.size - NAMED} more` : "";
    const named = [...different].slice(0, NAMED).join(", ");
    return said(false, `other results than recorded for seed ${named}${more} of ${rows.length} seeds`);
  }
  const code = isSameCode === false ? ", though recorded by earlier code" : "";
  return said(true, `${rows.length} seeds measured again, the same to the bit${code}`);
}

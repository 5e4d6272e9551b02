/** Measures everything that was recorded again. */
import { existsSync } from "node:fs";
import type { Runner } from "../../experiments/runner.js";
import { allPlaces, audit } from "../audit.js";
import { readEvidence } from "../load.js";
import type { Commission } from "./commission.js";

/** Number of seeds measured at once. */
const BATCH = 64;

/** Number of seeds named at most. */
const NAMED = 10;

/** The outcome of a check. */
export interface Checked {
  isSame: boolean;
  /** In a sentence. */
  text: string;
}

/**
 * Compares a recording with new measurements, to the bit.
 *
 * @param onProgress - receives the number of seeds compared so far
 * @throws whatever the runner throws
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
  if (study.isObserved)
    return said(true, "observed with a clock, so it cannot be measured again; the file is intact");
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
    return said(false, `results differ from the recording for seed ${named}${more} of ${rows.length} seeds`);
  }
  const code = isSameCode === false ? ", although recorded by earlier code" : "";
  return said(true, `${rows.length} seeds measured again, the same to the bit${code}`);
}

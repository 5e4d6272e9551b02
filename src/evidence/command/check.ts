/** Measures again what was recorded, all of it. */
import { existsSync } from "node:fs";
import type { Runner } from "../../experiments/runner.js";
import { audit } from "../audit.js";
import { readEvidence } from "../load.js";
import type { Commission } from "./commission.js";

/** Seeds that are measured at once. */
const BATCH = 64;

/** What came of a check, in a sentence. */
export interface Checked {
  isSame: boolean;
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
  const name = `${header.experiment} ${header.study}`;
  if (!existsSync(path)) return { isSame: false, text: `${name}: nothing is recorded at ${path}` };
  const found = readEvidence(path, header.key);
  if ("problem" in found) return { isSame: false, text: `${name}: ${path}: ${found.message}` };
  const { rows, isSameCode } = found;
  if (study.isObserved) {
    return { isSame: true, text: `${name}: observed, so it is whole, and nobody can measure it again` };
  }
  const different: number[] = [];
  for (let done = 0; done < rows.length; done += BATCH) {
    onProgress(done, rows.length);
    const some = rows.slice(done, done + BATCH);
    const most = Math.max(...some.map(({ results }) => results.length));
    // all seeds at the first point, then all at the second: what is alike can be trained together
    const places = Array.from({ length: most }, (_, point) =>
      some.filter(({ results }) => point < results.length).map(({ seed }) => ({ seed, point })),
    ).flat();
    const { differences } = await audit(study, parameters, some, places, run);
    different.push(...new Set(differences.map(({ seed }) => seed)));
  }
  const code = isSameCode === false ? ", though recorded by earlier code" : "";
  if (different.length === 0) {
    return { isSame: true, text: `${name}: ${rows.length} seeds measured again, the same to the bit${code}` };
  }
  const shown = different.slice(0, 10).join(", ");
  const seeds = different.length > 10 ? `${shown} and ${different.length - 10} more` : shown;
  return {
    isSame: false,
    text: `${name}: other results than recorded for seed ${seeds} of ${rows.length} seeds`,
  };
}

/** Puts reports into their folder so that what was there stays whole until what replaces it is complete. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./usage-error.js";

/**
 * Writes a file beside its place and then renames it. Synchronous, so that no signal is handled in between.
 *
 * @throws Error of the file system; the file that was there is untouched then
 */
export function writeWhole(path: string, text: string): void {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(aside, text);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/**
 * Makes sure that reports can be written to a folder, which is made if it is not there.
 *
 * @throws UsageError when they cannot
 */
export function prepareFolder(folder: string): void {
  const probe = join(folder, `.${process.pid}.tmp`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new UsageError(`reports cannot be written to ${folder}: ${(error as Error).message}`);
  }
}

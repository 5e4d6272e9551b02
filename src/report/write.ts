/** Puts reports into their folder so that what was there stays whole until what replaces it is complete. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
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
 * Milliseconds for which a lock is respected: what is done under one takes far less, unless its holder was
 * killed.
 */
const LOCK_LIMIT = 5000;
/** Milliseconds between two tries. */
const LOCK_POLL = 20;

/**
 * Does something while no other process does so under the same lock, a file that is there just so long.
 * Synchronous, so that no signal is handled in between.
 *
 * @throws UsageError when something else than a file has the lock's name
 */
export function underLock<T>(path: string, work: () => T): T {
  let [holder, since] = ["", performance.now()];
  while (!takes(path)) {
    const now = identity(path);
    if (now !== holder) [holder, since] = [now, performance.now()];
    else if (performance.now() - since > LOCK_LIMIT) rmSync(path, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

function takes(lock: string): boolean {
  try {
    closeSync(openSync(lock, "wx"));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

/** Tells one holder's lock from the next one's. */
function identity(lock: string): string {
  const stats = statSync(lock, { throwIfNoEntry: false });
  if (stats?.isDirectory()) throw new UsageError(`${lock} must be a file or not there, and is a folder`);
  return stats ? `${stats.ino} ${stats.mtimeMs}` : "";
}

/** Level by level: where the file system makes none, as under /proc, Node's own recursion never ends. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path);
}

/**
 * Makes sure that files can be written to a folder, which is made if it is not there.
 *
 * @param what - what they are called in the message
 * @throws UsageError when they cannot
 */
export function prepareFolder(folder: string, what = "reports"): void {
  const probe = join(folder, `.${process.pid}.tmp`);
  try {
    makeFolder(folder);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new UsageError(`${what} cannot be written to ${folder}: ${(error as Error).message}`);
  }
}

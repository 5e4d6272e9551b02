/** Writes files so that the old one stays intact until its replacement is complete. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { isAlive } from "./process-tree.js";
import { UsageError } from "./usage-error.js";

/** Stands in the name of each temporary file before its owner's process id. */
const OWNER = `.${hostname()}-`;

const asideOf = (path: string): string => `${path}${OWNER}${process.pid}.tmp`;

/** Removes the temporary files of processes that were killed. */
function removeAbandoned(folder: string): void {
  for (const file of readdirSync(folder)) {
    const owner = file.slice(file.lastIndexOf(OWNER) + OWNER.length);
    const isAside = file.includes(OWNER) && /^\d+\.tmp$/.test(owner);
    if (isAside && !isAlive(Number.parseInt(owner, 10))) rmSync(join(folder, file), { force: true });
  }
}

/**
 * Writes a temporary file and renames it. Synchronous, so that no signal is handled in between.
 *
 * @throws Error from the file system, which leaves the old file unchanged
 */
export function writeWhole(path: string, text: string): void {
  const aside = asideOf(path);
  try {
    removeAbandoned(dirname(path));
    writeFileSync(aside, text);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** Milliseconds for which a lock is respected: work under a lock takes far less, unless its holder was killed. */
const LOCK_LIMIT = 5000;
/** Milliseconds between attempts. */
const LOCK_POLL = 20;

/**
 * Does work while no other process holds the same lock, a file that exists only meanwhile. Synchronous, so that no signal
 * is handled in between.
 *
 * @throws UsageError when there is a folder with the lock's name
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

/** Identifies the present holder of a lock. */
function identity(lock: string): string {
  const stats = statSync(lock, { throwIfNoEntry: false });
  if (stats?.isDirectory()) throw new UsageError(`${lock} must be a file or missing, got a folder`);
  return stats ? `${stats.ino} ${stats.mtimeMs}` : "";
}

/** Level by level, because Node's own recursion never ends on file systems that refuse folders, such as /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path);
}

/**
 * Makes sure that files can be written to a folder; creates it if necessary.
 *
 * @param what - the name of the files in the message
 * @throws UsageError when they cannot be written
 */
export function prepareFolder(folder: string, what = "reports"): void {
  const probe = asideOf(join(folder, "probe"));
  try {
    makeFolder(folder);
    removeAbandoned(folder);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new UsageError(`cannot write ${what} to ${folder}: ${(error as Error).message}`);
  }
}

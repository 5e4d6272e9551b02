/** Keeps a second run out of a folder while the first one lives. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { onExit } from "../../report/clean-up.js";
import { isAlive } from "../../report/process-tree.js";
import { UsageError } from "../../report/usage-error.js";
import { underLock } from "../../report/write.js";

/**
 * Takes a lock until this process ends. The lock of a dead process is taken over.
 *
 * @throws UsageError when another process has it
 */
export function takeLock(path: string): void {
  underLock(`${path}.guard`, () => {
    // a lock that a full disk has cut off has no owner
    const [, pid, host] = /^(\d+) on (.+)\n$/.exec(existsSync(path) ? readFileSync(path, "utf8") : "") ?? [];
    if (pid !== undefined && (host !== hostname() || isAlive(Number(pid)))) {
      throw new UsageError(
        `process ${pid} on ${host} is recording into this folder; wait for it, or delete ${path} if it no longer runs`,
      );
    }
    writeFileSync(path, `${process.pid} on ${hostname()}\n`);
  });
  onExit(() => rmSync(path, { force: true }));
}

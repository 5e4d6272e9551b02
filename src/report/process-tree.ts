/** Tells whether a process lives; ends one and everything it started. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** The environment variable that marks a kernel and everything it starts; its value is the kernel's temporary folder. */
export const KERNEL_MARK = "GLASS_HOUSE_KERNEL";

/** Number of searches for processes that were started while others were being ended. */
const ROUNDS = 5;

/**
 * Ends a group leader, its process group and, on Linux, processes that left the group but still carry the kernel's mark.
 * Returns only if this process is not one of them.
 *
 * @param mark - the value of {@link KERNEL_MARK}; without it only the group is ended
 */
export function endTree(pid: number, mark: string | undefined): void {
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore", windowsHide: true });
    return;
  }
  const isOwn = pid === process.pid;
  if (!isOwn) kill(-pid);
  if (mark !== undefined && process.platform === "linux") endMarked(mark);
  if (isOwn) kill(-pid);
}

function endMarked(mark: string): void {
  const entry = `${KERNEL_MARK}=${mark}`;
  for (let round = 0; round < ROUNDS; round++) {
    const marked = readdirSync("/proc").filter(
      (pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && environment(pid).includes(entry),
    );
    if (marked.length === 0) return;
    for (const pid of marked) kill(Number(pid));
  }
}

function environment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // it has ended or belongs to another user
  }
}

/** Whether a process of this machine has not ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** @param pid - negative for a group */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has already ended
  }
}

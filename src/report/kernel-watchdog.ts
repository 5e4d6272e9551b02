/** A thread that ends the kernel, with everything it started, when its parent is gone. */
import { rmSync } from "node:fs";
import { endTree, KERNEL_MARK } from "./process-tree.js";

/** Milliseconds between checks. */
const INTERVAL = 500;

/** The process that started the kernel puts its id into this variable, as Jupyter does; on Windows Jupyter uses a handle. */
const parent = process.platform === "win32" ? process.ppid : Number(process.env.JPY_PARENT_PID);

function isGone(): boolean {
  if (process.platform !== "win32") return process.ppid !== parent;
  try {
    process.kill(parent, 0);
    return false;
  } catch {
    return true;
  }
}

setInterval(() => {
  if (!isGone()) return;
  const folder = process.env[KERNEL_MARK];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  endTree(process.pid, folder);
}, INTERVAL);

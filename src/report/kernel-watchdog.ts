/** A thread of the kernel that ends it, with all that it started, when its parent is gone. */
import { rmSync } from "node:fs";
import { endTree, KERNEL_MARK } from "./process-tree.js";

/** Milliseconds between two looks. */
const INTERVAL = 500;

/** Whoever starts a kernel says so in this variable, as Jupyter does; on Windows Jupyter has a handle in it. */
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

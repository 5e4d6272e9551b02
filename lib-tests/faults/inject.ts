/**
 * Loaded before a command (`--require`): counts how often the command changes files in one folder, and has one change, or
 * all from one on, go wrong.
 */
import fs from "node:fs";
import { isMainThread } from "node:worker_threads";

/** What goes wrong, and when. */
export interface Fault {
  /** The file of the command's program; other processes and threads that inherit the fault are spared. */
  program: string;
  /** The folder whose files are concerned. */
  folder: string;
  /** Where the number of changes is written when the command ends by itself. */
  count: string;
  /**
   * SIGKILL: the process is killed in the middle of the change. EIO: that change fails. ENOSPC: from then on, files neither
   * grow nor come into being. EROFS: from then on, nothing changes.
   */
  kind: "none" | "SIGKILL" | "EIO" | "ENOSPC" | "EROFS";
  /** Which change, from 1. */
  at: number;
}

/** The environment variable that holds the fault as JSON. */
export const FAULT = "GLASS_HOUSE_FAULT";

type Call = (...args: unknown[]) => unknown;

const GROWS = ["mkdirSync", "openSync", "writeFileSync", "writeSync"] as const;
const ALL = [...GROWS, "closeSync", "fsyncSync", "ftruncateSync", "renameSync", "rmSync"] as const;

function inject({ folder, count, kind, at }: Fault): void {
  const system = fs as unknown as Record<(typeof ALL)[number], Call>;
  const { writeFileSync } = system;
  const ours = new Set<unknown>();
  let changes = 0;
  for (const name of ALL) {
    const original = system[name];
    system[name] = (...args) => {
      const [target, flags] = args;
      const isOurs = typeof target === "string" ? target.startsWith(folder) : ours.has(target);
      if (!isOurs || (name === "openSync" && flags === "r")) return original(...args);
      changes++;
      const isHit = kind === "SIGKILL" || kind === "EIO" ? changes === at : changes >= at;
      if (isHit && kind !== "none" && (kind !== "ENOSPC" || GROWS.some((own) => own === name))) {
        half(name, original, args);
        if (kind === "SIGKILL") process.kill(process.pid, "SIGKILL");
        throw Object.assign(new Error(`${kind}: injected, ${name}`), { code: kind });
      }
      const result = original(...args);
      if (name === "openSync") ours.add(result);
      if (name === "closeSync") ours.delete(target);
      return result;
    };
  }
  process.on("exit", () => writeFileSync(count, String(changes)));

  /** What a disk that fills up, or a process that is killed, leaves of something that is being written. */
  function half(name: string, original: Call, args: unknown[]): void {
    if (kind === "EROFS") return;
    const [target, content, start] = args;
    if (name === "writeFileSync") original(target, String(content).slice(0, String(content).length / 2));
    if (name === "writeSync") {
      const left = (content as Buffer).length - Number(start);
      original(target, content, start, Math.floor(left / 2));
    }
  }
}

const fault = process.env[FAULT];
if (fault !== undefined && isMainThread) {
  const parsed: Fault = JSON.parse(fault);
  if (process.argv[1] === parsed.program) inject(parsed);
}

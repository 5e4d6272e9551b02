/**
 * Toy notebooks, temporary folders, and a look at the processes of this machine, for the tests of report/.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Cell, Notebook } from "../../src/report/notebook.js";

/** A code cell. */
export function code(source: string, ...tags: string[]): Cell {
  return { cell_type: "code", metadata: { tags }, source, execution_count: null, outputs: [] };
}

/** A notebook of cells; a string stands for a code cell. */
export function notebook(...cells: (string | Cell)[]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } },
    cells: cells.map((cell) => (typeof cell === "string" ? code(cell) : cell)),
  };
}

/** Writes a notebook of cells into a folder and returns its path. */
export function writeNotebook(folder: string, name: string, ...cells: (string | Cell)[]): string {
  const path = join(folder, `${name}.ipynb`);
  writeFileSync(path, JSON.stringify(notebook(...cells)));
  return path;
}

/** A new folder for each test of the suite, all removed after it; the function returned tells where it is. */
export function freshFolder(): () => string {
  const folders: string[] = [];
  beforeEach(() => {
    folders.push(mkdtempSync(join(tmpdir(), "glass-house-test-")));
  });
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  return () => folders[folders.length - 1];
}

/**
 * The command lines of running processes that hold `text`; those of ended ones that nobody awaits have none.
 */
export function processesWith(text: string): string[] {
  const lines =
    process.platform === "linux"
      ? readdirSync("/proc")
          .filter((entry) => /^\d+$/.test(entry))
          .map(commandLine)
      : execFileSync("ps", ["-A", "-o", "args"], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(text));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // it ended meanwhile
  }
}

/** Waits until a condition holds, for the end of a process or the coming of a file. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 3000; tries++) {
    if (await condition()) return;
    await delay(20);
  }
  throw new Error(`waited in vain: ${what}`);
}

/** The C program that computes in gcc's _Float16, and what it prints. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const folder = resolve(__dirname, "../../../../../lib-tests/core/arithmetic/float16");

/** Bit patterns of two numbers, and of what the operations make of them. */
export interface Operations {
  a: number;
  b: number;
  sum: number;
  difference: number;
  product: number;
  quotient: number;
  /** Of |a|. */
  root: number;
}

/** What the program printed once: the catalogue of edges and 1150 random pairs. */
export function recordedOperations(): Operations[] {
  return parseOperations(readFileSync(join(folder, "table.txt"), "utf8"));
}

/**
 * What the program, compiled now, prints for the catalogue and `count` random pairs; undefined where there is
 * no C compiler that knows _Float16. Nothing is left on the disk.
 */
export function compiledOperations(count: number, seed: number): Operations[] | undefined {
  const temporary = mkdtempSync(join(tmpdir(), "float16-"));
  try {
    const program = join(temporary, "float16");
    try {
      const options = ["-O2", "-fexcess-precision=16", join(folder, "float16.c"), "-o", program, "-lm"];
      execFileSync("gcc", options, { stdio: "ignore" });
    } catch {
      return undefined;
    }
    const output = execFileSync(program, [String(count), String(seed)], {
      encoding: "utf8",
      maxBuffer: 40 * (count + 1000),
    });
    return parseOperations(output);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

function parseOperations(lines: string): Operations[] {
  return lines
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [a, b, sum, difference, product, quotient, root] = line
        .split(" ")
        .map((pattern) => Number.parseInt(pattern, 16));
      return { a, b, sum, difference, product, quotient, root };
    });
}

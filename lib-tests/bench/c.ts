/** The same loop in C, where a compiler is at hand. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Child, startChild } from "./child.js";
import { type Task, toPlain } from "./task.js";

const SOURCE = resolve(__dirname, "../../../lib-tests/bench/loop.c");

/** Compiles and starts the program; undefined where there is no compiler. It leaves nothing on the disk. */
export async function c(type: "double" | "float", tolerance: number, task: Task): Promise<Child | undefined> {
  const { points, labels, parameters, hidden, learningRate } = toPlain(task);
  const folder = mkdtempSync(join(tmpdir(), "glass-house-bench-"));
  const program = join(folder, "loop");
  const sizes = [`-DREAL=${type}`, `-DPOINTS=${labels.length}`, `-DHIDDEN=${hidden}`];
  try {
    execFileSync("gcc", ["-O3", "-march=native", ...sizes, SOURCE, "-o", program, "-lm"], {
      stdio: "ignore",
    });
    const line = [learningRate, ...points, ...labels, ...parameters].join(" ");
    return await startChild("C, gcc -O3 -march=native", tolerance, [program], line);
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

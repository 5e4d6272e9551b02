/**
 * Contenders in other languages: programs that are told a task once and then, line by line, how many epochs
 * to train.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Contender, Turn } from "./contender.js";
import { newOrders, toPlain } from "./plain.js";
import type { Task } from "./training.js";

const FOLDER = resolve(__dirname, "../../../lib-tests/bench");

/** On Debian the system's Python has what a Python installed beside it has not. */
const PYTHONS = process.platform === "win32" ? ["py", "python"] : ["python3", "/usr/bin/python3"];

/** A program that waits for work. */
export interface Child extends Contender {
  /** What it said of itself when it was ready. */
  version: string;
}

/** Starts a program; undefined when it cannot be started, or ends before it is ready. */
type Start = (task: Task, orders: readonly number[][]) => Promise<Child | undefined>;

/**
 * The loop in C does what we do but for its library's exp and log1p, and differs in the last bit or not at all; NumPy and
 * PyTorch sum in another order: relative differences of the loss that we put down to that.
 */
const TOLERANCE = { double: 1e-12, float: 1e-5, half: 0.03 };

const starts: Record<string, readonly Start[]> = {
  binary64: [
    c("C, gcc -O3 -march=native", "double", []),
    c("C, vectors by hand", "double", ["-DVECTORS"]),
    python("NumPy", "numpy", "float64", TOLERANCE.double),
    python("PyTorch", "torch", "float64", TOLERANCE.double),
  ],
  binary32: [
    c("C, gcc -O3 -march=native", "float", []),
    c("C, vectors by hand", "float", ["-DVECTORS"]),
    python("NumPy", "numpy", "float32", TOLERANCE.float),
    python("PyTorch", "torch", "float32", TOLERANCE.float),
  ],
  binary16: [python("NumPy", "numpy", "float16", TOLERANCE.half)],
};

/**
 * Starts all who can do a task.
 *
 * @param epochs - for which they are told the order of the points; then they begin with the first again
 */
export async function startChildren(task: Task, epochs: number): Promise<Child[]> {
  if (task.hiddenLayers.length !== 1) return [];
  const nextOrder = newOrders(task, 250);
  const orders = Array.from({ length: task.batchSize === "full" ? 1 : epochs }, () => [...nextOrder()]);
  const children = await Promise.all(
    (starts[String(task.arithmetic)] ?? []).map((start) => start(task, orders)),
  );
  return children.filter((child) => child !== undefined);
}

/** The loop in C, where a compiler is at hand; it leaves nothing on the disk. */
function c(name: string, type: "double" | "float", flags: readonly string[]): Start {
  return async (task, orders) => {
    const { points, labels, parameters, hidden, learningRate, batch } = toPlain(task);
    const folder = mkdtempSync(join(tmpdir(), "glass-house-bench-"));
    const program = join(folder, "loop");
    const sizes = { REAL: type, POINTS: labels.length, HIDDEN: hidden, BATCH: batch, ORDERS: orders.length };
    const all = [...flags, ...Object.entries(sizes).map(([key, value]) => `-D${key}=${value}`)];
    try {
      // multiply-adds are not fused: that changes bits, and here no time
      execFileSync(
        "gcc",
        ["-O3", "-march=native", "-ffp-contract=off", ...all, join(FOLDER, "loop.c"), "-o", program, "-lm"],
        { stdio: "ignore" },
      );
      const line = [learningRate, ...points, ...labels, ...parameters, ...orders.flat()].join(" ");
      return await startChild(name, TOLERANCE[type], [program], line);
    } catch {
      return undefined;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** The script with the first Python that has the library. */
function python(name: string, library: "numpy" | "torch", type: string, tolerance: number): Start {
  return async (task, orders) => {
    const line = JSON.stringify({ ...toPlain(task), orders });
    for (const command of PYTHONS) {
      const all = [command, join(FOLDER, "contenders.py"), library, type];
      const child = await startChild(name, tolerance, all, line);
      if (child) return child;
    }
    return undefined;
  };
}

/**
 * Starts a program. It reads `task`, a line, answers with a line that says what it is, and answers each
 * number of epochs with {"seconds": …, "loss": …}.
 */
async function startChild(
  name: string,
  tolerance: number,
  [command, ...parameters]: readonly string[],
  task: string,
): Promise<Child | undefined> {
  const child = spawn(command, parameters, {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
  });
  // a program that ends early closes its end: seen below, where its answer is missing
  child.on("error", () => {}).stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout });
  const ended = once(lines, "close").then(() => undefined);
  const ask = async (line: string): Promise<string | undefined> => {
    const answer = once(lines, "line").then(([text]) => String(text));
    child.stdin.write(`${line}\n`);
    return Promise.race([answer, ended]);
  };

  const version = await ask(task);
  if (version === undefined) return undefined;
  return {
    name,
    version,
    tolerance,
    async run(epochs) {
      const answer = await ask(String(epochs));
      if (answer === undefined) throw new Error(`${name} ended while it was at work`);
      return JSON.parse(answer) as Turn;
    },
    close: () => child.stdin.end(),
  };
}

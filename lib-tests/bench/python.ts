/** NumPy and PyTorch, where a Python has them. */
import { resolve } from "node:path";
import { type Child, startChild } from "./child.js";
import { type Task, toPlain } from "./task.js";

const SCRIPT = resolve(__dirname, "../../../lib-tests/bench/contenders.py");

/** On Debian the system's Python has what a Python installed beside it has not. */
const PYTHONS = process.platform === "win32" ? ["py", "python"] : ["python3", "/usr/bin/python3"];

/** A library and how it computes. */
export interface PythonContender {
  name: string;
  library: "numpy" | "numpy-each-operation" | "torch";
  type: "float64" | "float32" | "float16";
  tolerance: number;
}

/** Starts the script with the first Python that has the library; undefined where none has. */
export async function python(
  { name, library, type, tolerance }: PythonContender,
  task: Task,
): Promise<Child | undefined> {
  for (const command of PYTHONS) {
    const line = JSON.stringify(toPlain(task));
    const child = await startChild(name, tolerance, [command, SCRIPT, library, type], line);
    if (child) return child;
  }
  return undefined;
}

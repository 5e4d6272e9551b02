/**
 * Contenders in other languages: programs that are told a task once and then, line by line, how many epochs
 * to train.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Contender, Turn } from "./contender.js";

/** A program that waits for work. */
export interface Child extends Contender {
  /** What it said of itself when it was ready. */
  version: string;
}

/**
 * Starts a program. It reads `task`, a line, answers with a line that says what it is, and answers each
 * number of epochs with {"seconds": …, "loss": …}.
 *
 * @returns undefined when it cannot be started, or ends before it is ready
 */
export async function startChild(
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

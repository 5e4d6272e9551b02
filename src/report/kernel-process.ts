/**
 * The process of a kernel: starts it with a new connection file, interrupts it, and ends it with everything it started.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { onExit } from "./clean-up.js";
import { type Connection, writeConnectionFile } from "./connection.js";
import { endTree, KERNEL_MARK } from "./process-tree.js";

/** Number of characters kept of the process's own output, to explain why it ended. */
const LOG_LENGTH = 4000;

/** How to start the process of a kernel. */
export interface KernelProcessOptions {
  /** Returns the command line for a connection file. */
  command: (connectionFile: string) => string[];
  connection: Connection;
  /**
   * A folder for its files, which only this user can enter; its creator removes it after the process has ended.
   */
  folder: string;
  /** Working directory, from which imports are resolved. */
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** A kernel process, running or ended. */
export class KernelProcess {
  /**
   * Resolves when the process has ended or could not start, to the outcome in words: "ended with exit code 3".
   */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #forget: () => void;
  #log = "";

  /** Starts the process. It ends with this process, or earlier. */
  constructor({ command, connection, folder, cwd, env }: KernelProcessOptions) {
    const connectionFile = join(folder, "connection.json");
    writeConnectionFile(connectionFile, connection);
    const [file, ...args] = command(connectionFile);
    const child = spawn(file as string, args, {
      cwd,
      env: { ...env, JPY_PARENT_PID: String(process.pid), [KERNEL_MARK]: folder },
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      // a separate process group: Ctrl-C in the terminal then reaches only this process, which ends the whole group
      detached: process.platform !== "win32",
    });
    this.#child = child;
    this.#folder = folder;
    this.#forget = onExit(() => this.kill());
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#log = (this.#log + text).slice(-LOG_LENGTH);
      });
    }
    this.ended = new Promise((resolve) => {
      child.once("error", (error) => resolve(`could not be started: ${error.message}`));
      // not "close", which waits for all holders of its stdout
      child.once("exit", (code, signal) =>
        resolve(`ended with ${signal ? `signal ${signal}` : `exit code ${code}`}`),
      );
    });
  }

  /** The last output of the process itself, without what cells print. */
  get log(): string {
    return this.#log.trim();
  }

  /** Asks the kernel to stop the running cell. On Windows, which lacks the signal, this ends the kernel. */
  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  /** Ends the process and everything it started. Safe to call again. */
  kill(): void {
    this.#forget();
    if (this.#child.pid !== undefined) endTree(this.#child.pid, this.#folder);
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }
}

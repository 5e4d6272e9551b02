/**
 * A kernel as a process: started with a connection file of its own, interrupted, ended with everything it
 * started, and swept up after. It knows no Jupyter message.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { onExit } from "./clean-up.js";
import { type Connection, writeConnectionFile } from "./connection.js";
import { endTree, KERNEL_MARK } from "./process-tree.js";

/** Characters of a kernel's own output that are kept, to say why it ended. */
const LOG_LENGTH = 4000;

/** What a kernel's process is made of. */
export interface KernelProcessOptions {
  /** The command line for a connection file's path. */
  command: (connectionFile: string) => string[];
  connection: Connection;
  /**
   * A folder for its files, which nobody else can enter; whoever made it removes it when the process has been
   * ended.
   */
  folder: string;
  /** Its working directory, from which imports are resolved. */
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** A running, or ended, kernel process. */
export class KernelProcess {
  /**
   * Resolves when the process has ended, or could not start, to what became of it: "ended with exit code 3".
   */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #forget: () => void;
  #log = "";

  /** Starts the process. It is ended at the latest when this process exits. */
  constructor({ command, connection, folder, cwd, env }: KernelProcessOptions) {
    const connectionFile = join(folder, "connection.json");
    writeConnectionFile(connectionFile, connection);
    const [file, ...args] = command(connectionFile);
    const child = spawn(file as string, args, {
      cwd,
      env: { ...env, JPY_PARENT_PID: String(process.pid), [KERNEL_MARK]: folder },
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      // A process group of its own: Ctrl-C in the terminal then reaches this process alone, which ends the
      // kernel itself, and the group is ended as a whole.
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
      // not "close", which waits for whoever else holds its stdout
      child.once("exit", (code, signal) =>
        resolve(`ended with ${signal ? `signal ${signal}` : `exit code ${code}`}`),
      );
    });
  }

  /** The end of what the process itself wrote to stdout and stderr; what cells print is not in it. */
  get log(): string {
    return this.#log.trim();
  }

  /** Asks the kernel to stop the cell that it executes. Windows has no such signal: there this ends it. */
  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  /** Ends the process and all that it started. Safe to call again. */
  kill(): void {
    this.#forget();
    if (this.#child.pid !== undefined) endTree(this.#child.pid, this.#folder);
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }
}

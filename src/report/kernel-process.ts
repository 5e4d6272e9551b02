/**
 * A kernel as a process: started with a connection file of its own, interrupted, ended with everything it
 * started, and swept up after. It knows no Jupyter message.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onExit } from "./clean-up.js";
import { type Connection, writeConnectionFile } from "./connection.js";

const WINDOWS = process.platform === "win32";

/** Characters of a kernel's own output that are kept, to say why it ended. */
const LOG_LENGTH = 4000;

/** A running, or ended, kernel process. */
export class KernelProcess {
  /**
   * Resolves when the process has ended, or could not start, to what became of it: "ended with exit code 3".
   */
  readonly ended: Promise<string>;
  /** Undefined until the process has been started. */
  readonly #child: ChildProcess | undefined;
  readonly #folder: string;
  readonly #forget: () => void;
  #log = "";

  /**
   * Starts the process. It is ended at the latest when this process exits.
   *
   * @param command - the command line for a connection file's path
   * @param cwd - its working directory, from which imports are resolved
   */
  constructor(
    command: (connectionFile: string) => string[],
    connection: Connection,
    cwd: string,
    env: NodeJS.ProcessEnv,
  ) {
    this.#folder = mkdtempSync(join(tmpdir(), "glass-house-"));
    this.#forget = onExit(() => this.kill());
    let child: ChildProcess;
    try {
      const connectionFile = join(this.#folder, "connection.json");
      writeConnectionFile(connectionFile, connection);
      const [file, ...args] = command(connectionFile);
      child = spawn(file as string, args, {
        cwd,
        env,
        stdio: ["ignore", "pipe", "pipe"],
        windowsHide: true,
        // A process group of its own: Ctrl-C in the terminal then reaches this process alone, which ends the
        // kernel itself, and the group is ended as a whole.
        detached: !WINDOWS,
      });
    } catch (error) {
      this.kill();
      throw error;
    }
    this.#child = child;
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
    this.#child?.kill("SIGINT");
  }

  /** Ends the process and all that it started, and removes its files. Safe to call again. */
  kill(): void {
    this.#forget();
    if (this.#child?.pid !== undefined) endTree(this.#child.pid);
    this.#child?.stdout?.destroy();
    this.#child?.stderr?.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Ends a process that leads its group, and the processes of that group. */
function endTree(pid: number): void {
  if (WINDOWS) {
    spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore", windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // nobody is left in the group
  }
}

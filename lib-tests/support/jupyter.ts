/**
 * A Jupyter server for tests, started as a reader starts it: `npm run lab` finds the program on PATH and announces our
 * kernel to it. It serves copies of the notebooks, from a folder of its own with a home of its own, and nobody has
 * trusted anything there.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { tcpConnection } from "../../src/report/connection.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import { processesWith, until } from "../report/toys.js";

/** The notebooks as committed. */
export const NOTEBOOKS: string = join(PACKAGE_ROOT, "notebooks");

/** What is to serve. */
export interface JupyterProgram {
  /** What `npm run lab` looks for. */
  name: "jupyter-lab" | "jupyter-notebook";
  /** The command that it stands for. */
  command: readonly string[];
  /** Environment variables for it, from the server's scratch folder. */
  env?: (scratch: string) => Record<string, string>;
}

/** A running server. */
export interface JupyterServer {
  /** Such as http://127.0.0.1:8888. */
  origin: string;
  /** To be given as `?token=` in an address. */
  token: string;
  /** The folder that it serves: copies of the notebooks, which can import the package. */
  notebooks: string;
  /**
   * Waits until no kernel of the server computes, worker threads included; on Linux, elsewhere not at all.
   *
   * @throws Error when one goes on for some ten seconds
   */
  atRest(): Promise<void>;
  /** Ends the server as Ctrl-C does, and removes its folder. Throws when it leaves a process behind. */
  stop(): Promise<void>;
}

/** Starts a server; the caller stops it. */
export async function startJupyter({ name, command, env }: JupyterProgram): Promise<JupyterServer> {
  const scratch = mkdtempSync(join(tmpdir(), "glass-house-jupyter-"));
  const within = (folder: string): string => {
    const path = join(scratch, folder);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const notebooks = join(scratch, "notebooks");
  cpSync(NOTEBOOKS, notebooks, { recursive: true });
  symlinkSync(PACKAGE_ROOT, join(within("node_modules"), "glass-house"), "junction");
  // the one program on the PATH of `npm run lab`; it has the whole PATH back
  const quoted = [`PATH=${process.env.PATH}`, ...command].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  writeFileSync(join(within("bin"), name), `#!/bin/sh\nexec /usr/bin/env ${quoted.join(" ")} "$@"\n`, {
    mode: 0o755,
  });

  const { shell_port: port } = await tcpConnection();
  const origin = `http://127.0.0.1:${port}`;
  const token = randomUUID();
  const lab = spawn(
    process.execPath,
    [
      join(PACKAGE_ROOT, "dist/src/report/lab.js"),
      ...["--no-browser", "--allow-root", "--ip=127.0.0.1", `--port=${port}`, "--port-retries=0"],
      `--notebook-dir=${notebooks}`,
    ],
    {
      env: {
        ...process.env,
        ...env?.(scratch),
        PATH: join(scratch, "bin"),
        HOME: within("home"),
        TMPDIR: within("tmp"),
        JUPYTER_TOKEN: token,
        JUPYTER_CONFIG_DIR: within("config"),
        JUPYTER_DATA_DIR: within("data"),
        JUPYTER_RUNTIME_DIR: within("runtime"),
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const log = logOf(lab);
  const stop = async (): Promise<void> => {
    if (lab.exitCode === null) {
      const ended = once(lab, "exit");
      lab.kill("SIGINT");
      await ended;
    }
    await until(() => processesWith(scratch).length === 0, "the end of all kernels");
    rmSync(scratch, { recursive: true, force: true });
  };
  try {
    await until(async () => {
      if (lab.exitCode !== null) throw new Error(`the server ended: ${log()}`);
      return fetch(`${origin}/api`).then(
        (response) => response.ok,
        () => false,
      );
    }, "the server");
  } catch (error) {
    await stop();
    throw error;
  }
  return { origin, token, notebooks, atRest: () => atRest(scratch), stop };
}

/** What the process has written to stderr so far. */
function logOf(child: ChildProcess): () => string {
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  return () => log;
}

/** Time in which processes at rest may use a few ticks of the processor, in milliseconds. */
const LOOK = 300;
const FEW_TICKS = 5;
/** So often is looked before it counts as work that goes on. */
const LOOKS = 30;

async function atRest(text: string): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    const before = processorTicks(text);
    await delay(LOOK);
    if (processorTicks(text) - before <= FEW_TICKS) return;
  }
  throw new Error("a kernel goes on computing");
}

/**
 * Processor time of the processes with that text in their command lines, all threads together, in ticks (10 ms).
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function processorTicks(text: string): number {
  if (!existsSync("/proc/self/stat")) return 0;
  const ticks = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text)) return 0;
        const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
        return Number(fields[11]) + Number(fields[12]);
      } catch {
        return 0; // it ended meanwhile
      }
    });
  return ticks.reduce((sum, own) => sum + own, 0);
}

/**
 * `npm run lab`: starts the JupyterLab of this machine, or its classic Notebook, in notebooks/ with our
 * tslab as the kernel. The kernelspec lies in a temporary folder that Jupyter is told of, so that nothing
 * is installed and no kernelspec of the user's is touched.
 */
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { EXIT_CODES, temporaryFolder } from "./clean-up.js";
import { canHoldSockets } from "./connection.js";
import { jupyterRuntimeFolder } from "./jupyter-folders.js";
import { KERNEL_NAME, kernelSpec, PACKAGE_ROOT } from "./kernel-command.js";

/** Seconds that Jupyter may take to shut its kernels down. */
const SHUTDOWN_LIMIT = 20;
/** Seconds that a command may take to tell its version. */
const PROBE_LIMIT = 30;

const PYTHONS = process.platform === "win32" ? ["py", "python", "python3"] : ["python3", "python"];

/** Commands that start Jupyter, the preferred first. */
const COMMANDS: readonly string[][] = [
  ["jupyter-lab"],
  ["jupyter", "lab"],
  ...PYTHONS.map((python) => [python, "-m", "jupyterlab"]),
  ["jupyter-notebook"],
  ["jupyter", "notebook"],
  ...PYTHONS.map((python) => [python, "-m", "notebook"]),
];

const NO_JUPYTER = `There is no Jupyter on this machine's PATH. Any one of these installs it:

  pip install jupyterlab                       (Python 3.9 or newer; add --user if it may not write)
  conda install -c conda-forge jupyterlab      (Anaconda, Miniconda, Miniforge)
  sudo apt install jupyter-notebook            (Debian, Ubuntu: the classic Notebook)

Then run npm run lab again. Without Jupyter, npm run report does everything but stepping through the cells.`;

/** The first command that works here. */
function findJupyter(): readonly string[] | undefined {
  return COMMANDS.find(([file, ...args]) => {
    const probe = spawnSync(file as string, [...args, "--version"], {
      stdio: "ignore",
      timeout: PROBE_LIMIT * 1000,
      windowsHide: true,
    });
    return probe.status === 0;
  });
}

/** A temporary folder in which Jupyter finds our kernelspec; it is removed when this process exits. */
function kernelspecFolder(): string {
  const { path: folder } = temporaryFolder();
  const kernel = join(folder, "kernels", KERNEL_NAME);
  mkdirSync(kernel, { recursive: true });
  writeFileSync(join(kernel, "kernel.json"), JSON.stringify(kernelSpec(), null, 2));
  return folder;
}

/**
 * Has Jupyter speak to its kernels through sockets that only this user can reach, named after their
 * connection files: what a kernel publishes on a port, everybody on this machine can read.
 */
function transport(): string[] {
  const sockets = join(jupyterRuntimeFolder(), `kernel-${randomUUID()}-ip`);
  return canHoldSockets(sockets) ? ["--KernelManager.transport=ipc"] : [];
}

function main(): void {
  process.exitCode = 1; // until Jupyter has said otherwise
  const command = findJupyter();
  if (!command) {
    console.error(NO_JUPYTER);
    return;
  }
  const [file, ...args] = command;
  const path = [kernelspecFolder(), ...(process.env.JUPYTER_PATH ? [process.env.JUPYTER_PATH] : [])];
  // -y: end on Ctrl-C without asking whether that was meant
  const jupyter = spawn(file as string, [...args, "-y", ...transport(), ...process.argv.slice(2)], {
    cwd: join(PACKAGE_ROOT, "notebooks"),
    env: { ...process.env, JUPYTER_PATH: path.join(delimiter) },
    stdio: "inherit",
  });
  jupyter.once("error", (error) => {
    console.error(error.message);
    process.exit(1);
  });
  jupyter.once("exit", (code) => process.exit(code ?? 1));

  // Ctrl-C reaches Jupyter by itself, a signal to this process alone does not. SIGTERM has it shut down its
  // kernels; on Windows it would end it on the spot, kernels left behind, and so is left out there.
  for (const signal of Object.keys(EXIT_CODES)) {
    process.on(signal, () => {
      if (process.platform !== "win32") jupyter.kill("SIGTERM");
      setTimeout(() => jupyter.kill("SIGKILL"), SHUTDOWN_LIMIT * 1000).unref();
    });
  }
}

main();

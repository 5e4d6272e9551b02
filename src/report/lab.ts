/**
 * `npm run lab`: starts JupyterLab or the classic Notebook in notebooks/ with our tslab as the kernel. The kernelspec lies
 * in a temporary folder, so nothing is installed and the user's kernelspecs are left alone.
 */
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { EXIT_CODES, temporaryFolder } from "./clean-up.js";
import { canHoldSockets } from "./connection.js";
import { jupyterRuntimeFolder } from "./jupyter-folders.js";
import { KERNEL_NAME, kernelSpec, PACKAGE_ROOT } from "./kernel-command.js";

/** Seconds that Jupyter may take to shut down its kernels. */
const SHUTDOWN_LIMIT = 20;
/** Seconds that a command may take to print its version. */
const PROBE_LIMIT = 30;

const PYTHONS = process.platform === "win32" ? ["py", "python", "python3"] : ["python3", "python"];

/** Programs of the virtual environment that {@link NO_JUPYTER} advises. */
const VENV = join(PACKAGE_ROOT, ".venv", process.platform === "win32" ? "Scripts" : "bin");

/** Commands that start Jupyter, in order of preference. */
const COMMANDS: readonly string[][] = [
  [join(VENV, "jupyter-lab")],
  ["jupyter-lab"],
  ["jupyter", "lab"],
  ...PYTHONS.map((python) => [python, "-m", "jupyterlab"]),
  ["jupyter-notebook"],
  ["jupyter", "notebook"],
  ...PYTHONS.map((python) => [python, "-m", "notebook"]),
];

const HELP = `npm run lab [-- option… file…]

Opens the notebooks in JupyterLab or the classic Notebook, whichever is installed, with the kernel they need. Installs
nothing and leaves your kernels alone. Ctrl-C ends Jupyter and its kernels.

  option…, file…      passed to Jupyter, such as --port 9999, --no-browser or 01-baseline.ipynb; see
                      jupyter lab --help
  --help              shows this text

Exit code: Jupyter's, or 1 if Jupyter is not installed.`;

const NO_JUPYTER = `Jupyter was not found on PATH. These commands install it in a virtual environment, apart from everything else:

  cd "${PACKAGE_ROOT}"
  ${PYTHONS[0]} -m venv .venv            (Python 3.9 or newer; Debian and Ubuntu: first sudo apt install python3-venv)
  ${join(relative(PACKAGE_ROOT, VENV), "pip")} install jupyterlab
  npm run lab                        (finds it there)

Without a virtual environment pip refuses on many systems ("externally-managed-environment", PEP 668). Other ways:

  conda install -c conda-forge jupyterlab      (Anaconda, Miniconda, Miniforge)
  sudo apt install jupyter-notebook            (Debian, Ubuntu: the classic Notebook)

Without Jupyter, npm run report does everything but stepping through the cells.`;

/** Returns the first command that works here. */
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

/** Creates a temporary folder with our kernelspec; it is removed when this process exits. */
function kernelspecFolder(): string {
  const { path: folder } = temporaryFolder();
  const kernel = join(folder, "kernels", KERNEL_NAME);
  mkdirSync(kernel, { recursive: true });
  writeFileSync(join(kernel, "kernel.json"), JSON.stringify(kernelSpec(), null, 2));
  return folder;
}

/**
 * Makes Jupyter use sockets that only this user can reach, because everybody on this machine can read what a kernel
 * publishes on a port.
 */
function transport(): string[] {
  const sockets = join(jupyterRuntimeFolder(), `kernel-${randomUUID()}-ip`);
  return canHoldSockets(sockets) ? ["--KernelManager.transport=ipc"] : [];
}

function main(): void {
  const own = process.argv.slice(2);
  if (own.includes("--help") || own.includes("-h")) {
    console.log(HELP);
    return;
  }
  process.exitCode = 1; // until Jupyter sets another
  const command = findJupyter();
  if (!command) {
    console.error(NO_JUPYTER);
    return;
  }
  const [file, ...args] = command;
  const path = [kernelspecFolder(), ...(process.env.JUPYTER_PATH ? [process.env.JUPYTER_PATH] : [])];
  // -y: end on Ctrl-C without asking
  const jupyter = spawn(file as string, [...args, "-y", ...transport(), ...own], {
    cwd: join(PACKAGE_ROOT, "notebooks"),
    env: { ...process.env, JUPYTER_PATH: path.join(delimiter) },
    stdio: "inherit",
  });
  jupyter.once("error", (error) => {
    console.error(error.message);
    process.exit(1);
  });
  jupyter.once("exit", (code) => process.exit(code ?? 1));

  // Ctrl-C also reaches Jupyter, but a signal to this process alone does not. SIGTERM makes Jupyter shut down its
  // kernels; on Windows it would end Jupyter at once and leave them behind.
  for (const signal of Object.keys(EXIT_CODES)) {
    process.on(signal, () => {
      if (process.platform !== "win32") jupyter.kill("SIGTERM");
      setTimeout(() => jupyter.kill("SIGKILL"), SHUTDOWN_LIMIT * 1000).unref();
    });
  }
}

main();

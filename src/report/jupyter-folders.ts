/**
 * The folders of Jupyter.
 * https://docs.jupyter.org/en/latest/use/jupyter-directories.html
 */
import { homedir } from "node:os";
import { join } from "node:path";

/** The folder of the user's data, where kernels are registered. */
export function jupyterDataFolder(): string {
  const { JUPYTER_DATA_DIR, APPDATA, XDG_DATA_HOME } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32" && APPDATA) return join(APPDATA, "jupyter");
  return join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
}

/** The folder of the connection files of running kernels. */
export function jupyterRuntimeFolder(): string {
  return process.env.JUPYTER_RUNTIME_DIR || join(jupyterDataFolder(), "runtime");
}

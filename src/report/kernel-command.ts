/** How this package's tslab is started: for our own use, and as the kernelspec by which Jupyter finds it. */
import { join } from "node:path";

/** A kernelspec, the content of a kernel.json. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: "signal";
  metadata: Record<string, unknown>;
}

/** The name by which the notebooks' metadata ask for their kernel. */
export const KERNEL_NAME = "tslab";

/** Key in a kernelspec's metadata that tells ours from others; its value is where the package lies. */
export const KERNELSPEC_KEY = "glass-house";

/** The folder of the package. */
export const PACKAGE_ROOT: string = join(__dirname, "..", "..", "..");

/**
 * The command that starts a tslab kernel, with absolute paths: neither `node` nor `tslab` need be on PATH.
 *
 * @param connectionFile - path of the connection file
 */
export function kernelCommand(connectionFile: string): string[] {
  return [process.execPath, join(__dirname, "kernel-start.js"), connectionFile];
}

/** The kernelspec of {@link kernelCommand}; Jupyter fills in `{connection_file}`. */
export function kernelSpec(): KernelSpec {
  return {
    argv: kernelCommand("{connection_file}"),
    display_name: "TypeScript",
    language: "typescript",
    interrupt_mode: "signal",
    metadata: { [KERNELSPEC_KEY]: PACKAGE_ROOT },
  };
}

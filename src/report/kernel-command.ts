/** The command that starts this package's tslab, also as a kernelspec for Jupyter. */
import { join } from "node:path";

/** A kernelspec, the content of a kernel.json. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: "signal";
  metadata: Record<string, unknown>;
}

/** The name of the kernel in the notebooks' metadata. */
export const KERNEL_NAME = "tslab";

/** Key in a kernelspec's metadata that marks it as ours; its value is the folder of the package. */
export const KERNELSPEC_KEY = "glass-house";

/** The folder of the package. */
export const PACKAGE_ROOT: string = join(__dirname, "..", "..", "..");

/**
 * The command that starts a tslab kernel, with absolute paths, so that neither `node` nor `tslab` need be on PATH.
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

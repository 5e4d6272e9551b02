/**
 * `npm run kernelspec -- install|remove`: registers our kernel for every Jupyter of the user (VS Code, nbconvert, a
 * JupyterLab started by hand). Writes one file in the user's Jupyter folder, and never replaces or removes another
 * program's without --force.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseOptions, runCommand } from "./command-line.js";
import { jupyterDataFolder } from "./jupyter-folders.js";
import { KERNEL_NAME, KERNELSPEC_KEY, type KernelSpec, kernelSpec } from "./kernel-command.js";
import { UsageError } from "./usage-error.js";
import { writeWhole } from "./write.js";

const USAGE = `npm run kernelspec -- install [--force] | remove

  install    registers the kernel "${KERNEL_NAME}" for this user's Jupyter
  --force    replaces another program's kernel of that name; remove restores it
  remove     removes the registration`;

/** Whether the kernelspec at a path is ours; also false if it cannot be read. */
function isOurs(path: string): boolean {
  try {
    const spec = JSON.parse(readFileSync(path, "utf8")) as Partial<KernelSpec>;
    return spec.metadata !== undefined && KERNELSPEC_KEY in spec.metadata;
  } catch {
    return false;
  }
}

/**
 * The other programs' files that were moved aside, the latest last; there are several if others replaced ours in between.
 */
function backups(aside: string): string[] {
  const found: string[] = [];
  while (existsSync(backupName(aside, found.length))) found.push(backupName(aside, found.length));
  return found;
}

function backupName(aside: string, index: number): string {
  return index === 0 ? aside : `${aside}.${index + 1}`;
}

function install(file: string, aside: string, force: boolean): string {
  const foreign = existsSync(file) && !isOurs(file);
  if (foreign && !force) {
    throw new UsageError(
      `${file} was registered by another program; use --force to replace it (remove restores it)`,
    );
  }
  mkdirSync(dirname(file), { recursive: true });
  if (foreign) renameSync(file, backupName(aside, backups(aside).length));
  writeWhole(file, `${JSON.stringify(kernelSpec(), null, 2)}\n`);
  return `registered ${file}`;
}

function remove(file: string, aside: string): string {
  if (!existsSync(file)) return `nothing to remove: there is no ${file}`;
  if (!isOurs(file)) throw new UsageError(`${file} was registered by another program and is left alone`);
  const latest = backups(aside).at(-1);
  if (latest !== undefined) {
    renameSync(latest, file);
    return `restored the kernel registered before: ${file}`;
  }
  rmSync(file);
  if (readdirSync(dirname(file)).length === 0) rmdirSync(dirname(file));
  return `removed ${file}`;
}

async function main(): Promise<number> {
  const { values, positionals } = parseOptions({
    force: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  const file = join(jupyterDataFolder(), "kernels", KERNEL_NAME, "kernel.json");
  const aside = `${file}.before-glass-house`;
  const [action, ...rest] = positionals;
  if (values.help) console.log(USAGE);
  else if (action === "install" && rest.length === 0)
    console.log(install(file, aside, values.force ?? false));
  else if (action === "remove" && rest.length === 0 && !values.force) console.log(remove(file, aside));
  else throw new UsageError(USAGE);
  return 0;
}

runCommand(main);

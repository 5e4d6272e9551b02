/** The provenance of results: the commit of the clone, and versions. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PACKAGE_ROOT } from "./kernel-command.js";
import type { Provenance } from "./notebook-run.js";

/** The provenance of the code in this process. */
export function provenance(): Provenance {
  return {
    commit: commit(),
    versions: {
      "glass-house": packageVersion(),
      node: process.versions.node,
      tslab: versionIn(dirname(require.resolve("tslab/package.json"))),
      "plotly.js": versionIn(dirname(require.resolve("plotly.js-dist/package.json"))),
    },
  };
}

/** The version of this package. */
export function packageVersion(): string {
  return versionIn(PACKAGE_ROOT);
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
}

function commit(): string | null {
  // a package unpacked inside another project's clone does not have that clone's commit
  if (!existsSync(join(PACKAGE_ROOT, ".git"))) return null;
  const describe = ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"];
  try {
    return execFileSync("git", describe, { cwd: PACKAGE_ROOT, encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return null;
  }
}

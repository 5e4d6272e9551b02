/**
 * `node dist/lib-tests/bench/freeze.js`: makes first-build.js, which keeps the first build's training to be measured
 * against, from the commit that it ends with. Prints a digest of what it wrote.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, ROOT } from "./bundle.js";

const COMMIT = "8d7b71e79f20ee724daf1bc9ab12a82ca23416ad";

const checkout = mkdtempSync(join(tmpdir(), "glass-house-first-build-"));
try {
  const archive = execFileSync("git", ["archive", COMMIT, "src/core"], { cwd: ROOT });
  execFileSync("tar", ["-x", "-C", checkout], { input: archive });
  const text = bundle(checkout, `// made by freeze.ts from commit ${COMMIT}`);
  writeFileSync(join(ROOT, "lib-tests/bench/first-build.js"), text);
  console.log(`${text.length} bytes, sha256 ${createHash("sha256").update(text).digest("hex")}`);
} finally {
  rmSync(checkout, { recursive: true });
}

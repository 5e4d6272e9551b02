import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseline } from "../../src/experiments/baseline/index.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import { skipUnless } from "../support/skip.js";
import { missing, type Slurm, startSlurm } from "./slurm.js";

/** The studies of the notebook that is recorded. */
const STUDIES = Object.keys(baseline.studies).sort();

/** The script as a reader finds it. */
const [, SCRIPT] =
  /^```bash\n(#!\/bin\/bash\n#SBATCH .*?)^```$/ms.exec(
    readFileSync(join(PACKAGE_ROOT, "environment.md"), "utf8"),
  ) ?? [];

const VALUES = [
  "01",
  "--set",
  "epochs=2",
  "--set",
  "trainPoints=10",
  "--set",
  "testPoints=10",
  "--set",
  "hiddenLayers=[2]",
  "--seeds",
  "40",
];

describe("the Slurm array of environment.md", () => {
  let slurm: Slurm | undefined;
  let daemons: string;
  // npm finds the package's folder from any below it
  const folder = join(PACKAGE_ROOT, "dist", "slurm");

  before(async function () {
    const absent = missing();
    skipUnless(this, absent === undefined, `no Slurm: ${absent}`);
    daemons = mkdtempSync(join(tmpdir(), "glass-house-slurm-"));
    slurm = await startSlurm(daemons);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  });

  after(async () => {
    await slurm?.stop();
    if (daemons) rmSync(daemons, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (command: string, ...args: string[]): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: folder,
      env: slurm?.env,
      encoding: "utf8",
    });
    return { status, text: stdout + stderr };
  };
  const evidence = (...args: string[]): ReturnType<typeof run> =>
    run("npm", "run", "--silent", "evidence", "--", ...args);
  const sbatch = (...args: string[]): void => {
    const { status, text } = run("sbatch", "--wait", ...args);
    const logs = readdirSync(folder).filter((name) => name.endsWith(".out"));
    const told = logs.map((name) => readFileSync(join(folder, name), "utf8")).join("");
    assert.equal(status, 0, `${text}${told}`);
  };

  it("records, says what is missing when a part is, and merges to the bytes of a single run", () => {
    writeFileSync(join(folder, "evidence.sh"), SCRIPT);
    sbatch("evidence.sh", ...VALUES);
    const parts = join(folder, "shards", "01-baseline");
    for (const file of readdirSync(parts))
      if (file.endsWith(".shard-3-of-16.jsonl")) rmSync(join(parts, file));
    const { status, text } = evidence("--merge", "shards", "--out", "merged");
    assert.equal(
      text,
      `${STUDIES.map((study) => `01-baseline ${study}: shard 3 of 16 is missing`).join("; ")}\n`,
    );
    assert.equal(status, 1);
    sbatch("--array=3", "evidence.sh", ...VALUES);
    assert.equal(evidence("--merge", "shards", "--out", "merged").status, 0);
    assert.equal(evidence(...VALUES, "--out", "once").status, 0);
    const files = readdirSync(join(folder, "once", "01-baseline")).sort();
    assert.equal(files.length, STUDIES.length);
    for (const file of files) {
      const [merged, once] = ["merged", "once"].map((out) =>
        readFileSync(join(folder, out, "01-baseline", file), "utf8"),
      );
      assert.equal(merged, once);
    }
    assert.equal(existsSync(join(folder, "shards", "recording.shard-1-of-16.lock")), false);
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import { provenance } from "../../src/report/provenance.js";

describe("provenance", () => {
  it("names the commit of the clone, where there is one", () => {
    const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], {
      cwd: PACKAGE_ROOT,
      encoding: "utf8",
    });
    assert.equal(provenance().commit?.replace(/-dirty$/, "") ?? null, status === 0 ? stdout.trim() : null);
  });

  it("names the versions of what takes part", () => {
    const { versions } = provenance();
    assert.deepEqual(Object.keys(versions), ["glass-house", "node", "tslab", "plotly.js"]);
    for (const version of Object.values(versions)) assert.match(version, /^\d+\.\d+\.\d+/);
  });
});

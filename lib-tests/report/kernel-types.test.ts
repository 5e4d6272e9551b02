/** Which types a kernel's compiler has read shows in what a cell may name. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kernel } from "../../src/report/kernel.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";

/** What a new kernel prints to stderr when it runs a cell. */
async function complaints(cell: string, env = process.env): Promise<string> {
  const kernel = await Kernel.start({ cwd: join(PACKAGE_ROOT, "notebooks"), env });
  let said = "";
  try {
    await kernel.execute(cell, {
      timeout: 60,
      onOutput({ content }) {
        if (content.name === "stderr") said += content.text;
      },
    });
  } finally {
    await kernel.shutdown();
  }
  return said;
}

describe("the types that a kernel reads unasked", () => {
  const node = "const version: string = process.version; const bytes = Buffer.alloc(2);";

  it("are Node's, and no test runner's", async () => {
    assert.match(
      await complaints(`${node}\nconst run = typeof describe;`),
      /^Run the cells above first: .*\n2:20 - Cannot find name 'describe'\..*\n$/,
    );
  });

  it("do not keep a cell from importing others", async () => {
    assert.equal(await complaints(`import type { Suite } from "mocha"; let suite: Suite;`), "");
  });

  it("are all that there are where tslab's compiler is not found", async () => {
    const folder = mkdtempSync(join(tmpdir(), "glass-house-test-"));
    try {
      const preload = join(folder, "preload.js");
      writeFileSync(
        preload,
        `const { Module } = require("node:module");
        const resolve = Module._resolveFilename;
        let isFirst = true;
        Module._resolveFilename = function (name, ...rest) {
          if (name === "@tslab/typescript-for-tslab" && isFirst) {
            isFirst = false;
            throw new Error("not found");
          }
          return resolve.call(this, name, ...rest);
        };`,
      );
      const env = { ...process.env, NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
      assert.equal(await complaints(`${node}\nconst run = typeof describe;`, env), "");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

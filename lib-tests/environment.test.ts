/** The code in environment.md runs as it stands there, in the kernel that runs the notebooks. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/report/kernel-command.js";
import { runNotebook } from "../src/report/run.js";
import { notebook } from "./report/toys.js";

describe("environment.md", () => {
  it("shows layers, penalties, steps and data of one's own that train", async () => {
    const text = readFileSync(join(PACKAGE_ROOT, "environment.md"), "utf8");
    const [, section] = text.split("## Your own layer, penalty, step or data");
    const cells = [...section.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
    assert.equal(cells.length, 3);
    const run = await runNotebook({
      name: "own",
      notebook: notebook(...cells),
      folder: join(PACKAGE_ROOT, "notebooks"),
      parameters: {},
      timeout: 60,
      workers: 1,
      provenance: { commit: null, versions: {} },
    });
    assert.equal(run.failure, undefined, JSON.stringify(run.failure));
    const shown = run.notebook.cells.map((cell) =>
      cell.cell_type === "code" ? JSON.stringify(cell.outputs) : "",
    );
    assert.match(shown[1], /\[ true, true \]/);
    assert.match(shown[2], /"1\\n"/);
  });
});

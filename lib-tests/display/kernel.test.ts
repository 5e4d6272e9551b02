/** The outputs as the real kernel sends them; outputs.test.ts has their contents. */

import assert from "node:assert/strict";
import { dirname } from "node:path";
import { MARKS_KEY, PLOTLY_MIME, VERDICT_MIME } from "../../src/display/mime.js";
import { GRADING_RULE } from "../../src/experiments/grading.js";
import type { Notebook } from "../../src/report/notebook.js";
import type { NotebookRun } from "../../src/report/notebook-run.js";
import { runNotebook } from "../../src/report/run.js";
import { notebook } from "../report/toys.js";

const run = (toy: Notebook): Promise<NotebookRun> =>
  runNotebook({
    name: "toy",
    notebook: toy,
    folder: dirname(require.resolve("glass-house/package.json")), // the package's name means itself there
    parameters: {},
    timeout: 60,
    workers: 1,
    provenance: { commit: null, versions: {} },
  });

describe("outputs of a notebook", () => {
  it("come with their MIME types and marks, a progress line as one that tells the end", async () => {
    const toy = notebook(
      `import { baseline, progress, setUpCharts, show, showTable, showVerdict } from "glass-house";\nsetUpCharts();`,
      `show({ data: [{ type: "scatter", y: [1, 2] }], layout: {}, caption: "c", alt: "a" }, { keyFigure: true });`,
      `const line = progress("steps");
      for (let i = 1; i <= 1000; i++) line.update(i, 1000);
      line.done();`,
      `showTable(["a"], [[1]]);`,
      `const verdict = { claim: "c", stamp: "holds" as const, rows: [], summary: "s" };
showVerdict({ ...baseline, verdict: () => verdict }, baseline.parameters(), {});`,
    );
    const { failure, notebook: done } = await run(toy);
    assert.equal(failure, undefined);
    const outputs = done.cells.map((cell) => (cell.cell_type === "code" ? cell.outputs : []));
    const shown = outputs.map((ofCell) =>
      ofCell.map((output) => {
        assert.equal(output.output_type, "display_data", JSON.stringify(output));
        const { data, metadata } = output as Extract<typeof output, { output_type: "display_data" }>;
        return { types: Object.keys(data).sort(), marks: metadata[MARKS_KEY], text: data["text/plain"] };
      }),
    );
    assert.deepEqual(shown, [
      [
        {
          types: ["text/html", "text/plain"],
          marks: { role: "library" },
          text: "The charts of this notebook are ready.",
        },
      ],
      [{ types: [PLOTLY_MIME, "text/html", "text/plain"], marks: { keyFigure: true }, text: "a" }],
      [{ types: ["text/html", "text/plain"], marks: { role: "progress" }, text: "1000 of 1000 steps" }],
      [{ types: ["text/markdown", "text/plain"], marks: undefined, text: "| a |\n| ---: |\n| 1 |" }],
      [
        {
          types: [VERDICT_MIME, "text/markdown", "text/plain"],
          marks: undefined,
          text: `**c** In short: **holds**. s\n\n| claim | what we measured | n | outcome |\n| :--- | :--- | :--- | :--- |\n\n**The rule.** ${GRADING_RULE}`,
        },
      ],
    ]);
  });

  it("all arrive, also of a notebook with more of them than zeromq.js sends at once", async () => {
    const cells = Array.from(
      { length: 30 },
      (_, cell) => `for (let i = 0; i < 40; i++) showMarkdown(\`\${i} of cell ${cell}\`);`,
    );
    const toy = notebook(`import { showMarkdown } from "glass-house"; showMarkdown("first");`, ...cells);
    const { failure, notebook: done } = await run(toy);
    assert.equal(failure, undefined);
    const counts = done.cells.map((cell) => (cell.cell_type === "code" ? cell.outputs.length : 0));
    assert.deepEqual(counts, [1, ...cells.map(() => 40)]);
  });
});
